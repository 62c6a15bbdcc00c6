// Results as people read them: one run in sentences, several as a table.
#pragma once
#include "experiments/config/plan.h"
#include "experiments/run/result.h"
#include "sim/json/value.h"

namespace deadletter::cli {

void print_result(const experiments::Plan& plan, const experiments::Result& result);
// `runs`: an array of results as JSON.
void print_table(const json::Value& runs);

}  // namespace deadletter::cli
