#include "topologies/dot_legend.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "topologies/dot_style.h"

namespace deadletter::topologies::dot {
namespace {

// What the kinds of lines mean, of those that there are.
std::string lines(const Organization& org, Layer layer) {
  std::string text;
  auto line = [&](bool is, const char* colour, const char* sign, const char* what) {
    if (!is) return;
    text +=
        fmt::format("{}<FONT COLOR=\"{}\"><B>{}</B></FONT> {}", text.empty() ? "" : "     ", colour, sign, small(what));
  };
  bool transport = layer != Layer::network;
  bool inside = std::ranges::any_of(org.connectors, [](const Connector& c) { return c.from.has_value(); });
  bool outside = std::ranges::any_of(org.connectors, [](const Connector& c) { return !c.address_spaces.empty(); });
  line(transport && inside, kInside, "——", "connector between routing groups");
  line(transport && outside, kOutside, "——", "connector out");
  line(transport && !org.routing.site_links.empty(), kSiteLink, "– – –", "site link");
  line(transport, kIncoming, "- - -", "mail exchange by DNS");
  line(layer != Layer::transport, kWire, "——", "network link");
  return text.empty() ? " " : text;
}

}  // namespace

std::string title(const Organization& org, Layer layer) {
  std::string text = "<<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLSPACING=\"4\">";
  text += "<TR><TD><FONT POINT-SIZE=\"16\"><B>" + html(org.id) + "</B></FONT></TD></TR>";
  if (!org.description.empty()) text += "<TR><TD>" + html(org.description) + "</TD></TR>";
  text += "<TR><TD><TABLE BORDER=\"0\" CELLBORDER=\"1\" CELLSPACING=\"6\" CELLPADDING=\"3\"><TR>";
  std::set<const Generation*> used;
  for (const Server& s : org.hosts) used.insert(&generation(s));
  for (const Generation& g : generations())
    if (used.contains(&g))
      text += fmt::format("<TD BGCOLOR=\"{}\" COLOR=\"{}\" STYLE=\"ROUNDED\">{}</TD>", g.fill, g.line, small(g.title));
  return text + "</TR></TABLE></TD></TR><TR><TD>" + lines(org, layer) + "</TD></TR></TABLE>>";
}

}  // namespace deadletter::topologies::dot
