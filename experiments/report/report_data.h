// What the page shows of runs, as values, and as the JSON that web/src/data.ts describes.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "experiments/story/story.h"
#include "sim/json/value.h"

namespace deadletter::experiments::report {

struct MessageData {
  std::int64_t row = 0;                       // messages.id
  std::string id;                             // its name, or "#7" for traffic
  json::Value about = json::Value::object();  // sender to submitted_s
  json::Value recipients = json::Value::array();
  std::vector<Round> story;
  bool story_cut = false;
};

struct DepthPoint {
  std::int64_t time_ns = 0, depth = 0;
};
struct QueueData {
  std::string node, next_hop;
  std::int64_t peak = 0;
  std::vector<DepthPoint> points;
};
struct Series {
  std::int64_t step_ns = 1;
  json::Value attempts = json::Value::array(), reports = json::Value::array(), deliveries = json::Value::array();
  std::vector<QueueData> queues;
  std::int64_t queues_total = 0;
};

struct RunData {
  std::string name, folder, variant, experiment;
  json::Value about = json::Value::object();  // seed to inputs
  std::string config;
  json::Value delays;  // null: nothing was recorded or nothing delivered
  std::optional<Series> series;
  std::vector<MessageData> messages;  // those with stories first
  std::int64_t messages_total = 0;
};

struct ReportData {
  json::Value head = json::Value::object();  // format to start
  std::vector<RunData> runs;
  json::Value compare, organization;
};

// How much of it is shown; stories and what they hold give way first.
struct Limits {
  std::size_t stories = 60, lines = 400;  // of a run, of a story
  std::size_t messages = 400;             // of a run
  std::size_t depths = 1000;              // points of a queue
  std::size_t config = 1'000'000;         // octets; a longer one is left out
};

json::Value to_json(const ReportData& data, const Limits& limits);

struct Fitted {
  std::string text;  // JSON on one line, escaped as it stands in a page
  Limits limits;
  bool cut = false;  // less is shown than there is
};
// The most that fits into `most` octets. Nothing when even the least is more.
std::optional<Fitted> fit(const ReportData& data, std::size_t most);

}  // namespace deadletter::experiments::report
