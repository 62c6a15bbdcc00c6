#include "experiments/cli/forecast_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numeric>
#include <tuple>

namespace deadletter::cli {
namespace {

using Run = ExpectedRuns::Run;

// What is said beforehand takes longer than this, or more than this.
constexpr double kLong = 10;
constexpr std::uint64_t kMuch = std::uint64_t{1} << 30;

std::string duration_text(double seconds) { return seconds < 1 ? "less than 1 s" : roughly(seconds); }

std::string memory_text(const Room& room) {
  if (room.memory.octets == experiments::kNoLimit) return "as much as it likes";
  return fmt::format("{} ({})", octets_text(room.memory.octets), room.memory.limited_by);
}

using Line = std::array<std::string, 7>;

// Columns as wide as they must be; the first two stand left, numbers right.
std::string table(const std::vector<Line>& lines) {
  std::array<std::size_t, std::tuple_size_v<Line>> widths{};
  for (const Line& line : lines)
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
  std::string text;
  for (const Line& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i)
      text += i < 2 ? fmt::format("{:<{}}  ", line[i], widths[i]) : fmt::format("{:>{}}  ", line[i], widths[i]);
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
  }
  return text;
}

json::Value number_or_null(std::optional<std::uint64_t> n) { return n ? json::Value(*n) : json::Value(); }

// Milliseconds, as the result of a run has them.
double rounded(double seconds) { return std::round(seconds * 1e3) / 1e3; }

// Advice, from what costs least to change to what costs most.
std::string what_to_do(const ExpectedRuns& runs, const Room& room) {
  std::string advice;
  std::uint64_t alone = runs.memory(&Run::cost, 1);
  if (!memory_suffices(runs.memory(), room) && memory_suffices(alone, room))
    advice += fmt::format("  -j 1 runs one at a time: {} of memory\n", octets_text(alone));
  if (std::ranges::any_of(runs.runs, [](const Run& r) { return r.record != experiments::RecordLevel::summary; }))
    advice += fmt::format("  --record summary keeps the fates and the fingerprint only: {} of memory, {} of disk\n",
                          octets_text(runs.memory(&Run::at_summary, runs.side_by_side)),
                          octets_text(runs.disk(&Run::at_summary)));
  if (!disk_suffices(runs.disk(), room)) advice += "  --out names a folder on another disk\n";
  return advice + "  fewer messages need less; --even-so runs it as it is\n";
}

}  // namespace

Room room_for(const std::string& out) { return {experiments::memory_room(), experiments::disk_room(out)}; }

ExpectedRuns expect(const std::vector<Job>& jobs, unsigned side_by_side) {
  ExpectedRuns all;
  for (const Job& job : jobs)
    all.runs.push_back({job.id, job.variant, job.record, experiments::forecast(job.plan, job.record),
                        experiments::forecast(job.plan, experiments::RecordLevel::summary)});
  all.side_by_side = std::clamp<unsigned>(side_by_side, 1, std::max<unsigned>(1, static_cast<unsigned>(jobs.size())));
  return all;
}

std::uint64_t ExpectedRuns::memory(experiments::Forecast Run::*cost, unsigned at_once) const {
  std::vector<std::uint64_t> each;
  for (const Run& run : runs) each.push_back((run.*cost).memory);
  std::ranges::sort(each, std::greater());
  each.resize(std::min<std::size_t>(each.size(), at_once));
  return std::accumulate(each.begin(), each.end(), std::uint64_t{0});
}

std::uint64_t ExpectedRuns::disk(experiments::Forecast Run::*cost) const {
  std::uint64_t octets = 0;
  for (const Run& run : runs) octets += (run.*cost).disk;
  return octets;
}

double ExpectedRuns::seconds() const {
  double all = 0, longest = 0;
  for (const Run& run : runs) {
    all += run.cost.cpu_s;
    longest = std::max(longest, run.cost.cpu_s);
  }
  return std::max(longest, all / side_by_side);
}

bool memory_suffices(std::uint64_t needed, const Room& room) { return needed <= room.memory.octets; }
bool disk_suffices(std::uint64_t needed, const Room& room) {
  return !room.disk || needed <= *room.disk - *room.disk / 20;
}

