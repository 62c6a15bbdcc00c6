#include "experiments/report/series.h"

#include <algorithm>
#include <map>

#include "experiments/compare/quantile.h"
#include "sim/time.h"

namespace deadletter::experiments::report {
namespace {

using json::Value;
using sim::Duration;

double in_seconds(std::int64_t ns) { return static_cast<double>(ns) / 1e9; }

struct Bin {
  std::int64_t counts[3] = {};
};
using Bins = std::map<std::int64_t, Bin>;

// The member names of data.ts, in the order of Bin::counts.
Value to_json(const Bins& bins, std::int64_t step_ns, std::initializer_list<const char*> names) {
  Value list = Value::array();
  for (const auto& [bin, counted] : bins) {
    Value one = Value::object().set("t", in_seconds(bin * step_ns));
    const std::int64_t* count = counted.counts;
    for (const char* name : names) one.set(name, *count++);
    list.push_back(one);
  }
  return list;
}

std::int64_t last_of(const Tables& tables) {
  std::int64_t last = 0;
  auto look = [&](const char* table, const char* query) {
    if (!tables.has(table)) return;
    for (Tables::Rows rows = tables.ask(query); rows.next();) last = std::max(last, rows.number(0));
  };
  look("messages", "SELECT max(submitted_ns) FROM messages");
  look("recipients", "SELECT max(delivered_ns) FROM recipients");
  look("reports", "SELECT max(made_ns) FROM reports");
  look("attempts", "SELECT max(ended_ns) FROM attempts");
  return last;
}

Bins attempts(const Tables& tables, std::int64_t step_ns) {
  Bins bins;
  for (Tables::Rows rows = tables.ask("SELECT ended_ns, class FROM attempts"); rows.next();) {
    std::string_view outcome = rows.text(1);
    int which = outcome == "success" ? 0 : outcome == "temporary failure" ? 1 : 2;
    ++bins[rows.number(0) / step_ns].counts[which];
  }
  return bins;
}

Bins reports(const Tables& tables, std::int64_t step_ns) {
  Bins bins;
  for (Tables::Rows rows = tables.ask("SELECT made_ns, kind FROM reports"); rows.next();)
    ++bins[rows.number(0) / step_ns].counts[rows.text(1) == "failure" ? 0 : 1];
  return bins;
}

Bins deliveries(const Tables& tables, std::int64_t step_ns) {
  Bins bins;
  const char* query = "SELECT delivered_ns FROM recipients WHERE delivered_ns IS NOT NULL";
  for (Tables::Rows rows = tables.ask(query); rows.next();) ++bins[rows.number(0) / step_ns].counts[0];
  return bins;
}

void read_queues(const Tables& tables, Series& series) {
  std::vector<std::int64_t> shown;  // queues.id
  const char* query = "SELECT id, node, next_hop, peak FROM queues ORDER BY peak DESC, id";
  for (Tables::Rows rows = tables.ask(query); rows.next(); ++series.queues_total) {
    if (series.queues.size() == kMostQueues) continue;
    shown.push_back(rows.number(0));
    series.queues.push_back({std::string(rows.text(1)), std::string(rows.text(2)), rows.number(3), {}});
  }
  if (!tables.has("queue_depth")) return;
  Tables::Rows rows = tables.ask("SELECT time_ns, depth FROM queue_depth WHERE queue = ? ORDER BY time_ns, rowid");
  for (std::size_t i = 0; i < shown.size(); ++i)
    for (rows.bind(1, shown[i]); rows.next();) series.queues[i].points.push_back({rows.number(0), rows.number(1)});
}

}  // namespace

std::int64_t bin_width_ns(std::int64_t last_ns) {
  std::vector<std::int64_t> widths;
  for (std::int64_t power = 1; power < Duration::seconds(1).ns; power *= 10)
    for (std::int64_t n : {1, 2, 5}) widths.push_back(n * power);
  for (std::int64_t n : {1, 2, 5, 10, 15, 30}) widths.push_back(Duration::seconds(n).ns);
  for (std::int64_t n : {1, 2, 5, 10, 15, 30}) widths.push_back(Duration::minutes(n).ns);
  for (std::int64_t n : {1, 2, 3, 6, 12}) widths.push_back(Duration::hours(n).ns);
  for (std::int64_t n : {1, 2, 5, 10, 20, 50, 100, 200}) widths.push_back(Duration::days(n).ns);
  for (std::int64_t width : widths)
    if (last_ns / width < kMostBins) return width;
  return last_ns / kMostBins + 1;
}

Series read_series(const Tables& tables) {
  Series series;
  std::int64_t step = series.step_ns = bin_width_ns(last_of(tables));
  if (tables.has("attempts")) series.attempts = to_json(attempts(tables, step), step, {"delivered", "again", "failed"});
  if (tables.has("reports")) series.reports = to_json(reports(tables, step), step, {"ndr", "delay"});
  series.deliveries = to_json(deliveries(tables, step), step, {"n"});
  if (tables.has("queues")) read_queues(tables, series);
  return series;
}

Value read_delays(const Tables& tables) {
  std::vector<double> delays;
  const char* query =
      "SELECT r.delivered_ns - m.submitted_ns FROM recipients r JOIN messages m ON m.id = r.message "
      "WHERE r.delivered_ns IS NOT NULL";
  for (Tables::Rows rows = tables.ask(query); rows.next();) delays.push_back(in_seconds(rows.number(0)));
  if (delays.empty()) return {};
  std::ranges::sort(delays);
  // By ranks; of equal delays the last one, whose share holds them all.
  Value points = Value::array();
  std::size_t count = delays.size(), most = std::min(count, kMostDelayPoints);
  for (std::size_t i = 0; i < most; ++i) {
    std::size_t rank = (i + 1) * count / most - 1;
    std::size_t next = i + 1 == most ? count : (i + 2) * count / most - 1;
    if (next < count && delays[next] == delays[rank]) continue;
    auto above = std::ranges::upper_bound(delays, delays[rank]);
    points.push_back(
        Value::array({delays[rank], static_cast<double>(above - delays.begin()) / static_cast<double>(count)}));
  }
  return Value::object()
      .set("count", count)
      .set("points", points)
      .set("p50", quantile(delays, 0.50))
      .set("p95", quantile(delays, 0.95))
      .set("p99", quantile(delays, 0.99))
      .set("max", delays.back());
}

}  // namespace deadletter::experiments::report
