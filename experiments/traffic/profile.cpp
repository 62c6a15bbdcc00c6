#include "experiments/traffic/profile.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace deadletter::traffic {

const std::vector<ShareInfo>& share_table() {
  static const std::vector<ShareInfo> table = {
      {Share::attachments, "attachments", "of all messages: hold a document"},
      {Share::signed_mail, "signed", "of all messages: are clear-signed"},
      {Share::meetings, "meetings", "of all messages: are meeting requests"},
      {Share::meeting_updates, "meeting_updates",
       "of all messages: are about a meeting to which an attendee has answered at a date that was never set"},
      {Share::lists, "lists", "of messages from inside: the first recipient is a distribution list"},
      {Share::folders, "folders", "of messages from inside: the first recipient is a public folder"},
      {Share::faxes, "faxes", "of messages from inside: the first recipient is a telephone number, [FAX:…]"},
      {Share::internet, "internet", "of recipients of messages from inside: are outside"},
      {Share::same_server, "same_server", "of recipients inside: have their mailbox on the sender's server"},
      {Share::same_site, "same_site", "of recipients inside: have it elsewhere in the sender's site or routing group"},
      {Share::from_the_internet, "from_the_internet", "of all messages: come from outside"}};
  return table;
}

std::string excess(const Shares& shares) {
  auto more_than_all = [&](std::initializer_list<Share> which) {
    std::uint64_t sum = 0;
    for (Share s : which) sum += part(shares, s);
    return sum > kMillion;
  };
  if (more_than_all({Share::attachments, Share::signed_mail, Share::meetings, Share::meeting_updates}))
    return "a message holds one thing: \"attachments\", \"signed\", \"meetings\" and \"meeting_updates\"";
  if (more_than_all({Share::lists, Share::folders, Share::faxes}))
    return "a first recipient is one thing: \"lists\", \"folders\" and \"faxes\"";
  if (more_than_all({Share::same_server, Share::same_site}))
    return "a recipient is in one place: \"same_server\" and \"same_site\"";
  return {};
}

const std::vector<UserClass>& user_classes() {
  constexpr const char* kRecalled = "LoadGen's classes of Exchange 2007, recalled; the heavy one is in Dell BP1013";
  static const std::vector<UserClass> classes = {
      {"light", 5, Evidence::assumed, kRecalled},
      {"average", 10, Evidence::assumed, kRecalled},
      {"heavy", 20, Evidence::documented, "Dell BP1013: LoadGen Heavy sends 20 and receives 80 a day of 8 hours"},
      {"very-heavy", 30, Evidence::assumed, kRecalled}};
  return classes;
}

std::vector<Band> bands_of(const std::vector<std::uint64_t>& parts) {
  std::vector<Band> bands;
  for (std::size_t i = parts.size(); i-- > 0;)
    if (parts[i] > 0) bands.push_back({parts[i], parts[i] * user_classes()[i].a_day});
  return bands;
}

std::uint64_t a_day_per_thousand(const std::vector<std::uint64_t>& parts) {
  std::uint64_t people = std::accumulate(parts.begin(), parts.end(), std::uint64_t{0}), mail = 0;
  for (const Band& b : bands_of(parts)) mail += b.mail;
  return (mail * 1000 + people / 2) / people;
}

const Profile* find_profile(std::string_view name) {
  auto found = std::ranges::find(profiles(), name, &Profile::name);
  return found == profiles().end() ? nullptr : &*found;
}

}  // namespace deadletter::traffic
