#include "experiments/sweep/cells.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "experiments/sweep/covering_array.h"
#include "sim/fingerprint.h"

namespace deadletter::experiments {
namespace fs = std::filesystem;
namespace {

constexpr int kKeyFormat = 1;

std::vector<Set> sets_of(const SweepCell& cell) {
  std::vector<Set> sets;
  for (const FactorValue& f : cell.factors) sets.push_back({f.name, f.value});
  return sets;
}

// A mistake in a value that is set has its place in the plan, where the person wrote it, and not in an option that
// nobody gave.
void add_at_plan(const json::Problems& found, const std::vector<const Name*>& values, const SweepPlan& plan,
                 json::Problems& problems) {
  for (json::Problem problem : found.sorted()) {
    for (std::size_t f = 0; f < plan.factors.size() && problem.file.starts_with("--set"); ++f) {
      const Name& name = plan.factors[f].name;
      bool whole = problem.source != nullptr && problem.source->text.starts_with(name.value + "=");
      if (problem.file != "--set " + name.value && !whole) continue;
      const json::Place& place = values[f]->place;
      problem.file = place.source->name, problem.source = place.source, problem.position = place.position;
      problem.message = fmt::format("\"{}\" as {}: {}", name.value, values[f]->value, problem.message);
    }
    problems.add(std::move(problem));
  }
}

// Makes the cells of one experiment.
class CellMaker {
 public:
  CellMaker(const SweepPlan& plan, const Name& file, const Step& step, Sweep& sweep, json::Problems& problems)
      : plan_(plan), file_(file), step_(step), sweep_(sweep), problems_(problems) {
    path_ = (fs::path(plan.folder()) / file.value).lexically_normal().string();
  }

  void make(std::map<std::string, Input>& inputs) {
    json::Problems unread;
    auto loaded = load_experiment(path_, {}, unread);
    if (!loaded) return problems_.add(unread);
    std::size_t before = problems_.count();
    choose_variants(*loaded);
    check_factors(*loaded);
    if (problems_.count() > before || !count_is_sane()) return;
    std::vector<std::size_t> levels;
    for (const Factor& f : plan_.factors) levels.push_back(f.values.size());
    levels.push_back(variants_.size());
    const auto rows = plan_.pairwise ? covering_array(levels) : all_combinations(levels);
    if (rows.size() * plan_.seeds.size() + sweep_.cells.size() > kMostCells) return too_many();
    const Experiment& experiment = loaded->experiment;
    sweep_.experiments.push_back(
        {experiment.id, experiment.baseline ? experiment.baseline->value : experiment.variants.front().key});
    for (const ArrayRow& row : rows) add_row(row, rows.size(), inputs);
  }

 private:
  void choose_variants(const Loaded& loaded) {
    std::vector<std::string> all;
    for (const auto& v : loaded.experiment.variants) all.push_back(v.key);
    if (!plan_.variants) variants_ = all;
    if (!plan_.variants) return;
    for (const Name& name : *plan_.variants) {
      variants_.push_back(name.value);
      if (std::ranges::find(all, name.value) == all.end())
        problems_.add(json::problem_at(name.place, fmt::format("{} has no variant \"{}\"", file_.value, name.value),
                                       name.value, all));
    }
  }

  void check_factors(const Loaded& loaded) {
    std::vector<std::string> names;
    for (const auto& p : loaded.experiment.parameters) names.push_back(p.key);
    for (const Factor& f : plan_.factors)
      if (!f.name.value.starts_with("/") && std::ranges::find(names, f.name.value) == names.end())
        problems_.add(
            json::problem_at(f.name.place,
                             fmt::format("\"{}\" is neither a JSON Pointer (\"/mail/0/size\") nor a parameter of {}",
                                         f.name.value, file_.value),
                             f.name.value, names));
  }

  // Before any row is made: the rows of a mistake may not fit the memory.
  bool count_is_sane() {
    std::vector<std::size_t> levels{variants_.size()};
    for (const Factor& f : plan_.factors) levels.push_back(f.values.size());
    std::ranges::sort(levels, std::greater<>());
    std::size_t most = plan_.seeds.size();
    for (std::size_t i = 0; i < levels.size() && (i < 2 || !plan_.pairwise); ++i)
      if ((most *= levels[i]) > kMostCells) return too_many(), false;
    return true;
  }
  void too_many() {
    problems_.add(json::problem_at(file_.place, fmt::format("these are more than {} runs{}", kMostCells,
                                                            plan_.pairwise ? "" : "; \"pairwise\" makes them fewer")));
  }

