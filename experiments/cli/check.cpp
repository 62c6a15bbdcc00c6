// check and schema: what configuration may say, and whether a file does.
#include <fmt/format.h>

#include <algorithm>

#include "experiments/cli/commands.h"
#include "experiments/cli/common.h"
#include "experiments/cli/explain_route.h"
#include "experiments/sweep/sweep_plan.h"
#include "sim/json/parse.h"
#include "topologies/load.h"

namespace deadletter::cli {
namespace {

constexpr const char* kCheckFooter = R"(Examples:
  deadletter check experiments/articles/*.json topologies/*.json
  deadletter check my_experiment.json --format json)";

void check_file(const std::string& path, const std::vector<experiments::Set>& sets, json::Problems& problems) {
  auto source = experiments::read_source(path, "the file", problems);
  if (source == nullptr) return;
  if (is_topology(source)) {
    topologies::load(source, problems);
    return;
  }
  auto loaded = experiments::load_experiment_text(path, source->text, sets, problems);
  if (!loaded) return;
  for (const auto& variant : loaded->experiment.variants)
    experiments::make_plan(*loaded, variant.key, std::nullopt, problems);
}

struct CheckOptions {
  std::vector<std::string> files, set_words;
  Format format = Format::text;
};

int check(const CheckOptions& options) {
  std::vector<experiments::Set> sets;
  if (!read_sets(options.set_words, sets)) return kUsage;
  json::Problems problems;
  for (const std::string& file : options.files) check_file(file, sets, problems);
  if (!problems.empty()) return report_problems(problems, options.format);
  if (options.format == Format::json)
    fmt::print("{}\n", json::to_json(problems).dump(2));
  else
    fmt::print("{} file{} checked, no problem\n", options.files.size(), options.files.size() == 1 ? "" : "s");
  return kHeld;
}

int print_schema(const std::string& which) {
  json::Value schema = which == "topology" ? topologies::topology_schema()
                       : which == "sweep"  ? experiments::sweep_schema()
                                           : experiments::experiment_schema();
  fmt::print("{}\n", schema.dump(2));
  return kHeld;
}

}  // namespace

void add_check(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<CheckOptions>();
  CLI::App* command = app.add_subcommand("check", "Checks experiment and topology files: every problem at once");
  command->footer(kCheckFooter);
  command->add_option("FILE", options->files, "Files to check")->required();
  command->add_option("--set", options->set_words, "As for run")->type_name("PATH=VALUE")->allow_extra_args(false);
  add_format(*command, options->format);
  command->callback([options, &chosen] { chosen = [options] { return check(*options); }; });
}

void add_schema(CLI::App& app, Chosen& chosen) {
  auto which = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("schema", "Prints the JSON Schema of a kind of file");
  command->footer(
      "Examples:\n  deadletter schema experiment > experiments/experiment.schema.json\n"
      "  deadletter schema topology > topologies/topology.schema.json\n"
      "  deadletter schema sweep > experiments/sweep.schema.json");
  command->add_option("KIND", *which, "experiment, topology or sweep")
      ->required()
      ->check(CLI::IsMember({"experiment", "topology", "sweep"}));
  command->callback([which, &chosen] { chosen = [which] { return print_schema(*which); }; });
}

}  // namespace deadletter::cli
