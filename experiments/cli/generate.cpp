// generate: an organization by parameters.
#include <fmt/format.h>

#include <algorithm>

#include "experiments/cli/commands.h"
#include "experiments/cli/common.h"
#include "experiments/cli/network_file.h"
#include "sim/json/parse.h"
#include "topologies/generate.h"
#include "topologies/load.h"
#include "topologies/mailboxes.h"

namespace deadletter::cli {
namespace {

constexpr const char* kGenerateFooter = R"(Examples:
  deadletter generate company --servers 60 --mailboxes 5000 --internet -o company.json
  deadletter generate migration --servers 40 --share 0.4 --seed 7 -o migration.json

Kinds:
  hub-and-spoke   routing groups of Exchange 2003 around the bridgeheads of a hub group (or --mesh)
  sites           AD sites of Exchange 2007 around one or several hub sites (--hubs)
  company         headquarters, regions, branches (--regions); AD sites, or routing groups as --build has it
  merged          two organizations, of 2003 and of 2007, joined by SMTP connectors
  migration       from routing groups of 2003 to AD sites of 2007; --share of the servers is new

The same options and seed give the same file. It is loaded as every topology is before it is written; a file of that
name is replaced. What the options mean in full: topologies/generate.h.)";

// The words of the command line, by the key of an experiment's "generate".
using Words = std::vector<std::pair<std::string, std::string>>;

struct GenerateOptions {
  Words words;
  std::string out, network;
  SiteLinkWords links;
};

std::string option_of(std::string key) {
  if (key == "mailboxes_total") return "--mailboxes";
  std::ranges::replace(key, '_', '-');
  return key == "kind" ? "KIND" : "--" + key;
}

// Each word as what a file would hold, at a place that is called as the option is.
json::Value value_of(const std::string& key, const std::string& word) {
  json::Value value(word);
  auto source = std::make_shared<json::Source>(json::Source{option_of(key), word});
  bool switched = key == "internet" || key == "mesh", kind = key == "kind";
  bool text = key == "build" || key == "other_build" || key == "domain" || key == "other_domain" || key == "share";
  if (switched) value = json::Value(true);
  if (kind) {
    std::string name = word;
    std::ranges::replace(name, '-', '_');
    value = json::Value(name);
  }
  json::Problems none;
  if (!switched && !kind && !text)
    if (auto number = json::parse(source, none); number && number->is(json::Kind::integer)) value = std::move(*number);
  value.set_place(source, {});
  return value;
}

// As it was asked for, to be written into the file.
std::string command_of(const GenerateOptions& options) {
  std::string command = "deadletter generate";
  for (const auto& [key, word] : options.words) {
    bool flag = word == "true";
    if (key != "kind") command += " " + option_of(key);
    if (!flag) command += word.find(' ') == word.npos ? " " + word : fmt::format(" \"{}\"", word);
  }
  if (!options.network.empty()) command += " --network " + options.network.substr(options.network.rfind('/') + 1);
  return command;
}

std::int64_t mailboxes_of(const topologies::Organization& organization) {
  std::int64_t count = 0;
  for (const auto& server : organization.servers) count += topologies::mailbox_count(server.mailboxes);
  return count;
}

int generate(const GenerateOptions& options) {
  json::Problems problems;
  json::Value asked = json::Value::object();
  for (const auto& [key, word] : options.words) asked.set(key, value_of(key, word));
  auto what = json::read(topologies::generate_reader(), asked, problems);
  auto map = options.network.empty() ? std::nullopt : read_map(options.network, options.links, problems);
  if (!problems.empty()) return report_problems(problems, Format::text);
  auto made = topologies::generate(*what, {}, problems, map ? &*map : nullptr);
  if (!made) return report_problems(problems, Format::text);
  made->description = command_of(options);
  std::string text = topologies::topology_text(std::move(*made));
  made.reset();
  auto source = std::make_shared<json::Source>(json::Source{options.out + " (not written)", text});
  auto loaded = topologies::load(source, problems);
  if (!loaded) return report_problems(problems, Format::text);
  if (int status = write_result(options.out, text); status != kHeld) return status;
  if (map)
    for (const std::string& note : map->notes) fmt::print("{}\n", note);
  auto foreign = std::ranges::count(loaded->domains, true, &topologies::Domain::foreign);
  fmt::print("{} servers, {} mailboxes, {} routing groups, {} AD sites, {} connectors, {} links, {} foreign domains\n",
             loaded->servers.size(), mailboxes_of(*loaded), loaded->routing_groups.size(), loaded->sites.size(),
             loaded->connectors.size(), loaded->links.size(), foreign);
  return kHeld;
}

struct Row {
  const char *option, *key, *type, *help;
};
constexpr Row kValues[] = {
    {"--servers", "servers", "N", "2 to 10,000; 100 unless it is given"},
    {"--mailboxes", "mailboxes_total", "M", "Of all servers, 1,000,000 at most; ten a server unless it is given"},
    {"--seed", "seed", "S", "Of latencies and of mailboxes a server; 1 unless it is given"},
    {"--groups", "groups", "N", "Routing groups or sites; the square root of the servers unless it is given"},
    {"--hubs", "hubs", "N", "sites: hub sites; 1 unless it is given"},
    {"--regions", "regions", "N", "company; the square root of the groups unless it is given"},
    {"--share", "share", "X", "migration: of the servers that are new, 0 to 1; 0.4 unless it is given"},
    {"--build", "build", "BUILD", "Of every server; merged: of the first organization; migration: of old servers"},
    {"--other-build", "other_build", "BUILD", "merged: of the second organization; migration: of new servers"},
    {"--domain", "domain", "DOMAIN", "contoso.com unless it is given"},
    {"--other-domain", "other_domain", "DOMAIN", "merged: of the second organization; fabrikam.com"},
    {"--domains", "domains", "K", "Foreign domains d1.example, d2.example, …, 10,000 at most; 10"},
    {"--exchangers", "exchangers", "N", "That these domains share in turn; one each, 100 at most, unless it is given"},
    {"--sharing", "sharing", "latency|shared|flow", "How transfers share the links between sites; shared"}};
constexpr Row kFlags[] = {{"--mesh", "mesh", "", "hub-and-spoke: every two groups are joined"},
                          {"--internet", "internet", "", "A way out, and foreign domains with their exchangers"}};

}  // namespace

void add_generate(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<GenerateOptions>();
  CLI::App* command = app.add_subcommand("generate", "Makes an organization by parameters");
  command->footer(kGenerateFooter);
  auto keep = [options](const char* key) {
    return [options, key](const std::string& word) { options->words.emplace_back(key, word); };
  };
  command->add_option_function<std::string>("KIND", keep("kind"), "What kind of organization, see below")
      ->required()
      ->check(CLI::IsMember({"hub-and-spoke", "sites", "company", "merged", "migration"}))
      ->type_name("");
  command->add_option("-o,--out", options->out, "The topology")->required()->type_name("FILE");
  for (const Row& row : kValues)
    command->add_option_function<std::string>(row.option, keep(row.key), row.help)->type_name(row.type);
  for (const Row& row : kFlags)
    command->add_flag_callback(
        row.option, [options, &row] { options->words.emplace_back(row.key, "true"); }, row.help);
  command
      ->add_option("--network", options->network,
                   "hub-and-spoke, sites, migration: GraphML or DOT; a site a node, joined along its edges")
      ->type_name("FILE");
  add_link_words(*command, options->links);
  command->callback([options, &chosen] { chosen = [options] { return generate(*options); }; });
}

}  // namespace deadletter::cli
