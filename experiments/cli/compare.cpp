// compare: all variants of an experiment with the same chance, and the verdict on each beside the baseline.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include "experiments/cli/commands.h"
#include "experiments/cli/common.h"
#include "experiments/cli/compare_sweep.h"
#include "experiments/cli/compare_text.h"
#include "experiments/cli/jobs.h"
#include "experiments/cli/out_folder.h"
#include "experiments/compare/facts.h"

namespace deadletter::cli {
namespace fs = std::filesystem;
namespace {

constexpr const char* kCompareFooter = R"(Examples:
  deadletter compare experiments/articles/kb938650_meeting_update.json
  deadletter compare experiments/scale/email_eu_edge.json --set trace=FILE --until-ci 5%
  deadletter compare experiments/articles/kb912341_multiline_354.json --out cmp && deadletter report cmp
  deadletter compare sweeps/five_articles --by fidelity --metric attempts,delay.p95

Each variant runs with the same seeds as the baseline (the experiment's "baseline", or its first variant): a message is
the same message in each, and they differ only where a fix matters. Pair n has the experiment's seed + n - 1.

The verdict: CURED, PARTLY, NOT CURED, WORSE, INERT (installed without effect), REFUSED (could not be installed); and
what else changed. Exit status 1: an expectation or oracle failed; 3: --until-ci did not settle within --max-pairs.

Of a sweep (its folder, or its sweep.sqlite) nothing is run: its runs of the same experiment, factors and seed are the
pairs. Each experiment shows of every variant and metric the means, the mean difference with its 95 % interval, in how
many pairs it is lower, equal and higher, and which runs have no partner. The baseline is the experiment's, or the first
variant in the sweep if that is not in it. Such a file has figures and no recipients, hence no verdicts: these come from
`deadletter compare EXPERIMENT`. Exit status 1: an expectation or oracle did not hold in a run of these variants; 2:
wrong usage, no sweep's file, or no pair in it.)";

// What only runs have a use for, and what there is instead for a sweep.
struct OnlyForRuns {
  const char* option;
  const char* instead;
};
constexpr OnlyForRuns kOnlyForRuns[] = {
    {"--pairs", "the plan's \"seeds\" says how many pairs there are"},
    {"--until-ci", "the plan's \"seeds\" says how many pairs there are"},
    {"--max-pairs", "the plan's \"seeds\" says how many pairs there are"},
    {"--seed", "the plan's \"seeds\" says which there are"},
    {"--set", "the plan's \"factors\" says what is set; --by FACTOR shows a block for each value"},
    {"--out", "the runs lie in the sweep's folder; --format json prints the figures"},
    {"--record", "the plan's \"record\" says how much is kept"},
    {"--jobs", "`deadletter sweep PLAN -j` runs side by side"},
};
constexpr const char* kOnlyForSweeps[] = {"--baseline", "--by", "--metric"};

struct CompareOptions {
  std::string file, out, record;
  std::vector<std::string> variants, set_words;
  std::vector<std::string> metrics;
  std::optional<std::string> baseline, by;
  std::optional<std::uint64_t> seed;
  unsigned pairs = 1, max_pairs = 64;
  std::string until_ci;
  Format format = Format::text;
  bool quiet = false;
  unsigned jobs = std::max(1u, std::thread::hardware_concurrency());
};

// A variant with what its pairs came to.
struct Side {
  std::string name;
  experiments::VariantFacts facts;
  std::vector<experiments::RunOutcome> outcomes;  // by pair
};

class Comparison {
 public:
  Comparison(const CompareOptions& options, experiments::Loaded loaded, std::vector<experiments::Set> sets)
      : options_(options), loaded_(std::move(loaded)), sets_(std::move(sets)) {}

  int run() {
    if (!choose()) return kUsage;
    if (!options_.out.empty() && !claim_folder(options_.out)) return kUsage;
    auto share = ci_share();
    if (!share) return kUsage;
    catch_signals();
    const unsigned step = *share > 0 ? 4 : options_.pairs;
    const unsigned most = *share > 0 ? options_.max_pairs : options_.pairs;
    bool settled = *share == 0;
    for (unsigned done = 0; done < most && (done == 0 || !settled);) {
      unsigned next = std::min(most, done + step);
      if (int status = run_pairs(done, next); status != kHeld && status != kFailed) return status;
      done = next;
      if (*share > 0) settled = narrow_enough(metrics(), judge_metrics(metrics()), *share);
    }
    report(settled);
    return settled ? status_ : kInconclusive;
  }

 private:
  // The baseline first.
  bool choose() {
    std::vector<std::string> all;
    for (const auto& v : loaded_.experiment.variants) all.push_back(v.key);
    std::string baseline = loaded_.experiment.baseline ? loaded_.experiment.baseline->value : all.front();
    std::vector<std::string> chosen{baseline};
    for (const std::string& v : options_.variants.empty() ? all : options_.variants) {
      if (std::ranges::find(all, v) == all.end()) {
        fmt::print(stderr, "--variants {}: {} has no such variant\n  valid: {}\n", v, loaded_.path,
                   fmt::join(all, ", "));
        return false;
      }
      if (std::ranges::find(chosen, v) == chosen.end()) chosen.push_back(v);
    }
    for (const std::string& v : chosen) sides_.push_back({.name = v});
    if (sides_.size() > 1) return true;
    fmt::print(stderr, "{}: there is nothing to compare: it has one variant, \"{}\"\n", loaded_.path, baseline);
    return false;
  }

  // "5%" as 0.05; 0 when it is not asked for.
  std::optional<double> ci_share() const {
    if (options_.until_ci.empty()) return 0.0;
    std::string text = options_.until_ci;
    if (text.ends_with('%')) text.pop_back();
    std::size_t end = 0;
    double percent = 0;
    try {
      percent = std::stod(text, &end);
    } catch (const std::exception&) {
      end = 0;
    }
    if (end == text.size() && percent > 0 && percent <= 100) return percent / 100;
    fmt::print(stderr, "--until-ci {}: expected a share such as 5%\n", options_.until_ci);
    return std::nullopt;
  }

  int run_pairs(unsigned from, unsigned to) {
    json::Problems problems;
    std::vector<Job> jobs;
    for (unsigned pair = from; pair < to; ++pair)
      for (Side& side : sides_)
        if (!plan(side, pair, jobs, problems)) return report_problems(problems, options_.format);
    std::size_t next = 0;
    for (JobEnd& end : run_apart(jobs, options_.jobs, options_.quiet ? Shown::no : Shown::yes)) {
      Side& side = sides_[next++ % sides_.size()];
      if (!end.outcome) return end.status;
      if (end.status == kFailed) failed(side.name, *end.result);
      side.outcomes.push_back(std::move(*end.outcome));
    }
    return status_;
  }

  bool plan(Side& side, unsigned pair, std::vector<Job>& jobs, json::Problems& problems) {
    std::uint64_t first = options_.seed.value_or(static_cast<std::uint64_t>(loaded_.experiment.seed));
    auto plan = experiments::make_plan(loaded_, side.name, first + pair, problems);
    if (!plan) return false;
    if (pair == 0 && side.name == sides_.front().name) baseline_ = *plan;
    if (pair == 0) side.facts = experiments::facts_of(*plan, *baseline_);
    Job job{options_.file,
            plan->experiment,
            side.name,
            {},
            {options_.file, sets_, first + pair},
            std::move(*plan),
            experiments::RecordLevel::summary,
            true};
    if (!options_.out.empty() && pair == 0) {
      job.record = *experiments::parse_record_level(options_.record.empty() ? job.plan.record : options_.record);
      job.out = (fs::path(options_.out) / side.name).string();
      fs::create_directories(job.out);
    }
    jobs.push_back(std::move(job));
    return true;
  }

  void failed(const std::string& variant, const json::Value& result) {
    status_ = kFailed;
    for (const char* kind : {"expectations", "oracles"})
      for (const json::Value& f : result.find(kind)->find("failed")->items())
        failures_.push_back(
            fmt::format("{}: {}, expected: {}", variant, f.find("why")->as_string(), f.find("text")->as_string()));
  }

  // What every run has, and the statuses of reports that came in any.
  std::vector<std::string> metric_names() const {
    std::vector<std::string> names = experiments::compared_metrics();
    std::set<std::string> more;
    for (const Side& side : sides_)
      for (const auto& outcome : side.outcomes)
        for (const auto& [name, value] : outcome.metrics)
          if (std::ranges::find(names, name) == names.end()) more.insert(name);
    names.insert(names.end(), more.begin(), more.end());
    return names;
  }
  static double value_in(const experiments::RunOutcome& outcome, const std::string& name) {
    auto found = outcome.metrics.find(name);
    return found == outcome.metrics.end() ? 0 : found->second;
  }

  std::vector<experiments::PairedMetric> metrics() const {
    std::vector<experiments::PairedMetric> all;
    const std::vector<std::string> names = metric_names();
    const Side& base = sides_.front();
    for (std::size_t s = 1; s < sides_.size(); ++s)
      for (const std::string& name : names) {
        experiments::PairedMetric metric{name, sides_[s].name, {}, {}};
        for (std::size_t pair = 0; pair < base.outcomes.size(); ++pair) {
          double before = value_in(base.outcomes[pair], name);
          metric.baseline.push_back(before);
          metric.differences.push_back(value_in(sides_[s].outcomes[pair], name) - before);
        }
        all.push_back(std::move(metric));
      }
    return all;
  }

  void report(bool settled) {
    experiments::Compared compared{.experiment = loaded_.experiment.id,
                                   .baseline = sides_.front().name,
                                   .seed = options_.seed.value_or(static_cast<std::uint64_t>(loaded_.experiment.seed)),
                                   .pairs = sides_.front().outcomes.size(),
                                   .settled = settled,
                                   .failures = failures_,
                                   .metrics = metrics()};
    compared.judgements = judge_metrics(compared.metrics);
    for (const Side& side : sides_) {
      compared.variants.push_back({side.name, side.outcomes.front().fingerprint, side.outcomes.front().summary, {}});
      if (&side == &sides_.front()) continue;
      std::vector<experiments::VariantVerdict> verdicts;
      for (std::size_t pair = 0; pair < side.outcomes.size(); ++pair)
        verdicts.push_back(judge(sides_.front().outcomes[pair], side.outcomes[pair], side.facts));
      compared.variants.back().verdict = joined(std::move(verdicts), side.facts);
    }
    json::Value value = to_json(compared);
    if (!options_.out.empty()) write_result((fs::path(options_.out) / "compare.json").string(), value.dump(2) + "\n");
    if (options_.format == Format::json)
      fmt::print("{}\n", value.dump(2));
    else if (!options_.quiet)
      print_compared(compared);
  }

  const CompareOptions& options_;
  experiments::Loaded loaded_;
  std::vector<experiments::Set> sets_;
  std::vector<Side> sides_;
  std::optional<experiments::Plan> baseline_;
  std::vector<std::string> failures_;
  int status_ = kHeld;
};

// What does not go with what is compared; all of it at once.
json::Problems misplaced(const CLI::App& command, bool sweep) {
  json::Problems problems;
  auto add = [&](const char* option, std::string message) {
    json::Problem problem;
    problem.file = option, problem.message = std::move(message);
    if (command.count(option) > 0) problems.add(problem);
  };
  if (sweep)
    for (const OnlyForRuns& only : kOnlyForRuns)
      add(only.option, fmt::format("nothing is run for a sweep: {}", only.instead));
  else
    for (const char* option : kOnlyForSweeps) add(option, "this is for a sweep's folder or its sweep.sqlite");
  return problems;
}

int run(const CompareOptions& options, const CLI::App& command) {
  bool sweep = is_sweep(options.file);
  if (auto wrong = misplaced(command, sweep); !wrong.empty()) return report_problems(wrong, options.format);
  if (sweep)
    return compare_sweep(
        {options.file, options.baseline, options.by, options.variants, options.metrics, options.format, options.quiet});
  std::vector<experiments::Set> sets;
  if (!read_sets(options.set_words, sets)) return kUsage;
  json::Problems problems;
  auto loaded = experiments::load_experiment(options.file, sets, problems);
  if (!loaded) return report_problems(problems, options.format);
  return Comparison(options, std::move(*loaded), std::move(sets)).run();
}

}  // namespace

void add_compare(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<CompareOptions>();
  CLI::App* command =
      app.add_subcommand("compare",
                         "Runs variants with the same chance and says which fix cures what; of a sweep, "
                         "lays its variants side by side");
  command->footer(kCompareFooter);
  command->add_option("EXPERIMENT", options->file, "An experiment file; or SWEEP, a sweep's folder or its sweep.sqlite")
      ->required();
  command->add_option("--variants", options->variants, "Only these, beside the baseline")->delimiter(',');
  auto* pairs = command->add_option("--pairs", options->pairs, "How many seeds; 1 unless it is given")
                    ->check(CLI::Range(1u, 100000u));
  command
      ->add_option("--until-ci", options->until_ci,
                   "Until every metric's 95 % interval is so narrow, as a share of its mean")
      ->type_name("PCT")
      ->excludes(pairs);
  command->add_option("--max-pairs", options->max_pairs, "For --until-ci; 64 unless it is given")
      ->check(CLI::Range(2u, 100000u));
  command->add_option("--seed", options->seed, "Of the first pair, instead of the experiment's");
  command->add_option("--set", options->set_words, "Changes a value: a JSON Pointer or a parameter, =, the value")
      ->type_name("PATH=VALUE")
      ->allow_extra_args(false);
  command->add_option("--out", options->out, "Keeps compare.json and the runs of the first pair in this folder");
  command->add_option("--record", options->record, "How much is kept in --out, as for run")
      ->check(CLI::IsMember({"summary", "messages", "events"}));
  command->add_option("-j,--jobs", options->jobs, "Runs side by side")->check(CLI::Range(1u, 256u));
  command->add_option("--baseline", options->baseline, "Of a sweep: the variant that the others are laid beside");
  command->add_option("--by", options->by, "Of a sweep: a block for each value of this factor")->type_name("FACTOR");
  command->add_option("--metric", options->metrics, "Of a sweep: only these, whether they differ or not")
      ->delimiter(',');
  command->add_flag("-q,--quiet", options->quiet, "No progress and no text");
  add_format(*command, options->format);
  command->callback([options, command, &chosen] { chosen = [options, command] { return run(*options, *command); }; });
}

}  // namespace deadletter::cli
