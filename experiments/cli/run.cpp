// run: one variant of an experiment, or several, each in a process of its own.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <thread>

#include "experiments/cli/commands.h"
#include "experiments/cli/common.h"
#include "experiments/cli/forecast_text.h"
#include "experiments/cli/jobs.h"
#include "experiments/cli/junit.h"
#include "experiments/cli/out_folder.h"
#include "experiments/cli/table.h"
#include "experiments/run/cannot_write.h"

namespace deadletter::cli {
namespace fs = std::filesystem;
namespace {

constexpr const char* kRunFooter = R"(Examples:
  deadletter run experiments/articles/kb912341_multiline_354.json --variant unfixed
  deadletter run experiments/articles/kb912341_multiline_354.json --variant all --set gap=5s --set ladder=iis

--record says how much is kept; without it, what the experiment's "record" says, and "events" when it says nothing:
  summary   run.json: fates, metrics, fingerprint. The same run with another level brings the rest
  messages  also results.sqlite with messages, recipients and reports, and the first 10,000 reports in mail/
  events    also attempts, events, queues and queue_depth in results.sqlite, transcript.txt, and tracking/ with the
            message tracking logs of Exchange servers; 4 KB and more a message

What is expected not to fit into memory or onto the disk is refused with status 5. --forecast says what is expected and
runs nothing: mostly right within a factor of 2, for time of 3; how much mail will fail is not known beforehand)";

struct RunOptions {
  std::vector<std::string> files, variants, set_words;
  std::optional<std::uint64_t> seed;
  std::string out, record, junit, trace;
  Format format = Format::text;
  bool quiet = false, forecast = false, even_so = false;
  unsigned jobs = std::max(1u, std::thread::hardware_concurrency());

