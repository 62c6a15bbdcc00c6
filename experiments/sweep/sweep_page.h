// The tables of a sweep for people: as Markdown, and as one HTML file that needs nothing else.
#pragma once
#include <string>

#include "experiments/sweep/collect.h"

namespace deadletter::experiments {

std::string sweep_markdown(const Sweep& sweep, const Collected& collected);
std::string sweep_html(const Sweep& sweep, const Collected& collected);

// "ladder=iis, gap=5s"; the last part of a JSON Pointer stands for it.
std::string short_name(const std::string& factor);
// "kb912341_multiline_354 unfixed, seed 3, gap=5s"
std::string text(const SweepCell& cell);

}  // namespace deadletter::experiments
