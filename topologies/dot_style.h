// How pictures look: colours by product generation, words of labels, DOT's quoting.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "topologies/organization.h"

namespace deadletter::topologies::dot {

struct Generation {
  const char* product;  // "exchange-2003"; empty: all others
  const char* title;
  const char* fill;
  const char* line;
};
// Of a server's build; one row for all mail exchangers outside.
const Generation& generation(const Server& server);
// In the order of a legend.
const std::vector<Generation>& generations();

// "exchange-2007-sp1+RU7 on windows-2003-sp2": "Exchange 2007 SP1 +RU7".
std::string short_build(std::string_view build);

// Lines by what they stand for.
inline constexpr const char *kInside = "#2f4b7c", *kOutside = "#a63603", *kSiteLink = "#3b8132", *kIncoming = "#8a8a8a",
                            *kWire = "#a0a0a0";

// As a quoted identifier, and as text within an HTML-like label.
std::string quoted(std::string_view text);
std::string html(std::string_view text);
std::string small(const std::string& text);
std::string bold(const std::string& text);
// A whole label on light ground, so that a line drawn under it does not disturb.
std::string on_ground(const std::string& lines);

}  // namespace deadletter::topologies::dot
