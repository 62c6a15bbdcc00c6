// list builds: products with their releases, and the updates of each.
#pragma once
#include "sim/json/value.h"

namespace deadletter::cli {

// One object a release; its updates are objects in it.
json::Value build_list();
void print_builds();

}  // namespace deadletter::cli
