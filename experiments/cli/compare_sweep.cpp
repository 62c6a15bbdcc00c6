#include "experiments/cli/compare_sweep.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "experiments/cli/commands.h"
#include "experiments/cli/compare_sweep_text.h"
#include "experiments/sweep/sweep_page.h"

namespace deadletter::cli {
namespace fs = std::filesystem;
using experiments::BesideBlock;
using experiments::CollectedSweep;
namespace {

using Names = std::vector<std::string>;

constexpr std::string_view kSqlite = "SQLite format 3";

bool has(const Names& words, const std::string& word) { return std::ranges::find(words, word) != words.end(); }

void add_problem(const std::string& where, const std::string& message, json::Problems& problems,
                 const std::string& word = "", const Names& choices = {}) {
  json::Problem problem = json::problem_at({}, message, word, choices);
  problem.file = where;
  problems.add(std::move(problem));
}

std::string file_of(const std::string& path) {
  std::error_code error;
  return fs::is_directory(path, error) ? (fs::path(path) / "sweep.sqlite").string() : path;
}

std::optional<CollectedSweep> read_sweep(const std::string& path, json::Problems& problems) {
  std::string file = file_of(path);
  std::error_code error;
  if (file != path && !fs::exists(file, error)) {
    bool swept = fs::exists(fs::path(path) / "sweep.json", error);
    add_problem(path,
                swept ? fmt::format("the sweep's figures are not collected yet; `deadletter sweep PLAN --out {} "
                                    "--collect` makes sweep.sqlite of what is there",
                                    path)
                      : "this folder is no sweep's: it has no sweep.sqlite; `deadletter sweep PLAN --out FOLDER` makes "
                        "it, and with --collect of what is there",
                problems);
    return std::nullopt;
  }
  try {
    return experiments::read_sweep_file(file);
  } catch (const experiments::SweepUnreadable& unreadable) {
    add_problem(file, unreadable.what(), problems);
    return std::nullopt;
  }
}

Names all_variants(const CollectedSweep& sweep) {
  Names all;
  for (const std::string& experiment : experiments::experiments_in(sweep))
    for (const std::string& name : experiments::variants_in(sweep, experiment))
      if (!has(all, name)) all.push_back(name);
  return all;
}

// The factor's name where its last part was given.
void settle_factor(const CollectedSweep& sweep, std::optional<std::string>& by, json::Problems& problems) {
  const Names all = experiments::factors_in(sweep);
  if (!by || has(all, *by)) return;
  auto meant = [&](const std::string& name) { return experiments::short_name(name) == *by; };
  if (std::ranges::count_if(all, meant) == 1)
    by = *std::ranges::find_if(all, meant);
  else
    add_problem("--by " + *by, all.empty() ? "the sweep has no factors" : "the sweep has no such factor", problems, *by,
                all);
}

// What was asked for, as far as the sweep has it; all mistakes at once.
experiments::BesideAsked settle(const CollectedSweep& sweep, const CompareSweepOptions& options,
                                json::Problems& problems) {
  experiments::BesideAsked asked{options.baseline, options.variants, {}, options.by};
  const Names variants = all_variants(sweep), metrics = experiments::metrics_in(sweep);
  for (const std::string& name : options.variants)
    if (!has(variants, name))
      add_problem("--variants " + name, "the sweep has no such variant", problems, name, variants);
  for (const std::string& name : options.metrics) {
    if (!has(metrics, name)) add_problem("--metric " + name, "the sweep has no such metric", problems, name, metrics);
    if (!has(asked.metrics, name)) asked.metrics.push_back(name);
  }
  for (const std::string& experiment : experiments::experiments_in(sweep)) {
    const Names own = experiments::variants_in(sweep, experiment);
    if (options.baseline && !has(own, *options.baseline))
      add_problem("--baseline " + *options.baseline, fmt::format("{} has no such variant in the sweep", experiment),
                  problems, *options.baseline, own);
  }
  settle_factor(sweep, asked.by, problems);
  return asked;
}

bool broken(const BesideBlock& block) { return block.variants.size() > 1 && !block.failures.empty(); }

bool compares_something(const BesideBlock& block) {
  return std::ranges::any_of(block.variants, [](const auto& variant) { return variant.paired > 0; });
}

}  // namespace

bool is_sweep(const std::string& path) {
  std::error_code error;
  if (fs::is_directory(path, error) || path.ends_with(".sqlite")) return true;
  std::string begin(kSqlite.size(), '\0');
  std::ifstream file(path, std::ios::binary);
  return file.read(begin.data(), static_cast<std::streamsize>(begin.size())) && begin == kSqlite;
}

int compare_sweep(const CompareSweepOptions& options) {
  json::Problems problems;
  auto sweep = read_sweep(options.path, problems);
  if (!sweep) return report_problems(problems, options.format);
  auto asked = settle(*sweep, options, problems);
  if (!problems.empty()) return report_problems(problems, options.format);
  SweepCompared compared{*sweep, asked.by, experiments::side_by_side(*sweep, asked), !options.metrics.empty()};
  if (options.format == Format::json)
    fmt::print("{}\n", to_json(compared).dump(2));
  else if (!options.quiet)
    print_compared(compared);
  if (std::ranges::none_of(compared.blocks, compares_something)) {
    fmt::print(stderr,
               "{}: there is nothing to compare: no variant has a run of the baseline's factors and seed, both done (a "
               "\"pairwise\" plan has few such)\n",
               options.path);
    return kUsage;
  }
  return std::ranges::any_of(compared.blocks, broken) ? kFailed : kHeld;
}

}  // namespace deadletter::cli
