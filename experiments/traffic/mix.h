// Mail that is made up: when the next message of a source comes, who sends it, to whom, how large it is, what it holds.
//
// A source is a server with its mailboxes (the superposition of their Poisson processes), or a domain outside. It has
// one pending message, whatever the number of its mailboxes; a mailbox costs four octets. Message n of a source is a
// pure function of (seed, key of the source, n): gap, sender, size and shape are a draw each, and so is each recipient.
// The shape's 64 bits are parted: 24 for the number of recipients, 20 for what it holds, 20 for a first recipient who
// is no mailbox; a recipient's: 24 for where, 40 for whom. So shares hold to a millionth.
//
// Nobody gets a message twice, and nobody writes to himself as long as there is somebody else: the next one in order
// gets it instead. Where a place has nobody else, the next wider one is taken: server, site or routing group,
// organization, Internet.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "experiments/traffic/choice.h"
#include "experiments/traffic/profile.h"
#include "experiments/traffic/sizes.h"
#include "experiments/traffic/week.h"
#include "models/mail/address.h"
#include "sim/random.h"
#include "sim/time.h"

namespace deadletter::traffic {

// Neighbours in the order of a mix's addresses.
struct Span {
  std::uint32_t begin = 0, count = 0;
};

// A burst: so many messages in equal slots of time, each at a random time within its own.
struct Burst {
  std::uint64_t messages = 0;
  sim::Instant at{};
  sim::Duration over{};
};

struct Source {
  std::uint64_t key = 0;            // of its draws: what it is in the organization
  Span senders;                     // the busiest rank first; never empty
  Span server, site, organization;  // of senders inside
  Span lists, folders, faxes;       // that they may write to
  bool plain = false;            // all senders are alike, all recipients in `organization`: a domain outside, a burst
  double mean_gap = 0;           // nanoseconds, at the rate of the busiest hour
  std::optional<Burst> burst{};  // instead
};

// What a message holds. `nothing` is everything that has no share of its own.
enum class Kind : std::uint8_t { note, attachment, signed_mail, meeting, meeting_update };
inline constexpr std::size_t kKinds = 5;

class Mix {
 public:
  struct Outside {
    Span correspondents;  // by domain, as many of each
    std::uint32_t of_a_domain = 1;
    Alias domains{};
  };

  // Precondition: `recipients` has from 1 to kMostRecipients weights, and shares do not exceed a whole.
  Mix(Pace pace, RankLaw senders, const std::vector<std::uint64_t>& recipients, Sizes sizes, const Shares& shares);

  // Who and where; to be filled before the first draw. The spans of sources lie in `addresses`.
  std::vector<mail::AddressId> addresses;
  std::vector<Source> sources;
  Outside outside;

  // When message n of a source comes, after the one before it; nothing when there is none any more.
  std::optional<sim::Instant> next(const sim::Chance& chance, const Source& source, std::uint64_t n,
                                   sim::Instant last) const;

  // Of so many messages how many are to be expected until then.
  std::uint64_t expected_until(sim::Instant until, std::uint64_t messages) const;

  struct Message {
    mail::AddressId sender;
    std::uint64_t size;
    Kind kind;
  };
  // Message n of a source; `recipients` is overwritten: at least one, each once.
  Message draw(const sim::Chance& chance, const Source& source, std::uint64_t n,
               std::vector<mail::AddressId>& recipients) const;

 private:
  // A recipient before it is known who is taken: whom chance has hit, among whom.
  struct Aim {
    std::uint32_t begin, count, at;  // `at` of `count` addresses from `begin` on
    std::uint64_t draw;              // its first 40 bits say whom
  };
  Aim aim_at(Span among, std::uint64_t draw) const;
  Aim aim_outside(std::uint64_t draw) const;
  Aim aim(const Source& source, std::uint64_t draw) const;
  Aim aim_first(const Source& source, std::uint32_t what, std::uint64_t draw) const;
  bool add(const Aim& aim, mail::AddressId sender, std::vector<mail::AddressId>& recipients) const;
  void add_wider(const Source& source, const Aim& aim, mail::AddressId sender,
                 std::vector<mail::AddressId>& recipients) const;

  Pace pace_;
  RankLaw ranks_;
  Alias counts_;
  Sizes sizes_;
  // Where each kind, first recipient or place ends, of 2^20 or 2^24.
  std::uint32_t kind_ends_[kKinds - 1], list_end_, folder_end_, fax_end_, internet_end_, server_end_, site_end_;
};

}  // namespace deadletter::traffic
