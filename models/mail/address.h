// Addresses, interned: a message of a million carries a number, the text is kept once.
//
// Comparison is RFC 5321 2.4 as practised: the domain is compared without case, the local part as it is written.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/id.h"

namespace deadletter::mail {

using AddressId = sim::Id<struct AddressTag>;
using DomainId = sim::Id<struct DomainTag>;

// The reverse-path of a report: <>.
inline constexpr AddressId kNullPath{};

class AddressBook {
 public:
  // `address` must be valid (see valid_address).
  AddressId intern(std::string_view address);
  DomainId intern_domain(std::string_view domain);

  // "ann@contoso.com"; empty for the null reverse-path.
  const std::string& text(AddressId id) const;
  // Of its text; 0 for the null reverse-path.
  std::size_t octets(AddressId id) const { return id.valid() ? octets_[id.value] : 0; }
  DomainId domain(AddressId id) const { return addresses_[id.value].domain; }
  const std::string& text(DomainId id) const { return domains_[id.value]; }
  std::size_t size() const { return addresses_.size(); }

 private:
  struct Entry {
    std::string text;
    DomainId domain;
  };
  std::vector<Entry> addresses_;
  std::vector<std::uint8_t> octets_;  // 255: or more
  std::vector<std::string> domains_;
  // Where an address stands in addresses_, found by its text's hash; kNone: free. At least half of it is free.
  std::vector<std::uint32_t> places_;
  std::map<std::string, DomainId, std::less<>> by_domain_;

  std::uint32_t& place_of(std::string_view text);
  void grow();
};

// Local-part@Domain of RFC 5321 4.1.2 without quoted strings, address literals and comments; at most 254 octets.
bool valid_address(std::string_view text);
bool valid_domain(std::string_view text);

// An address of another type than SMTP that no directory has, as a user types it: "[FAX:0171020225]" (MS/959956).
struct OneOff {
  std::string type;   // in capitals, 1 to 8 letters and digits
  std::string value;  // 1 to 100 printable ASCII characters without brackets
  friend bool operator==(const OneOff&, const OneOff&) = default;
};
std::optional<OneOff> parse_one_off(std::string_view text);
std::string text(const OneOff& address);

// As it travels by SMTP: "IMCEAFAX-0171020225@contoso.com". Letters, digits and "-" stand for themselves, "/" for
// "_", others for "+" and their code in hexadecimal (KB189492; the rules for other characters recalled).
std::string encapsulated(const OneOff& address, std::string_view domain);

}  // namespace deadletter::mail
