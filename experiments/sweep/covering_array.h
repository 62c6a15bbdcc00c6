// Covering arrays of strength two: few rows in which every pair of values of any two columns occurs.
//
// The method is IPO (Lei and Tai 1998, "In-parameter-order"): the two columns with most values first in every
// combination, then one column after the other, first along the rows that are there, then with new rows for the pairs
// that are still missing. No chance: the same columns give the same rows.
#pragma once
#include <cstddef>
#include <vector>

namespace deadletter::experiments {

using ArrayRow = std::vector<std::size_t>;  // the index of a value for each column

// `levels`: how many values each column has, at least one. Rows ascend. One column or none: every value once.
std::vector<ArrayRow> covering_array(const std::vector<std::size_t>& levels);

// Every combination, the last column fastest.
std::vector<ArrayRow> all_combinations(const std::vector<std::size_t>& levels);

}  // namespace deadletter::experiments
