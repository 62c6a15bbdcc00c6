// Results as people read them: one run in sentences, several as a table.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "experiments/config/plan.h"
#include "experiments/run/result.h"
#include "sim/json/value.h"

namespace deadletter::cli {

void print_result(const experiments::Plan& plan, const experiments::Result& result);
// `runs`: an array of results as JSON.
void print_table(const json::Value& runs);

// Lines of columns that are as wide as they must be, two spaces between them. `sides`: "<" or ">" for each column, to
// which side its words stand. Each row has as many.
std::string in_columns(const std::vector<std::vector<std::string>>& rows, std::string_view sides);

}  // namespace deadletter::cli
