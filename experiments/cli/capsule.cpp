// capsule RUN_DIR: one file that holds all inputs of a run and what is to come out.
#include <fmt/format.h>

#include <filesystem>

#include "experiments/cli/commands.h"
#include "experiments/cli/common.h"
#include "experiments/run/recording.h"

namespace deadletter::cli {
namespace {

constexpr const char* kCapsuleFooter = R"(Examples:
  deadletter capsule runs/kb912341_multiline_354-1 -o stuck.capsule
  deadletter replay stuck.capsule        # on any machine: the same failure, or where it differs)";

int capsule(const std::string& folder, const std::string& out, Format format) {
  json::Problems problems;
  auto text = experiments::make_capsule(folder, problems);
  if (!text) return report_problems(problems, format);
  if (std::filesystem::exists(out)) {
    fmt::print(stderr, "-o {}: it is there already; nothing is overwritten. Name a new file.\n", out);
    return kUsage;
  }
  return write_result(out, *text);
}

}  // namespace

void add_capsule(CLI::App& app, Chosen& chosen) {
  auto folder = std::make_shared<std::string>(), out = std::make_shared<std::string>();
  auto format = std::make_shared<Format>(Format::text);
  CLI::App* command = app.add_subcommand("capsule", "Puts a run's inputs and its fingerprint into one file");
  command->footer(kCapsuleFooter);
  command->add_option("RUN_DIR", *folder, "A folder that a run left behind")->required();
  command->add_option("-o,--out", *out, "The file to write")->required();
  add_format(*command, *format);
  command->callback([=, &chosen] { chosen = [=] { return capsule(*folder, *out, *format); }; });
}

}  // namespace deadletter::cli
