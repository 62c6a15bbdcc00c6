// Security identifiers: S-1-<authority>-<sub-authority>-…
//
// A domain's SID is S-1-5-21 and three numbers; what the domain holds adds a relative identifier (RID). The BUILTIN
// domain, S-1-5-32, is the same in every domain: so are the SIDs of the groups in it. Source: MS-DTYP 2.4.2; KB243330.
#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace deadletter::directory {

struct Sid {
  static constexpr std::size_t kMost = 15;  // sub-authorities, MS-DTYP 2.4.2.2

  std::uint64_t authority = 0;  // 48 bits
  std::uint8_t count = 0;
  std::array<std::uint32_t, kMost> sub{};  // the first `count`; the others are zero

  bool known() const { return count != 0; }
  friend auto operator<=>(const Sid&, const Sid&) = default;
};

// "S-1-5-32-555"; "" for none.
std::string text(const Sid& sid);
// Nothing when it is none, or none of revision 1.
std::optional<Sid> parse_sid(std::string_view text);

// `sid` and one sub-authority more. `sid` has fewer than 15.
Sid below(const Sid& sid, std::uint32_t rid);
// The last sub-authority.
std::uint32_t rid(const Sid& sid);

// S-1-5-21-x-y-z of a domain, from its name (compared without case): the same name has the same SID in every run.
Sid domain_sid(std::string_view dns_name);
// S-1-5-32-rid.
Sid builtin_sid(std::uint32_t rid);
bool is_builtin(const Sid& sid);

// Everyone, Authenticated Users, Anonymous Logon.
Sid everyone();
Sid authenticated_users();
Sid anonymous_logon();

}  // namespace deadletter::directory
