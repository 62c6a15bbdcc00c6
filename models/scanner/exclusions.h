// What a scanner is told to leave alone: message classes and endings of attachment names.
//
// A pattern is a message class, which also covers the classes below it ("IPM.Note" covers "IPM.Note.SMIME", not
// "IPM.Notes"), or the ending of a file name, with its dot (".zip"). An ending covers an item only when every
// attachment has an excluded ending: one other attachment is reason enough to scan. Capitals make no difference.
//
// Known: transport scanning has a list of exclusions (facts 1.2, vendors' documents); how its entries match is assumed.
// NOT MODELLED: exclusion of single attachments of an item that is scanned for the rest; folders and mailboxes.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace deadletter::scanner {

struct Exclusions {
  std::vector<std::string> patterns;

  bool cover(std::string_view message_class, std::span<const std::string_view> attachments) const;
  friend bool operator==(const Exclusions&, const Exclusions&) = default;
};

// What `patterns` may hold: words of letters, digits, "_" and "-" with dots between them, perhaps one in front.
bool is_exclusion(std::string_view text);

}  // namespace deadletter::scanner
