#include "experiments/sweep/covering_array.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace deadletter::experiments {
namespace {

constexpr std::size_t kFree = std::numeric_limits<std::size_t>::max();  // a place that may hold any value

// The pairs of a new column with each column before it that no row has yet.
class Missing {
 public:
  Missing(const std::vector<std::size_t>& levels, std::size_t column)
      : levels_(levels), column_(column), left_(column) {
    for (std::size_t j = 0; j < column; ++j) left_[j].assign(levels[j] * levels[column], true);
  }
  bool at(std::size_t j, std::size_t a, std::size_t value) const { return left_[j][a * levels_[column_] + value]; }
  void take(const ArrayRow& row) {
    if (row[column_] == kFree) return;
    for (std::size_t j = 0; j < column_; ++j)
      if (row[j] != kFree) left_[j][row[j] * levels_[column_] + row[column_]] = false;
  }
  std::size_t gained_by(const ArrayRow& row, std::size_t value) const {
    std::size_t gained = 0;
    for (std::size_t j = 0; j < column_; ++j) gained += row[j] != kFree && at(j, row[j], value) ? 1 : 0;
    return gained;
  }

 private:
  const std::vector<std::size_t>& levels_;
  std::size_t column_;
  std::vector<std::vector<bool>> left_;  // by column, then pair
};

// Each row that is there gets the value that brings most new pairs; of equally good ones the next after the last row's,
// so that values take turns.
void grow_along(std::vector<ArrayRow>& rows, std::size_t column, std::size_t values, Missing& missing) {
  std::size_t turn = 0;
  for (ArrayRow& row : rows) {
    std::size_t best = turn, most = missing.gained_by(row, turn);
    for (std::size_t i = 1; i < values; ++i) {
      std::size_t value = (turn + i) % values, gained = missing.gained_by(row, value);
      if (gained > most) best = value, most = gained;
    }
    if (most == 0) continue;  // stays free for a pair that will need a place
    row[column] = best;
    turn = (best + 1) % values;
    missing.take(row);
  }
}

// A row for what is missing: one with free places when there is one.
void place_pair(std::vector<ArrayRow>& rows, std::size_t j, std::size_t a, std::size_t column, std::size_t value,
                std::size_t width, Missing& missing) {
  for (ArrayRow& row : rows) {
    bool fits = (row[j] == kFree || row[j] == a) && (row[column] == kFree || row[column] == value);
    if (!fits) continue;
    row[j] = a, row[column] = value;
    missing.take(row);
    return;
  }
  ArrayRow row(width, kFree);
  row[j] = a, row[column] = value;
  rows.push_back(std::move(row));
  missing.take(rows.back());
}

void add_column(std::vector<ArrayRow>& rows, const std::vector<std::size_t>& levels, std::size_t column) {
  Missing missing(levels, column);
  grow_along(rows, column, levels[column], missing);
  for (std::size_t j = 0; j < column; ++j)
    for (std::size_t a = 0; a < levels[j]; ++a)
      for (std::size_t v = 0; v < levels[column]; ++v)
        if (missing.at(j, a, v)) place_pair(rows, j, a, column, v, levels.size(), missing);
}

}  // namespace

std::vector<ArrayRow> all_combinations(const std::vector<std::size_t>& levels) {
  std::vector<ArrayRow> rows{{}};
  for (std::size_t count : levels) {
    std::vector<ArrayRow> longer;
    for (const ArrayRow& row : rows)
      for (std::size_t v = 0; v < count; ++v) {
        longer.push_back(row);
        longer.back().push_back(v);
      }
    rows = std::move(longer);
  }
  return rows;
}

std::vector<ArrayRow> covering_array(const std::vector<std::size_t>& levels) {
  if (levels.size() <= 2) return all_combinations(levels);
  std::vector<std::size_t> order(levels.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, std::greater<>(), [&](std::size_t c) { return levels[c]; });
  std::vector<std::size_t> sorted;
  for (std::size_t c : order) sorted.push_back(levels[c]);
  std::vector<ArrayRow> rows = all_combinations({sorted[0], sorted[1]});
  for (ArrayRow& row : rows) row.resize(sorted.size(), kFree);
  for (std::size_t c = 2; c < sorted.size(); ++c) add_column(rows, sorted, c);
  std::vector<ArrayRow> result;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    ArrayRow row(levels.size());
    for (std::size_t c = 0; c < sorted.size(); ++c) row[order[c]] = rows[r][c] == kFree ? r % sorted[c] : rows[r][c];
    result.push_back(std::move(row));
  }
  std::ranges::sort(result);
  return result;
}

}  // namespace deadletter::experiments
