#include "experiments/run/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <filesystem>

#include "experiments/run/run_nodes.h"

namespace deadletter::experiments {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kRemembered = 4096;  // lines in which to look for what led to a difference

// What a line is about: the first word behind time, node and kind ("s1", "m1"), and the node.
struct Subject {
  std::string_view node, subject;
};
Subject subject_of(std::string_view line) {
  auto word = [&line] {
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    std::string_view found = line.substr(0, line.find(' '));
    line.remove_prefix(found.size());
    return found;
  };
  std::string_view time = word();
  if (time.ends_with('d')) word();  // "2d 03:04:05"
  Subject subject{.node = word(), .subject = {}};
  word();
  subject.subject = word();
  return subject;
}

// Compares lines as they are made with those that were recorded.
class LineByLine {
 public:
  explicit LineByLine(std::istream* recorded) : recorded_(recorded) {}

  void line(std::string_view now) {
    ++count_;
    if (first_ || recorded_ == nullptr) return;
    std::string recorded;
    bool more = static_cast<bool>(std::getline(*recorded_, recorded));
    if (!more || recorded != now) differs(recorded, std::string(now));
    before_.emplace_back(now);
    if (before_.size() > kRemembered) before_.pop_front();
  }
  // Nothing more comes: whatever is still recorded is missing.
  void end() {
    std::string recorded;
    if (!first_ && recorded_ != nullptr && std::getline(*recorded_, recorded)) ++count_, differs(recorded, "");
  }
  const std::optional<Divergence>& first() const { return first_; }
  std::uint64_t count() const { return count_; }

 private:
  void differs(const std::string& recorded, const std::string& now) {
    first_ = {count_, recorded, now, led_to(recorded), led_to(now)};
  }
  // Up to here both sides are alike.
  std::string led_to(std::string_view line) const {
    if (line.empty()) return "";
    Subject about = subject_of(line);
    auto found = std::find_if(before_.rbegin(), before_.rend(),
                              [&](const std::string& l) { return subject_of(l).subject == about.subject; });
    if (found == before_.rend())
      found = std::find_if(before_.rbegin(), before_.rend(),
                           [&](const std::string& l) { return subject_of(l).node == about.node; });
    return found == before_.rend() ? "" : *found;
  }

  std::istream* recorded_;
  std::uint64_t count_ = 0;
  std::deque<std::string> before_;
  std::optional<Divergence> first_;
};

void compare_inputs(const Recording& recording, const Plan& plan, std::vector<std::string>& differences) {
  for (const Input& now : plan.inputs) {
    std::string path = fs::absolute(now.path).lexically_normal().string(), before;
    for (const Input& input : recording.inputs)
      if (input.role == now.role && input.path == path) before = input.hash;
    if (before != now.hash)
      differences.push_back(fmt::format("the {} {} is not what it was: hash {}, recorded {}", now.role, now.path,
                                        now.hash, before.empty() ? "none" : before));
  }
}

void compare_nodes(const Recording& recording, const Plan& plan, std::vector<std::string>& differences) {
  json::Value now = run_nodes(plan);
  for (const json::Member& node : now.members()) {
    const json::Value* before = recording.nodes.find(node.key);
    if (before == nullptr) {
      differences.push_back(fmt::format("{} was not there", node.key));
      continue;
    }
    for (const json::Member& what : node.value.members()) {
      const json::Value* was = before->find(what.key);
      if (was == nullptr || *was != what.value)
        differences.push_back(fmt::format("{}: {} is {}, recorded {}", node.key, what.key, what.value.dump(0),
                                          was == nullptr ? "nothing" : was->dump(0)));
    }
  }
}

void compare_fingerprints(const sim::Fingerprint::Digest& before, const sim::Fingerprint::Digest& now,
                          std::vector<std::string>& differences) {
  if (before.whole == now.whole) return;
  auto part = [&](const char* name, const std::string& was, const std::string& is) {
    if (was != is) differences.push_back(fmt::format("fingerprint of {}: {}, recorded {}", name, is, was));
  };
  part("events", before.events, now.events);
  part("chance", before.chance, now.chance);
  part("reports", before.reports, now.reports);
  part("fates", before.fates, now.fates);
}

// Without a transcript: between which two marks the first difference lies. Marks of both sides lie at the same counts
// of events unless the runs' lengths differ by more than a factor of two.
void compare_marks(const Recording& recording, const Result& now, bool other_end,
                   std::vector<std::string>& differences) {
  std::uint64_t same = 0;
  for (const sim::Fingerprint::Mark& mark : now.marks) {
    auto before = std::ranges::find(recording.marks, mark.events, &sim::Fingerprint::Mark::events);
    if (before == recording.marks.end()) continue;
    if (before->hash == mark.hash) {
      same = mark.events;
      continue;
    }
    differences.push_back(
        fmt::format("the first record that differs lies between {} and {}, before {} of simulated time", same + 1,
                    mark.events, sim::elapsed(mark.at - sim::Instant{})));
    return;
  }
  if (same > 0 && other_end)
    differences.push_back(fmt::format("the first record that differs lies behind record {}", same));
}

}  // namespace

Replayed replay(const Recording* recording, const Plan& plan, const ReplayOptions& options) {
  Replayed replayed;
  if (recording != nullptr) {
    compare_inputs(*recording, plan, replayed.differences);
    compare_nodes(*recording, plan, replayed.differences);
    if (recording->program != program_version())
      replayed.differences.push_back(
          fmt::format("this is {}, the run was made by {}", program_version(), recording->program));
  }
  std::istream* transcript = recording == nullptr ? nullptr : recording->transcript.get();
  LineByLine comparison(transcript);
  RunOptions run{.record = RecordLevel::summary, .out = {}, .stop = options.stop, .at_end = options.at_end};
  run.watchers = options.watchers;
  run.until = options.until;
  run.now = options.now;
  if (transcript != nullptr) run.line = [&](std::string_view line) { comparison.line(line); };
  replayed.result = run_plan(plan, {}, run);
  const Result& result = replayed.result;
  replayed.records = transcript != nullptr ? comparison.count() : result.events;
  bool whole = result.complete && !options.until;
  if (whole) comparison.end();
  replayed.first = comparison.first();
  if (recording == nullptr) return replayed;
  if (whole) compare_fingerprints(recording->fingerprint, result.fingerprint, replayed.differences);
  if (transcript == nullptr)
    compare_marks(*recording, result, whole && result.fingerprint != recording->fingerprint, replayed.differences);
  return replayed;
}

}  // namespace deadletter::experiments
