#include "models/directory/sid.h"

#include <fmt/format.h>

#include <cassert>
#include <charconv>
#include <initializer_list>
#include <limits>

#include "models/directory/names.h"
#include "sim/fingerprint.h"

namespace deadletter::directory {
namespace {

constexpr std::uint64_t kMostAuthority = (std::uint64_t{1} << 48) - 1;
constexpr std::uint64_t kNtAuthority = 5;
constexpr std::uint32_t kBuiltinDomain = 32, kDomains = 21;

Sid sid_of(std::uint64_t authority, std::initializer_list<std::uint32_t> sub) {
  Sid sid{authority};
  for (std::uint32_t number : sub) sid.sub[sid.count++] = number;
  return sid;
}

// The number at the start of `text`, taken off it; nothing when it is none, too large, or begins with a useless zero.
std::optional<std::uint64_t> take_number(std::string_view& text, std::uint64_t most) {
  std::uint64_t number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  auto digits = static_cast<std::size_t>(end - text.data());
  if (error != std::errc{} || number > most || (digits > 1 && text.front() == '0')) return std::nullopt;
  text.remove_prefix(digits);
  return number;
}

}  // namespace

std::string text(const Sid& sid) {
  if (!sid.known()) return {};
  std::string out = fmt::format("S-1-{}", sid.authority);
  for (std::size_t i = 0; i < sid.count; ++i) out += fmt::format("-{}", sid.sub[i]);
  return out;
}

std::optional<Sid> parse_sid(std::string_view text) {
  constexpr std::string_view kRevision1 = "S-1-";
  if (!text.starts_with(kRevision1)) return std::nullopt;
  text.remove_prefix(kRevision1.size());
  auto authority = take_number(text, kMostAuthority);
  if (!authority) return std::nullopt;
  Sid sid{*authority};
  while (!text.empty()) {
    if (text.front() != '-' || sid.count == Sid::kMost) return std::nullopt;
    text.remove_prefix(1);
    auto number = take_number(text, std::numeric_limits<std::uint32_t>::max());
    if (!number) return std::nullopt;
    sid = below(sid, static_cast<std::uint32_t>(*number));
  }
  if (!sid.known()) return std::nullopt;
  return sid;
}

Sid below(const Sid& sid, std::uint32_t rid) {
  assert(sid.count < Sid::kMost);
  Sid result = sid;
  result.sub[result.count++] = rid;
  return result;
}

std::uint32_t rid(const Sid& sid) {
  assert(sid.known());
  return sid.sub[sid.count - 1U];
}

Sid domain_sid(std::string_view dns_name) {
  std::string name = folded(dns_name);
  std::string digits = sim::hash_octets("domain " + name) + sim::hash_octets("domain, more " + name);
  Sid sid = sid_of(kNtAuthority, {kDomains});
  for (std::size_t at : {0, 8, 16}) {
    std::uint32_t number = 0;
    std::from_chars(digits.data() + at, digits.data() + at + 8, number, 16);
    sid = below(sid, number);
  }
  return sid;
}

Sid builtin_sid(std::uint32_t rid) { return sid_of(kNtAuthority, {kBuiltinDomain, rid}); }

bool is_builtin(const Sid& sid) {
  return sid.authority == kNtAuthority && sid.count == 2 && sid.sub[0] == kBuiltinDomain;
}

Sid everyone() { return sid_of(1, {0}); }
Sid authenticated_users() { return sid_of(kNtAuthority, {11}); }
Sid anonymous_logon() { return sid_of(kNtAuthority, {7}); }

}  // namespace deadletter::directory
