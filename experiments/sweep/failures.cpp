#include "experiments/sweep/failures.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace deadletter::experiments {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hexadecimal(char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

}  // namespace

std::string without_numbers(const std::string& words) {
  constexpr std::size_t kKeyLength = 16;
  std::string text;
  for (std::size_t at = 0; at < words.size();) {
    std::size_t end = at;
    while (end < words.size() && (is_letter(words[end]) || is_digit(words[end]))) ++end;
    std::string word = words.substr(at, end - at);
    if (word.empty())
      text += words[at++];
    else if (word.size() == kKeyLength && std::ranges::all_of(word, is_hexadecimal))
      text += "KEY", at = end;
    else
      text += is_digit(word.front()) && std::ranges::all_of(word, is_digit) ? "N" : word, at = end;
  }
  return text;
}

void Failures::add(const SweepCell& cell, const CellResult& result) {
  bool ended = result.state == CellState::done || result.state == CellState::failed;
  if (!ended || result.status == 0) return;
  std::string signature =
      result.failed.empty() ? without_numbers(result.why) : fmt::format("{}", fmt::join(result.failed, "; "));
  FailureGroup& group = groups_[{result.status, signature}];
  group.status = result.status;
  group.signature = signature;
  if (++group.cells <= FailureGroup::kExamples) group.examples.push_back(&cell);
}

std::vector<FailureGroup> Failures::groups() const {
  std::vector<FailureGroup> all;
  for (const auto& [signature, group] : groups_) all.push_back(group);
  std::ranges::stable_sort(all, std::greater<>(), &FailureGroup::cells);
  return all;
}

int Failures::status() const {
  int gravest = 0;
  for (const auto& [signature, group] : groups_) gravest = std::max(gravest, group.status);
  return gravest;
}

std::string text_of_status(int status) {
  switch (status) {
    case 0:
      return "held";
    case 1:
      return "an expectation failed";
    case 2:
      return "configuration";
    case 4:
      return "not deterministic";
    case 5:
      return "a resource limit";
    default:
      return fmt::format("status {}", status);
  }
}

}  // namespace deadletter::experiments
