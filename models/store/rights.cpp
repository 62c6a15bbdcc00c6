#include "models/store/rights.h"

#include <fmt/format.h>

#include <algorithm>

namespace deadletter::store {
// As Outlook writes them. The constants of these names in Microsoft's scripting library are others for the three
// highest (0x5fb, 0x4e3, 0x463): scripts that read Outlook's lists compare with 0x7fb and 0x4fb instead.
const std::vector<Role>& roles() {
  static const std::vector<Role> kRoles = {
      {"none", 0},
      {"contributor", kCreate | kVisible},
      {"reviewer", kReadAny | kVisible},
      {"nonediting_author", kReadAny | kCreate | kDeleteOwned | kVisible},
      {"author", kReadAny | kCreate | kEditOwned | kDeleteOwned | kVisible},
      {"publishing_author", kReadAny | kCreate | kEditOwned | kDeleteOwned | kCreateSubfolder | kVisible},
      {"editor", kReadAny | kCreate | kEditOwned | kDeleteOwned | kEditAny | kDeleteAny | kVisible},
      {"publishing_editor",
       kReadAny | kCreate | kEditOwned | kDeleteOwned | kEditAny | kDeleteAny | kCreateSubfolder | kVisible},
      {"owner", kAllRights},
  };
  return kRoles;
}

// The right that makes an owner has a name of its own: "owner" is the role.
const std::vector<Role>& single_rights() {
  static const std::vector<Role> kSingleRights = {
      {"read_any", kReadAny},
      {"create", kCreate},
      {"edit_owned", kEditOwned},
      {"delete_owned", kDeleteOwned},
      {"edit_any", kEditAny},
      {"delete_any", kDeleteAny},
      {"create_subfolder", kCreateSubfolder},
      {"folder_owner", kOwner},
      {"contact", kContact},
      {"visible", kVisible},
  };
  return kSingleRights;
}

namespace {

std::optional<Rights> find(const std::vector<Role>& names, std::string_view name) {
  auto found = std::ranges::find(names, name, &Role::name);
  return found == names.end() ? std::nullopt : std::optional(found->rights);
}

std::optional<Rights> parse_number(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef", kPrefix = "0x";
  constexpr std::size_t kMostDigits = 8;
  if (!text.starts_with(kPrefix)) return std::nullopt;
  text.remove_prefix(kPrefix.size());
  if (text.empty() || text.size() > kMostDigits) return std::nullopt;
  Rights rights = 0;
  for (char c : text) {
    std::size_t digit = kDigits.find(c);
    if (digit == kDigits.npos) return std::nullopt;
    rights = rights * 16 + static_cast<Rights>(digit);
  }
  return rights;
}

// Each right once.
std::optional<Rights> parse_sum(std::string_view text) {
  Rights rights = 0;
  while (true) {
    std::size_t end = text.find('+');
    std::optional<Rights> right = find(single_rights(), text.substr(0, end));
    if (!right || (rights & *right) != 0) return std::nullopt;
    rights |= *right;
    if (end == text.npos) return rights;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

std::optional<Rights> parse_rights(std::string_view text) {
  if (auto role = find(roles(), text)) return role;
  auto number = parse_number(text);
  return number ? number : parse_sum(text);
}

std::string rights_text(Rights rights) {
  if (auto role = std::ranges::find(roles(), rights, &Role::rights); role != roles().end()) return role->name;
  if ((rights & ~kAllRights) != 0) return fmt::format("{:#x}", rights);
  std::string text;
  for (const Role& right : single_rights())
    if ((rights & right.rights) != 0) text.append(text.empty() ? "" : "+").append(right.name);
  return text;
}

}  // namespace deadletter::store
