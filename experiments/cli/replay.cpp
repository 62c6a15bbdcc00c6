// replay RUN_DIR: runs again what a folder says, and compares record by record.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "experiments/cli/commands.h"
#include "experiments/cli/common.h"
#include "experiments/run/replay.h"

namespace deadletter::cli {
namespace {

constexpr const char* kFooter = R"(Examples:
  deadletter replay runs/kb912341_multiline_354-1
  deadletter replay runs/kb912341_multiline_354-1 --format json)";

int replay(const std::string& folder, Format format) {
  json::Problems problems;
  catch_signals();
  auto replayed = experiments::replay(folder, &stop_flag(), problems);
  if (!replayed) return report_problems(problems, format);
  bool same = replayed->differences.empty();
  if (format == Format::json) {
    json::Value list = json::Value::array();
    for (const std::string& d : replayed->differences) list.push_back(d);
    fmt::print("{}\n", json::Value::object()
                           .set("run", folder)
                           .set("same", same)
                           .set("records", replayed->records)
                           .set("fingerprint", replayed->fingerprint)
                           .set("differences", list)
                           .dump(2));
  } else if (same) {
    fmt::print("the same again: {} records, fingerprint {}\n", replayed->records, replayed->fingerprint);
  } else {
    for (const std::string& d : replayed->differences) fmt::print("{}\n", d);
  }
  if (stop_flag()) return kInterrupted;
  return same ? kHeld : kNotDeterministic;
}

}  // namespace

void add_replay(CLI::App& app, Chosen& chosen) {
  auto folder = std::make_shared<std::string>();
  auto format = std::make_shared<Format>(Format::text);
  CLI::App* command = app.add_subcommand("replay", "Runs a recorded run again and compares record by record");
  command->footer(kFooter);
  command->add_option("RUN_DIR", *folder, "A folder that a run left behind")->required();
  add_format(*command, *format);
  command->callback([folder, format, &chosen] { chosen = [folder, format] { return replay(*folder, *format); }; });
}

}  // namespace deadletter::cli
