// explain EXPERIMENT NODE: what is installed, what the node therefore does otherwise than the standard, which quirks
// are in force and why the others are not. explain TOPOLOGY FROM TO: see explain_route.h; explain RUN_DIR MESSAGE: see
// explain_message.h.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "experiments/cli/commands.h"
#include "experiments/cli/common.h"
#include "experiments/cli/explain_diff.h"
#include "experiments/cli/explain_message.h"
#include "experiments/cli/explain_route.h"
#include "models/builds/settings.h"
#include "models/builds/updates.h"

namespace deadletter::cli {
namespace {

constexpr const char* kExplainFooter = R"(Examples:
  deadletter explain experiments/articles/kb912341_multiline_354.json EX1
  deadletter explain runs/kb938650_meeting_update-1 update
  deadletter explain cmp/unfixed update --diff cmp/hotfix_and_switch
  deadletter explain topologies/mixed_org.json MUC-MBX1 hana@contoso.com --down Seattle-to-Tokyo --size 2MB
  deadletter explain topologies/mixed_org.json --all)";

struct ExplainOptions {
  std::string file, variant, other_run;
  std::vector<std::string> set_words;
  RouteQuestion route;  // `from` is the node of an experiment, too
  Format format = Format::text;
};

json::Value explanation(const experiments::Plan& plan, const experiments::PlannedNode& node) {
  json::Value updates = json::Value::array(), registry = json::Value::object(), quirks = json::Value::array(),
              different = json::Value::array();
  for (const std::string& update : builds::updates(node.build)) updates.push_back(update);
  for (const auto& [name, value] : node.registry) registry.set(name, value);
  for (const auto& standing : node.resolved.quirks)
    quirks.push_back(json::Value::object()
                         .set("kb", standing.quirk->kb)
                         .set("in_force", standing.in_force)
                         .set("why", standing.why)
                         .set("title", standing.quirk->title));
  for (const auto& row : builds::point_rows(node.resolved.behaviour)) {
    if (row.laid.layer == Layer::standard && row.deviating.empty()) continue;
    json::Value articles = json::Value::array();
    for (Blame blame : row.deviating)
      for (const std::string& name : names(blame)) articles.push_back(name);
    different.push_back(json::Value::object()
                            .set("point", row.info->name)
                            .set("layer", row.deviating.empty() ? text(row.laid.layer) : text(Layer::quirk))
                            .set("by", row.deviating.empty() ? json::Value(row.laid.by) : articles));
  }
  for (const auto& row : builds::attribute_rows(node.resolved.behaviour))
    if (row.laid.layer != Layer::standard)
      different.push_back(json::Value::object()
                              .set("attribute", row.info->name)
                              .set("value", row.value)
                              .set("layer", text(row.laid.layer))
                              .set("by", row.laid.by));
  return json::Value::object()
      .set("experiment", plan.experiment)
      .set("variant", plan.variant)
      .set("node", node.name)
      .set("host", node.host)
      .set("build", node.build.text)
      .set("services", json::Value::array({"smtp"}))
      .set("updates", updates)
      .set("registry", registry)
      .set("quirks", quirks)
      .set("different_from_standard", different);
}

std::string word(const json::Value& value) {
  if (value.is(json::Kind::string)) return value.as_string();
  std::vector<std::string> parts;
  for (const json::Value& item : value.items()) parts.push_back(item.as_string());
  return parts.empty() ? "none" : fmt::format("{}", fmt::join(parts, ", "));
}

void print_text(const json::Value& e) {
  std::vector<std::string> updates;
  for (const json::Value& update : e.find("updates")->items())
    updates.push_back(builds::shown_update(update.as_string()));
  fmt::print("{} ({}) in {}, variant {}\n", word(*e.find("node")), word(*e.find("host")), word(*e.find("experiment")),
             word(*e.find("variant")));
  fmt::print("  build      {}\n  services   {}\n  updates    {}\n", word(*e.find("build")), word(*e.find("services")),
             updates.empty() ? "none" : fmt::format("{}", fmt::join(updates, ", ")));
  std::vector<std::string> registry;
  for (const json::Member& m : e.find("registry")->members())
    registry.push_back(fmt::format("{} = {}", m.key, m.value.dump(0)));
  fmt::print("  registry   {}\n\nquirks\n",
             registry.empty() ? "no value set" : fmt::format("{}", fmt::join(registry, ", ")));
  for (const json::Value& q : e.find("quirks")->items())
    fmt::print("  {:<10} {:<13} {}\n             {}\n", word(*q.find("kb")),
               q.find("in_force")->as_bool() ? "in force:" : "not in force:", word(*q.find("why")),
               word(*q.find("title")));
  fmt::print("\ndifferent from the standard\n");
  for (const json::Value& d : e.find("different_from_standard")->items()) {
    const json::Value* point = d.find("point");
    fmt::print("  {:<34} {:<14} {}\n", word(point != nullptr ? *point : *d.find("attribute")), word(*d.find("layer")),
               word(*d.find("by")));
    if (const json::Value* value = d.find("value")) fmt::print("  {:<34} = {}\n", "", word(*value));
  }
}

int explain_node(const ExplainOptions& options, const std::shared_ptr<const json::Source>& source) {
  const RouteQuestion& route = options.route;
  if (!route.to.empty() || route.all || !route.size.empty() || !route.down.empty()) {
    fmt::print(stderr, "{}: TO, --all, --size and --down are for topologies, and this is an experiment\n",
               options.file);
    return kUsage;
  }
  if (route.from.empty()) {
    fmt::print(stderr, "explain EXPERIMENT NODE: expected a server of its topology\n");
    return kUsage;
  }
  std::vector<experiments::Set> sets;
  if (!read_sets(options.set_words, sets)) return kUsage;
  json::Problems problems;
  auto loaded = experiments::load_experiment_text(options.file, source->text, sets, problems);
  if (!loaded) return report_problems(problems, options.format);
  std::string variant = options.variant.empty() ? loaded->experiment.variants.front().key : options.variant;
  if (loaded->document.find("variants")->find(variant) == nullptr) {
    fmt::print(stderr, "--variant {}: there is no such variant\n", variant);
    return kUsage;
  }
  auto plan = experiments::make_plan(*loaded, variant, std::nullopt, problems);
  if (!plan) return report_problems(problems, options.format);
  auto node = plan->find_node(route.from);
  if (!node) {
    std::vector<std::string> names;
    for (const auto& n : plan->nodes) names.push_back(n.name);
    fmt::print(stderr, "{}: the topology has no node of that name\n  valid: {}\n", route.from, fmt::join(names, ", "));
    return kUsage;
  }
  json::Value e = explanation(*plan, plan->nodes[node->value]);
  if (options.format == Format::json)
    fmt::print("{}\n", e.dump(2));
  else
    print_text(e);
  return kHeld;
}

int explain(ExplainOptions& options) {
  if (is_run_folder(options.file)) {
    if (options.route.from.empty()) {
      fmt::print(stderr, "explain RUN_DIR MESSAGE: expected the id of a mail\n");
      return kUsage;
    }
    MessageQuestion question{options.file, options.route.from, options.route.all, options.format};
    return options.other_run.empty() ? explain_message(question) : explain_diff(question, options.other_run);
  }
  if (!options.other_run.empty()) {
    fmt::print(stderr, "{}: --diff is for folders that runs left behind\n", options.file);
    return kUsage;
  }
  json::Problems problems;
  auto source = experiments::read_source(options.file, "the file", problems);
  if (source == nullptr) return report_problems(problems, options.format);
  if (!is_topology(source)) return explain_node(options, source);
  if (!options.variant.empty() || !options.set_words.empty()) {
    fmt::print(stderr, "{}: --variant and --set are for experiments, and this is a topology\n", options.file);
    return kUsage;
  }
  options.route.format = options.format;
  return explain_route(source, options.route);
}

}  // namespace

