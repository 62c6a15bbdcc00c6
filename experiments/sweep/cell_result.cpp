#include "experiments/sweep/cell_result.h"

#include <fmt/format.h>

#include <algorithm>

#include "experiments/compare/outcome.h"
#include "sim/json/fields.h"

namespace deadletter::experiments {
namespace {

constexpr int kCellFormat = 1;

// The same figures under the names that expectations use.
bool known_otherwise(const std::string& metric) {
  return metric == "returned" || metric == "waiting" || metric == "lost";
}

json::Value about(const SweepCell& cell) {
  json::Value factors = json::Value::object();
  for (const FactorValue& f : cell.factors) factors.set(f.name, f.value);
  json::Value value = json::Value::object();
  return value.set("format", kCellFormat)
      .set("key", cell.key)
      .set("experiment", cell.experiment)
      .set("variant", cell.variant)
      .set("seed", cell.seed)
      .set("factors", factors);
}

double real(const json::Value& value) {
  if (value.is(json::Kind::integer)) return static_cast<double>(value.as_integer());
  return value.is(json::Kind::real) ? value.as_real() : 0;
}

std::optional<json::Value> read_json(const std::string& path) {
  json::Problems problems;
  auto source = read_source(path, "the cell", problems);
  auto value = source == nullptr ? std::nullopt : json::parse(source, problems);
  if (value && json::number_at(*value, "/format") == kCellFormat) return value;
  return std::nullopt;
}

}  // namespace

std::map<std::string, double> cell_metrics(const Plan& plan, const World& world, const Result& result) {
  std::map<std::string, double> metrics = outcome_of(plan, world, result).metrics;
  std::erase_if(metrics, [](const auto& m) { return known_otherwise(m.first); });
  for (const std::string& name : metric_names()) metrics[name] = static_cast<double>(metric(result, name));
  return metrics;
}

json::Value cell_file(const SweepCell& cell, bool twice, const Result& result,
                      const std::map<std::string, double>& metrics) {
  json::Value failed = json::Value::array(), figures = json::Value::object();
  for (const Judged* judged : {&result.expectations, &result.oracles})
    for (const Failed& f : judged->failed) failed.push_back(f.text);
  for (const auto& [name, value] : metrics) figures.set(name, value);
  return about(cell)
      .set("twice", twice)
      .set("status", failed.size() == 0 ? 0 : 1)
      .set("failed", failed)
      .set("fingerprint", result.fingerprint.whole)
      .set("metrics", figures);
}

json::Value failure_file(const SweepPlan& plan, const SweepCell& cell, int status, const std::string& said) {
  return about(cell)
      .set("status", status)
      .set("why", said.substr(0, said.find('\n')))
      .set("alone", command_of(plan, cell));
}

CellResult read_cell(const SweepFolder& folder, const SweepCell& cell) {
  CellResult result{.state = folder.state(cell.key)};
  if (result.state != CellState::done && result.state != CellState::failed) return result;
  bool done = result.state == CellState::done;
  std::string path = done ? folder.cell(cell.key) + "/cell.json" : folder.failed(cell.key) + "/failure.json";
  auto value = read_json(path);
  if (!value) {
    result.state = CellState::failed;
    result.status = 70;
    result.why = path + ": it cannot be read";
    return result;
  }
  result.status = static_cast<int>(json::number_at(*value, "/status"));
  result.why = json::text_at(*value, "/why");
  result.fingerprint = json::text_at(*value, "/fingerprint");
  for (const json::Value& text : json::items_at(*value, "/failed"))
    if (text.is(json::Kind::string)) result.failed.push_back(text.as_string());
  for (const json::Member& m : json::members_at(*value, "/metrics")) result.metrics[m.key] = real(m.value);
  return result;
}

}  // namespace deadletter::experiments