  Shown progress() const { return quiet ? Shown::no : Shown::yes; }
};

bool choose_variants(const RunOptions& options, const experiments::Loaded& loaded, std::vector<std::string>& chosen) {
  std::vector<std::string> all;
  for (const auto& v : loaded.experiment.variants) all.push_back(v.key);
  if (options.variants.empty()) chosen = {all.front()};
  for (const std::string& v : options.variants) {
    if (v == "all") {
      chosen = all;
    } else if (std::ranges::find(all, v) == all.end()) {
      fmt::print(stderr, "--variant {}: {} has no such variant\n  valid: {}, all\n", v, loaded.path,
                 fmt::join(all, ", "));
      return false;
    } else {
      chosen.push_back(v);
    }
  }
  return true;
}

int worse(int a, int b) {
  auto rank = [](int s) { return s == kHeld ? 0 : s == kFailed ? 1 : s; };
  return rank(a) >= rank(b) ? a : b;
}

int run_one(const Job& job, const RunOptions& options, std::vector<std::string>& suites) {
  try {
    experiments::Result result = run_here(job, options.progress());
    suites.push_back(junit_suite(result));
    bool with_mail = options.record != "summary";
    if (options.format == Format::json)
      fmt::print("{}\n", experiments::to_json(result, with_mail).dump(2));
    else if (!options.quiet)
      print_result(job.plan, result);
    return status_of(result);
  } catch (const experiments::CannotWrite& error) {
    fmt::print(stderr, "{}\nThe run is not whole; {} says so.\n", error.what(), job.out);
    suites.push_back(junit_error(job.id, job.variant, error.what()));
    return kResource;
  }
}

int run_several(const std::vector<Job>& jobs, const RunOptions& options, std::vector<std::string>& suites) {
  int status = kHeld;
  json::Value list = json::Value::array();
  for (const JobEnd& end : run_apart(jobs, options.jobs, options.progress())) {
    status = worse(status, end.status);
    suites.push_back(end.suite);
    if (end.result) list.push_back(*end.result);
  }
  if (options.format == Format::json)
    fmt::print("{}\n", json::Value::object().set("runs", list).dump(2));
  else if (!options.quiet)
    print_table(list);
  return status;
}

// Plans every variant before the first one runs: a mistake in the last one costs no run. What cannot run is a suite of
// its own.
bool plan_jobs(const RunOptions& options, const std::vector<experiments::Set>& sets, json::Problems& problems,
               std::vector<Job>& jobs, std::vector<std::string>& suites) {
  Preparing preparing(options.progress());
  for (const std::string& file : options.files) {
    preparing.now("reading " + file);
    json::Problems own;
    auto loaded = experiments::load_experiment(file, sets, own);
    if (!loaded) {
      suites.push_back(junit_error(file, "", json::render(own)));
      problems.add(own);
      continue;
    }
    std::vector<std::string> chosen;
    if (!choose_variants(options, *loaded, chosen)) return false;
    const std::string& id = loaded->experiment.id;
    for (const std::string& v : chosen) {
      preparing.now(fmt::format("preparing variant {} of {}", v, id));
      json::Problems found;
      auto plan = experiments::make_plan(*loaded, v, options.seed, found);
      if (plan) {
        auto level = experiments::parse_record_level(options.record.empty() ? plan->record : options.record);
        jobs.push_back({file, id, v, {}, {file, sets, options.seed}, std::move(*plan), *level});
      } else {
        suites.push_back(junit_error(id, v, json::render(found)));
        problems.add(found);
      }
    }
  }
  return true;
}

bool give_folders(const RunOptions& options, std::vector<Job>& jobs) {
  bool several_files = options.files.size() > 1;
  std::string top = options.out;
  if (!top.empty() && !claim_folder(top)) return false;
  if (top.empty()) top = fresh_folder(several_files ? "demo" : jobs.front().id);
  if (top.empty()) return false;
  for (Job& job : jobs) {
    fs::path path = top;
    if (several_files) path /= job.id;
    if (jobs.size() > 1) path /= job.variant;
    fs::create_directories(path);
    job.out = path.string();
  }
  return true;
}

// The trace of --export is of one run, and no file is overwritten.
bool traces(const RunOptions& options, std::vector<Job>& jobs) {
  if (options.trace.empty()) return true;
  std::error_code error;
  if (jobs.size() > 1)
    fmt::print(stderr, "--export is for one run, and these are {}: name one variant\n", jobs.size());
  else if (fs::exists(options.trace, error))
    fmt::print(stderr, "--export {}: it is there already; nothing is overwritten. Name a new file.\n", options.trace);
  else if (!fs::is_directory(fs::absolute(options.trace).parent_path(), error))
    fmt::print(stderr, "--export {}: there is no such folder\n", options.trace);
  else
    jobs.front().trace = options.trace;
  return !jobs.front().trace.empty();
}

// False when the machine has no room for them. Without --out results go where the program was started.
bool have_room(const RunOptions& options, const ExpectedRuns& expected, const std::vector<Job>& jobs,
               std::vector<std::string>& suites) {
  Room room = room_for(options.out.empty() ? "." : options.out);
  if (options.even_so || fits(expected, room)) return true;
  std::string why = refusal(expected, room);
  fmt::print(stderr, "{}", why);
  if (options.format == Format::json) fmt::print("{}\n", to_json(expected, room).dump(2));
  for (const Job& job : jobs) suites.push_back(junit_error(job.id, job.variant, why));
  return false;
}

int say_forecast(const RunOptions& options, const ExpectedRuns& expected) {
  Room room = room_for(options.out.empty() ? "." : options.out);
  if (options.format == Format::json)
    fmt::print("{}\n", to_json(expected, room).dump(2));
  else if (!options.quiet)
    fmt::print("{}", to_text(expected, room));
  return fits(expected, room) ? kHeld : kResource;
}

void say_how_much(const RunOptions& options, const ExpectedRuns& expected, const std::vector<Job>& jobs) {
  if (options.quiet) return;
  const std::string& out = jobs.front().out;
  fmt::print(stderr, "{}", announcement(expected, jobs.size() == 1 ? out : fs::path(out).parent_path().string()));
}

// What has been planned without a problem.
int run_planned(const RunOptions& options, std::vector<Job>& jobs, std::vector<std::string>& suites) {
  ExpectedRuns expected = expect(jobs, options.jobs);
  if (options.forecast) return say_forecast(options, expected);
  if (!traces(options, jobs)) return kUsage;
  if (!have_room(options, expected, jobs, suites)) return kResource;
  if (!give_folders(options, jobs)) return kUsage;
  say_how_much(options, expected, jobs);
  catch_signals();
  return jobs.size() == 1 ? run_one(jobs.front(), options, suites) : run_several(jobs, options, suites);
}

// The file of --junit can be written: found out before the run and not after it.
bool junit_writable(const RunOptions& options) {
  if (options.junit.empty() || std::ofstream(options.junit, std::ios::app)) return true;
  fmt::print(stderr, "--junit {}: cannot be written\n", options.junit);
  return false;
}

int run(const RunOptions& options) {
  std::vector<experiments::Set> sets;
  if (!read_sets(options.set_words, sets) || !junit_writable(options)) return kUsage;
  json::Problems problems;
  std::vector<Job> jobs;
  std::vector<std::string> suites;
  if (!plan_jobs(options, sets, problems, jobs, suites)) return kUsage;
  int status = kUsage;
  if (problems.empty())
    status = run_planned(options, jobs, suites);
  else
    report_problems(problems, options.format);
  if (!options.junit.empty() && !write_junit(options.junit, suites)) status = worse(status, kResource);
  return status;
}

}  // namespace

void add_run(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<RunOptions>();
  CLI::App* command = app.add_subcommand("run", "Runs an experiment and says what happened to every message");
  command->footer(kRunFooter);
  command->add_option("EXPERIMENT", options->files, "Experiment files")->required();
  command->add_option("--variant", options->variants, "Variants, or \"all\"; the first one if none is named")
      ->delimiter(',');
  command->add_option("--seed", options->seed, "Instead of the experiment's seed");
  command->add_option("--set", options->set_words, "Changes a value: a JSON Pointer or a parameter, =, the value")
      ->type_name("PATH=VALUE")
      ->allow_extra_args(false);
  command->add_option("--out", options->out, "Folder for the results; runs/<id>-<n> if none is named");
  command->add_option("--record", options->record, "How much is kept, see below")
      ->check(CLI::IsMember({"summary", "messages", "events"}));
  command->add_option("--junit", options->junit, "Also writes the outcome as JUnit XML into this file, anew each time")
      ->type_name("FILE");
  command->add_option("--export", options->trace, "Also writes a trace of the run that Perfetto opens into this file")
      ->type_name("FILE");
  command->add_option("-j,--jobs", options->jobs, "Variants that run side by side")->check(CLI::Range(1u, 256u));
  command->add_flag("--forecast", options->forecast, "Says what memory, disk and time to expect, and runs nothing");
  command->add_flag("--even-so", options->even_so, "Runs also what is expected not to fit");
  command->add_flag("-q,--quiet", options->quiet, "No progress and no text");
  add_format(*command, options->format);
  command->callback([options, &chosen] { chosen = [options] { return run(*options); }; });
}

}  // namespace deadletter::cli
