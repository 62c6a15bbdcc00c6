// replay: a run again, compared record by record; one of its messages in full; or one event at a time.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "experiments/cli/commands.h"
#include "experiments/cli/common.h"
#include "experiments/cli/jobs.h"
#include "experiments/cli/progress.h"
#include "experiments/cli/stepper.h"
#include "experiments/cli/table.h"
#include "experiments/cli/watched_message.h"
#include "experiments/run/replay.h"
#include "sim/json/units.h"

namespace deadletter::cli {
namespace fs = std::filesystem;
namespace {

constexpr const char* kReplayFooter = R"(Examples:
  deadletter replay runs/kb912341_multiline_354-1
  deadletter replay runs/email_eu_edge-1 --message '#12345'   # in full, although the run kept only its summary
  deadletter replay KB912341 --step                            # the article's failure, one event at a time
  deadletter replay stuck.capsule --until 26h --format json

A message is named by its id in the experiment, as transcripts do ("#7"), or as `compare` does ("ann@contoso.com#3",
the third that she sent). Exit status 4: something is not what was recorded.)";

struct ReplayOptions {
  std::string source, variant, until, message;
  bool step = false, quiet = false;
  Format format = Format::text;
};

// What there is to run: a recording, or an article's experiment, which was not recorded.
struct Replayable {
  std::optional<experiments::Recording> recording;
  std::optional<experiments::Plan> plan;
};

bool is_article(const std::string& word) {
  return word.size() > 2 && (word.starts_with("KB") || word.starts_with("kb")) &&
         std::all_of(word.begin() + 2, word.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

// The article's experiment below ./experiments; empty, and a message, when there is none.
std::string experiment_of(std::string article) {
  std::ranges::transform(article, article.begin(), [](unsigned char c) { return std::tolower(c); });
  std::vector<std::string> all;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("experiments/articles", error))
    if (entry.path().extension() == ".json") all.push_back(entry.path().string());
  std::ranges::sort(all);
  for (const std::string& file : all)
    if (fs::path(file).filename().string().starts_with(article + "_")) return file;
  fmt::print(stderr, "{}: no experiment of that article in experiments/articles{}\n", article,
             all.empty() ? "; is this the project's folder?" : "");
  return {};
}

bool prepare(const ReplayOptions& options, Replayable& replayable, json::Problems& problems) {
  if (!is_article(options.source) || fs::exists(options.source)) {
    if (!options.variant.empty()) {
      fmt::print(stderr, "--variant is for articles; a recorded run has the variant that it was\n");
      return false;
    }
    replayable.recording = experiments::read_recording(options.source, problems);
    if (replayable.recording) replayable.plan = experiments::plan_of(*replayable.recording, problems);
    return replayable.plan.has_value();
  }
  std::string file = experiment_of(options.source);
  if (file.empty()) return false;
  auto loaded = experiments::load_experiment(file, {}, problems);
  if (!loaded) return false;
  std::string variant = options.variant.empty() ? loaded->experiment.variants.front().key : options.variant;
  if (loaded->document.find("variants")->find(variant) == nullptr) {
    std::vector<std::string> names;
    for (const auto& v : loaded->experiment.variants) names.push_back(v.key);
    fmt::print(stderr, "--variant {}: {} has no such variant\n  valid: {}\n", variant, file, fmt::join(names, ", "));
    return false;
  }
  replayable.plan = experiments::make_plan(*loaded, variant, std::nullopt, problems);
  return replayable.plan.has_value();
}

// Everything that watches, and what came of it.
struct Watched {
  std::optional<Stepper> stepper;
  std::optional<WatchedMessage> message;
  experiments::QueueBoard board;
  experiments::ReplayOptions options;
};

json::Value to_json(const experiments::Divergence& d) {
  return json::Value::object()
      .set("record", d.record)
      .set("recorded", d.recorded)
      .set("recorded_after", d.recorded_after)
      .set("now", d.now)
      .set("now_after", d.now_after);
}

void print_json(const ReplayOptions& options, const experiments::Replayed& replayed, const Watched& watched,
                bool recorded) {
  json::Value list = json::Value::array(), value = json::Value::object();
  for (const std::string& d : replayed.differences) list.push_back(d);
  value.set("run", options.source).set("same", recorded ? json::Value(replayed.same()) : json::Value());
  value.set("records", replayed.records).set("fingerprint", replayed.result.fingerprint.whole);
  value.set("differences", list).set("first", replayed.first ? to_json(*replayed.first) : json::Value());
  if (watched.message) {
    json::Value recipients = json::Value::array();
    for (const auto& r : watched.message->recipients()) recipients.push_back(experiments::to_json(r));
    value.set("message", json::Value::object()
                             .set("id", watched.message->name())
                             .set("recipients", recipients)
                             .set("rounds", experiments::rounds_json(watched.message->rounds())));
  }
  fmt::print("{}\n", value.dump(2));
}

void print_side(const char* side, const std::string& line, const std::string& after) {
  fmt::print("  {:<10} {}\n", side, line.empty() ? "(nothing more)" : line);
  if (!after.empty()) fmt::print("    after    {}\n", after);
}

void print_message(const WatchedMessage& message) {
  fmt::print("{}\n", message.name());
  for (const auto& r : message.recipients())
    fmt::print("  to {}: {}{}, {} {}\n", r.address, text(r.fate), r.status.empty() ? "" : " " + r.status, r.attempts,
               r.attempts == 1 ? "attempt" : "attempts");
  fmt::print("\n");
  for (const std::string& line : experiments::story_text(message.rounds())) fmt::print("  {}\n", line);
  for (const auto& r : message.recipients())
    if (!r.sender_sees.empty()) fmt::print("\nsender sees, about {}:\n{}\n", r.address, r.sender_sees);
  fmt::print("\n");
}

void print_text(const ReplayOptions& options, const experiments::Replayed& replayed, const Watched& watched,
                const Replayable& replayable) {
  if (watched.message) print_message(*watched.message);
  if (!options.until.empty()) {
    fmt::print("queues at {}\n", sim::elapsed({static_cast<std::int64_t>(replayed.result.simulated_s * 1e9)}));
    print_queues(*replayable.plan, watched.board);
    fmt::print("\n");
  }
  for (const std::string& d : replayed.differences) fmt::print("{}\n", d);
  if (replayed.first) {
    fmt::print("record {} is the first that differs\n", replayed.first->record);
    print_side("recorded", replayed.first->recorded, replayed.first->recorded_after);
    print_side("now", replayed.first->now, replayed.first->now_after);
  }
  if (!replayed.same()) return;
  if (watched.stepper && !replayed.result.complete)
    fmt::print("ended here\n");
  else if (!replayable.recording)
    print_result(*replayable.plan, replayed.result);
  else if (!options.until.empty() || !replayed.result.complete)
    fmt::print("the same so far: {} records\n", replayed.records);
  else
    fmt::print("the same again: {} records, fingerprint {}\n", replayed.records, replayed.result.fingerprint.whole);
}

std::optional<sim::Instant> until_of(const ReplayOptions& options) {
  auto ns = json::parse_duration(options.until);
  if (ns && *ns >= 0) return sim::Instant{*ns};
  fmt::print(stderr, "--until {}: expected a simulated time since the beginning, such as 26h\n", options.until);
  return std::nullopt;
}

experiments::Replayed go(const Replayable& replayable, Watched& watched, Shown shown) {
  std::atomic<std::int64_t> now{0};
  Progress progress({{&*replayable.plan, &now}}, shown);
  watched.options.now = &now;
  return experiments::replay(replayable.recording ? &*replayable.recording : nullptr, *replayable.plan,
                             watched.options);
}

int replay(const ReplayOptions& options) {
  json::Problems problems;
  Replayable replayable;
  if (!prepare(options, replayable, problems))
    return problems.empty() ? kUsage : report_problems(problems, options.format);
  const experiments::Plan& plan = *replayable.plan;
  catch_signals();  // before anybody holds the flag: it moves into memory that processes share
  Watched watched;
  watched.options.stop = &stop_flag();
  if (!options.until.empty()) {
    auto until = until_of(options);
    if (!until) return kUsage;
    if (*until < plan.horizon) watched.options.until = until;
    watched.options.watchers.push_back(&watched.board);
  }
  if (options.step) {
    watched.stepper.emplace(plan);
    watched.options.stop = &watched.stepper->stop();
    watched.options.watchers.push_back(&*watched.stepper);
  }
  if (!options.message.empty()) {
    watched.message.emplace(plan, options.message);
    watched.options.watchers.push_back(&*watched.message);
    watched.options.at_end = [&](const auto&, const auto& world, const auto&) { watched.message->end(world); };
  }
  experiments::Replayed replayed = go(replayable, watched, options.quiet || options.step ? Shown::no : Shown::yes);
  if (watched.message && !watched.message->found()) {
    fmt::print(stderr, "--message {}: the run has no such message\n", options.message);
    return kUsage;
  }
  if (options.format == Format::json)
    print_json(options, replayed, watched, replayable.recording.has_value());
  else
    print_text(options, replayed, watched, replayable);
  if (stop_flag()) return kInterrupted;
  if (!replayed.same()) return kNotDeterministic;
  bool ended_here = watched.stepper && !replayed.result.complete;
  return replayable.recording || ended_here ? kHeld : status_of(replayed.result);
}

}  // namespace

void add_replay(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<ReplayOptions>();
  CLI::App* command = app.add_subcommand("replay", "Runs again what was recorded, and says where it differs");
  command->footer(kReplayFooter);
  command->add_option("RUN_DIR", options->source, "A folder that a run left behind, a capsule, or an article: KB912341")
      ->required();
  command->add_option("--variant", options->variant, "Of an article's experiment; its first unless it is given");
  command->add_option("--until", options->until, "Ends at this simulated time, and shows the queues")
      ->type_name("TIME");
  auto* message =
      command->add_option("--message", options->message, "Tells this message's story in full")->type_name("ID");
  command->add_flag("--step", options->step, "One event at a time: what there is to type is said there")
      ->excludes(message);
  command->add_flag("-q,--quiet", options->quiet, "No progress");
  add_format(*command, options->format);
  command->callback([options, &chosen] { chosen = [options] { return replay(*options); }; });
}

}  // namespace deadletter::cli
