// list profiles: how traffic is made up, with the source of every figure.
#pragma once
#include <string>

#include "sim/json/value.h"

namespace deadletter::cli {

// One object a profile; its figures are objects in it. With a name that profile only.
json::Value profile_list(const std::string& name);
// With a name all of it: the curve of the week, the figures and where they come from. False: there is none such.
bool print_profiles(const std::string& name);

}  // namespace deadletter::cli