  void add_row(const ArrayRow& row, std::size_t rows, std::map<std::string, Input>& inputs) {
    SweepCell cell{.path = path_, .variant = variants_[row.back()]};
    std::vector<const Name*> values;
    for (std::size_t f = 0; f < plan_.factors.size(); ++f) {
      values.push_back(&plan_.factors[f].values[row[f]]);
      cell.factors.push_back({plan_.factors[f].name.value, values.back()->value});
    }
    if (step_) step_(fmt::format("looking at {}, combination {} of {}", file_.value, ++row_, rows));
    json::Problems found;
    if (!loaded_ || loaded_for_ != cell.factors) {
      loaded_ = load_experiment(path_, sets_of(cell), found);
      loaded_for_ = cell.factors;
      if (loaded_) loaded_->folder = plan_.folder();
    }
    std::optional<Plan> bound;
    if (loaded_) bound = make_plan(*loaded_, cell.variant, plan_.seeds.front(), found);
    add_at_plan(found, values, plan_, problems_);
    if (!bound) return;
    cell.experiment = bound->experiment;
    for (Input input : bound->inputs) {
      input.path = fs::absolute(input.path).lexically_normal().string();
      inputs.emplace(input.path, input);
    }
    for (std::uint64_t seed : plan_.seeds) {
      cell.seed = bound->seed = seed;
      cell.key = key_of(*bound, cell, plan_.record, sweep_.build);
      sweep_.cells.push_back(cell);
    }
  }

  const SweepPlan& plan_;
  const Name& file_;
  const Step& step_;
  Sweep& sweep_;
  json::Problems& problems_;
  std::string path_;
  std::vector<std::string> variants_;
  std::optional<Loaded> loaded_;
  std::vector<FactorValue> loaded_for_;
  std::size_t row_ = 0;
};

std::uint64_t number_of(const std::string& hash) {
  std::uint64_t number = 0;
  std::from_chars(hash.data(), hash.data() + hash.size(), number, 16);
  return number;
}

std::string shell_word(const std::string& word) {
  auto plain = [](unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_-./=+:,@%").find(static_cast<char>(c)) != std::string_view::npos;
  };
  if (!word.empty() && std::ranges::all_of(word, plain)) return word;
  std::string quoted = "'";
  for (char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

}  // namespace

const SweepCell* Sweep::find(const std::string& key) const {
  auto found = std::ranges::find(cells, key, &SweepCell::key);
  return found == cells.end() ? nullptr : &*found;
}

std::string build_id() {
  static const std::string id = [] {
    std::ifstream file("/proc/self/exe", std::ios::binary | std::ios::ate);
    std::string octets(static_cast<std::size_t>(file.tellg()), '\0');
    file.seekg(0).read(octets.data(), static_cast<std::streamsize>(octets.size()));
    return fmt::format("{} {}", program_version(), sim::hash_octets(octets));
  }();
  return id;
}

std::string key_of(const Plan& plan, const SweepCell& cell, RecordLevel record, const std::string& build) {
  json::Value sets = json::Value::array(), inputs = json::Value::array();
  for (const FactorValue& f : cell.factors) sets.push_back(f.name + "=" + f.value);
  for (const Input& input : plan.inputs) inputs.push_back(input.role + " " + input.hash);
  json::Value all = json::Value::object();
  all.set("format", kKeyFormat).set("build", build).set("record", text(record));
  all.set("variant", plan.variant).set("seed", plan.seed).set("set", sets).set("inputs", inputs);
  return sim::hash_octets(all.set("config", plan.resolved).dump(0));
}

std::optional<Sweep> make_sweep(const SweepPlan& plan, const Step& step, json::Problems& problems) {
  Sweep sweep{.plan = plan, .build = build_id(), .inputs = {}, .experiments = {}, .cells = {}};
  std::map<std::string, Input> inputs;
  std::size_t before = problems.count();
  for (const Name& file : plan.experiments) CellMaker(plan, file, step, sweep, problems).make(inputs);
  if (problems.count() > before) return std::nullopt;
  for (const auto& [path, input] : inputs) sweep.inputs.push_back(input);
  return sweep;
}

Asked asked_for(const SweepPlan& plan, const SweepCell& cell) {
  return {cell.path, sets_of(cell), cell.seed, plan.folder()};
}

std::optional<Plan> plan_of(const Sweep& sweep, const SweepCell& cell, json::Problems& problems) {
  auto loaded = load_experiment(cell.path, sets_of(cell), problems);
  if (!loaded) return std::nullopt;
  loaded->folder = sweep.plan.folder();
  auto plan = loaded->document.find("variants")->find(cell.variant) == nullptr
                  ? std::nullopt
                  : make_plan(*loaded, cell.variant, cell.seed, problems);
  if (plan && key_of(*plan, cell, sweep.plan.record, build_id()) == cell.key) return plan;
  if (!problems.empty()) return std::nullopt;
  json::Problem problem;
  problem.file = cell.path;
  problem.message =
      fmt::format("the run {} is no longer what it was: its inputs or the program have changed", cell.key);
  problems.add(problem);
  return std::nullopt;
}

bool runs_twice(const SweepCell& cell, json::Fraction share) {
  // The upper half of a hash of its own: the keys' digits are used for nothing else, but who knows.
  std::uint64_t drawn = number_of(sim::hash_octets("twice " + cell.key)) >> 32;
  return drawn * share.denominator < std::uint64_t{share.numerator} << 32;
}

std::string command_of(const SweepPlan& plan, const SweepCell& cell) {
  std::vector<std::string> words{
      "deadletter", "run", cell.path, "--variant", cell.variant, "--seed", std::to_string(cell.seed)};
  for (const FactorValue& f : cell.factors) words.insert(words.end(), {"--set", f.name + "=" + f.value});
  words.insert(words.end(), {"--record", text(plan.record)});
  for (std::string& word : words) word = shell_word(word);
  return fmt::format("{}", fmt::join(words, " "));
}

}  // namespace deadletter::experiments
