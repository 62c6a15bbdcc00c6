// Pictures of an organization: as Graphviz' DOT, and as SVG by Graphviz' program dot.
//
// The same organization gives the same DOT, octet for octet; SVG besides depends on Graphviz' version and the fonts
// that it finds, and nothing in it tells of them.
#pragma once
#include <optional>
#include <string>

#include "topologies/organization.h"

namespace deadletter::topologies {

// Everything; or only hosts, places and links; or only what mail is routed by.
enum class Layer : std::uint8_t { all, network, transport };

std::string dot_of(const Organization& organization, Layer layer);

struct Svg {
  std::string text;
  std::string error;  // empty: there is a text
};
Svg svg_of(const std::string& dot);

}  // namespace deadletter::topologies
