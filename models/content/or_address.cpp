#include "models/content/or_address.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace deadletter::content {
namespace {

using ber::BerReader;
using ber::Element;

// The attributes that occur once, in the order of the text.
enum Single : std::uint8_t { kC, kA, kP, kX, kT, kO, kN, kS, kG, kI, kQ, kCn, kSingles };
constexpr std::string_view kKeys[kSingles] = {"c", "a", "p", "x", "t", "o", "n", "s", "g", "i", "q", "cn"};
constexpr std::string_view kTextType = "x-text", kDda = "dda:", kUnit = "ou";

struct Address {
  std::optional<std::string> singles[kSingles];
  std::vector<std::string> units;
  std::vector<std::pair<std::string, std::string>> defined;  // type, value

  bool any() const {
    return !units.empty() || !defined.empty() || std::ranges::any_of(singles, [](auto& s) { return s.has_value(); });
  }
};

// ---- text

std::string escaped(std::string_view value, std::string_view special) {
  std::string out;
  for (char c : value) {
    if (special.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

// Up to the first `end` that is not escaped, unescaped; the rest, with `end`, stays in `text`. Nothing when the text
// ends in the middle of an escape.
std::optional<std::string> until(std::string_view& text, char end) {
  std::string out;
  std::size_t at = 0;
  for (; at < text.size() && text[at] != end; ++at) {
    if (text[at] == '\\' && ++at == text.size()) return std::nullopt;
    out += text[at];
  }
  text.remove_prefix(at);
  return out;
}

bool put_attribute(Address& address, std::string key, std::string value) {
  for (char& c : key)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  if (key == std::string(kUnit) + std::to_string(address.units.size() + 1)) {
    address.units.push_back(std::move(value));
    return true;
  }
  auto single = std::ranges::find(kKeys, key) - kKeys;
  if (single == kSingles || address.singles[single]) return false;
  address.singles[single] = std::move(value);
  return true;
}

// One "key=value" off the text; false when it is none.
bool parse_attribute(std::string_view& text, Address& address) {
  bool defined = text.starts_with(kDda) || text.starts_with("DDA:");
  if (defined) text.remove_prefix(kDda.size());
  std::optional<std::string> key = until(text, '=');
  if (!key || text.empty()) return false;
  text.remove_prefix(1);
  std::optional<std::string> value = until(text, ';');
  if (!value) return false;
  if (!defined) return put_attribute(address, std::move(*key), std::move(*value));
  address.defined.emplace_back(std::move(*key), std::move(*value));
  return true;
}

bool is_plain_text(const Address& a) {
  Address others = a;
  others.defined.clear();
  return a.defined.size() == 1 && a.defined[0].first == kTextType && !others.any();
}

Address parse(std::string_view text) {
  Address address;
  std::string_view left = text;
  bool good = true;
  while (good && !left.empty()) {
    good = parse_attribute(left, address);
    if (!good || left.empty()) break;
    left.remove_prefix(1);
    good = !left.empty();  // nothing after the last ';'
  }
  if (good && !is_plain_text(address)) return address;
  Address literal;
  literal.defined.emplace_back(kTextType, text);
  return literal;
}

std::string format(const Address& a) {
  // Of this type by chance, and a list: not the text that the list is.
  if (is_plain_text(a) && is_plain_text(parse(a.defined[0].second))) return a.defined[0].second;
  std::string text;
  auto put = [&](std::string key, const std::string& value) {
    text += (text.empty() ? "" : ";") + std::move(key) + "=" + escaped(value, ";\\");
  };
  for (std::size_t i = 0; i < kCn; ++i)
    if (a.singles[i]) put(std::string(kKeys[i]), *a.singles[i]);
  for (std::size_t i = 0; i < a.units.size(); ++i) put(std::string(kUnit) + std::to_string(i + 1), a.units[i]);
  if (a.singles[kCn]) put("cn", *a.singles[kCn]);
  for (const auto& [type, value] : a.defined) put(std::string(kDda) + escaped(type, "=;\\"), value);
  return text;
}

// ---- octets

constexpr ber::Tag kCountry = ber::application(1), kAdministration = ber::application(2);
constexpr std::int32_t kCommonName = 1;

struct Tagged {
  Single single;
  std::uint32_t tag;
};
constexpr Tagged kStandard[] = {{kX, 0}, {kT, 1}, {kP, 2}, {kO, 3}, {kN, 4}};
constexpr Tagged kPersonal[] = {{kS, 0}, {kG, 1}, {kI, 2}, {kQ, 3}};
constexpr std::uint32_t kPersonalName = 5, kUnits = 6;

// A CHOICE keeps its tag: `p` is explicit, the others are strings under the attribute's own.
std::string standard_attribute(const Tagged& t, const std::string& value) {
  if (t.single == kP) return ber::constructed(ber::context(t.tag), ber::text(value, true));
  return ber::primitive(ber::context(t.tag), value);
}

std::string standard_attributes(const Address& a) {
  std::string out;
  if (a.singles[kC]) out += ber::constructed(kCountry, ber::text(*a.singles[kC], true));
  if (a.singles[kA]) out += ber::constructed(kAdministration, ber::text(*a.singles[kA], true));
  for (const Tagged& t : kStandard)
    if (a.singles[t.single]) out += standard_attribute(t, *a.singles[t.single]);
  std::string personal, units;
  for (const Tagged& t : kPersonal)
    if (a.singles[t.single]) personal += ber::primitive(ber::context(t.tag), *a.singles[t.single]);
  if (!personal.empty()) out += ber::constructed(ber::context(kPersonalName), personal);
  for (const std::string& unit : a.units) units += ber::primitive(ber::kPrintableString, unit);
  if (!units.empty()) out += ber::constructed(ber::context(kUnits), units);
  return ber::constructed(ber::kSequence, out);
}

void read_standard(const Element& element, Address& a) {
  if (element.tag == kCountry) a.singles[kC] = ber::octets(element);
  if (element.tag == kAdministration) a.singles[kA] = ber::octets(element);
  if (element.tag.cls != ber::Class::context) return;
  for (const Tagged& t : kStandard)
    if (element.tag.number == t.tag) a.singles[t.single] = ber::octets(element);
  BerReader inside(element);
  if (element.tag.number == kUnits) {
    a.units.clear();
    while (auto unit = inside.next()) a.units.push_back(ber::octets(*unit));
  }
  if (element.tag.number != kPersonalName) return;
  while (auto part = inside.next())
    for (const Tagged& t : kPersonal)
      if (part->tag == ber::context(t.tag)) a.singles[t.single] = ber::octets(*part);
}

void read_defined(const Element& element, Address& a) {
  BerReader list(element);
  while (auto one = list.next()) {
    BerReader pair(*one);
    auto type = pair.next(), value = pair.next();
    if (type && value) a.defined.emplace_back(ber::octets(*type), ber::octets(*value));
  }
}

void read_extensions(const Element& element, Address& a) {
  BerReader set(element);
  while (auto one = set.next()) {
    BerReader pair(*one);
    auto type = pair.next(ber::context(0)), value = pair.next(ber::context(1));
    if (!type || !value) continue;
    std::optional<std::int32_t> number = ber::integer(*type);
    if (number == kCommonName) a.singles[kCn] = ber::octets(*value);
  }
}

}  // namespace

std::string write_or_name(std::string_view address, ber::Tag tag) {
  Address a = parse(address);
  std::string out = standard_attributes(a), defined;
  for (const auto& [type, value] : a.defined)
    defined += ber::constructed(ber::kSequence, ber::text(type) + ber::text(value));
  if (!defined.empty()) out += ber::constructed(ber::kSequence, defined);
  if (a.singles[kCn]) {
    std::string name =
        ber::integer(kCommonName, ber::context(0)) + ber::constructed(ber::context(1), ber::text(*a.singles[kCn]));
    out += ber::constructed(ber::kSet, ber::constructed(ber::kSequence, name));
  }
  return ber::constructed(tag, out);
}

std::string read_or_name(const Element& element) {
  Address a;
  BerReader parts(element);
  if (auto standard = parts.next(ber::kSequence)) {
    BerReader attributes(*standard);
    while (auto attribute = attributes.next()) read_standard(*attribute, a);
  }
  if (auto defined = parts.next(ber::kSequence)) read_defined(*defined, a);
  if (auto extensions = parts.next(ber::kSet)) read_extensions(*extensions, a);
  return format(a);
}

std::string write_domain(std::string_view domain) {
  Address a = parse(domain);
  bool is_one = a.singles[kC] && a.singles[kA];
  Address only;
  if (is_one) only.singles[kC] = a.singles[kC], only.singles[kA] = a.singles[kA], only.singles[kP] = a.singles[kP];
  std::string text = format(only);
  bool whole = is_one && text == domain && !(a.singles[kC]->empty() && a.singles[kA]->empty());
  std::string out = ber::constructed(kCountry, ber::text(whole ? *a.singles[kC] : "", true)) +
                    ber::constructed(kAdministration, ber::text(whole ? *a.singles[kA] : "", true));
  if (whole ? a.singles[kP].has_value() : !domain.empty()) out += ber::text(whole ? *a.singles[kP] : domain, true);
  return ber::constructed(ber::application(3), out);
}

std::string read_domain(const Element& element) {
  Address a;
  a.singles[kC] = a.singles[kA] = "";
  BerReader parts(element);
  while (auto part = parts.next()) {
    if (part->tag == kCountry)
      a.singles[kC] = ber::octets(*part);
    else if (part->tag == kAdministration)
      a.singles[kA] = ber::octets(*part);
    else if (part->tag.cls == ber::Class::universal)
      a.singles[kP] = ber::octets(*part);
  }
  if (a.singles[kC]->empty() && a.singles[kA]->empty()) return a.singles[kP].value_or("");
  return format(a);
}

}  // namespace deadletter::content
