// The as-designed answers of a store.
#include "models/store/behaviour.h"

#include <set>

namespace deadletter::store {
namespace {

constexpr PointInfo kDeliveryDone{
    "store.delivery_done",       "verdict of the scanner, stored, a message filter is installed",
    "confirm | no_confirmation", "The delivery is confirmed whatever the scanner did with the message.",
    "VSAPI 2.5; KB883522",       Evidence::inferred};

DeliveryDone always_confirmed(const DeliveryDoneFacts&) { return DeliveryDone::confirm; }

constexpr PointInfo kPostRight{
    "store.post_right",
    "authenticated; rights of the entries that are the sender's, if any; of Default, of Anonymous, if any; whether an "
    "entry makes an owner; rights that are needed",
    "allow | refuse{status}",
    "An owner may do everything. Else the union of the sender's entries decides; without any, Default for a sender "
    "that the directory knows, and Anonymous, else Default, for one that it does not. Refused with 5.2.1.",
    "facts 1.4 (KB251016, KB300221: 5.2.1 for senders from outside); owner, and 5.2.1 for senders inside, inferred",
    Evidence::inferred};

constexpr mail::Status kDeliveryRefused{5, 2, 1};

// The rights that count for somebody who is no owner.
Rights counting(const PostRightFacts& facts) {
  if (facts.entries) return *facts.entries;
  const std::optional<Rights>& others = !facts.authenticated && facts.anonymous ? facts.anonymous : facts.by_default;
  return others.value_or(Rights{});
}

PostRight by_the_list(const PostRightFacts& facts) {
  bool allowed = facts.owner || (counting(facts) & facts.wanted) == facts.wanted;
  return allowed ? PostRight{} : PostRight{false, kDeliveryRefused};
}

constexpr PointInfo kUpgradeEntry{
    "store.upgrade_acl_entry",
    "one object has the name, kind (user, security group, distribution group, other), nested in a group of which kind, "
    "native mode of its domain",
    "promoted | zombie | refused",
    "Users and security groups are promoted. A distribution group is made a security group, which only a domain in "
    "native mode can do, nested or not; elsewhere it is refused. What is not found, and what has no SID, is a zombie.",
    "technet bb508858, MS/274046, KB843587; objects without a SID inferred",
    Evidence::documented};

UpgradeEntry by_kind(const UpgradeEntryFacts& facts) {
  if (!facts.found) return UpgradeEntry::zombie;
  switch (facts.kind) {
    case Principal::user:
    case Principal::security_group:
      return UpgradeEntry::promoted;
    case Principal::distribution_group:
      return facts.native_mode ? UpgradeEntry::promoted : UpgradeEntry::refused;
    case Principal::other:
      break;
  }
  return UpgradeEntry::zombie;
}

constexpr PointInfo kAddressTypes{
    "store.address_types",
    "built-in types; of each connector: types, scoped, in the own site, routes as this server does, enabled",
    "list of types",
    "The built-in types and those of every connector that this server's transport could use: enabled, hosted by "
    "servers that route alike, and either not scoped or of the own site. Ascending, each once.",
    "MS-OXOMSG 2.2.4.3; KB959956",
    Evidence::documented};

bool usable(const TypedConnector& connector) {
  return connector.enabled && connector.routes_alike && (!connector.scoped || connector.own_site);
}

AddressTypes of_usable_connectors(const AddressTypesFacts& facts) {
  std::set<std::string> types(facts.built_in.begin(), facts.built_in.end());
  for (const TypedConnector& connector : facts.connectors)
    if (usable(connector)) types.insert(connector.types.begin(), connector.types.end());
  return {types.begin(), types.end()};
}

constexpr AttributeInfo kDeliveryLadder{
    "store.delivery_ladder", "waiting times between attempts of local delivery; the last one repeats",
    "preset name or list of durations > 0", "KB843242 says only that it is retried continually: as the server's queues",
    Evidence::inferred};
constexpr AttributeInfo kDeliveryLifetime{
    "store.delivery_lifetime", "how long local delivery is tried", "duration > 0",
    "2 d, the local expiration of the SMTP virtual server; that of the transfer agent would be 7 d (KB178539)",
    Evidence::inferred};
constexpr AttributeInfo kFilter{"store.filter", "whether a message filter is installed beside the scanner", "on | off",
                                "Intelligent Message Filter, KB883522", Evidence::documented};
constexpr AttributeInfo kDiagnostics{"store.diagnostics",
                                     "whether failed calls into the store are logged (diagnostics logging at maximum)",
                                     "on | off", "KB938650", Evidence::documented};
constexpr AttributeInfo kBuiltinGroups{
    "store.builtin_groups", "the BUILTIN groups that are known to be such, and pass unasked when access is checked",
    "all | first..last relative identifiers", "KB870585: after its correction, every one", Evidence::documented};
constexpr AttributeInfo kIgnoreZombies{
    "store.ignore_zombies", "whether an entry that cannot be found is left out and the others of its list are promoted",
    "on | off", "registry value \"Ignore zombie users\", KB327167, KB812963", Evidence::documented};
constexpr AttributeInfo kAddressTypesRead{
    "store.address_types_read", "when the list of address types is made", "start | change",
    "KB959956: a new connector counts after the store has been started again", Evidence::documented};

}  // namespace

std::vector<std::string> built_in_address_types() { return {"EX", "MAPIPDL", "MHS", "PROFS", "SMTP", "X400"}; }

StoreBehaviour::StoreBehaviour()
    : delivery_done(kDeliveryDone, always_confirmed),
      post_right(kPostRight, by_the_list),
      upgrade_acl_entry(kUpgradeEntry, by_kind),
      address_types(kAddressTypes, of_usable_connectors),
      delivery_ladder(kDeliveryLadder, transport::ladder_preset("esm")),
      delivery_lifetime(kDeliveryLifetime, sim::Duration::days(2)),
      filter(kFilter, smtp::Switch::off),
      diagnostics(kDiagnostics, smtp::Switch::off),
      builtin_groups(kBuiltinGroups, {}),
      ignore_zombies(kIgnoreZombies, smtp::Switch::off),
      address_types_read(kAddressTypesRead, ReadAt::start) {}

}  // namespace deadletter::store
