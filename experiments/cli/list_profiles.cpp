#include "experiments/cli/list_profiles.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "experiments/traffic/profile.h"

namespace deadletter::cli {
namespace {

using json::Value;

constexpr const char* kDays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

Value profile_value(const traffic::Profile& profile) {
  Value figures = Value::array(), week = Value::array();
  for (const traffic::Figure& f : profile.figures)
    figures.push_back(Value::object()
                          .set("what", f.what)
                          .set("value", f.value)
                          .set("known", text(f.evidence))
                          .set("source", f.source));
  for (std::uint32_t weight : profile.week.weight) week.push_back(static_cast<std::int64_t>(weight));
  return Value::object()
      .set("profile", profile.name)
      .set("about", profile.about)
      .set("figures", std::move(figures))
      .set("week", std::move(week));
}

// Eight heights, the busiest hour's is the last.
void print_week(const traffic::Week& week) {
  constexpr const char* heights[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  std::uint64_t most = *std::ranges::max_element(week.weight);
  fmt::print("    hour  0     6     12    18\n");
  for (std::size_t day = 0; day < traffic::kDays; ++day) {
    std::uint64_t sum = 0;
    fmt::print("    {}   ", kDays[day]);
    for (std::size_t hour = 0; hour < traffic::kHoursADay; ++hour) {
      std::uint64_t weight = week.weight[day * traffic::kHoursADay + hour];
      sum += weight;
      fmt::print("{}", heights[weight == 0 ? 0 : 1 + weight * 7 / most]);
    }
    fmt::print("  {:4.1f} %\n", 100 * static_cast<double>(sum) / static_cast<double>(week.sum()));
  }
}

void print_profile(const traffic::Profile& profile) {
  fmt::print("{}\n    {}\n\n", profile.name, profile.about);
  print_week(profile.week);
  std::size_t width = 0, value = 0;
  for (const traffic::Figure& f : profile.figures) {
    width = std::max(width, f.what.size());
    value = std::max(value, f.value.size());
  }
  fmt::print("\n");
  for (const traffic::Figure& f : profile.figures) {
    fmt::print("    {:<{}}  {:<{}}  {}\n", f.what, width, f.value, value, text(f.evidence));
    fmt::print("    {:<{}}  {}\n", "", width, f.source);
  }
}

}  // namespace

Value profile_list(const std::string& name) {
  Value list = Value::array();
  for (const traffic::Profile& profile : traffic::profiles())
    if (name.empty() || profile.name == name) list.push_back(profile_value(profile));
  return list;
}

bool print_profiles(const std::string& name) {
  if (!name.empty()) {
    const traffic::Profile* profile = traffic::find_profile(name);
    if (profile != nullptr) print_profile(*profile);
    return profile != nullptr;
  }
  for (const traffic::Profile& profile : traffic::profiles()) fmt::print("{:<16}{}\n", profile.name, profile.about);
  fmt::print("\nFigures of one and their sources: deadletter list profiles NAME\n");
  return true;
}

}  // namespace deadletter::cli
