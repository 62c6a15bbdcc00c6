#include "experiments/report/run_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "experiments/config/load.h"
#include "experiments/report/chosen.h"
#include "experiments/report/picture.h"
#include "experiments/report/series.h"
#include "experiments/run/runner.h"
#include "sim/fingerprint.h"
#include "sim/json/fields.h"
#include "topologies/load.h"

namespace deadletter::experiments::report {
namespace fs = std::filesystem;
namespace {

using json::Value;

constexpr int kReportFormat = 1;

// Counts by the names that people read, in the order of the table that `run` prints.
Value figures(const Value& result) {
  Value value = Value::object();
  value.set("messages", number_at(result, "/messages")).set("recipients", number_at(result, "/recipients"));
  for (const json::Member& fate : members_at(result, "/fates")) {
    constexpr const char* always[] = {"delivered", "returned", "waiting"};
    bool shown = std::ranges::find(always, fate.key) != std::end(always) || fate.value != Value(0);
    if (shown) value.set(fate.key, fate.value);
  }
  value.set("extra copies", number_at(result, "/copies/extra")).set("attempts", number_at(result, "/attempts"));
  value.set("NDRs", number_at(result, "/reports/ndr"));
  return value.set("delay notices", number_at(result, "/reports/delay"));
}

// What held by its words where the run has kept them, else by number.
Value judged(const Value& result, const std::string& which) {
  Value held = Value::array(), failed = Value::array();
  std::string place = "/" + which;
  const char* texts = items_at(result, place + "/held_texts").empty() ? "/held" : "/held_texts";
  for (const Value& text : items_at(result, place + texts))
    if (text.is(json::Kind::string)) held.push_back(text);
  std::string one = which.substr(0, which.size() - 1);
  if (held.size() == 0)
    for (std::int64_t n = 1; n <= std::min<std::int64_t>(number_at(result, place + "/held"), 1000); ++n)
      held.push_back(fmt::format("{} {}", one, n));
  for (const Value& f : items_at(result, place + "/failed"))
    failed.push_back(Value::object().set("text", text_at(f, "/text")).set("why", text_at(f, "/why")));
  return Value::object().set("held", held).set("failed", failed);
}

Value nodes(const Value& run) {
  Value list = Value::array();
  for (const json::Member& node : members_at(run, "/nodes")) {
    const Value& quirks = at(node.value, "/quirks");
    list.push_back(Value::object()
                       .set("name", node.key)
                       .set("host", text_at(node.value, "/host"))
                       .set("build", text_at(node.value, "/build"))
                       .set("quirks", quirks.is(json::Kind::array) ? quirks : Value::array()));
  }
  return list;
}

Value inputs(const Value& run) {
  Value list = Value::array();
  for (const Value& input : items_at(run, "/inputs"))
    list.push_back(Value::object()
                       .set("role", text_at(input, "/role"))
                       .set("path", text_at(input, "/path"))
                       .set("hash", text_at(input, "/hash")));
  return list;
}

double as_seconds(const Value& value) {
  if (value.is(json::Kind::integer)) return static_cast<double>(value.as_integer());
  return value.is(json::Kind::real) ? value.as_real() : 0;
}

void describe(const Value& run, bool complete, RunData& data) {
  const Value& result = at(run, "/result");
  data.experiment = text_at(result, "/experiment");
  data.name = data.variant = text_at(result, "/variant");
  data.messages_total = number_at(result, "/messages");
  Value quirks = Value::object();
  for (const json::Member& article : members_at(result, "/quirks_ruled")) quirks.set(article.key, article.value);
  data.about.set("seed", at(result, "/seed").dump(0))
      .set("fingerprint", text_at(result, "/fingerprint"))
      .set("record", text_at(run, "/record"))
      .set("complete", complete)
      .set("horizon_s", as_seconds(at(result, "/horizon_s")))
      .set("figures", figures(result))
      .set("expectations", judged(result, "expectations"))
      .set("oracles", judged(result, "oracles"))
      .set("quirks_ruled", quirks)
      .set("nodes", nodes(run))
      .set("inputs", inputs(run));
  data.config = at(run, "/config").dump(2);
}

std::string tables_of(const std::string& folder) {
  for (const char* name : {"results.sqlite", "results.sqlite.partial"})
    if (std::string path = (fs::path(folder) / name).string(); fs::exists(path)) return path;
  return "";
}

void refuse_run(const std::string& file, std::string why, json::Problems& problems) {
  json::Problem problem;
  problem.file = file;
  problem.message = std::move(why);
  problems.add(problem);
}

bool read_tables(const std::string& path, const Value& result, RunData& data, json::Problems& problems) {
  try {
    Tables tables(path);
    data.series = read_series(tables);
    data.delays = read_delays(tables);
    data.messages = read_messages(tables, result);
    tell_stories(tables, data.messages);
    return true;
  } catch (const Unreadable& error) {
    refuse_run(path, fmt::format("these are no tables of a run: {}", error.what()), problems);
    return false;
  }
}

std::string last_part(const std::string& folder) {
  fs::path path = fs::path(folder).lexically_normal();
  return (path.has_filename() ? path.filename() : path.parent_path().filename()).string();
}

// Each run gets a name of its own.
void name_runs(std::vector<RunData>& runs) {
  auto doubled = [&] {
    std::map<std::string, int> count;
    for (const RunData& run : runs) ++count[run.name];
    return count;
  };
  auto add = [&](auto part) {
    auto count = doubled();
    for (RunData& run : runs)
      if (count[run.name] > 1) run.name = fmt::format("{} in {}", run.variant, part(run));
  };
  add([](const RunData& run) { return last_part(run.folder); });
  add([](const RunData& run) { return run.folder; });
}

Value organization(const std::vector<RunFolder>& folders) {
  auto topology = [](const Value& run) {
    for (const Value& input : items_at(run, "/inputs"))
      if (text_at(input, "/role") == "topology") return text_at(input, "/hash");
    return std::string();
  };
  for (const RunFolder& folder : folders)
    if (topology(folder.run) != topology(folders.front().run)) return {};
  auto source = unchanged_input(folders.front().run, "topology");
  json::Problems ignored;
  auto loaded = source == nullptr ? std::nullopt : topologies::load(source, ignored);
  return loaded ? picture_of(*loaded) : Value();
}

}  // namespace

std::shared_ptr<const json::Source> unchanged_input(const Value& run, const std::string& role) {
  for (const Value& input : items_at(run, "/inputs")) {
    if (text_at(input, "/role") != role) continue;
    json::Problems ignored;
    auto source = read_source(text_at(input, "/path"), "the " + role, ignored);
    if (source != nullptr && sim::hash_octets(source->text) == text_at(input, "/hash")) return source;
  }
  return nullptr;
}

std::optional<RunData> read_run(const RunFolder& folder, json::Problems& problems) {
  RunData data;
  data.folder = folder.path;
  const Value& result = at(folder.run, "/result");
  bool complete = !fs::exists(fs::path(folder.path) / "INCOMPLETE") && at(result, "/complete") != Value(false);
  describe(folder.run, complete, data);
  std::string record = text_at(folder.run, "/record"), tables = tables_of(folder.path);
  if (record == "summary") return data;
  if (tables.empty()) {
    refuse_run(folder.path, fmt::format("its results.sqlite is missing; the run was recorded at level {}", record),
               problems);
    return std::nullopt;
  }
  if (!read_tables(tables, result, data, problems)) return std::nullopt;
  return data;
}

ReportData read_report(const RunFolders& folders, json::Problems& problems) {
  ReportData report;
  for (const RunFolder& folder : folders.runs)
    if (auto run = read_run(folder, problems)) report.runs.push_back(std::move(*run));
  if (!problems.empty() || report.runs.empty()) return report;
  name_runs(report.runs);
  const Value& first = folders.runs.front().run;
  bool several = std::ranges::any_of(
      report.runs, [&](const RunData& run) { return run.experiment != report.runs.front().experiment; });
  report.head.set("format", kReportFormat)
      .set("program", program_version())
      .set("title", several ? "several experiments" : report.runs.front().experiment)
      .set("question", several ? "" : text_at(first, "/config/question"))
      .set("start", text_at(first, "/config/start"));
  report.compare = folders.compare;
  report.organization = organization(folders.runs);
  return report;
}

}  // namespace deadletter::experiments::report
