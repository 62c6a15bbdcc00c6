// sweep: seeds × factors × variants of experiments, each combination a run of its own; what is there is not run again.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <thread>

#include "experiments/cli/commands.h"
#include "experiments/cli/common.h"
#include "experiments/cli/sweep_progress.h"
#include "experiments/cli/sweep_slurm.h"
#include "experiments/cli/sweep_text.h"
#include "experiments/sweep/local_engine.h"
#include "experiments/sweep/manifest.h"
#include "experiments/sweep/run_cell.h"

namespace deadletter::cli {
namespace fs = std::filesystem;
using experiments::CellState;
using experiments::Sweep;
using experiments::SweepCell;
using experiments::SweepFolder;
namespace {

constexpr const char* kSweepFooter = R"(Examples:
  deadletter sweep experiments/sweeps/five_articles.json --dry-run
  deadletter sweep experiments/sweeps/five_articles.json --out sweeps/five -j 8
  deadletter sweep experiments/sweeps/five_articles.json --out sweeps/five --status --format json
  deadletter sweep experiments/sweeps/five_articles.json --out /shared/five --engine slurm --time 1h --requeue

A run is known by a key: the hash of its resolved input, its seed and the program. What lies in --out (sweeps/<id>
unless it is given) is not run again, so that the same command goes on after it was interrupted, or killed, or the plan
has grown. A share of the runs ("check_share", 5 % unless the plan says otherwise) is done twice, the second time with
other memory; a difference is exit status 4.

--out holds cells/KEY/ with run.json of each run, as `deadletter run` leaves it; failed/KEY/ with stderr.txt of runs
that came to no end, which the next call runs again; and what they come to: sweep.sqlite, sweep.md, sweep.html.
`deadletter compare` of that folder lays the variants side by side.

--engine slurm submits what is missing as job arrays and returns, or stays with --wait. Given again, it submits what was
lost with tasks that were killed or ran out of time, and nothing that is under way; --status says how far it is and
--collect makes the tables. The plan, what it names, this program and --out must lie on a file system that all nodes
see under the same paths. Other options of sbatch come from its variables (SBATCH_ACCOUNT, SBATCH_QOS).

Exit status: the gravest of the runs'. 0 all held, 1 an expectation or an oracle failed, 2 usage or configuration, 4 a
run was not deterministic, 5 a resource limit, 70 a bug of deadletter, 130 interrupted.)";

struct SweepOptions {
  std::string plan, out, engine = "local", into;
  std::vector<std::string> cells;
  bool dry_run = false, status = false, collect = false, every_event = false, quiet = false;
  Format format = Format::text;
  unsigned jobs = std::max(1u, std::thread::hardware_concurrency());
  SlurmWords slurm{};

  bool internal() const { return !cells.empty(); }
  bool on_slurm() const { return engine == "slurm" && !internal(); }
  Shown progress() const { return quiet || internal() ? Shown::no : Shown::yes; }
};

int error(const std::string& text) {
  fmt::print(stderr, "{}\n", text);
  return kUsage;
}

// Brings a sweep to its end, or says what there is of it.
class SweepCommand {
 public:
  SweepCommand(const SweepOptions& options, experiments::SweepPlan plan)
      : options_(options),
        plan_(std::move(plan)),
        folder_(options.out.empty() ? "sweeps/" + plan_.id : options.out),
        progress_(options.progress()) {}

  int run() {
    if (!folder_.is_free_or_own())
      return error(fmt::format("--out {}: it is there already and is no sweep's; nothing is overwritten. Name another.",
                               folder_.path()));
    if (int status = make(); status != kHeld) return status;
    if (options_.dry_run) return say_cells();
    if (options_.status || options_.collect) return say_results();
    catch_signals();
    if (!options_.into.empty()) return run_into();
    return run_missing();
  }

 private:
  int make() {
    json::Problems problems;
    auto sweep = experiments::sweep_of(
        plan_, folder_, [this](const std::string& step) { progress_.show(step); }, problems);
    if (!sweep) return report_problems(problems, options_.format);
    sweep_ = std::move(*sweep);
    for (const std::string& key : options_.cells)
      if (sweep_.find(key) == nullptr)
        return error(fmt::format("--cells {}: the sweep has no such run; --dry-run lists them", key));
    return kHeld;
  }

  int say_cells() {
    auto states = folder_.states(sweep_.cells);
    if (options_.format == Format::json)
      fmt::print("{}\n", cells_json(sweep_, states).dump(2));
    else
      print_cells(sweep_, states);
    return kHeld;
  }

  int say_results() {
    if (!fs::exists(folder_.manifest()))
      return error(fmt::format("{}: nothing has been run there yet", folder_.path()));
    auto all = options_.collect ? experiments::collect(sweep_, folder_) : experiments::look_at(sweep_, folder_);
    say(all);
    return all.status;
  }

  void say(const experiments::Collected& all) {
    progress_.clear();
    if (options_.format == Format::json) {
      fmt::print("{}\n", sweep_json(sweep_, folder_, all).set("slurm", slurm_json(sweep_, folder_)).dump(2));
    } else if (!options_.quiet) {
      print_sweep(sweep_, folder_, all);
      print_slurm(sweep_, folder_);
    }
  }

  // A cell in this process, for a comparison.
  int run_into() {
    auto level = options_.every_event ? experiments::RecordLevel::events : sweep_.plan.record;
    return experiments::run_cell_into(sweep_, *sweep_.find(options_.cells.front()), options_.into, level, &stop_flag());
  }

  // All cells, or those that an engine asks for.
  bool asked(const SweepCell& cell) const {
    return !options_.internal() || std::ranges::find(options_.cells, cell.key) != options_.cells.end();
  }

