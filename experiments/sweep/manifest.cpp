#include "experiments/sweep/manifest.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "sim/fingerprint.h"
#include "sim/json/fields.h"

namespace deadletter::experiments {
namespace fs = std::filesystem;
namespace {

constexpr int kManifestFormat = 1;
constexpr const char* kManifest = "deadletter sweep";

json::Value to_json(const SweepCell& cell) {
  json::Value factors = json::Value::array();
  for (const FactorValue& f : cell.factors) factors.push_back(f.value);
  return json::Value::object()
      .set("key", cell.key)
      .set("experiment", cell.experiment)
      .set("path", cell.path)
      .set("variant", cell.variant)
      .set("seed", cell.seed)
      .set("factors", factors);
}

SweepCell cell_of(const json::Value& value, const std::vector<std::string>& factors) {
  SweepCell cell{.key = json::text_at(value, "/key"),
                 .experiment = json::text_at(value, "/experiment"),
                 .path = json::text_at(value, "/path"),
                 .variant = json::text_at(value, "/variant"),
                 .seed = static_cast<std::uint64_t>(json::number_at(value, "/seed"))};
  const auto& values = json::items_at(value, "/factors");
  for (std::size_t f = 0; f < std::min(values.size(), factors.size()); ++f)
    cell.factors.push_back({factors[f], values[f].is(json::Kind::string) ? values[f].as_string() : ""});
  return cell;
}

}  // namespace

void write_manifest(const Sweep& sweep, const SweepFolder& folder) {
  json::Value factors = json::Value::array(), inputs = json::Value::array(), cells = json::Value::array();
  json::Value experiments = json::Value::array();
  for (const Factor& f : sweep.plan.factors) factors.push_back(f.name.value);
  for (const Input& i : sweep.inputs)
    inputs.push_back(json::Value::object().set("role", i.role).set("path", i.path).set("hash", i.hash));
  for (const SweptExperiment& e : sweep.experiments)
    experiments.push_back(json::Value::object().set("id", e.id).set("baseline", e.baseline));
  for (const SweepCell& cell : sweep.cells) cells.push_back(to_json(cell));
  json::Value all = json::Value::object();
  all.set("what", kManifest).set("format", kManifestFormat).set("id", sweep.plan.id);
  all.set("plan", sweep.plan.path).set("hash", sweep.plan.hash).set("build", sweep.build);
  all.set("factors", factors).set("inputs", inputs).set("experiments", experiments).set("cells", cells);
  write_whole(folder.manifest(), all.dump(1) + "\n");
}

std::optional<Sweep> read_manifest(const SweepPlan& plan, const SweepFolder& folder, json::Problems& problems) {
  std::error_code error;
  if (!fs::exists(folder.manifest(), error)) return std::nullopt;
  auto source = read_source(folder.manifest(), "the sweep", problems);
  auto value = source == nullptr ? std::nullopt : json::parse(source, problems);
  if (!value) return std::nullopt;
  std::string what;
  if (json::text_at(*value, "/what") != kManifest || json::number_at(*value, "/format") != kManifestFormat)
    what = fmt::format("this is no sweep.json of format {}", kManifestFormat);
  else if (json::text_at(*value, "/id") != plan.id)
    what = fmt::format("this folder is the sweep \"{}\"'s and not \"{}\"'s; --out names another",
                       json::text_at(*value, "/id"), plan.id);
  if (!what.empty()) {
    problems.add(json::problem_at({source, {1, 1}, ""}, what));
    return std::nullopt;
  }
  std::vector<std::string> factors;
  for (const json::Value& name : json::items_at(*value, "/factors"))
    factors.push_back(name.is(json::Kind::string) ? name.as_string() : "");
  Sweep sweep{.plan = plan, .build = json::text_at(*value, "/build"), .inputs = {}, .experiments = {}, .cells = {}};
  sweep.plan.hash = json::text_at(*value, "/hash");
  for (const json::Value& i : json::items_at(*value, "/inputs"))
    sweep.inputs.push_back({json::text_at(i, "/role"), json::text_at(i, "/path"), json::text_at(i, "/hash")});
  for (const json::Value& e : json::items_at(*value, "/experiments"))
    sweep.experiments.push_back({json::text_at(e, "/id"), json::text_at(e, "/baseline")});
  for (const json::Value& cell : json::items_at(*value, "/cells")) sweep.cells.push_back(cell_of(cell, factors));
  return sweep;
}

bool still_right(const Sweep& made, const SweepPlan& plan) {
  return made.plan.hash == plan.hash && made.build == build_id() && !made.cells.empty() &&
         std::ranges::all_of(made.inputs, [](const Input& input) {
           json::Problems unread;
           auto source = read_source(input.path, input.role, unread);
           return source != nullptr && sim::hash_octets(source->text) == input.hash;
         });
}

std::optional<Sweep> sweep_of(const SweepPlan& plan, const SweepFolder& folder, const Step& step,
                              json::Problems& problems) {
  std::size_t before = problems.count();
  auto made = read_manifest(plan, folder, problems);
  if (problems.count() > before) return std::nullopt;
  if (made && still_right(*made, plan)) return made;
  return make_sweep(plan, step, problems);
}

}  // namespace deadletter::experiments
