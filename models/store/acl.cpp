#include "models/store/acl.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace deadletter::store {
namespace {

using directory::Directory;
using directory::Kind;
using directory::Object;
using directory::ObjectId;
using directory::Sid;
using Who = AclEntry::Who;

constexpr std::uint32_t kNotFound = 9551, kNotConverted = 9552, kNestedNotConverted = 9556;

// ---- The upgrade

Principal principal(const Object& object) {
  switch (object.kind) {
    case Kind::user:
      return Principal::user;
    case Kind::group:
      return object.type == directory::GroupType::security ? Principal::security_group : Principal::distribution_group;
    case Kind::contact:
    case Kind::public_folder:
      break;
  }
  return Principal::other;
}

class Upgrade {
 public:
  Upgrade(const StoreBehaviour& behaviour, const DirectoryAccess& access)
      : behaviour_(behaviour), access_(access), directory_(*access.directory) {}

  void add(const AclEntry& entry);
  UpgradedAcl finish() &&;

 private:
  using Ruling = DecisionPoint<UpgradeEntryFacts, UpgradeEntry>::Ruling;

  Ruling rule(const Object& object, bool nested, Principal parent) const;
  void open(ObjectId top, const AclEntry& entry, Ace& ace);
  void leave_out(const Ruling& ruling, bool nested, const std::string& legacy_dn, Rights rights);

