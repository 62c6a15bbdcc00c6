// What a run came to, recipient by recipient, so that another variant's can be laid beside it.
//
// A message is known by the same key in every variant: its id in the experiment, or who sent it and how many of its
// sender's came before it, since chance is keyed to persons and purposes and not to variants.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "experiments/config/plan.h"
#include "experiments/run/result.h"
#include "experiments/run/world.h"

namespace deadletter::experiments {

struct RecipientOutcome {
  std::string message, address;
  Fate fate = Fate::waiting;
  std::string status;  // empty without a report, or in one that has none
  std::uint32_t copies = 0, attempts = 0, ndr = 0, delay = 0;
  double delivered_s = -1;  // after submission; -1 = never
  std::string shown;        // what the recipient reads above it
  std::string signature;    // valid, invalid or none; empty where nobody looks inside
  std::vector<std::string> ruled_by;
};

// Something that an article had a hand in.
struct RulingSeen {
  double at_s = 0;
  std::string where;    // a node, or the address of whose client it was
  std::string message;  // key
  std::string article;
  std::string what;  // of content: the property and what became of it; else empty
  // The decision points and attributes by which the article acts there; none where it only has consequences.
  std::vector<std::string> points{};
};

struct RunOutcome {
  std::string fingerprint;
  std::vector<RecipientOutcome> recipients;  // ascending by message and address
  std::vector<RulingSeen> rulings;           // ascending by time, each kind of a message once
  std::map<std::string, double> metrics;     // compared_metrics(), and ndr.<status> of each that came
  json::Value summary;                       // as `run --format json` prints it, without mail
};

// delay.p50 … in seconds, until the first copy or the end of the run; attempts, copies.extra, octets, …; those that
// every run has, in the order to show.
const std::vector<std::string>& compared_metrics();

RunOutcome outcome_of(const Plan& plan, const World& world, const Result& result);

// To and from another process.
json::Value to_json(const RunOutcome& outcome);
RunOutcome read_outcome(const json::Value& value);
json::Value strings(const std::vector<std::string>& list);

}  // namespace deadletter::experiments
