// The table of BUILTIN groups. That a group is new in Windows Server 2003 is said by KB870585 of six; of the others the
// version is recalled. Power Users and RAS Servers, which no tool shows on a domain controller [recalled], are there as
// in the public tables.
#include "models/directory/well_known.h"

#include <algorithm>
#include <iterator>

#include "models/directory/names.h"

namespace deadletter::directory {
namespace {

using enum WindowsVersion;

enum class Where : std::uint8_t { anywhere, root };

constexpr BuiltinGroup recalled(std::uint32_t rid, const char* name, WindowsVersion since,
                                Where where = Where::anywhere) {
  return {rid, name, since, where == Where::root, Evidence::assumed};
}

constexpr BuiltinGroup listed(std::uint32_t rid, const char* name) {
  return {rid, name, windows_2003, false, Evidence::documented};
}

constexpr BuiltinGroup kGroups[] = {
    recalled(544, "Administrators", nt4),
    recalled(545, "Users", nt4),
    recalled(546, "Guests", nt4),
    recalled(547, "Power Users", nt4),
    recalled(548, "Account Operators", nt4),
    recalled(549, "Server Operators", nt4),
    recalled(550, "Print Operators", nt4),
    recalled(551, "Backup Operators", nt4),
    recalled(552, "Replicator", nt4),
    recalled(553, "RAS Servers", windows_2000),
    recalled(554, "Pre-Windows 2000 Compatible Access", windows_2000),
    listed(555, "Remote Desktop Users"),
    listed(556, "Network Configuration Operators"),
    recalled(557, "Incoming Forest Trust Builders", windows_2003, Where::root),
    listed(558, "Performance Monitor Users"),
    listed(559, "Performance Log Users"),
    listed(560, "Windows Authorization Access Group"),
    listed(561, "Terminal Server License Servers"),
    recalled(562, "Distributed COM Users", windows_2003_sp1),
    recalled(568, "IIS_IUSRS", windows_2008),
    recalled(569, "Cryptographic Operators", windows_2008),
    recalled(573, "Event Log Readers", windows_2008),
    recalled(574, "Certificate Service DCOM Access", windows_2008),
};
static_assert(std::ranges::is_sorted(kGroups, {}, &BuiltinGroup::rid));

}  // namespace

const char* text(WindowsVersion version) {
  switch (version) {
    case nt4:
      return "nt4";
    case windows_2000:
      return "windows-2000";
    case windows_2003:
      return "windows-2003";
    case windows_2003_sp1:
      return "windows-2003-sp1";
    case windows_2008:
      return "windows-2008";
  }
  return "";
}

std::span<const BuiltinGroup> builtin_groups() { return kGroups; }

const BuiltinGroup* find_builtin(std::string_view name) {
  std::string wanted = folded(name);
  auto found = std::ranges::find_if(kGroups, [&](const BuiltinGroup& g) { return folded(g.name) == wanted; });
  return found == std::end(kGroups) ? nullptr : found;
}

const BuiltinGroup* find_builtin(std::uint32_t rid) {
  auto found = std::ranges::lower_bound(kGroups, rid, {}, &BuiltinGroup::rid);
  return found == std::end(kGroups) || found->rid != rid ? nullptr : found;
}

}  // namespace deadletter::directory
