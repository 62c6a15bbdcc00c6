// Traffic profiles: how the people of an organization send mail, in figures that were measured or written down, each
// with its source and how well it is known. `deadletter list profiles` prints them.
//
// An experiment names a profile, says how much mail there is, and may set each figure otherwise:
//
//   "traffic": [{ "profile": "office-day", "per_mailbox": 14, "days": 1, "shares": { "faxes": 0.001 } }]
//
// What comes of it is a Poisson process for each server, whose rate follows the week (week.h); the sender is drawn
// among the server's mailboxes by rank (choice.h), the message and its recipients by the shares (mix.h).
//
// NOT MODELLED: answers to what has come, threads, people who write to the same few others, mail to oneself.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/traffic/choice.h"
#include "experiments/traffic/sizes.h"
#include "experiments/traffic/week.h"
#include "models/behaviour/point.h"

namespace deadletter::traffic {

enum class Share : std::uint8_t {
  attachments,       // of all messages: hold a document
  signed_mail,       // are clear-signed
  meetings,          // are meeting requests
  meeting_updates,   // are about a meeting that an attendee has answered at a date that was never set
  lists,             // of messages from inside: the first recipient is a distribution list
  folders,           // … a public folder
  faxes,             // … a telephone number
  internet,          // of recipients of messages from inside: outside
  same_server,       // of recipients inside: a mailbox of the sender's server
  same_site,         // of recipients inside: one of the sender's AD site or routing group
  from_the_internet  // of all messages: come from outside
};
inline constexpr std::size_t kShares = 11;
inline constexpr std::uint32_t kMillion = 1'000'000;
using Shares = std::array<std::uint32_t, kShares>;  // in millionths

struct ShareInfo {
  Share share;
  const char* name;     // "signed"
  const char* meaning;  // "of all messages: are clear-signed"
};
const std::vector<ShareInfo>& share_table();
inline std::uint32_t part(const Shares& shares, Share share) { return shares[static_cast<std::size_t>(share)]; }
// What goes beyond a whole; empty when all fit.
std::string excess(const Shares& shares);

// Users by the load that they make, as capacity tests have them.
struct UserClass {
  const char* name;     // "heavy"
  std::uint32_t a_day;  // messages that one sends on a working day
  Evidence evidence;
  const char* source;
};
const std::vector<UserClass>& user_classes();  // from the lightest to the heaviest
// A mix of them, the heaviest first; `parts` by class, of any whole.
std::vector<Band> bands_of(const std::vector<std::uint64_t>& parts);
// Messages that a thousand users of a mix send on a working day, rounded.
std::uint64_t a_day_per_thousand(const std::vector<std::uint64_t>& parts);

// A figure as it is shown.
struct Figure {
  std::string what, value;
  Evidence evidence;
  std::string source;
};

struct Profile {
  std::string name, about;
  Week week;
  std::uint64_t a_day_per_thousand = 0;  // messages that a thousand mailboxes send on a mean day from Monday to Friday
  std::vector<Band> senders;
  std::vector<std::uint64_t> recipients;  // weight of one, two, … recipients; at most kMostRecipients
  Sizes sizes;
  Shares shares{};
  std::vector<Figure> figures;
};
inline constexpr std::size_t kMostRecipients = 64;

const std::vector<Profile>& profiles();
const Profile* find_profile(std::string_view name);  // null: there is none

}  // namespace deadletter::traffic
