// What a mailbox and public folder store decides, each with its as-designed answer.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/behaviour/point.h"
#include "models/mail/status.h"
#include "models/store/rights.h"
#include "models/transport/behaviour.h"

namespace deadletter::store {

// ---- store.delivery_done: whether the queue is told that the store is done with a message
enum class Verdict : std::uint8_t { not_scanned, clean, cleaned, deleted, blocked };
struct DeliveryDoneFacts {
  Verdict verdict;
  bool stored;
  bool filter_installed;  // store.filter: a message filter beside the scanner
};
enum class DeliveryDone : std::uint8_t { confirm, no_confirmation };

// ---- store.post_right: whether a sender may put something into a folder
struct PostRightFacts {
  bool authenticated;             // the sender is known to the directory
  std::optional<Rights> entries;  // union of those of the sender and of its groups; none: no entry is theirs
  std::optional<Rights> by_default, anonymous;
  bool owner;  // one of the entries makes the sender an owner
  Rights wanted;
};
struct PostRight {
  bool allowed = true;
  mail::Status status{};  // when not
  friend bool operator==(const PostRight&, const PostRight&) = default;
};

// ---- store.upgrade_acl_entry: what becomes of an entry that is keyed by name when it is to be keyed by SID
enum class Principal : std::uint8_t { user, security_group, distribution_group, other };
struct UpgradeEntryFacts {
  bool found;  // exactly one object has the name
  Principal kind;
  bool nested;       // it is a member of a group that has an entry …
  Principal parent;  // … of this kind
  bool native_mode;  // its domain can hold universal security groups
};
enum class UpgradeEntry : std::uint8_t { promoted, zombie, refused };

// ---- store.address_types: to which types of addresses clients may send
struct TypedConnector {
  std::vector<std::string> types;  // of its address spaces, in capitals
  bool scoped;                     // only servers near its sources may use it
  bool own_site;                   // one of its sources is near this server
  bool routes_alike;               // its sources are of a product that routes as this server's does
  bool enabled;
};
struct AddressTypesFacts {
  std::vector<std::string> built_in;
  std::vector<TypedConnector> connectors;
};
using AddressTypes = std::vector<std::string>;
// What every store offers (MS-OXOMSG 2.2.4.3).
std::vector<std::string> built_in_address_types();

// ---- attributes
// The BUILTIN groups that a store knows to be such, by relative identifier.
struct BuiltinRange {
  std::uint32_t first = 0, last = 0xffffffff;
  bool holds(std::uint32_t rid) const { return first <= rid && rid <= last; }
  friend bool operator==(BuiltinRange, BuiltinRange) = default;
};
enum class ReadAt : std::uint8_t { start, change };  // of a service or session; whenever it changes

struct StoreBehaviour {
  StoreBehaviour();

  DecisionPoint<DeliveryDoneFacts, DeliveryDone> delivery_done;
  DecisionPoint<PostRightFacts, PostRight> post_right;
  DecisionPoint<UpgradeEntryFacts, UpgradeEntry> upgrade_acl_entry;
  DecisionPoint<AddressTypesFacts, AddressTypes> address_types;

  Attribute<transport::Ladder> delivery_ladder;
  Attribute<sim::Duration> delivery_lifetime;
  Attribute<smtp::Switch> filter;
  Attribute<smtp::Switch> diagnostics;
  Attribute<BuiltinRange> builtin_groups;
  Attribute<smtp::Switch> ignore_zombies;
  Attribute<ReadAt> address_types_read;

  template <class Self, class Visitor>
  static void each(Self& self, Visitor&& visit) {
    visit(self.delivery_done), visit(self.post_right), visit(self.upgrade_acl_entry), visit(self.address_types);
    visit(self.delivery_ladder), visit(self.delivery_lifetime), visit(self.filter), visit(self.diagnostics);
    visit(self.builtin_groups), visit(self.ignore_zombies), visit(self.address_types_read);
  }
};

}  // namespace deadletter::store
