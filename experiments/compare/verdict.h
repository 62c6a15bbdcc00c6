// The verdict on a variant beside the baseline: what was to be cured, what is, and what else has changed.
//
// A recipient is in one of these states; a higher one is worse:
//
//   0  delivered, once and without a report
//   1  delivered, but the sender was told that it is late
//   2  delivered more than once, or delivered and reported as failed
//   3  returned, or stuck (still waiting at the end)
//   4  discarded: nobody is told
//   5  lost
//
// What was to be cured: the recipients that the baseline has in a state above 0 and in which an article had a hand;
// when no article had a hand in any, all that it has above 0. Cured is who is in state 0. Everything else that differs
// is unintended: another state, another number of copies, other words above it, another worth of its signature.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "experiments/compare/outcome.h"

namespace deadletter::experiments {

enum class Verdict : std::uint8_t { cured, partly, not_cured, worse, inert, refused };
const char* text(Verdict verdict);  // "CURED", "NOT CURED", …

struct Transition {
  std::string from, to;  // states in words: "returned 4.4.7", "delivered"
  std::uint64_t count = 0;
  std::vector<std::string> examples;  // "update to bob@fabrikam.com", three at the most
};

// The first ruling about a message that only one of two runs has.
struct FirstDifference {
  bool known = false, in_variant = false;  // which of the two has it
  RulingSeen ruling;
};

struct Unintended {
  std::string message, address;
  std::string from, to;  // states, or what is shown
  bool worse = false, better = false;
  FirstDifference first;
};

// What is known about a variant before it runs.
struct VariantFacts {
  std::string name;
  std::vector<builds::Refusal> refused;
  bool installs_more = false;            // an update or registry value that the baseline has not
  std::vector<std::string> still_there;  // of each article in force: "KB938650 (affects exchange-2003-sp2) on CON-MBX1"
};

struct VariantVerdict {
  std::string name;
  Verdict verdict = Verdict::not_cured;
  std::vector<std::string> sentences;
  std::uint64_t failed = 0, cured = 0, improved = 0;  // of those that were to be cured; improved: better, not cured
  std::uint64_t worse = 0;                            // of all
  bool same_run = false;                              // as the baseline, by fingerprint
  std::uint64_t paired = 0, only_baseline = 0, only_variant = 0;
  std::vector<Transition> transitions;  // ascending by from and to; what did not change is left out
  std::vector<Unintended> unintended;   // kMostUnintended at the most
  std::uint64_t unintended_count = 0;
};
inline constexpr std::size_t kMostUnintended = 50;

VariantVerdict judge(const RunOutcome& baseline, const RunOutcome& variant, const VariantFacts& facts);
// Of several pairs, each with a seed of its own: counts are added, and the verdict is that on all of them.
VariantVerdict joined(std::vector<VariantVerdict> pairs, const VariantFacts& facts);

// "returned 4.4.7", "delivered 3 times", "stuck".
std::string state_of(const RecipientOutcome& outcome);
std::uint32_t severity(const RecipientOutcome& outcome);

}  // namespace deadletter::experiments
