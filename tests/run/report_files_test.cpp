// Reports are files in mail/ up to a number; where there are more, the run says how many, and its tables have all.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "experiments/config/load.h"
#include "experiments/run/runner.h"
#include "sim/json/parse.h"
#include "tests/support/command.h"
#include "tests/support/tables.h"

namespace deadletter::experiments {
namespace {

namespace fs = std::filesystem;
using deadletter::testing::deadletter;
using deadletter::testing::number;
using deadletter::testing::read_file;
using deadletter::testing::Said;
using deadletter::testing::TemporaryFolder;
using deadletter::testing::write_file;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// So many messages to somebody whom his server does not know: each comes back.
std::string returned(std::uint64_t messages) {
  return fmt::format(R"({{"id": "returned", "question": "?", "topology": "{}", "horizon": "1d",
    "builds": {{"EX1": "reference-mta"}}, "record": "messages", "fidelity": "session",
    "traffic": [{{"burst": {{"messages": {}, "at": "0s", "over": "1h", "from": "ann@contoso.com",
                             "to": "bob@fabrikam.com"}}}}],
    "peers": {{"mx.fabrikam.com": {{"smtp_script": {{"on": {{"RCPT": ["550 5.1.1 Unknown"]}}}}}}}},
    "variants": {{"base": {{}}}}}})",
                     deadletter::testing::source_path("topologies/internet_edge.json"), messages);
}

std::vector<std::string> files_in(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename());
  std::ranges::sort(names);
  return names;
}

json::Value result_in(const std::string& run) {
  json::Problems problems;
  auto value = json::parse(std::make_shared<json::Source>(json::Source{"run", read_file(run + "/run.json")}), problems);
  return *value->find("result");
}

// Such a run, in a process of its own, with at most so many files.
void run_into(const std::string& out, std::uint64_t messages, std::uint64_t most) {
  fs::create_directories(out);
  std::fflush(nullptr);
  pid_t child = fork();
  if (child == 0) {
    json::Problems problems;
    auto loaded = load_experiment_text("returned.json", returned(messages), {}, problems);
    auto plan = make_plan(*loaded, "base", std::nullopt, problems);
    run_plan(*plan, {.path = "returned.json", .sets = {}, .seed = {}},
             {.record = RecordLevel::messages, .out = out, .most_report_files = most});
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
}

TEST(ReportFiles, TheFirstOnesAreWrittenAndTheRestIsCounted) {
  TemporaryFolder folder;
  run_into(folder / "all", 12, 12);
  run_into(folder / "few", 12, 3);
  EXPECT_THAT(files_in(folder / "few/mail"), ElementsAre("ndr-1.eml", "ndr-2.eml", "ndr-3.eml"));
  EXPECT_EQ(result_in(folder / "few").find("report_files")->dump(0), R"({"written":3,"of":12})");
  // What is not written changes nothing else.
  for (const char* file : {"ndr-1.eml", "ndr-2.eml", "ndr-3.eml"})
    EXPECT_EQ(read_file(folder / "few/mail/" + file), read_file(folder / "all/mail/" + file));
  EXPECT_EQ(read_file(folder / "few/results.sqlite"), read_file(folder / "all/results.sqlite"));
  EXPECT_EQ(number(folder / "few/results.sqlite", "SELECT count(*) FROM reports"), 12);
}

TEST(ReportFiles, AllAreWrittenWhereTheyAreFewAndNothingIsSaidOfIt) {
  TemporaryFolder folder;
  run_into(folder / "all", 12, 12);
  EXPECT_EQ(files_in(folder / "all/mail").size(), 12U);
  EXPECT_EQ(result_in(folder / "all").find("report_files"), nullptr);
}

TEST(ReportFiles, TheProgramSaysThatThereAreMore) {
  TemporaryFolder folder;
  write_file(folder / "returned.json", returned(kMostReportFiles + 5));
  Said said = deadletter({"run", folder / "returned.json", "-q", "--out", folder / "run"});
  EXPECT_EQ(said.status, 0) << said.err;
  EXPECT_THAT(said.err, HasSubstr("/run/mail: the first 10000 of 10005 reports; table reports of results.sqlite has"));
  EXPECT_EQ(files_in(folder / "run/mail").size(), kMostReportFiles);
  EXPECT_EQ(result_in(folder / "run").find("report_files")->dump(0), R"({"written":10000,"of":10005})");
  EXPECT_EQ(number(folder / "run/results.sqlite", "SELECT count(*) FROM reports"), 10005);
}

TEST(ReportFiles, ASummaryHasNoneAndLeavesNoneOut) {
  TemporaryFolder folder;
  write_file(folder / "returned.json", returned(7));
  ASSERT_EQ(deadletter({"run", folder / "returned.json", "-q", "--record", "summary", "--out", folder / "run"}).status,
            0);
  EXPECT_FALSE(fs::exists(folder / "run/mail"));
  EXPECT_EQ(result_in(folder / "run").find("report_files"), nullptr);
}

}  // namespace
}  // namespace deadletter::experiments