  const StoreBehaviour& behaviour_;
  const DirectoryAccess& access_;
  const Directory& directory_;
  UpgradedAcl acl_;
  bool zombies_ = false;
};

Upgrade::Ruling Upgrade::rule(const Object& object, bool nested, Principal parent) const {
  bool native = directory_.domains()[object.domain.value].level != directory::FunctionalLevel::windows_2000_mixed;
  return behaviour_.upgrade_acl_entry.rule({true, principal(object), nested, parent, native});
}

void Upgrade::add(const AclEntry& entry) {
  if (entry.who != Who::named) {
    acl_.ntsd.push_back({entry.who, {}, entry.rights});
    return;
  }
  auto found = access_.directory->by_legacy_dn(entry.legacy_dn, access_.view, directory::SearchScope::forest);
  bool is_one = found.size() == 1;
  Ruling ruling = is_one ? rule(directory_.object(found[0]), false, Principal::other)
                         : behaviour_.upgrade_acl_entry.rule({false, Principal::other, false, Principal::other, false});
  // Nobody can be promoted who is not there.
  if (!is_one && ruling.outcome == UpgradeEntry::promoted) ruling.outcome = UpgradeEntry::zombie;
  zombies_ = zombies_ || ruling.outcome == UpgradeEntry::zombie;
  if (ruling.outcome != UpgradeEntry::promoted) return leave_out(ruling, false, entry.legacy_dn, entry.rights);
  const Object& object = directory_.object(found[0]);
  Ace ace{entry.who, object.sid, entry.rights, ruling.blame};
  if (object.kind == Kind::group) open(found[0], entry, ace);
  acl_.ntsd.push_back(std::move(ace));
}

// Distribution groups in a group that was promoted, level by level, are asked about as well. What is in a group that
// could not be promoted gets nothing through it, and is not looked at.
void Upgrade::open(ObjectId top, const AclEntry& entry, Ace& ace) {
  std::vector<ObjectId> line{top};
  std::set<ObjectId> met{top};
  for (std::size_t i = 0; i < line.size(); ++i) {
    Principal parent = principal(directory_.object(line[i]));
    for (ObjectId member : directory_.members(line[i], access_.view)) {
      const Object& object = directory_.object(member);
      if (object.kind != Kind::group || !met.insert(member).second) continue;
      if (principal(object) == Principal::distribution_group) {
        Ruling ruling = rule(object, true, parent);
        if (ruling.outcome != UpgradeEntry::promoted) {
          leave_out(ruling, true, directory_.legacy_dn(member), entry.rights);
          continue;
        }
        ace.blame = join(ace.blame, ruling.blame);
      }
      line.push_back(member);
    }
  }
  acl_.groups.insert(acl_.groups.end(), line.begin(), line.end());
}

void Upgrade::leave_out(const Ruling& ruling, bool nested, const std::string& legacy_dn, Rights rights) {
  std::uint32_t refused = nested ? kNestedNotConverted : kNotConverted;
  acl_.events.push_back({ruling.outcome == UpgradeEntry::zombie ? kNotFound : refused, legacy_dn, rights});
  acl_.blame = join(acl_.blame, ruling.blame);
}

UpgradedAcl Upgrade::finish() && {
  std::ranges::sort(acl_.groups);
  acl_.groups.erase(std::ranges::unique(acl_.groups).begin(), acl_.groups.end());
  if (!zombies_) return std::move(acl_);
  // With zombies, what else there is depends on whether they are ignored; owners do not.
  auto is_owner = [](const Ace& ace) { return ace.who == Who::named && (ace.rights & kOwner) != 0; };
  Blame setting = behaviour_.ignore_zombies.blame();
  if (*behaviour_.ignore_zombies == smtp::Switch::on) {
    for (Ace& ace : acl_.ntsd)
      if (!is_owner(ace)) ace.blame = join(ace.blame, setting);
    return std::move(acl_);
  }
  acl_.whole = false;
  acl_.blame = join(acl_.blame, setting);
  std::erase_if(acl_.ntsd, [&](const Ace& ace) { return !is_owner(ace); });
  return std::move(acl_);
}

// ---- Posting: whose entries are the sender's

// SIDs that entries are compared with, ascending; or the answer that a search for one of them led to.
struct Identity {
  std::vector<Sid> sids;
  Blame blame;
  std::optional<PostAnswer> answer;
};

// Whether a group counts for members of that domain.
bool counts(const Directory& directory, ObjectId group, directory::DomainId domain) {
  const Object& object = directory.object(group);
  if (object.scope == directory::GroupScope::domain_local) return object.domain == domain;
  return directory.domains()[object.domain.value].forest == directory.domains()[domain.value].forest;
}

// The groups of the user's token, and those beyond that the upgrade made security groups or that contain such.
std::vector<ObjectId> groups_of(ObjectId user, const UpgradedAcl& acl, const DirectoryAccess& access) {
  const Directory& directory = *access.directory;
  std::vector<ObjectId> groups = directory.token_groups(user, access.view);
  auto is_inside = [&](ObjectId id) { return id == user || std::ranges::find(groups, id) != groups.end(); };
  for (bool more = true; more;) {
    more = false;
    for (ObjectId group : acl.groups) {
      if (is_inside(group) || !counts(directory, group, directory.object(user).domain)) continue;
      if (std::ranges::none_of(directory.members(group, access.view), is_inside)) continue;
      groups.push_back(group);
      more = true;
    }
  }
  std::ranges::stable_sort(groups, {}, [&](ObjectId id) { return directory.object(id).sid; });
  return groups;
}

std::string told(const Object& group, std::size_t objects) {
  std::string sid = fmt::format("{} ({})", directory::text(group.sid), group.name);
  std::string have = objects == 0 ? "no object has" : fmt::format("{} objects have", objects);
  if (!directory::is_builtin(group.sid)) return fmt::format("{} cannot be told: {} it", sid, have);
  return fmt::format("{} is not in the store's list of built-in groups, and {} it", sid, have);
}

// Looks a group of the sender up. Groups of the BUILTIN domain that the store knows pass unasked, and for nothing.
void identify(const Object& group, const StoreBehaviour& behaviour, const DirectoryAccess& access, Identity& identity) {
  bool is_builtin = directory::is_builtin(group.sid);
  if (is_builtin && behaviour.builtin_groups->holds(directory::rid(group.sid))) return;
  auto found = access.directory->by_sid(group.sid, access.view, *access.behaviour->search_scope);
  if (found.size() == 1) {
    identity.sids.push_back(group.sid);
    return;
  }
  auto result = found.empty() ? directory::Lookup::none : directory::Lookup::many;
  auto ruling = access.behaviour->lookup_failed.rule({directory::Purpose::acl, result});
  identity.blame = join(identity.blame, ruling.blame);
  using Failed = directory::LookupFailed::Kind;
  if (ruling.outcome.kind == Failed::ignore) return;
  Blame blame = join(identity.blame, access.behaviour->search_scope.blame());
  if (is_builtin) blame = join(blame, behaviour.builtin_groups.blame());
  bool is_refused = ruling.outcome.kind == Failed::refuse;
  identity.answer = PostAnswer{is_refused ? PostAnswer::Kind::refuse : PostAnswer::Kind::retry,
                               is_refused ? ruling.outcome.status : mail::Status{}, blame, told(group, found.size())};
}

Identity identity_of(ObjectId user, const UpgradedAcl& acl, const StoreBehaviour& behaviour,
                     const DirectoryAccess& access) {
  Identity identity;
  for (ObjectId group : groups_of(user, acl, access)) {
    identify(access.directory->object(group), behaviour, access, identity);
    if (identity.answer) return identity;
  }
  if (const Sid& own = access.directory->object(user).sid; own.known()) identity.sids.push_back(own);
  std::ranges::sort(identity.sids);
  return identity;
}

// ---- Posting: what the entries say

// The rights that entries of one sort give together.
struct Grant {
  const char* by;
  std::optional<Rights> rights{};
  Blame blame{};

