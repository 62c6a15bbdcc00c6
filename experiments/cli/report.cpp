// report: what runs left, as one page to look at; or the data of that page.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>

#include "experiments/cli/commands.h"
#include "experiments/cli/common.h"
#include "experiments/report/page.h"
#include "experiments/report/run_reader.h"
#include "experiments/run/cannot_write.h"

namespace deadletter::cli {
namespace fs = std::filesystem;
namespace report = experiments::report;
namespace {

constexpr const char* kReportFooter = R"(Examples:
  deadletter report runs/kb912341_multiline_354-1
  deadletter compare experiments/articles/kb938650_meeting_update.json --out cmp && deadletter report cmp -o cmp.html
  deadletter report runs/* --data report.json

A DIR is what run left, also in several variants, or what compare --out left. The page is one file that loads nothing.
It shows most of runs recorded event by event (--record events).)";

// A page that a browser and a mail system take easily.
constexpr std::size_t kLargestPage = 5'000'000;
// For what a page adds to its data.
constexpr std::size_t kSpare = 1000;

struct ReportOptions {
  std::vector<std::string> folders;
  std::string out, data;
  bool force = false;
  Format format = Format::text;
};

bool may_write(const std::string& path, bool force) {
  std::error_code error;
  if (path.empty()) return true;
  fs::path folder = fs::absolute(path, error).parent_path();
  if (!fs::is_directory(folder, error)) {
    fmt::print(stderr, "{}: there is no folder {}\n", path, folder.string());
    return false;
  }
  if (!fs::exists(path, error)) return true;
  if (fs::is_directory(path, error)) {
    fmt::print(stderr, "{}: this is a folder; expected the name of a file\n", path);
    return false;
  }
  if (force || report::made_here(path)) return true;
  fmt::print(stderr, "{}: it is there already and no report; nothing is overwritten. Name another file, or --force\n",
             path);
  return false;
}

bool same_file(const std::string& one, const std::string& other) {
  std::error_code error;
  return !one.empty() && fs::weakly_canonical(one, error) == fs::weakly_canonical(other, error);
}

void print_written(const ReportOptions& options, const report::ReportData& data, const report::Fitted& fitted) {
  if (options.format == Format::text) {
    if (fitted.cut)
      fmt::print(stderr, "cut to fit into {} MB: of each run {} messages and {} stories at most\n",
                 kLargestPage / 1'000'000, fitted.limits.messages, fitted.limits.stories);
    for (const std::string& path : {options.out, options.data})
      if (!path.empty()) fmt::print("{}\n", path);
    return;
  }
  json::Value runs = json::Value::array();
  for (const report::RunData& run : data.runs) runs.push_back(run.name);
  auto name = [](const std::string& path) { return path.empty() ? json::Value() : json::Value(path); };
  fmt::print("{}\n", json::Value::object()
                         .set("report", name(options.out))
                         .set("data", name(options.data))
                         .set("runs", runs)
                         .set("cut", fitted.cut)
                         .dump(2));
}

int write_report(ReportOptions& options) {
  std::string_view page = report::report_page();
  if (options.out.empty() && options.data.empty()) options.out = "report.html";
  if (page.empty() && !options.out.empty()) {
    fmt::print(stderr,
               "this program was built without the page of the report (npm was not there, or "
               "-DDEADLETTER_REPORT=OFF): --data FILE writes what the page would show\n");
    return kUsage;
  }
  if (!may_write(options.out, options.force) || !may_write(options.data, options.force)) return kUsage;
  if (same_file(options.out, options.data)) {
    fmt::print(stderr, "{}: -o and --data name the same file; expected two\n", options.data);
    return kUsage;
  }
  json::Problems problems;
  auto folders = report::find_runs(options.folders, problems);
  auto data = report::read_report(folders, problems);
  if (!problems.empty()) return report_problems(problems, options.format);
  auto fitted = report::fit(data, kLargestPage - kSpare - page.size());
  if (!fitted) {
    fmt::print(stderr, "{} runs come to more than {} MB, without a single message: name fewer of them\n",
               data.runs.size(), kLargestPage / 1'000'000);
    return kUsage;
  }
  try {
    if (!options.out.empty()) report::write_whole(options.out, report::filled_page(page, fitted->text).value());
    if (!options.data.empty()) report::write_whole(options.data, fitted->text);
  } catch (const experiments::CannotWrite& error) {
    fmt::print(stderr, "{}\n", error.what());
    return kResource;
  }
  print_written(options, data, *fitted);
  return kHeld;
}

}  // namespace

void add_report(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<ReportOptions>();
  CLI::App* command = app.add_subcommand("report", "Makes a page out of what runs left: one HTML file");
  command->footer(kReportFooter);
  command->add_option("DIR", options->folders, "Folders that run or compare --out left")->required();
  command->add_option("-o,--out", options->out, "The page; report.html if neither it nor --data is named")
      ->type_name("FILE");
  command->add_option("--data", options->data, "What the page shows, as JSON")->type_name("FILE");
  command->add_flag("--force", options->force, "Overwrites a file that is no report, too");
  add_format(*command, options->format);
  command->callback([options, &chosen] { chosen = [options] { return write_report(*options); }; });
}

}  // namespace deadletter::cli