void add_explain(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<ExplainOptions>();
  CLI::App* command = app.add_subcommand(
      "explain", "Says what a node is and does, what became of a message, or which way mail goes, and why");
  command->footer(kExplainFooter);
  command->add_option("FILE", options->file, "An experiment, a topology, or a folder that a run left behind")
      ->required();
  command->add_option("NODE", options->route.from,
                      "A server: of the experiment, or where mail starts; of a run the id of a mail");
  command->add_option("TO", options->route.to, "Of a topology: a server, an address or a domain that mail is for");
  command->add_option("--size", options->route.size, "Of a topology: of the message; 20KB");
  command->add_option("--down", options->route.down, "Of a topology: connectors that are down")->type_name("NAME,...");
  command->add_flag(
      "--all", options->route.all,
      "Of a topology: the ways between all servers, as a table; of a run: also properties that were kept");
  command->add_option("--variant", options->variant, "The first one if none is named");
  command->add_option("--set", options->set_words, "As for run")->type_name("PATH=VALUE")->allow_extra_args(false);
  command->add_option("--diff", options->other_run, "Of a run: another one, to lay the message's story beside")
      ->type_name("RUN_DIR");
  add_format(*command, options->format);
  command->callback([options, &chosen] { chosen = [options] { return explain(*options); }; });
}

}  // namespace deadletter::cli