bool fits(const ExpectedRuns& runs, const Room& room) {
  return memory_suffices(runs.memory(), room) && disk_suffices(runs.disk(), room);
}

std::string refusal(const ExpectedRuns& runs, const Room& room) {
  const Run& first = runs.runs.front();
  std::string text = runs.runs.size() == 1 ? fmt::format("{} {} does not fit:", first.experiment, first.variant)
                                           : fmt::format("these {} runs do not fit:", runs.runs.size());
  if (!memory_suffices(runs.memory(), room))
    text += fmt::format(" about {} of memory are expected, and there are {};", octets_text(runs.memory()),
                        memory_text(room));
  if (!disk_suffices(runs.disk(), room))
    text += fmt::format(" about {} of disk are expected, and {} are free, of which a twentieth is left alone;",
                        octets_text(runs.disk()), octets_text(*room.disk));
  text.back() = '\n';
  return text + what_to_do(runs, room);
}

std::string announcement(const ExpectedRuns& runs, const std::string& out) {
  if (runs.seconds() <= kLong && runs.memory() <= kMuch && runs.disk() <= kMuch) return "";
  return fmt::format("expects about {}, {} of memory, and {} in {}\n", duration_text(runs.seconds()),
                     octets_text(runs.memory()), octets_text(runs.disk()), out);
}

std::string to_text(const ExpectedRuns& runs, const Room& room) {
  std::vector<Line> lines = {{"", "record", "messages", "recipients", "memory", "disk", "time"}};
  for (const Run& run : runs.runs)
    lines.push_back({run.experiment + " " + run.variant, experiments::text(run.record),
                     std::to_string(run.cost.messages), std::to_string(run.cost.recipients),
                     octets_text(run.cost.memory), octets_text(run.cost.disk), duration_text(run.cost.cpu_s)});
  if (runs.runs.size() > 1)
    lines.push_back({fmt::format("all, {} side by side", runs.side_by_side), "", "", "", octets_text(runs.memory()),
                     octets_text(runs.disk()), duration_text(runs.seconds())});
  bool limited = room.memory.octets != experiments::kNoLimit;
  lines.push_back({fmt::format("there is{}", limited ? fmt::format(", by {}", room.memory.limited_by) : ""), "", "", "",
                   limited ? octets_text(room.memory.octets) : "not known",
                   room.disk ? octets_text(*room.disk) : "not known", ""});
  return table(lines) + (fits(runs, room) ? "it fits\n" : refusal(runs, room));
}

json::Value to_json(const ExpectedRuns& runs, const Room& room) {
  json::Value each = json::Value::array();
  for (const Run& run : runs.runs)
    each.push_back(json::Value::object()
                       .set("experiment", run.experiment)
                       .set("variant", run.variant)
                       .set("record", experiments::text(run.record))
                       .set("messages", run.cost.messages)
                       .set("recipients", run.cost.recipients)
                       .set("memory_octets", run.cost.memory)
                       .set("disk_octets", run.cost.disk)
                       .set("cpu_s", rounded(run.cost.cpu_s)));
  bool limited = room.memory.octets != experiments::kNoLimit;
  json::Value there = json::Value::object();
  there.set("memory_octets", number_or_null(limited ? std::optional(room.memory.octets) : std::nullopt))
      .set("memory_limited_by", room.memory.limited_by)
      .set("disk_octets", number_or_null(room.disk));
  json::Value expected = json::Value::object();
  expected.set("runs", each)
      .set("side_by_side", runs.side_by_side)
      .set("memory_octets", runs.memory())
      .set("disk_octets", runs.disk())
      .set("wall_s", rounded(runs.seconds()))
      .set("there_is", there)
      .set("fits", fits(runs, room));
  return json::Value::object().set("forecast", expected);
}

std::string octets_text(std::uint64_t octets) {
  constexpr const char* units[] = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  if (octets < 1024) return fmt::format("{} octets", octets);
  double size = static_cast<double>(octets) / 1024;
  std::size_t unit = 0;
  for (; size >= 999.5 && unit + 1 < std::size(units); ++unit) size /= 1024;
  return size < 9.95 ? fmt::format("{:.1f} {}", size, units[unit]) : fmt::format("{:.0f} {}", size, units[unit]);
}

}  // namespace deadletter::cli
