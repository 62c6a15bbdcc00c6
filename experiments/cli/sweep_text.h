// What `sweep` prints.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "experiments/sweep/collect.h"

namespace deadletter::cli {

// What there is to run, and what there is already.
void print_cells(const experiments::Sweep& sweep, const std::vector<experiments::CellState>& states);
json::Value cells_json(const experiments::Sweep& sweep, const std::vector<experiments::CellState>& states);

// What a sweep came to.
void print_sweep(const experiments::Sweep& sweep, const experiments::SweepFolder& folder,
                 const experiments::Collected& collected);
json::Value sweep_json(const experiments::Sweep& sweep, const experiments::SweepFolder& folder,
                       const experiments::Collected& collected);

}  // namespace deadletter::cli
