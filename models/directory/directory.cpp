#include "models/directory/directory.h"

#include <algorithm>
#include <cassert>
#include <set>

#include "models/directory/names.h"

namespace deadletter::directory {
namespace {

const char* container(Kind kind) { return kind == Kind::public_folder ? "Microsoft Exchange System Objects" : "Users"; }

// FNV-1a. Only which values are compared depends on it.
class Hash {
 public:
  Hash& octet(std::uint8_t octet) {
    value_ = (value_ ^ octet) * 16777619U;
    return *this;
  }
  Hash& folded(std::string_view text) {
    for (char c : text) octet(static_cast<std::uint8_t>(small(c)));
    return *this;
  }
  Hash& number(std::uint64_t number) {
    for (int i = 0; i < 8; ++i, number >>= 8) octet(static_cast<std::uint8_t>(number));
    return *this;
  }
  std::uint32_t value() const { return value_; }

 private:
  std::uint32_t value_ = 2166136261U;
};

std::uint32_t hash_of(std::string_view text) { return Hash().folded(text).value(); }
std::uint32_t hash_of(const Sid& sid) {
  Hash hash;
  hash.number(sid.authority);
  for (std::size_t i = 0; i < sid.count; ++i) hash.number(sid.sub[i]);
  return hash.value();
}

}  // namespace

const char* text(FunctionalLevel level) {
  switch (level) {
    case FunctionalLevel::windows_2000_mixed:
      return "windows-2000-mixed";
    case FunctionalLevel::windows_2000_native:
      return "windows-2000-native";
    case FunctionalLevel::windows_2003:
      return "windows-2003";
  }
  return "";
}

// ---- What there is

DomainId Directory::add(Domain domain) {
  DomainId id{static_cast<std::uint32_t>(domains_.size())};
  assert(!domain.parent || domain.parent->value < id.value);
  [[maybe_unused]] bool is_new = by_name_.emplace(folded(domain.name), id).second;
  assert(is_new);
  domain.sid = domain_sid(domain.name);
  domain.forest = domain.parent ? domains_[domain.parent->value].forest : id.value;
  domains_.push_back(std::move(domain));
  add_builtin_groups(id);
  return id;
}

void Directory::add_builtin_groups(DomainId id) {
  const Domain& domain = domains_[id.value];
  for (const BuiltinGroup& known : builtin_groups()) {
    if (known.since > domain.windows || (known.root_only && domain.parent)) continue;
    Object group{Kind::group, known.name, id};
    group.type = GroupType::security;
    group.scope = GroupScope::domain_local;
    group.dn = distinguished_name(known.name, "Builtin", domain.name);
    group.sid = builtin_sid(known.rid);
    index(std::move(group));
  }
}

ControllerId Directory::add(Controller controller) {
  assert(controller.domain.value < domains_.size());
  controllers_.push_back(std::move(controller));
  return {static_cast<std::uint32_t>(controllers_.size() - 1)};
}

ObjectId Directory::add(Object object) {
  assert(object.domain.value < domains_.size());
  bool is_principal = object.kind == Kind::user || object.kind == Kind::group;
  if (is_principal && !object.sid.known()) object.sid = below(domains_[object.domain.value].sid, next_rid_++);
  if (object.legacy_dn.empty()) {
    std::uint32_t twin = 1;
    for (std::string stem = legacy_stem(object), name = stem; !with_legacy_dn(name).empty();)
      name = stem + std::to_string(++twin);
    if (twin > 1) twins_.emplace(ObjectId{static_cast<std::uint32_t>(objects_.size())}, twin);
  }
  return index(std::move(object));
}

std::string Directory::legacy_stem(const Object& object) const {
  return legacy_name(object.name, domains_[domains_[object.domain.value].forest].name);
}

std::string Directory::dn(ObjectId id) const {
  const Object& o = object(id);
  return o.dn.empty() ? distinguished_name(o.name, container(o.kind), domains_[o.domain.value].name) : o.dn;
}

std::string Directory::legacy_dn(ObjectId id) const {
  const Object& o = object(id);
  if (!o.legacy_dn.empty()) return o.legacy_dn;
  if (is_builtin(o.sid)) return "";
  auto twin = twins_.find(id);
  return legacy_stem(o) + (twin == twins_.end() ? "" : std::to_string(twin->second));
}

ObjectId Directory::index(Object object) {
  ObjectId id{static_cast<std::uint32_t>(objects_.size())};
  std::vector<ObjectId> members = std::exchange(object.members, {});
  objects_.push_back(std::move(object));
  const Object& added = objects_.back();
  for (const std::string& proxy : added.proxies) by_address_.add(hash_of(proxy), id);
  by_dn_.add(hash_of(dn(id)), id);
  if (std::string name = legacy_dn(id); !name.empty()) by_legacy_dn_.add(hash_of(name), id);
  if (added.sid.known()) by_sid_.add(hash_of(added.sid), id);
  for (ObjectId member : members) add_member(id, member);
  return id;
}

void Directory::add_member(ObjectId group, ObjectId member) {
  assert(group.value < size() && member.value < size() && object(group).kind == Kind::group);
  bool& from_the_beginning = groups_of_[member][group];
  if (!std::exchange(from_the_beginning, true)) objects_[group.value].members.push_back(member);
}

void Directory::change(MembershipChange change) {
  assert(change.group.value < size() && change.member.value < size() && object(change.group).kind == Kind::group);
  assert(change.where.value < controllers_.size() || !change.where.valid());
  groups_of_[change.member].try_emplace(change.group, false);
  std::vector<MembershipChange>& changes = changes_[change.group];
  changes.insert(std::ranges::upper_bound(changes, change.at, {}, &MembershipChange::at), change);
}

void Directory::set_delay(ControllerId from, ControllerId to, sim::Duration delay) {
  assert(from.value < controllers_.size() && to.value < controllers_.size() && delay >= sim::Duration{});
  delays_[{from, to}] = delay;
}

// ---- Who answers

const Controller* Directory::answering(const View& view) const {
  if (!view.controller.valid() || controllers_.empty()) return nullptr;
  assert(view.controller.value < controllers_.size());
  return &controllers_[view.controller.value];
}

bool Directory::in_scope(DomainId domain, const View& view, SearchScope scope) const {
  const Controller* controller = answering(view);
  if (controller == nullptr || controller->domain == domain) return true;
  bool forest = scope == SearchScope::forest && controller->global_catalog;
  return forest && domains_[controller->domain.value].forest == domains_[domain.value].forest;
}

bool Directory::sees(const MembershipChange& change, const View& view) const {
  if (change.at > view.now) return false;
  if (answering(view) == nullptr || change.where == view.controller) return true;
  auto delay = delays_.find({change.where, view.controller});
  return delay == delays_.end() || delay->second <= view.now - change.at;
}

// ---- Searches

std::optional<DomainId> Directory::find_domain(std::string_view name) const {
  auto found = by_name_.find(folded(name));
  return found == by_name_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<ObjectId> Directory::seen(std::vector<ObjectId> ids, const View& view, SearchScope scope) const {
  std::erase_if(ids, [&](ObjectId id) { return !in_scope(object(id).domain, view, scope); });
  return ids;
}

std::vector<ObjectId> Directory::by_address(std::string_view type, std::string_view address, const View& view,
                                            SearchScope scope) const {
  auto is_it = [&](std::string_view proxy) {
    return proxy.size() == type.size() + 1 + address.size() && proxy[type.size()] == ':' &&
           same(proxy.substr(0, type.size()), type) && same(proxy.substr(type.size() + 1), address);
  };
  auto hash = Hash().folded(type).octet(':').folded(address).value();
  return seen(by_address_.find(hash, [&](ObjectId id) { return std::ranges::any_of(object(id).proxies, is_it); }), view,
              scope);
}

std::vector<ObjectId> Directory::by_dn(std::string_view dn, const View& view, SearchScope scope) const {
  return seen(by_dn_.find(hash_of(dn), [&](ObjectId id) { return same(this->dn(id), dn); }), view, scope);
}

std::vector<ObjectId> Directory::with_legacy_dn(std::string_view dn) const {
  return by_legacy_dn_.find(hash_of(dn), [&](ObjectId id) { return same(legacy_dn(id), dn); });
}

std::vector<ObjectId> Directory::by_legacy_dn(std::string_view dn, const View& view, SearchScope scope) const {
  return seen(with_legacy_dn(dn), view, scope);
}

std::vector<ObjectId> Directory::by_sid(const Sid& sid, const View& view, SearchScope scope) const {
  return seen(by_sid_.find(hash_of(sid), [&](ObjectId id) { return object(id).sid == sid; }), view, scope);
}

std::optional<ObjectId> Directory::builtin(DomainId domain, std::uint32_t rid) const {
  for (ObjectId id : by_sid(builtin_sid(rid), View{}))
    if (object(id).domain == domain) return id;
  return std::nullopt;
}

// ---- Membership

bool Directory::holds_members(ObjectId group, const View& view) const {
  const Controller* controller = answering(view);
  const Object& asked = object(group);
  if (controller == nullptr || controller->domain == asked.domain) return true;
  return asked.scope == GroupScope::universal && in_scope(asked.domain, view, SearchScope::forest);
}

std::vector<ObjectId> Directory::members(ObjectId group, const View& view) const {
  if (!holds_members(group, view)) return {};
  const std::vector<ObjectId>& beginning = object(group).members;
  auto changes = changes_.find(group);
  if (changes == changes_.end()) return beginning;
  std::map<ObjectId, const MembershipChange*> last;  // by member
  for (const MembershipChange& change : changes->second)
    if (sees(change, view)) last[change.member] = &change;
  std::vector<ObjectId> members;
  for (ObjectId member : beginning) {
    auto change = last.extract(member);
    if (change.empty() || change.mapped()->add) members.push_back(member);
  }
  for (const MembershipChange& change : changes->second) {
    auto found = last.find(change.member);
    if (found != last.end() && found->second == &change && change.add) members.push_back(change.member);
  }
  return members;
}

std::vector<ObjectId> Directory::groups_with(ObjectId member, const View& view) const {
  std::vector<ObjectId> groups;
  auto found = groups_of_.find(member);
  if (found == groups_of_.end()) return groups;
  for (auto [group, from_the_beginning] : found->second) {
    bool is_in = from_the_beginning;
    if (auto changes = changes_.find(group); changes != changes_.end())
      for (const MembershipChange& change : changes->second)
        if (change.member == member && sees(change, view)) is_in = change.add;
    if (is_in) groups.push_back(group);
  }
  return groups;
}

// Whether a group counts for a user of that domain.
bool Directory::counts(const Object& group, DomainId domain) const {
  if (group.type != GroupType::security) return false;
  if (group.scope == GroupScope::domain_local) return group.domain == domain;
  return domains_[group.domain.value].forest == domains_[domain.value].forest;
}

std::vector<ObjectId> Directory::token_groups(ObjectId user, const View& view) const {
  std::set<ObjectId> met;
  for (std::vector<ObjectId> open{user}; !open.empty();) {
    ObjectId member = open.back();
    open.pop_back();
    for (ObjectId group : groups_with(member, view))
      if (counts(object(group), object(user).domain) && met.insert(group).second) open.push_back(group);
  }
  std::vector<ObjectId> groups(met.begin(), met.end());
  std::ranges::stable_sort(groups, {}, [&](ObjectId id) { return object(id).sid; });
  return groups;
}

}  // namespace deadletter::directory
