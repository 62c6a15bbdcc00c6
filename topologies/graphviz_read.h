// Maps of networks in Graphviz' DOT, as nodes and edges with their data: what GraphML gives too, so that one reader of
// maps (site_network.h) serves both.
//
// Of a node are read label, Latitude and Longitude; of an edge bandwidth ("10Mbps", "155 Mbps"), latency ("5ms"),
// LinkSpeedRaw, and the speed in its label ("155 Mbps"). All else, as shapes and colours, is left out. Nodes keep the
// order in which they first come. Of two edges of a digraph that lead there and back one stays: links lead both ways.
//
// Boost.Graph reads the graph: statements, defaults, subgraphs, edges between subgraphs. It is handed a text of our own
// that says the same in numbers, so that what can be in names and attributes never meets it.
//
// Limits, beyond which it is a problem: 8 MiB, 300,000 tokens, 10,000 nodes, subgraphs 100 deep; 500 names within
// subgraphs when edges join subgraphs, which makes an edge for each pair.
//
// NOT MODELLED: ports, further graphs in the file, subgraphs that are named again instead of written.
#pragma once
#include "topologies/graphml.h"

namespace deadletter::topologies {

// No input makes it crash, or take longer than seconds.
std::optional<Graphml> read_graphviz(std::shared_ptr<const json::Source> source, json::Problems& problems);

}  // namespace deadletter::topologies
