#include "models/directory/names.h"

#include <fmt/format.h>

#include <algorithm>

namespace deadletter::directory {
namespace {

std::string escaped(std::string_view name) {
  constexpr std::string_view kSpecial = ",+\"\\<>;";
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    bool at_an_end = (name[i] == ' ' && (i == 0 || i + 1 == name.size())) || (name[i] == '#' && i == 0);
    if (at_an_end || kSpecial.find(name[i]) != kSpecial.npos) out += '\\';
    out += name[i];
  }
  return out;
}

}  // namespace

std::string folded(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = small(c);
  return out;
}

bool same(std::string_view one, std::string_view other) { return std::ranges::equal(one, other, {}, small, small); }

std::string distinguished_name(std::string_view name, std::string_view container, std::string_view domain) {
  std::string dn = fmt::format("CN={},CN={}", escaped(name), container);
  for (std::size_t at = 0; at <= domain.size();) {
    std::size_t dot = std::min(domain.find('.', at), domain.size());
    dn += fmt::format(",DC={}", domain.substr(at, dot - at));
    at = dot + 1;
  }
  return dn;
}

std::string legacy_name(std::string_view name, std::string_view root) {
  std::string part = folded(name);
  std::ranges::replace(part, '/', '_');
  std::string_view organization = root.substr(0, root.find('.'));
  return fmt::format("/o={}/ou=First Administrative Group/cn=Recipients/cn={}", organization, part);
}

}  // namespace deadletter::directory
