// schedule: the retry timetable of a build, without running.
#include <fmt/format.h>

#include "experiments/cli/commands.h"
#include "experiments/cli/common.h"
#include "models/builds/installation.h"
#include "models/builds/settings.h"
#include "models/transport/timetable.h"

namespace deadletter::cli {
namespace {

constexpr const char* kScheduleFooter = R"(Examples:
  deadletter schedule "exchange-2003-sp2 on windows-2003-sp1"
  deadletter schedule postfix-2.4 --failure connect --set transport.lifetime=1d)";

struct ScheduleOptions {
  std::string build, failure = "message";
  std::vector<std::string> set_words;
  Format format = Format::text;
};

bool apply_sets(const ScheduleOptions& options, builds::NodeBehaviour& behaviour, json::Problems& problems) {
  std::vector<experiments::Set> sets;
  if (!read_sets(options.set_words, sets)) return false;
  json::Context context(problems);
  for (const auto& set : sets) {
    auto source = std::make_shared<json::Source>(json::Source{"--set", set.value});
    json::Problems not_json;
    auto parsed = json::parse(source, not_json);
    json::Value value = parsed ? *parsed : json::Value(set.value);
    if (!parsed) value.set_place(source, {1, 1});
    if (!builds::apply_setting(behaviour, set.path, value, context))
      problems.add(json::problem_at({source, {1, 1}, ""}, fmt::format("unknown attribute \"{}\"", set.path), set.path,
                                    builds::attribute_names()));
  }
  return true;
}

void print_text(const ScheduleOptions& options, const builds::NodeBehaviour& behaviour,
                const std::vector<transport::TimetableRow>& rows) {
  std::uint32_t attempts = 0;
  for (const auto& row : rows) attempts = std::max(attempts, row.attempt);
  fmt::print("{}, {} failures\n", options.build, options.failure);
  for (const auto& row : builds::attribute_rows(behaviour)) {
    std::string_view name = row.info->name;
    if (name.starts_with("queue.ladder") || name.starts_with("queue.message_ladder") ||
        name.starts_with("queue.glitch") || name == "transport.lifetime" || name == "transport.delay_notice")
      fmt::print("  {:<22} {:<50} {}\n", name, row.value, row.laid.by.empty() ? row.info->source : row.laid.by);
  }
  fmt::print("\n{} attempts before the message expires\n", attempts);
  constexpr const char* words[] = {"attempt", "glitch retry, attempt", "delay notice", "expiry: non-delivery report"};
  for (const auto& row : rows)
    fmt::print("  {:>16}  {}{}\n", sim::elapsed(row.at), words[static_cast<int>(row.what)],
               row.attempt == 0 ? "" : fmt::format(" {}", row.attempt));
}

void print_json(const std::vector<transport::TimetableRow>& rows) {
  constexpr const char* words[] = {"attempt", "glitch_retry", "delay_notice", "expiry"};
  json::Value list = json::Value::array();
  for (const auto& row : rows) {
    json::Value one = json::Value::object();
    one.set("at_s", static_cast<double>(row.at.ns) / 1e9).set("what", words[static_cast<int>(row.what)]);
    if (row.attempt > 0) one.set("attempt", row.attempt);
    list.push_back(one);
  }
  fmt::print("{}\n", json::Value::object().set("schedule", list).dump(2));
}

int schedule(const ScheduleOptions& options) {
  builds::ParsedBuild parsed = builds::parse_build(options.build);
  json::Problems problems;
  auto source = std::make_shared<json::Source>(json::Source{"BUILD", options.build});
  for (const auto& error : parsed.errors)
    problems.add(json::problem_at({source, {1, 1}, ""}, error.message, error.word, error.choices));
  for (const auto& refusal : parsed.refused)
    problems.add(json::problem_at({source, {1, 1}, ""},
                                  fmt::format("{} cannot be installed: {}", refusal.update, refusal.reason)));
  if (!problems.empty()) return report_problems(problems, options.format);
  builds::NodeBehaviour behaviour = builds::profile_of(parsed.build);
  if (!apply_sets(options, behaviour, problems)) return kUsage;
  if (!problems.empty()) return report_problems(problems, options.format);
  auto kind = options.failure == "connect" ? transport::FailureKind::connect
              : options.failure == "busy"  ? transport::FailureKind::busy
                                           : transport::FailureKind::message;
  auto rows = transport::timetable(behaviour.queue, behaviour.transport, kind);
  if (options.format == Format::json)
    print_json(rows);
  else
    print_text(options, behaviour, rows);
  return kHeld;
}

}  // namespace

void add_schedule(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<ScheduleOptions>();
  CLI::App* command = app.add_subcommand("schedule", "Prints when a build retries, sends a delay notice and gives up");
  command->footer(kScheduleFooter);
  command->add_option("BUILD", options->build, "\"exchange-2003-sp2 on windows-2003-sp1\"; see: deadletter list builds")
      ->required();
  command->add_option("--failure", options->failure, "What fails: the connection, a busy server, or the message")
      ->check(CLI::IsMember({"connect", "busy", "message"}));
  command->add_option("--set", options->set_words, "An attribute")->type_name("NAME=VALUE")->allow_extra_args(false);
  add_format(*command, options->format);
  command->callback([options, &chosen] { chosen = [options] { return schedule(*options); }; });
}

}  // namespace deadletter::cli
