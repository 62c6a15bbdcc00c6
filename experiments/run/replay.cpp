#include "experiments/run/replay.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "experiments/run/runner.h"
#include "sim/json/parse.h"

namespace deadletter::experiments {
namespace fs = std::filesystem;
namespace {

const json::Value& at(const json::Value& value, std::string_view pointer) {
  static const json::Value none;
  const json::Value* found = value.find_pointer(pointer);
  return found == nullptr ? none : *found;
}

std::string text_at(const json::Value& value, std::string_view pointer) {
  const json::Value& found = at(value, pointer);
  return found.is(json::Kind::string) ? found.as_string() : "";
}

// Compares lines as they are made with those of a file.
class LineByLine {
 public:
  explicit LineByLine(const fs::path& transcript) : file_(transcript, std::ios::binary) {}

  void line(std::string_view made) {
    ++count_;
    if (!first_.empty() || !file_.is_open()) return;
    std::string recorded;
    if (!std::getline(file_, recorded))
      first_ = fmt::format("record {} is new:\n  recorded  (nothing more)\n  now       {}", count_, made);
    else if (recorded != made)
      first_ =
          fmt::format("record {} is the first that differs:\n  recorded  {}\n  now       {}", count_, recorded, made);
  }
  void end() {
    std::string recorded;
    if (first_.empty() && file_.is_open() && std::getline(file_, recorded))
      first_ = fmt::format("record {} is missing:\n  recorded  {}\n  now       (nothing more)", count_ + 1, recorded);
  }
  const std::string& first() const { return first_; }
  std::uint64_t count() const { return count_; }
  bool compares() const { return file_.is_open(); }

 private:
  std::ifstream file_;
  std::uint64_t count_ = 0;
  std::string first_;
};

void compare_inputs(const json::Value& run, const Plan& plan, std::vector<std::string>& differences) {
  for (const Input& now : plan.inputs) {
    std::string before;
    for (const json::Value& input : at(run, "/inputs").items())
      if (text_at(input, "/role") == now.role &&
          text_at(input, "/path") == fs::absolute(now.path).lexically_normal().string())
        before = text_at(input, "/hash");
    if (before != now.hash)
      differences.push_back(fmt::format("the {} {} is not what it was: hash {}, recorded {}", now.role, now.path,
                                        now.hash, before.empty() ? "none" : before));
  }
  std::string program = text_at(run, "/program");
  if (program != program_version())
    differences.push_back(fmt::format("this is {}, the run was made by {}", program_version(), program));
}

void compare_fingerprints(const json::Value& run, const sim::Fingerprint::Digest& now,
                          std::vector<std::string>& differences) {
  auto part = [&](const char* name, const std::string& value) {
    std::string before = text_at(run, fmt::format("/result/fingerprint_parts/{}", name));
    if (before != value) differences.push_back(fmt::format("fingerprint of {}: {}, recorded {}", name, value, before));
  };
  if (text_at(run, "/result/fingerprint") == now.whole) return;
  part("events", now.events);
  part("chance", now.chance);
  part("reports", now.reports);
  part("fates", now.fates);
}

std::optional<json::Value> read_run(const std::string& folder, json::Problems& problems) {
  if (fs::exists(fs::path(folder) / "INCOMPLETE")) {
    json::Problem problem;
    problem.file = folder;
    problem.message = "this run was interrupted: there is no whole result to compare with";
    problems.add(problem);
    return std::nullopt;
  }
  auto source = read_source((fs::path(folder) / "run.json").string(), "the run", problems);
  if (source == nullptr) return std::nullopt;
  auto run = json::parse(source, problems);
  if (!run) return std::nullopt;
  if (!at(*run, "/format").is(json::Kind::integer) || at(*run, "/format").as_integer() != kRunFormat ||
      text_at(*run, "/asked/experiment").empty() || text_at(*run, "/result/variant").empty()) {
    problems.add(json::problem_at({source, {1, 1}, ""}, fmt::format("this is no run.json of format {}", kRunFormat)));
    return std::nullopt;
  }
  return run;
}

}  // namespace

std::optional<Replayed> replay(const std::string& folder, const std::atomic<bool>* stop, json::Problems& problems) {
  auto run = read_run(folder, problems);
  if (!run) return std::nullopt;
  std::vector<Set> sets;
  for (const json::Value& word : at(*run, "/asked/set").items())
    if (auto set = parse_set(word.is(json::Kind::string) ? word.as_string() : "")) sets.push_back(*set);
  std::string path = text_at(*run, "/asked/experiment");
  auto loaded = load_experiment(path, sets, problems);
  if (!loaded) return std::nullopt;
  const json::Value& seed = at(*run, "/asked/seed");
  std::string variant = text_at(*run, "/result/variant");
  if (loaded->document.find("variants")->find(variant) == nullptr) {
    json::Problem problem;
    problem.file = path;
    problem.message = fmt::format("the experiment has no variant \"{}\" any more", variant);
    problems.add(problem);
    return std::nullopt;
  }
  auto plan = make_plan(
      *loaded, variant,
      seed.is(json::Kind::integer) ? std::optional(static_cast<std::uint64_t>(seed.as_integer())) : std::nullopt,
      problems);
  if (!plan) return std::nullopt;
  Replayed replayed;
  compare_inputs(*run, *plan, replayed.differences);
  LineByLine comparison(fs::path(folder) / "transcript.txt");
  RunOptions options{.record = RecordLevel::summary, .out = {}, .stop = stop};
  if (comparison.compares()) options.line = [&](std::string_view line) { comparison.line(line); };
  Result result = run_plan(*plan, {}, options);
  comparison.end();
  if (!comparison.first().empty()) replayed.differences.push_back(comparison.first());
  compare_fingerprints(*run, result.fingerprint, replayed.differences);
  replayed.records = comparison.compares() ? comparison.count() : result.events;
  replayed.fingerprint = result.fingerprint.whole;
  return replayed;
}

}  // namespace deadletter::experiments
