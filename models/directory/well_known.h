// The groups of the BUILTIN domain, and the version of Windows that brought each.
//
// They appear in a domain when its first domain controller of that version is there [recalled: with the PDC role,
// KB243330]. Source of SIDs and names: KB243330; of what is new in Windows Server 2003: KB870585.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>

#include "models/behaviour/point.h"

namespace deadletter::directory {

// Of the newest domain controller of a domain.
enum class WindowsVersion : std::uint8_t { nt4, windows_2000, windows_2003, windows_2003_sp1, windows_2008 };
const char* text(WindowsVersion version);  // "windows-2003-sp1"

struct BuiltinGroup {
  std::uint32_t rid;     // S-1-5-32-rid
  const char* name;      // "Remote Desktop Users"
  WindowsVersion since;  // first version whose domains have it
  bool root_only;        // only in the root domain of a forest
  Evidence evidence;     // of `since`
};
// Ascending by RID.
std::span<const BuiltinGroup> builtin_groups();
// By name, compared without case. Null when there is none.
const BuiltinGroup* find_builtin(std::string_view name);
const BuiltinGroup* find_builtin(std::uint32_t rid);

}  // namespace deadletter::directory
