// Runs an experiment that a test writes down, in a process of its own (an engine lives once a process), and gives back
// what `run --format json` would print.
//
//   Outcome run = run_experiment(base_experiment(R"({"peers": …})"));
//   EXPECT_EQ(run.recipient("m1").fate, "delivered");
#pragma once
#include <string>
#include <vector>

#include "sim/json/value.h"

namespace deadletter::testing {

struct Recipient {
  std::string fate, status;
  std::int64_t copies = 0, attempts = 0, ndr = 0, delay = 0;
  double delivered_s = -1;
  std::vector<std::string> ruled_by;
};

struct Outcome {
  json::Value result;                   // as printed; null when the experiment was refused
  std::string problems;                 // rendered, when it was
  std::vector<std::string> transcript;  // its lines
  std::vector<std::string> reports;     // each as a message

  // The recipient of a mail of the experiment; the first one unless an address is given.
  Recipient recipient(const std::string& mail, const std::string& address = "") const;
  std::int64_t number(const std::string& pointer) const;
  std::string text(const std::string& pointer) const;
  bool held() const;  // every expectation and oracle
  // Lines of the transcript that hold `words`.
  std::vector<std::string> lines(const std::string& words) const;
};

// `experiment`: the text of an experiment file; relative paths resolve from experiments/articles.
Outcome run_experiment(const std::string& experiment, const std::string& variant = "");

// The same over a topology that the test writes down, for 3 days; `members` of the experiment, without braces.
Outcome run_over(const std::string& topology, const std::string& members);

// A test's JSON as a value; throws when it is none.
json::Value parse_json(const std::string& text);
// An experiment with a patch laid over it (RFC 7386).
std::string patched(const std::string& experiment, const std::string& patch);

// A small experiment over internet_edge: mail m1 (20 KB, to bob@fabrikam.com) from EX1, which is reference-mta unless
// `patch` (a JSON object laid over it, RFC 7386) says otherwise; a horizon of 6 days; one variant, "base".
std::string base_experiment(const std::string& patch = "{}");

}  // namespace deadletter::testing
