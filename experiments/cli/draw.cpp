// draw: an organization as a picture or a graph.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "experiments/cli/commands.h"
#include "experiments/cli/common.h"
#include "topologies/draw.h"
#include "topologies/graphml.h"
#include "topologies/load.h"

namespace deadletter::cli {
namespace {

constexpr const char* kDrawFooter = R"(Examples:
  deadletter draw topologies/mixed_org.json -o mixed_org.svg
  deadletter draw topologies/two_sites.json -o two_sites.dot --layer network

SVG is made by the program dot of Graphviz (apt-get install graphviz). A .graphml file holds all that the topology says:
import reads it back. A file of that name is replaced.)";

struct DrawOptions {
  std::string topology, out, layer = "all";
};

int draw(const DrawOptions& options) {
  json::Problems problems;
  auto source = experiments::read_source(options.topology, "the topology", problems);
  auto organization = source == nullptr ? std::nullopt : topologies::load(source, problems);
  if (!organization) return report_problems(problems, Format::text);
  std::string kind = std::filesystem::path(options.out).extension().string(), text;
  auto layer = options.layer == "network"     ? topologies::Layer::network
               : options.layer == "transport" ? topologies::Layer::transport
                                              : topologies::Layer::all;
  if (kind == ".dot") {
    text = topologies::dot_of(*organization, layer);
  } else if (kind == ".svg") {
    auto svg = topologies::svg_of(topologies::dot_of(*organization, layer));
    if (!svg.error.empty()) {
      fmt::print(stderr, "{}: {}\n", options.out, svg.error);
      return kUsage;
    }
    text = std::move(svg.text);
  } else if (kind == ".graphml") {
    if (layer != topologies::Layer::all) {
      fmt::print(stderr, "--layer: a .graphml file holds all layers\n");
      return kUsage;
    }
    text = topologies::graphml_of(topologies::graph_of(*organization));
  } else {
    fmt::print(stderr, "-o {}: it must end with .svg, .dot or .graphml\n", options.out);
    return kUsage;
  }
  return write_result(options.out, text);
}

}  // namespace

void add_draw(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<DrawOptions>();
  CLI::App* command = app.add_subcommand("draw", "Draws an organization: SVG, Graphviz' DOT, or GraphML");
  command->footer(kDrawFooter);
  command->add_option("TOPOLOGY", options->topology, "Topology file")->required();
  command->add_option("-o,--out", options->out, "The picture: .svg, .dot or .graphml")->required();
  command->add_option("--layer", options->layer, "Only the network, or only what mail is routed by")
      ->check(CLI::IsMember({"all", "network", "transport"}));
  command->callback([options, &chosen] { chosen = [options] { return draw(*options); }; });
}

}  // namespace deadletter::cli
