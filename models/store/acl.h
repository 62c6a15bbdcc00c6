// Access to a public folder: its access control list in both forms, the upgrade from one to the other, and whether a
// sender may post.
//
// ptagACLData is keyed by legacyExchangeDN: what Outlook and the administrator see. ptagNTSD is keyed by SID: what is
// enforced. A store makes the second from the first by asking the directory for every name; a name that it does not
// find is a "zombie", and an upgrade that was not whole is tried again at every evaluation (technet bb508858;
// KB327167).
//
// Whether a sender may post is asked of the groups of the sender's token. Groups of the BUILTIN domain mean nothing
// beyond their own domain and are passed over; a store knows them by a list, and looks up every other SID in the
// directory (KB870585).
//
// NOT MODELLED: a ptagNTSD from before, which a failed upgrade would leave in force; deny entries; that only
// mail-enabled groups may have entries (KB328752) and only universal distribution groups are converted (MS/274046).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/directory/behaviour.h"
#include "models/store/behaviour.h"

namespace deadletter::store {

// One entry of ptagACLData.
struct AclEntry {
  enum class Who : std::uint8_t { named, by_default, anonymous };
  Who who = Who::named;
  std::string legacy_dn{};  // of `named`
  Rights rights = 0;
};

// One entry of ptagNTSD.
struct Ace {
  AclEntry::Who who = AclEntry::Who::named;
  directory::Sid sid{};
  Rights rights = 0;
  Blame blame{};  // of the upgrade
};

// Something for the application log: 9551, 9552 or 9556.
struct AclEvent {
  std::uint32_t id = 0;
  std::string legacy_dn;
  Rights rights = 0;
  friend bool operator==(const AclEvent&, const AclEvent&) = default;
};

struct UpgradedAcl {
  std::vector<Ace> ntsd;  // in the order of the entries
  std::vector<AclEvent> events;
  bool whole = true;  // false: to be tried again at the next evaluation
  Blame blame{};      // of what is missing
  // Ascending: the groups of entries and those nested in them that grant, among them distribution groups that the
  // upgrade made security groups. The directory itself keeps them as they were.
  std::vector<directory::ObjectId> groups{};
};

struct DirectoryAccess {
  const directory::Directory* directory = nullptr;
  directory::View view{};
  const directory::DirectoryBehaviour* behaviour = nullptr;
};

UpgradedAcl upgrade(const std::vector<AclEntry>& acl, const StoreBehaviour& behaviour, const DirectoryAccess& access);

// Who posts: a user of the directory, or nobody it knows.
struct Poster {
  std::optional<directory::ObjectId> user{};
};

struct PostAnswer {
  enum class Kind : std::uint8_t { allow, refuse, retry };
  Kind kind = Kind::allow;
  mail::Status status{};  // of refuse
  Blame blame{};
  // For explanations, of refuse and retry: "S-1-5-32-555 (Remote Desktop Users) is not in the store's list of built-in
  // groups, and 2 objects have it".
  std::string why;
  friend bool operator==(const PostAnswer&, const PostAnswer&) = default;
};

PostAnswer may_post(const UpgradedAcl& acl, const Poster& poster, const StoreBehaviour& behaviour,
                    const DirectoryAccess& access);

}  // namespace deadletter::store
