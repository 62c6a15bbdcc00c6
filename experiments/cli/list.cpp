// list: what there is, out of the code itself.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>

#include "experiments/cli/commands.h"
#include "experiments/cli/common.h"
#include "experiments/cli/list_builds.h"
#include "experiments/cli/list_profiles.h"
#include "experiments/config/load.h"
#include "experiments/run/results_tables.h"
#include "experiments/traffic/profile.h"
#include "models/builds/settings.h"
#include "models/content/convert.h"
#include "models/mail/record.h"
#include "sim/json/excerpt.h"

namespace deadletter::cli {
namespace fs = std::filesystem;
namespace {

using json::Value;

Value texts(const std::vector<std::string>& list) {
  Value value = Value::array();
  for (const std::string& text : list) value.push_back(text);
  return value;
}

Value articles() {
  Value list = Value::array();
  for (const auto& quirk : quirks::catalogue()) {
    std::vector<std::string> affects, packages;
    for (const auto& change : quirk.changes)
      affects.insert(affects.end(), change.affects.begin(), change.affects.end());
    for (const auto& package : quirk.packages)
      packages.push_back(fmt::format("{} for {}", package.update, package.branch));
    list.push_back(Value::object()
                       .set("kb", quirk.kb)
                       .set("title", quirk.title)
                       .set("affects", texts(affects))
                       .set("packages", texts(packages)));
  }
  return list;
}

// What a change touches is found by laying it, not by what it says of itself.
std::vector<std::string> touched(const quirks::Change& change) {
  builds::NodeBehaviour behaviour;
  change.lay(behaviour, blame_of("laid"));
  std::vector<std::string> names;
  for (const auto& row : builds::point_rows(behaviour))
    if (!row.deviating.empty()) names.emplace_back(row.info->name);
  for (const auto& row : builds::attribute_rows(behaviour))
    if (row.blame) names.emplace_back(row.info->name);
  return names;
}

Value quirk_list() {
  Value list = Value::array();
  for (const auto& quirk : quirks::catalogue())
    for (const auto& change : quirk.changes) {
      std::vector<std::string> remedies;
      for (const auto& remedy : change.remedies) remedies.push_back(remedy.text);
      list.push_back(Value::object()
                         .set("kb", quirk.kb)
                         .set("what", change.what)
                         .set("points", texts(touched(change)))
                         .set("known", text(change.evidence))
                         .set("affects", texts(change.affects))
                         .set("remedies", texts(remedies))
                         .set("workarounds", texts(quirk.workarounds)));
    }
  return list;
}

Value points() {
  Value list = Value::array();
  builds::NodeBehaviour behaviour;
  for (const auto& row : builds::point_rows(behaviour))
    list.push_back(Value::object()
                       .set("point", row.info->name)
                       .set("facts", row.info->facts)
                       .set("outcomes", row.info->outcomes)
                       .set("as designed", row.info->as_designed)
                       .set("known", text(row.info->evidence))
                       .set("source", row.info->source));
  for (const auto& row : builds::attribute_rows(behaviour))
    list.push_back(Value::object()
                       .set("attribute", row.info->name)
                       .set("purpose", row.info->purpose)
                       .set("range", row.info->unit)
                       .set("standard", row.value)
                       .set("known", text(row.info->evidence))
                       .set("source", row.info->source));
  return list;
}

Value event_list() {
  Value list = Value::array();
  for (const auto& info : mail::vocabulary())
    list.push_back(Value::object().set("event", info.name).set("meaning", info.meaning));
  return list;
}

// A table and its columns, each as an entry of its own.
Value table_list() {
  Value list = Value::array();
  for (const auto& table : experiments::results_tables()) {
    list.push_back(
        Value::object().set("table", table.name).set("meaning", table.meaning).set("--record", text(table.from)));
    for (const auto& column : table.columns)
      list.push_back(Value::object()
                         .set("column", fmt::format("{}.{}", table.name, column.name))
                         .set("type", column.type)
                         .set("meaning", column.meaning));
  }
  return list;
}

Value conversion_list() {
  Value list = Value::array();
  for (const auto& row : content::conversion_table())
    list.push_back(Value::object()
                       .set("property", row.property)
                       .set("mime", row.mime)
                       .set("objects", row.objects)
                       .set("remark", row.remark));
  return list;
}

// The experiments below ./experiments.
Value experiment_list() {
  std::vector<std::string> files;
  std::error_code error;
  for (const char* folder : {"experiments/articles", "experiments/scale"})
    for (const auto& entry : fs::directory_iterator(folder, error))
      if (entry.path().extension() == ".json") files.push_back(entry.path().string());
  std::ranges::sort(files);
  Value list = Value::array();
  for (const std::string& file : files) {
    json::Problems problems;
    auto loaded = experiments::load_experiment(file, {}, problems);
    if (!loaded) continue;
    std::vector<std::string> variants;
    for (const auto& v : loaded->experiment.variants) variants.push_back(v.key);
    list.push_back(Value::object()
                       .set("experiment", file)
                       .set("question", loaded->experiment.question)
                       .set("variants", texts(variants)));
  }
  return list;
}

std::string as_text(const Value& value) {
  if (value.is(json::Kind::string)) return value.as_string();
  std::vector<std::string> parts;
  if (value.is(json::Kind::array))
    for (const Value& item : value.items()) parts.push_back(as_text(item));
  return fmt::format("{}", fmt::join(parts, ", "));
}

void print_list(const Value& list) {
  for (const Value& item : list.items()) {
    bool first = true;
    for (const json::Member& m : item.members()) {
      std::string words = as_text(m.value);
      if (words.empty()) continue;
      if (first)
        fmt::print("{}\n", words);
      else
        fmt::print("    {:<12} {}\n", m.key, words);
      first = false;
    }
  }
}

std::string cell(const Value& item, const char* key) {
  const Value* value = item.find(key);
  std::string out;
  for (char c : value == nullptr ? "" : as_text(*value)) out += c == '|' ? "\\|" : std::string(1, c);
  return out;
}

// The reference of points and attributes, as it is kept in models/REFERENCE.md.
void print_reference(const Value& list) {
  fmt::print(
      "# Decision points and attributes\n\nMade by `deadletter list points --markdown`; a test keeps it true to the "
      "code.\n\n"
      "## Decision points\n\n| point | facts | outcomes | as designed | known | source |\n|---|---|---|---|---|---|\n");
  for (const Value& item : list.items())
    if (item.find("point") != nullptr)
      fmt::print("| `{}` | {} | {} | {} | {} | {} |\n", cell(item, "point"), cell(item, "facts"),
                 cell(item, "outcomes"), cell(item, "as designed"), cell(item, "known"), cell(item, "source"));
  fmt::print(
      "\n## Attributes\n\n| attribute | purpose | range | standard | known | source |\n|---|---|---|---|---|---|\n");
  for (const Value& item : list.items())
    if (item.find("attribute") != nullptr)
      fmt::print("| `{}` | {} | {} | {} | {} | {} |\n", cell(item, "attribute"), cell(item, "purpose"),
                 cell(item, "range"), cell(item, "standard"), cell(item, "known"), cell(item, "source"));
}

// The published table of models/CONVERSIONS.md.
void print_conversions(const Value& list) {
  auto print = [&](const char* title, bool from_mapi) {
    fmt::print("\n## {}\n\n| property | MIME | of | what is lost |\n|---|---|---|---|\n", title);
    for (const Value& item : list.items())
      if (item.find("property")->as_string().empty() != from_mapi)
        fmt::print("| {} | {} | {} | {} |\n", cell(item, "property"), cell(item, "mime"), cell(item, "objects"),
                   cell(item, "remark"));
  };
  fmt::print(
      "# Conversions\n\nMade by `deadletter list conversions --markdown`; tests hold the converters to it, property by "
      "property. An empty last column: nothing is lost on the way there and back.\n");
  print("From MAPI to MIME and back", true);
  print("From MIME to MAPI and back", false);
}

int list_profiles(const std::string& name, Format format) {
  if (!name.empty() && traffic::find_profile(name) == nullptr) {
    std::vector<std::string> names;
    for (const traffic::Profile& p : traffic::profiles()) names.push_back(p.name);
    fmt::print(stderr, "unknown profile {}: expected {}\n", json::show(name), fmt::join(names, ", "));
    return kUsage;
  }
  if (format == Format::json)
    fmt::print("{}\n", profile_list(name).dump(2));
  else
    print_profiles(name);
  return kHeld;
}

int list(const std::string& what, const std::string& name, Format format, bool markdown) {
  if (what == "profiles") return list_profiles(name, format);
  if (!name.empty()) {
    fmt::print(stderr, "{} is listed as a whole: only \"profiles\" take a NAME\n", what);
    return kUsage;
  }
  if (markdown && what == "conversions") {
    print_conversions(conversion_list());
    return kHeld;
  }
  if (markdown && what == "points") {
    print_reference(points());
    return kHeld;
  }
  const std::vector<std::pair<std::string, Value (*)()>> lists = {
      {"articles", articles}, {"quirks", quirk_list},           {"points", points},
      {"builds", build_list}, {"experiments", experiment_list}, {"events", event_list},
      {"tables", table_list}, {"conversions", conversion_list}};
  for (const auto& [name, make] : lists) {
    if (name != what) continue;
    Value value = make();
    if (format == Format::json)
      fmt::print("{}\n", value.dump(2));
    else if (name == "builds")
      print_builds();
    else
      print_list(value);
  }
  return kHeld;
}

}  // namespace

void add_list(CLI::App& app, Chosen& chosen) {
  auto what = std::make_shared<std::string>(), name = std::make_shared<std::string>();
  auto format = std::make_shared<Format>(Format::text);
  CLI::App* command = app.add_subcommand("list",
                                         "Lists articles, quirks, points and attributes, builds, experiments, events, "
                                         "traffic profiles, tables of results.sqlite, conversions");
  command->footer(
      "Examples:\n  deadletter list points\n  deadletter list builds --format json\n  deadletter list profiles "
      "office-day");
  const std::vector<std::string> kinds = {"articles", "quirks",   "points", "builds",     "experiments",
                                          "events",   "profiles", "tables", "conversions"};
  command
      ->add_option("WHAT", *what,
                   "articles, quirks, points, builds, experiments, events, profiles, tables or conversions")
      ->required()
      ->check(CLI::IsMember(kinds));
  command->add_option("NAME", *name, "of a profile: its figures and their sources");
  add_format(*command, *format);
  auto markdown = std::make_shared<bool>(false);
  command->add_flag("--markdown", *markdown, "points, or conversions, as the reference in Markdown");
  command->callback([what, name, format, markdown, &chosen] {
    chosen = [what, name, format, markdown] { return list(*what, *name, *format, *markdown); };
  });
}

}  // namespace deadletter::cli