  std::vector<const SweepCell*> missing() const {
    std::vector<const SweepCell*> cells;
    for (const SweepCell& cell : sweep_.cells) {
      if (!asked(cell)) continue;
      CellState state = folder_.state(cell.key);
      if (state == CellState::missing || state == CellState::failed) cells.push_back(&cell);
    }
    return cells;
  }

  int run_missing() {
    folder_.make();
    if (!options_.internal()) folder_.clear_leftovers();
    if (!fs::exists(folder_.manifest()) || !options_.internal()) experiments::write_manifest(sweep_, folder_);
    if (options_.on_slurm()) return run_on_slurm();
    experiments::LocalEngine local({options_.internal() ? 1 : options_.jobs, &stop_flag(),
                                    [this](const experiments::EngineState& state) { progress_.show(state); }});
    auto end = local.run(sweep_, folder_, missing());
    for (unsigned tries = 0; end.how != experiments::EngineEnd::How::interrupted && wait_for_others(tries); ++tries)
      end = local.run(sweep_, folder_, missing());
    if (end.how == experiments::EngineEnd::How::interrupted) return interrupted();
    if (options_.internal()) return status_of_asked();
    auto all = experiments::collect(sweep_, folder_);
    say(all);
    return all.status;
  }

  int run_on_slurm() {
    using How = experiments::EngineEnd::How;
    bool stays = options_.slurm.wait() == experiments::SlurmWait::yes;
    auto end = experiments::SlurmEngine(options_.slurm.options(), options_.slurm.wait(), &stop_flag(),
                                        [this](const experiments::EngineState& state) { progress_.show(state); })
                   .run(sweep_, folder_, missing());
    progress_.clear();
    if (!end.why.empty()) fmt::print(stderr, "{}\n", end.why);
    if (end.how == How::interrupted) return kInterrupted;
    if (end.how == How::refused) return kUsage;
    if (end.how == How::under_way && !stays) {
      if (options_.format == Format::json) say(experiments::look_at(sweep_, folder_));
      return kHeld;
    }
    auto all = experiments::collect(sweep_, folder_);
    say(all);
    // Waited for, and yet not there: lost with tasks that were killed or had too little time or memory.
    return all.missing > 0 ? std::max<int>(all.status, kResource) : all.status;
  }

  // Whether another process had some of the cells, so that there is something to look at again. Who was killed holds
  // its cells for an instant longer; a task of an engine waits no longer than that.
  bool wait_for_others(unsigned tries) {
    constexpr unsigned kInstants = 20;
    std::size_t running = 0;
    for (const SweepCell& cell : sweep_.cells)
      running += asked(cell) && folder_.state(cell.key) == CellState::running ? 1 : 0;
    if (running == 0 || (options_.internal() && tries >= kInstants)) return false;
    progress_.show(fmt::format("waiting for {} runs that another process has under way", running));
    usleep(100'000);
    return true;
  }

  int interrupted() {
    if (!options_.internal()) fmt::print(stderr, "interrupted: the same command goes on from here\n");
    return kInterrupted;
  }

  int status_of_asked() const {
    experiments::Failures failures;
    for (const std::string& key : options_.cells)
      failures.add(*sweep_.find(key), read_cell(folder_, *sweep_.find(key)));
    for (const auto& group : failures.groups())
      if (group.status != kFailed)
        fmt::print(stderr, "{} × {}: {}\n", group.cells, experiments::text_of_status(group.status), group.signature);
    return failures.status();
  }

  const SweepOptions& options_;
  experiments::SweepPlan plan_;
  SweepFolder folder_;
  SweepProgress progress_;
  Sweep sweep_;
};

int run(const SweepOptions& options) {
  if (!options.into.empty() && options.cells.size() != 1) return error("--into is for one of --cells");
  if (auto wrong = options.slurm.problems(options.engine); !wrong.empty())
    return error(fmt::format("{}", fmt::join(wrong, "\n")));
  json::Problems problems;
  auto plan = experiments::read_sweep_plan(options.plan, problems);
  if (!plan) return report_problems(problems, options.format);
  return SweepCommand(options, std::move(*plan)).run();
}

}  // namespace

void add_sweep(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<SweepOptions>();
  CLI::App* command =
      app.add_subcommand("sweep", "Runs every combination of seeds, factors and variants that is still missing");
  command->footer(kSweepFooter);
  command->add_option("PLAN", options->plan, "A sweep file; `deadletter schema sweep` says what it may hold")
      ->required();
  command->add_option("--out", options->out, "The sweep's folder; sweeps/<id> if none is named");
  command->add_option("--engine", options->engine, "Where the runs are done; local unless it is given")
      ->check(CLI::IsMember({"local", "slurm"}));
  command->add_option("-j,--jobs", options->jobs, "Runs side by side; as many as there are cores unless it is given")
      ->check(CLI::Range(1u, 1024u));
  auto* dry = command->add_flag("--dry-run", options->dry_run, "Lists the runs and which are there; runs nothing");
  auto* status =
      command->add_flag("--status", options->status, "Says how far the sweep is; runs nothing")->excludes(dry);
  command->add_flag("--collect", options->collect, "Makes the tables of what is there; runs nothing")
      ->excludes(dry)
      ->excludes(status);
  options->slurm.add_to(*command);
  // For engines and for second runs (experiments/sweep/engine.h, second_run.h).
  command->add_option("--cells", options->cells)->delimiter(',')->group("");
  command->add_option("--into", options->into)->group("");
  command->add_flag("--every-event", options->every_event)->group("");
  command->add_flag("-q,--quiet", options->quiet, "No progress and no text");
  add_format(*command, options->format);
  command->callback([options, &chosen] { chosen = [options] { return run(*options); }; });
}

}  // namespace deadletter::cli
