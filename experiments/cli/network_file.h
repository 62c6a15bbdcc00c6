// Maps of networks from files that a person names: GraphML, or Graphviz' DOT by the file's ending (.dot, .gv).
#pragma once
#include <CLI/CLI.hpp>

#include <optional>
#include <string>

#include "topologies/graphml.h"
#include "topologies/site_network.h"

namespace deadletter::cli {

// What is assumed of links that do not tell.
struct SiteLinkWords {
  std::string bandwidth, latency;
};
void add_link_words(CLI::App& command, SiteLinkWords& words);

// False, and a problem, when a word is no such quantity.
bool read_link_words(const SiteLinkWords& words, topologies::SiteNetworkOptions& options, json::Problems& problems);

enum class MapFormat { by_ending, graphml, dot };
std::optional<topologies::Graphml> read_graph(const std::string& path, MapFormat format, json::Problems& problems);

std::optional<topologies::NetworkMap> read_map(const std::string& path, const SiteLinkWords& words,
                                               json::Problems& problems);

}  // namespace deadletter::cli
