// Edit distance in three rows: the swap of neighbours looks two rows back.
#include "sim/json/suggest.h"

#include <algorithm>
#include <utility>

namespace deadletter::json {
namespace {

constexpr std::size_t kCompared = 64;  // octets of a word

std::string fold(std::string_view word) {
  std::string out(word.substr(0, kCompared));
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

struct Rank {
  std::size_t distance, different, index;  // `different`: what the common beginning lacks
  friend auto operator<=>(const Rank&, const Rank&) = default;
};

std::vector<Rank> ranked(std::string_view word, const std::vector<std::string>& choices) {
  std::vector<Rank> order;
  order.reserve(choices.size());
  const std::string folded = fold(word);
  for (std::size_t i = 0; i < choices.size(); ++i) {
    const std::string choice = fold(choices[i]);
    const auto begins = std::mismatch(folded.begin(), folded.end(), choice.begin(), choice.end()).first;
    order.push_back({edit_distance(word, choices[i]), static_cast<std::size_t>(folded.end() - begins), i});
  }
  std::sort(order.begin(), order.end());
  return order;
}

}  // namespace

std::size_t edit_distance(std::string_view first, std::string_view second) {
  const std::string a = fold(first), b = fold(second);
  std::vector<std::size_t> before(b.size() + 1), previous(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::swap(before, previous);
    std::swap(previous, row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({previous[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row[b.size()];
}

std::string suggest(std::string_view word, const std::vector<std::string>& choices) {
  const auto order = ranked(word, choices);
  if (order.empty()) return "";
  const std::string folded = fold(word);
  const std::size_t limit = std::max<std::size_t>(1, (folded.size() + 1) / 3);
  if (order.front().distance <= limit && order.front().distance < word.size()) return choices[order.front().index];
  if (folded.size() < 4) return "";
  const auto holds = std::find_if(order.begin(), order.end(), [&](const Rank& rank) {
    return fold(choices[rank.index]).find(folded) != std::string::npos;
  });
  return holds == order.end() ? "" : choices[holds->index];
}

std::vector<std::string> nearest(std::string_view word, const std::vector<std::string>& choices, std::size_t count) {
  std::vector<std::string> out;
  for (const Rank& rank : ranked(word, choices)) {
    if (out.size() == count) break;
    out.push_back(choices[rank.index]);
  }
  return out;
}

}  // namespace deadletter::json
