// What is alike in attempts that went alike: everything but times, numbers of sessions and what is counted.
#pragma once
#include <string>

#include "experiments/story/story.h"

namespace deadletter::experiments {

std::string normal_form(const TraceLine& line);
std::string normal_form(const Round& round);

}  // namespace deadletter::experiments
