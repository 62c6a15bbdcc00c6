#include "models/mail/address.h"

#include <algorithm>

namespace deadletter::mail {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool alnum(char c) { return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9'); }

std::string lowered(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), lower);
  return out;
}

// Non-empty parts between dots, each of `good` characters only.
template <class Good>
bool dotted(std::string_view text, Good good) {
  if (text.empty() || text.front() == '.' || text.back() == '.' || text.find("..") != text.npos) return false;
  return std::ranges::all_of(text, [&](char c) { return c == '.' || good(c); });
}

}  // namespace

AddressId AddressBook::intern(std::string_view address) {
  std::size_t at = address.rfind('@');
  std::string text = std::string(address.substr(0, at + 1)) + lowered(address.substr(at + 1));
  if (2 * (addresses_.size() + 1) > places_.size()) grow();
  std::uint32_t& place = place_of(text);
  if (place != AddressId::kNone) return {place};
  place = static_cast<std::uint32_t>(addresses_.size());
  DomainId domain = intern_domain(std::string_view(text).substr(at + 1));
  octets_.push_back(static_cast<std::uint8_t>(std::min<std::size_t>(text.size(), 255)));
  addresses_.push_back({std::move(text), domain});
  return {place};
}

// The address's, or the free one where it would be. (FNV-1a)
std::uint32_t& AddressBook::place_of(std::string_view text) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  std::size_t mask = places_.size() - 1;
  for (std::size_t i = hash & mask;; i = (i + 1) & mask)
    if (places_[i] == AddressId::kNone || addresses_[places_[i]].text == text) return places_[i];
}

void AddressBook::grow() {
  places_.assign(std::max<std::size_t>(16, places_.size() * 2), AddressId::kNone);
  for (std::uint32_t i = 0; i < addresses_.size(); ++i) place_of(addresses_[i].text) = i;
}

DomainId AddressBook::intern_domain(std::string_view domain) {
  std::string text = lowered(domain);
  auto [found, fresh] = by_domain_.try_emplace(text, DomainId{static_cast<std::uint32_t>(domains_.size())});
  if (fresh) domains_.push_back(text);
  return found->second;
}

const std::string& AddressBook::text(AddressId id) const {
  static const std::string null_path;
  return id.valid() ? addresses_[id.value].text : null_path;
}

// Labels begin and end with a letter or digit. (RFC 5321 4.1.2, RFC 1035 2.3.4)
bool valid_domain(std::string_view text) {
  if (text.size() > 253 || !dotted(text, [](char c) { return alnum(c) || c == '-'; })) return false;
  for (std::size_t at = 0; at < text.size();) {
    std::string_view label = text.substr(at, text.find('.', at) - at);
    if (label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
    at += label.size() + 1;
  }
  return true;
}

bool valid_address(std::string_view text) {
  std::size_t at = text.rfind('@');
  if (at == text.npos || at > 64 || text.size() > 254) return false;
  auto atext = [](char c) {
    return alnum(c) || std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
  };
  return dotted(text.substr(0, at), atext) && valid_domain(text.substr(at + 1));
}

std::optional<OneOff> parse_one_off(std::string_view text) {
  std::size_t colon = text.find(':');
  if (text.size() < 5 || text.front() != '[' || text.back() != ']' || colon == text.npos) return std::nullopt;
  OneOff address{std::string(text.substr(1, colon - 1)), std::string(text.substr(colon + 1, text.size() - colon - 2))};
  for (char& c : address.type)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  auto letter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); };
  auto plain = [](char c) { return c >= ' ' && c <= '~' && c != '[' && c != ']'; };
  bool good = !address.type.empty() && address.type.size() <= 8 && std::ranges::all_of(address.type, letter) &&
              !address.value.empty() && address.value.size() <= 100 && std::ranges::all_of(address.value, plain);
  if (!good || address.type == "SMTP") return std::nullopt;
  return address;
}

std::string text(const OneOff& address) { return "[" + address.type + ":" + address.value + "]"; }

std::string encapsulated(const OneOff& address, std::string_view domain) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::string local = "IMCEA" + address.type + "-";
  for (char c : address.value) {
    bool itself = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    auto code = static_cast<unsigned char>(c);
    if (c == '/')
      local += '_';
    else if (itself)
      local += c;
    else
      (local += '+', local += digits[code / 16]) += digits[code % 16];
  }
  return local + "@" + std::string(domain);
}

}  // namespace deadletter::mail
