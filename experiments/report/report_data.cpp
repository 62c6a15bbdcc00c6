#include "experiments/report/report_data.h"

#include <algorithm>
#include <set>

#include "experiments/report/page.h"

namespace deadletter::experiments::report {
namespace {

using json::Value;

double seconds(std::int64_t ns) { return static_cast<double>(ns) / 1e9; }

bool digit(char c) { return c >= '0' && c <= '9'; }

// "KB912341", wherever it stands in the words; each once.
Value articles_in(std::string_view words) {
  Value list = Value::array();
  std::set<std::string_view> seen;
  for (std::size_t at = words.find("KB"); at != words.npos; at = words.find("KB", at + 2)) {
    std::size_t end = at + 2;
    while (end < words.size() && digit(words[end])) ++end;
    std::string_view article = words.substr(at, end - at);
    if (article.size() > 2 && seen.insert(article).second) list.push_back(article);
  }
  return list;
}

// Articles are named by those lines that say who ruled; the same letters in what a peer says are none.
bool names_articles(const TraceLine& line) { return line.kind != "command" && line.kind != "reply"; }

Value to_json(const Round& round, std::size_t most_lines) {
  Value lines = Value::array();
  for (std::size_t i = 0; i < std::min(round.lines.size(), most_lines); ++i) {
    const TraceLine& line = round.lines[i];
    lines.push_back(Value::object()
                        .set("t", seconds(line.at_ns))
                        .set("node", line.node)
                        .set("kind", line.kind)
                        .set("words", line.words)
                        .set("articles", names_articles(line) ? articles_in(line.words) : Value::array()));
  }
  return Value::object()
      .set("first", round.first)
      .set("last", round.last)
      .set("session", round.session)
      .set("node", round.lines.empty() ? "" : round.lines.back().node)
      .set("peer", round.peer)
      .set("began_s", seconds(round.began_ns))
      .set("last_began_s", seconds(round.last_began_ns))
      .set("lines", lines);
}

Value to_json(const MessageData& message, std::size_t most_lines) {
  Value rounds = Value::array();
  bool cut = message.story_cut;
  for (const Round& round : message.story) {
    cut = cut || round.lines.size() > most_lines;
    if (most_lines == 0) break;
    rounds.push_back(to_json(round, most_lines));
    most_lines -= std::min(most_lines, round.lines.size());
  }
  Value value = Value::object().set("id", message.id);
  for (const json::Member& m : message.about.members()) value.set(m.key, m.value);
  return value.set("recipients", message.recipients).set("story", rounds).set("story_cut", cut);
}

// Of neighbours the deepest one, so that peaks stay; and the last one, which says how it ended.
std::vector<DepthPoint> thinned(const std::vector<DepthPoint>& points, std::size_t most) {
  if (points.size() <= most) return points;
  std::vector<DepthPoint> kept;
  if (most < 2) return kept;
  std::size_t each = (points.size() + most - 2) / (most - 1);
  for (std::size_t at = 0; at < points.size(); at += each) {
    auto begin = points.begin() + static_cast<std::ptrdiff_t>(at);
    auto end = points.begin() + static_cast<std::ptrdiff_t>(std::min(at + each, points.size()));
    kept.push_back(*std::max_element(begin, end, [](auto& a, auto& b) { return a.depth < b.depth; }));
  }
  if (kept.back().time_ns != points.back().time_ns) kept.push_back(points.back());
  return kept;
}

Value to_json(const Series& series, std::size_t most_points) {
  Value queues = Value::array();
  for (const QueueData& queue : series.queues) {
    Value points = Value::array();
    for (const DepthPoint& p : thinned(queue.points, most_points))
      points.push_back(Value::array({seconds(p.time_ns), p.depth}));
    queues.push_back(Value::object()
                         .set("node", queue.node)
                         .set("next_hop", queue.next_hop)
                         .set("peak", queue.peak)
                         .set("points", points));
  }
  return Value::object()
      .set("step_s", seconds(series.step_ns))
      .set("attempts", series.attempts)
      .set("reports", series.reports)
      .set("deliveries", series.deliveries)
      .set("queues", queues)
      .set("queues_total", series.queues_total);
}

Value to_json(const RunData& run, const Limits& limits) {
  Value messages = Value::array();
  for (std::size_t i = 0; i < std::min(run.messages.size(), limits.messages); ++i)
    messages.push_back(to_json(run.messages[i], i < limits.stories ? limits.lines : 0));
  Value value = Value::object().set("name", run.name).set("folder", run.folder).set("variant", run.variant);
  for (const json::Member& m : run.about.members()) value.set(m.key, m.value);
  value.set("config", run.config.size() > limits.config ? "" : run.config).set("delays", run.delays);
  value.set("series", run.series ? to_json(*run.series, limits.depths) : Value());
  return value.set("messages", messages).set("messages_total", run.messages_total);
}

constexpr Limits kSteps[] = {
    {},
    {.lines = 120},
    {.stories = 30, .lines = 120},
    {.stories = 30, .lines = 60},
    {.stories = 12, .lines = 60},
    {.stories = 4, .lines = 60},
    {.stories = 1, .lines = 60},
    {.stories = 0, .lines = 0},
    {.stories = 0, .lines = 0, .messages = 100, .depths = 240},
    {.stories = 0, .lines = 0, .messages = 30, .depths = 100},
    {.stories = 0, .lines = 0, .messages = 10, .depths = 40, .config = 20'000},
    {.stories = 0, .lines = 0, .messages = 0, .depths = 0, .config = 0},
};

}  // namespace

Value to_json(const ReportData& data, const Limits& limits) {
  Value value = data.head, runs = Value::array();
  for (const RunData& run : data.runs) runs.push_back(to_json(run, limits));
  return value.set("runs", runs).set("compare", data.compare).set("organization", data.organization);
}

std::optional<Fitted> fit(const ReportData& data, std::size_t most) {
  for (const Limits& limits : kSteps) {
    std::string text = within_script(to_json(data, limits).dump(0)) + "\n";
    if (text.size() <= most) return Fitted{std::move(text), limits, &limits != &kSteps[0]};
  }
  return std::nullopt;
}

}  // namespace deadletter::experiments::report
