// Rights on a folder: MAPI's frights, and the roles that people call them by. Source: msdn ms879383.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deadletter::store {

using Rights = std::uint32_t;

inline constexpr Rights kReadAny = 0x1, kCreate = 0x2, kEditOwned = 0x8, kDeleteOwned = 0x10, kEditAny = 0x20,
                        kDeleteAny = 0x40, kCreateSubfolder = 0x80, kOwner = 0x100, kContact = 0x200, kVisible = 0x400;
inline constexpr Rights kAllRights = 0x7fb;

struct Role {
  const char* name;  // "contributor"
  Rights rights;
};
// none, contributor, reviewer, nonediting_author, author, publishing_author, editor, publishing_editor, owner: as
// Outlook names them [recalled].
const std::vector<Role>& roles();
const std::vector<Role>& single_rights();  // "read_any", "create", …

// A role, single rights joined by "+" ("create+visible"), or a number such as "0x41b". Nothing when it is none.
std::optional<Rights> parse_rights(std::string_view text);
// A role's name, else "create+visible"; "none" for 0.
std::string rights_text(Rights rights);

}  // namespace deadletter::store