  void add(const Ace& ace) {
    rights = rights.value_or(0) | ace.rights;
    blame = join(blame, ace.blame);
  }
};

struct Grants {
  Grant own{"its own entries"}, by_default{"Default"}, anonymous{"Anonymous"};

  Grants(const UpgradedAcl& acl, const std::vector<Sid>& sids) {
    for (const Ace& ace : acl.ntsd) {
      if (ace.who == Who::by_default) by_default.add(ace);
      if (ace.who == Who::anonymous) anonymous.add(ace);
      if (ace.who == Who::named && std::ranges::binary_search(sids, ace.sid)) own.add(ace);
    }
  }
  // The one that speaks of the sender.
  const Grant& speaking(bool authenticated) const {
    if (own.rights) return own;
    return !authenticated && anonymous.rights ? anonymous : by_default;
  }
};

std::string told(const Grant& grant, Rights wanted, bool whole) {
  std::string needs = "needs " + rights_text(wanted) + "; ";
  std::string has = grant.rights ? fmt::format("has {} by {}", rights_text(*grant.rights), grant.by)
                                 : fmt::format("no entry is its own, and there is no {}", grant.by);
  return needs + has + (whole ? "" : "; the upgrade of the list was not whole");
}

}  // namespace

UpgradedAcl upgrade(const std::vector<AclEntry>& acl, const StoreBehaviour& behaviour, const DirectoryAccess& access) {
  Upgrade upgrade(behaviour, access);
  for (const AclEntry& entry : acl) upgrade.add(entry);
  return std::move(upgrade).finish();
}

PostAnswer may_post(const UpgradedAcl& acl, const Poster& poster, const StoreBehaviour& behaviour,
                    const DirectoryAccess& access) {
  bool authenticated = poster.user.has_value();
  Identity identity = authenticated ? identity_of(*poster.user, acl, behaviour, access) : Identity{};
  if (identity.answer) return std::move(*identity.answer);
  Grants grants(acl, identity.sids);
  PostRightFacts facts{.authenticated = authenticated,
                       .entries = grants.own.rights,
                       .by_default = grants.by_default.rights,
                       .anonymous = grants.anonymous.rights,
                       .owner = (grants.own.rights.value_or(0) & kOwner) != 0,
                       .wanted = kCreate};
  auto ruling = behaviour.post_right.rule(facts);
  const Grant& grant = grants.speaking(authenticated);
  Blame blame = join(join(identity.blame, grant.blame), ruling.blame);
  if (ruling.outcome.allowed) return {PostAnswer::Kind::allow, {}, blame, ""};
  // Whoever is refused may lack an entry that the upgrade left out.
  return {PostAnswer::Kind::refuse, ruling.outcome.status, join(blame, acl.blame),
          told(grant, facts.wanted, acl.whole)};
}

}  // namespace deadletter::store
