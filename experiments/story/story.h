// The life of one message as a story, out of the lines of a transcript: what happened to it, in order, each attempt
// with the dialogue of its session, and attempts that went alike told once.
//
// Lines come from transcript.txt, from the table `events`, or from a run that is under way; all three say the same
// words. A line is about the message when its name stands in it as a word of its own; the lines of a session
// ("s1 > DATA") belong to the attempt with which they end.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/json/value.h"

namespace deadletter::experiments {

struct TraceLine {
  std::int64_t at_ns = 0;  // since the beginning of the run
  std::string node;        // empty for what belongs to none
  std::string kind;        // a word of `list events`
  std::string words;
};

// A line of transcript.txt; nothing when it is none.
std::optional<TraceLine> parse_trace_line(std::string_view line);

// What happened in a row at one place. With attempts: everything from the connection, or the first line that belongs to
// it, to the ruling and the deferral that follow.
struct Round {
  std::vector<TraceLine> lines;       // of the first of those that went alike
  std::uint64_t first = 0, last = 0;  // numbers of the attempts, counted at their node from 1; 0: no attempt
  std::string session;                // "s1" when it went over one
  std::string peer;                   // the other end of that session, when it was opened for this message or before it
  std::int64_t began_ns = 0;          // of the first
  std::int64_t last_began_ns = 0;     // of the last of those that went alike
  std::uint64_t times() const { return first == 0 ? 1 : last - first + 1; }
};

class Storyteller {
 public:
  explicit Storyteller(std::string message);
  void line(const TraceLine& line);
  // Of all lines so far.
  std::vector<Round> tell() const;

  // The message's name is a word of its own in `words`: not a part of another name, nor of an address.
  static bool about(std::string_view words, std::string_view message);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

// As people read it: a line an event, attempts headed "attempt 3" or "attempts 3 to 18, same answer".
// A round that is like one that was told before refers to it.
struct Columns {
  std::size_t time = 22, node = 16;
};
std::vector<std::string> story_text(const std::vector<Round>& rounds, Columns columns = {});

json::Value rounds_json(const std::vector<Round>& rounds);

// Two stories side by side: rounds that are alike on both sides once, the others each on its side.
struct Aligned {
  std::optional<std::size_t> one, other;  // indices of rounds; both: alike but for their times
};
std::vector<Aligned> align(const std::vector<Round>& one, const std::vector<Round>& other);

}  // namespace deadletter::experiments
