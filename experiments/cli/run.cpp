// run: one variant of an experiment, or several, each in a process of its own.
#include <fmt/color.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <thread>

#include "experiments/cli/commands.h"
#include "experiments/cli/common.h"
#include "experiments/cli/progress.h"
#include "experiments/cli/table.h"
#include "experiments/run/cannot_write.h"
#include "experiments/run/runner.h"
#include "sim/json/parse.h"

namespace deadletter::cli {
namespace fs = std::filesystem;
using experiments::Plan;
using experiments::Result;
namespace {

constexpr const char* kFooter = R"(Examples:
  deadletter run experiments/articles/kb912341_multiline_354.json --variant unfixed
  deadletter run experiments/articles/kb912341_multiline_354.json --variant all --set gap=5s --set ladder=iis)";

struct Options {
  std::vector<std::string> files, variants, set_words;
  std::optional<std::uint64_t> seed;
  std::string out, record;
  Format format = Format::text;
  bool quiet = false;
  unsigned jobs = std::max(1u, std::thread::hardware_concurrency());
};

// One thing to run.
struct Job {
  std::string file, variant, out, id;
  experiments::Asked asked;
  experiments::Plan plan;
};

// runs/<stem>-<n>, new; empty, and a message, when it cannot be made.
std::string fresh_folder(const std::string& stem) {
  std::error_code error;
  fs::create_directories("runs", error);
  for (int n = 1; !error; ++n) {
    std::string path = fmt::format("runs/{}-{}", stem, n);
    if (fs::create_directory(path, error)) return path;
  }
  fmt::print(stderr, "the folder runs cannot be made or written: {}; --out names another\n", error.message());
  return {};
}

// The folder of --out: new, or empty.
bool claim_folder(const std::string& path) {
  std::error_code error;
  if (fs::exists(path, error) && (!fs::is_directory(path, error) || !fs::is_empty(path, error))) {
    fmt::print(stderr, "--out {}: it is there already and not empty; nothing is overwritten. Name a new folder.\n",
               path);
    return false;
  }
  fs::create_directories(path, error);
  if (error) fmt::print(stderr, "--out {}: cannot be made: {}\n", path, error.message());
  return !error;
}

bool choose_variants(const Options& options, const experiments::Loaded& loaded, std::vector<std::string>& chosen) {
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

int status_of(const Result& result) {
  if (!result.complete) return kInterrupted;
  return result.expectations.failed.empty() && result.oracles.failed.empty() ? kHeld : kFailed;
}

Result run_job(const Job& job, const Options& options, bool progress) {
  auto level = experiments::parse_record_level(options.record.empty() ? job.plan.record : options.record);
  experiments::RunOptions run{.record = *level, .out = job.out, .stop = &stop_flag()};
  Progress shown(job.plan, progress && !options.quiet);
  run.now = shown.now();
  return experiments::run_plan(job.plan, job.asked, run);
}

// Runs a job in a child process; its result comes back as JSON through a pipe.
struct Child {
  pid_t pid = -1;
  int pipe = -1;
  std::string text;
};

Child start_child(const Job& job, const Options& options) {
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("cannot make a pipe");
  std::fflush(nullptr);
  pid_t pid = fork();
  if (pid < 0) throw std::runtime_error("cannot start a process");
  if (pid > 0) {
    close(ends[1]);
    return {pid, ends[0], {}};
  }
  close(ends[0]);
  int status = kBug;
  try {
    Result result = run_job(job, options, false);
    std::string text = experiments::to_json(result, true).dump(0);
    for (std::size_t sent = 0; sent < text.size();) {
      ssize_t n = write(ends[1], text.data() + sent, text.size() - sent);
      if (n <= 0) break;
      sent += static_cast<std::size_t>(n);
    }
    status = status_of(result);
  } catch (const experiments::CannotWrite& error) {
    fmt::print(stderr, "{} {}: {}\n", job.file, job.variant, error.what());
    status = kResource;
  } catch (const std::exception& error) {
    fmt::print(stderr, "{} {}: {}\n", job.file, job.variant, error.what());
  }
  std::fflush(nullptr);
  _exit(status);
}

void drain(Child& child) {
  char buffer[65536];
  for (ssize_t n; (n = read(child.pipe, buffer, sizeof buffer)) > 0;)
    child.text.append(buffer, static_cast<std::size_t>(n));
  close(child.pipe);
}

int wait_for(Child& child) {
  drain(child);
  int status = 0;
  waitpid(child.pid, &status, 0);
  if (WIFEXITED(status)) return WEXITSTATUS(status);
  return stop_flag() ? kInterrupted : kBug;
}

int worse(int a, int b) {
  auto rank = [](int s) { return s == kHeld ? 0 : s == kFailed ? 1 : s; };
  return rank(a) >= rank(b) ? a : b;
}

int run_several(std::vector<Job>& jobs, const Options& options) {
  int status = kHeld;
  std::vector<std::optional<json::Value>> results;
  // In batches of `jobs`: variants of one experiment take about the same time.
  for (std::size_t first = 0; first < jobs.size(); first += options.jobs) {
    std::vector<Child> children;
    for (std::size_t i = first; i < std::min(jobs.size(), first + options.jobs); ++i)
      children.push_back(start_child(jobs[i], options));
    for (Child& child : children) {
      status = worse(status, wait_for(child));
      json::Problems none;
      results.push_back(json::parse(std::make_shared<json::Source>(json::Source{"result", child.text}), none));
    }
    if (stop_flag()) break;
  }
  json::Value list = json::Value::array();
  for (const auto& r : results)
    if (r) list.push_back(*r);
  if (options.format == Format::json)
    fmt::print("{}\n", json::Value::object().set("runs", list).dump(2));
  else
    print_table(list);
  return status;
}

int run_one(const Job& job, const Options& options) {
  Result result = run_job(job, options, true);
  bool with_mail = options.record != "summary";
  if (options.format == Format::json)
    fmt::print("{}\n", experiments::to_json(result, with_mail).dump(2));
  else if (!options.quiet)
    print_result(job.plan, result);
  return status_of(result);
}

int run(const Options& options) {
  std::vector<experiments::Set> sets;
  if (!read_sets(options.set_words, sets)) return kUsage;
  json::Problems problems;
  std::vector<Job> jobs;
  for (const std::string& file : options.files) {
    auto loaded = experiments::load_experiment(file, sets, problems);
    if (!loaded) continue;
    std::vector<std::string> chosen;
    if (!choose_variants(options, *loaded, chosen)) return kUsage;
    // Every variant is planned before the first one runs: a mistake in the last one costs no run.
    for (const std::string& v : chosen)
      if (auto plan = experiments::make_plan(*loaded, v, options.seed, problems))
        jobs.push_back({file, v, {}, loaded->experiment.id, {file, sets, options.seed}, std::move(*plan)});
  }
  if (!problems.empty()) return report_problems(problems, options.format);
  bool several_files = options.files.size() > 1;
  std::string top = options.out;
  if (!top.empty() && !claim_folder(top)) return kUsage;
  if (top.empty()) top = fresh_folder(several_files ? "demo" : jobs.front().id);
  if (top.empty()) return kUsage;
  for (Job& job : jobs) {
    fs::path path = top;
    if (several_files) path /= job.id;
    if (jobs.size() > 1) path /= job.variant;
    fs::create_directories(path);
    job.out = path.string();
  }
  catch_signals();
  return jobs.size() == 1 ? run_one(jobs.front(), options) : run_several(jobs, options);
}

}  // namespace

void add_run(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("run", "Runs an experiment and says what happened to every message");
  command->footer(kFooter);
  command->add_option("EXPERIMENT", options->files, "Experiment files")->required();
  command->add_option("--variant", options->variants, "Variants, or \"all\"; the first one if none is named")
      ->delimiter(',');
  command->add_option("--seed", options->seed, "Instead of the experiment's seed");
  command->add_option("--set", options->set_words, "Changes a value: a JSON Pointer or a parameter, =, the value")
      ->type_name("PATH=VALUE")
      ->allow_extra_args(false);
  command->add_option("--out", options->out, "Folder for the results; runs/<id>-<n> if none is named");
  command->add_option("--record", options->record, "How much is kept")
      ->check(CLI::IsMember({"summary", "messages", "events"}));
  command->add_option("-j,--jobs", options->jobs, "Variants that run side by side")->check(CLI::Range(1u, 256u));
  command->add_flag("-q,--quiet", options->quiet, "No progress and no text");
  add_format(*command, options->format);
  command->callback([options, &chosen] { chosen = [options] { return run(*options); }; });
}

}  // namespace deadletter::cli
