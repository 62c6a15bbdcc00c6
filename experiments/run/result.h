// What a run came to, as the program reports it.
#pragma once
#include <string>
#include <vector>

#include "experiments/config/plan.h"
#include "experiments/run/ledger.h"
#include "experiments/run/world.h"
#include "sim/fingerprint.h"
#include "sim/json/value.h"

namespace deadletter::experiments {

struct Failed {
  std::string text;  // the expectation or oracle
  std::string why;
};
struct Judged {
  std::uint64_t held = 0;
  std::vector<std::string> held_texts;
  std::vector<Failed> failed;

  void hold(std::string text) {
    ++held;
    held_texts.push_back(std::move(text));
  }
};

struct RecipientResult {
  std::string address;
  Fate fate = Fate::waiting;
  std::string status;  // empty without a report
  std::uint32_t copies = 0, attempts = 0, ndr = 0, delay = 0;
  double delivered_s = -1;  // after submission; -1 = never
  std::vector<std::string> ruled_by;
  std::string queue_state;  // while it waits; "none" when it is in no queue
  std::string queue;        // its name
  std::string shown;        // what the recipient reads above it
  std::string sender_sees;  // the report that came about it, as its reader shows it
  std::string signature;    // valid, invalid or none; empty where nobody looks inside
};
// What became of a property somewhere on the way.
struct LineageResult {
  double at_s = 0;
  std::string where;  // a node, or the address of whose client it was
  content::LineageStep step;
  std::vector<std::string> ruled_by;
};
struct MailResult {
  std::string id;
  std::vector<RecipientResult> recipients;
  std::vector<LineageResult> lineage;
};
struct EventResult {
  double at_s = 0;
  std::string node, event, text;  // event: source and id
  std::uint64_t count = 1;        // of those that are told as one
};

// Reports as files in mail/: the first ones (kMostReportFiles, results_tables.h).
struct ReportFiles {
  std::uint64_t written = 0, of = 0;
};

struct Result {
  std::string experiment, variant, out;
  std::uint64_t seed = 0;
  double horizon_s = 0, simulated_s = 0;
  sim::Fingerprint::Digest fingerprint;
  std::vector<sim::Fingerprint::Mark> marks;
  std::uint64_t messages = 0, events = 0;
  Tally tally;
  Counters counters;
  sim::Carried carried;
  Judged expectations, oracles;
  std::vector<MailResult> mail;  // of the messages that the experiment names
  std::vector<FetchResult> fetches;
  std::vector<EventResult> logged;
  std::vector<builds::Refusal> refusals;
  ReportFiles report_files;  // none at all when there is no mail/
  bool complete = true;      // false: interrupted
  double wall_s = 0, cpu_s = 0;

  // Out of line: otherwise every file that holds one would build all that copies and destroys it.
  Result();
  Result(const Result&);
  Result(Result&&) noexcept;
  Result& operator=(const Result&);
  Result& operator=(Result&&) noexcept;
  ~Result();
};

RecipientResult recipient_result(const Plan& plan, const World& world, mail::RecipientId id);
json::Value to_json(const RecipientResult& recipient);

Result collect(const Plan& plan, const World& world, const sim::Fingerprint& fingerprint);

// A figure of the result by the name that expectations use (metric_names()).
std::uint64_t metric(const Result& result, std::string_view name);

// The object that `run --format json` prints. `with_mail`: also what became of each named message.
json::Value to_json(const Result& result, bool with_mail);

}  // namespace deadletter::experiments
