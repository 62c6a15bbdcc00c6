// The courses that dialogues take, so that an equal one is not stepped again.
//
// A course is what a dialogue comes to from one point of rest to the next, with one message in hand or none. It follows
// from who speaks (a client's and a server's behaviour, what their host names add to the wire), from the wire, from the
// point of rest, and from what of the message either side can tell apart: those together are its key. Nothing else may
// have a part in it, or the key must grow.
#pragma once
#include <array>
#include <bit>
#include <boost/container/small_vector.hpp>
#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "models/smtp/dialogue.h"

namespace deadletter::smtp {

// What two sides can tell of a message.
struct CourseKey {
  static constexpr std::size_t kMostRecipients = 4, kLongestAddress = 254;
  enum class Begins : std::uint8_t { by_opening, with_message, without_message };
  // The message is larger than the server's limit, than the limit that it states, or with its dot than the limit.
  enum Flag : std::uint8_t {
    more_waiting = 1,
    internal = 2,
    busy = 4,
    size_over = 8,
    stated_over = 16,
    body_over = 32
  };
  enum Found : std::uint8_t { local_domain = 1, known = 2 };

  Begins begins = Begins::by_opening;
  std::uint8_t sender_octets = 0, size_digits = 0, recipients = 0, flags = 0;
  std::array<std::uint8_t, 3> nothing{};
  std::array<std::uint8_t, kMostRecipients> recipient_octets{}, recipient_found{};

  void set(Flag flag, bool on) { flags = static_cast<std::uint8_t>(flags | (on ? flag : 0)); }

  using Octets = std::array<std::uint64_t, 2>;
  friend bool operator==(const CourseKey& a, const CourseKey& b) {
    return std::bit_cast<Octets>(a) == std::bit_cast<Octets>(b);
  }
  // An order to search by.
  friend bool operator<(const CourseKey& a, const CourseKey& b) {
    const Octets x = std::bit_cast<Octets>(a), y = std::bit_cast<Octets>(b);
    return x[0] != y[0] ? x[0] < y[0] : x[1] < y[1];
  }
};

// Something that happens on a course: when, on the clock of its part, and what, which many courses share.
struct Turn {
  Duration at{};
  const Effect* effect = nullptr;
};

struct Course {
  bool regular = false;      // otherwise it has to be stepped
  std::uint32_t before = 0;  // so many turns are on the first clock; the others come when the body has come
  std::uint32_t rest = 0;    // where it ends, unless it ends with the connection
  // Nearly always with the rest of it: to read a course is one look into memory that is seldom at hand.
  boost::container::small_vector<Turn, 5> turns{};
};

class Courses {
 public:
  // A point of rest: the beginning of a connection, or the sessions as they are between two messages.
  using Rest = std::uint32_t;

  // What distinguishes pairs that speak over a wire, beyond their messages. Behaviours that are alike have one number.
  struct Pair {
    std::uint32_t client = 0, server = 0;
    std::uint32_t client_host_octets = 0, server_host_octets = 0;
    std::int64_t latency_there_ns = 0, latency_back_ns = 0;
    std::uint64_t bandwidth_there_bps = 0, bandwidth_back_bps = 0, segment_octets = 0;
    friend auto operator<=>(const Pair&, const Pair&) = default;
  };
  Rest beginning(const Pair& pair);

  // Null when it is not known yet. What it gives stays where it is until clear().
  const Course* find(Rest rest, const CourseKey& key) const;
  // What a dialogue that has finished came to; `regular` is what finish() said.
  const Course& learn(Rest rest, const CourseKey& key, Dialogue& dialogue, bool regular);

  // The sessions of a rest that is no beginning.
  const ClientSession& client(Rest rest) const { return rests_[rest].client; }
  const ServerSession& server(Rest rest) const { return rests_[rest].server; }

  // Behaviours have changed: nothing is known any more.
  void clear();

  std::size_t size() const { return known_; }

 private:
  using Known = std::pair<CourseKey, std::unique_ptr<const Course>>;
  struct Point {
    Rest beginning = 0;  // of its connections
    ClientSession client{};
    ServerSession server{};
    std::vector<Rest> rests{};  // of a beginning: all the others of its pair
  };

  Rest rest_of(Rest beginning, Dialogue& dialogue);
  void add(std::vector<Effect> effects, Course& course);

  std::map<Pair, Rest> beginnings_;
  std::vector<Point> rests_;
  std::vector<std::vector<Known>> courses_;                       // by rest: ascending
  std::map<std::string, std::unique_ptr<const Effect>> effects_;  // those that differ in more than their time
  std::size_t known_ = 0;
};

}  // namespace deadletter::smtp
