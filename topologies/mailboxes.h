// Mailboxes by the thousand: "u{1..1000}.s17@contoso.com" among a server's "mailboxes" stands for u1.s17@contoso.com,
// u2.s17@contoso.com and so on to u1000.s17@contoso.com.
//
// A series has one pair of braces, in the local part, with two whole numbers without leading zeros, the first not above
// the second. No address can be mistaken for one: two dots side by side are in no address (RFC 5321 4.1.2).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "topologies/organization.h"

namespace deadletter::topologies {

inline constexpr std::int64_t kMostMailboxes = 1'000'000;  // of a topology

// What one entry stands for. A plain address is a series of one without a number.
struct MailboxSeries {
  std::string before, after;  // "u", ".s17@contoso.com"; of a plain address all is in `before`
  std::int64_t first = 0, last = 0;
  bool numbered = false;

  std::int64_t count() const { return last - first + 1; }
  std::string at(std::int64_t number) const;  // from first to last
};

// Whether the text is meant as a series: braces with two dots between them.
bool is_series(std::string_view text);

// Nothing, and the reason in `why`, when the text stands for no addresses.
std::optional<MailboxSeries> parse_mailboxes(std::string_view text, std::string& why);

// The entry for so many mailboxes, numbered from `first` on; a plain address for a single one. Precondition: count > 0.
std::string mailbox_series(std::string_view before, std::int64_t first, std::int64_t count, std::string_view after);

// Each address of the entries, in order, without ever holding them all. Precondition: every entry can be parsed.
template <class Take>
void each_mailbox(const std::vector<Name>& entries, Take take) {
  std::string why;
  for (const Name& entry : entries) {
    const MailboxSeries series = *parse_mailboxes(entry.value, why);
    for (std::int64_t n = series.first; n <= series.last; ++n) take(series.at(n));
  }
}
std::int64_t mailbox_count(const std::vector<Name>& entries);

}  // namespace deadletter::topologies
