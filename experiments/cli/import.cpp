// import: what others know about networks and organizations, as topology files.
#include <fmt/format.h>

#include <algorithm>

#include "experiments/cli/commands.h"
#include "experiments/cli/common.h"
#include "experiments/cli/network_file.h"
#include "models/builds/installation.h"
#include "models/mail/address.h"
#include "topologies/load.h"
#include "topologies/site_network.h"

namespace deadletter::cli {
namespace {

constexpr const char* kImportFooter = R"(Examples:
  deadletter import graphml Geant2012.graphml -o geant.json --servers "exchange-2003-sp2 on windows-2003-sp1"
  deadletter import dot backbone.dot -o backbone.json --bandwidth 155Mbps

GraphML that draw wrote comes back whole. Of any other graph each node becomes a place and each edge a link: names from
label, bandwidth from bandwidth ("10Mbps"), LinkSpeedRaw or the words of LinkLabel (DOT: of the edge's label), latency
from latency ("5ms"), or from Latitude and Longitude of the ends, as the Internet Topology Zoo has them.)";

struct ImportOptions {
  std::string file, out, servers, domain;
  SiteLinkWords links;
};

bool read_options(const ImportOptions& options, topologies::SiteNetworkOptions& network) {
  auto wrong = [](const char* option, const std::string& word, const char* expected) {
    fmt::print(stderr, "{} {}: expected {}\n", option, word, expected);
    return false;
  };
  json::Problems problems;
  if (!read_link_words(options.links, network, problems)) {
    report_problems(problems, Format::text);
    return false;
  }
  if (!options.domain.empty()) {
    if (!mail::valid_domain(options.domain)) return wrong("--domain", options.domain, "a domain such as contoso.com");
    network.domain = options.domain;
  }
  network.server_build = options.servers;
  auto parsed = options.servers.empty() ? builds::ParsedBuild{} : builds::parse_build(options.servers);
  if (!parsed.errors.empty()) return wrong("--servers", options.servers, "a build (see deadletter list builds)");
  if (!parsed.refused.empty()) return wrong("--servers", options.servers, parsed.refused[0].reason.c_str());
  return true;
}

// A topology that says servers must be a good one before it is written.
int finish(const ImportOptions& options, const topologies::Graph& graph, const std::vector<std::string>& notes) {
  std::string text = topologies::topology_text(topologies::topology_of(graph));
  bool complete = !graph.vertices(topologies::VertexKind::server).empty();
  if (complete) {
    json::Problems problems;
    auto source = std::make_shared<json::Source>(json::Source{options.out + " (not written)", text});
    if (!topologies::load(source, problems)) return report_problems(problems, Format::text);
  }
  if (int status = write_result(options.out, text); status != kHeld) return status;
  for (const std::string& note : notes) fmt::print("{}\n", note);
  fmt::print("{} places, {} servers, {} links\n", graph.vertices(topologies::VertexKind::place).size(),
             graph.vertices(topologies::VertexKind::server).size(),
             std::ranges::count(graph.edges(), topologies::EdgeKind::link, &topologies::Edge::kind));
  if (!complete) fmt::print("no servers yet: put them in, each with a link to its place (or use --servers)\n");
  return kHeld;
}

int import_graph(const ImportOptions& options, MapFormat format) {
  topologies::SiteNetworkOptions network_options;
  if (!read_options(options, network_options)) return kUsage;
  json::Problems problems;
  auto graphml = read_graph(options.file, format, problems);
  if (!graphml) return report_problems(problems, Format::text);
  if (graphml->own()) {
    auto graph = topologies::graph_from(*graphml, problems);
    return graph ? finish(options, *graph, {}) : report_problems(problems, Format::text);
  }
  auto network = topologies::site_network(*graphml, network_options, problems);
  return network ? finish(options, network->graph, network->notes) : report_problems(problems, Format::text);
}

}  // namespace

void add_import(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<ImportOptions>();
  CLI::App* command = app.add_subcommand("import", "Makes a topology from what others know: GraphML, Graphviz' DOT");
  command->footer(kImportFooter);
  command->require_subcommand(1);
  auto add = [&](const char* name, const char* what, const char* file, MapFormat format) {
    CLI::App* graph = command->add_subcommand(name, what);
    graph->footer(kImportFooter);
    graph->add_option("FILE", options->file, file)->required();
    graph->add_option("-o,--out", options->out, "The topology; a file of that name is replaced")->required();
    add_link_words(*graph, options->links);
    graph->add_option("--servers", options->servers, "A build: one such server at each place");
    graph->add_option("--domain", options->domain, "Of these servers; contoso.com");
    graph->callback(
        [options, &chosen, format] { chosen = [options, format] { return import_graph(*options, format); }; });
  };
  add("graphml", "A graph: one that draw wrote, or a map of a network", "GraphML file", MapFormat::graphml);
  add("dot", "A map of a network in Graphviz' DOT", "DOT file", MapFormat::dot);
}

}  // namespace deadletter::cli
