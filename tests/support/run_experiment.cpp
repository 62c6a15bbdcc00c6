#include "tests/support/run_experiment.h"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "experiments/config/load.h"
#include "experiments/run/runner.h"
#include "sim/json/merge.h"
#include "sim/json/parse.h"
#include "tests/support/command.h"

namespace deadletter::testing {
namespace fs = std::filesystem;

json::Value parse_json(const std::string& text) {
  json::Problems problems;
  auto value = json::parse(std::make_shared<json::Source>(json::Source{"test", text}), problems);
  if (!value) throw std::logic_error("the test's JSON is wrong:\n" + json::render(problems));
  return *value;
}

std::string patched(const std::string& experiment, const std::string& patch) {
  return json::merged(parse_json(experiment), parse_json(patch)).dump(2);
}

namespace {

std::vector<std::string> read_lines(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// In the child: the result as JSON, or {"problems": text}.
std::string run_here(const std::string& text, std::string variant, const fs::path& folder) {
  json::Problems problems;
  std::string path = std::string(DEADLETTER_SOURCE_DIR) + "/experiments/articles/test.json";
  auto loaded = experiments::load_experiment_text(path, text, {}, problems);
  if (loaded && variant.empty()) variant = loaded->experiment.variants.front().key;
  auto plan = loaded ? experiments::make_plan(*loaded, variant, std::nullopt, problems) : std::nullopt;
  if (!plan) return json::Value::object().set("problems", json::render(problems)).dump(0);
  experiments::Result result = experiments::run_plan(*plan, {path, {}, std::nullopt}, {.out = folder.string()});
  return experiments::to_json(result, true).dump(0);
}

const json::Value& at(const json::Value& value, const std::string& pointer) {
  const json::Value* found = value.find_pointer(pointer);
  if (found == nullptr) throw std::logic_error("no " + pointer + " in the result");
  return *found;
}

}  // namespace

Outcome run_experiment(const std::string& experiment, const std::string& variant) {
  fs::path folder = fs::temp_directory_path() / fmt::format("deadletter-test-{}-{}", getpid(), rand());
  fs::create_directories(folder / "out");
  experiments::experiment_reader();  // made here once, and not in each child
  std::fflush(nullptr);
  pid_t child = fork();
  if (child == 0) {
    std::ofstream(folder / "result.json") << run_here(experiment, variant, folder / "out");
    std::fflush(nullptr);
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    throw std::logic_error(fmt::format("the run crashed, status {}", status));
  Outcome outcome;
  json::Value result = parse_json(read_file(folder / "result.json"));
  if (const json::Value* problems = result.find("problems"))
    outcome.problems = problems->as_string();
  else
    outcome.result = result;
  outcome.transcript = read_lines(folder / "out" / "transcript.txt");
  std::vector<fs::path> mails;
  if (fs::exists(folder / "out" / "mail"))
    for (const auto& entry : fs::directory_iterator(folder / "out" / "mail")) mails.push_back(entry.path());
  std::sort(mails.begin(), mails.end());
  for (const fs::path& mail : mails) outcome.reports.push_back(read_file(mail));
  fs::remove_all(folder);
  return outcome;
}

Outcome run_over(const std::string& topology, const std::string& members) {
  TemporaryFolder folder;
  write_file(folder / "topology.json", topology);
  std::string horizon = members.find("\"horizon\"") == members.npos ? R"("horizon": "3d", )" : "";
  return run_experiment(fmt::format(R"({{"id": "test", "topology": "{}", {}{}, "variants": {{"base": {{}}}}}})",
                                    folder / "topology.json", horizon, members));
}

std::string base_experiment(const std::string& patch) {
  json::Value base = parse_json(R"({
    "id": "test", "question": "What happens?", "topology": "../../topologies/internet_edge.json",
    "start": "2006-03-01T08:00:00Z", "horizon": "6d", "builds": {"EX1": "reference-mta"},
    "mail": [{"id": "m1", "from": "ann@contoso.com", "to": ["bob@fabrikam.com"], "size": "20KB"}],
    "variants": {"base": {}}
  })");
  return json::merged(base, parse_json(patch)).dump(2);
}

Recipient Outcome::recipient(const std::string& mail, const std::string& address) const {
  if (result.is(json::Kind::null)) throw std::logic_error("the experiment was refused:\n" + problems);
  for (const json::Value& m : at(result, "/mail").items()) {
    if (m.find("id")->as_string() != mail) continue;
    for (const json::Value& r : m.find("recipients")->items()) {
      if (!address.empty() && r.find("address")->as_string() != address) continue;
      Recipient found{r.find("fate")->as_string(),
                      {},
                      r.find("copies")->as_integer(),
                      r.find("attempts")->as_integer(),
                      at(r, "/reports/ndr").as_integer(),
                      at(r, "/reports/delay").as_integer(),
                      -1,
                      {}};
      if (r.find("status")->is(json::Kind::string)) found.status = r.find("status")->as_string();
      if (r.find("delivered_s")->is(json::Kind::real)) found.delivered_s = r.find("delivered_s")->as_real();
      for (const json::Value& article : r.find("ruled_by")->items()) found.ruled_by.push_back(article.as_string());
      return found;
    }
  }
  throw std::logic_error("no recipient " + address + " of " + mail);
}

std::int64_t Outcome::number(const std::string& pointer) const { return at(result, pointer).as_integer(); }
std::string Outcome::text(const std::string& pointer) const { return at(result, pointer).as_string(); }

bool Outcome::held() const {
  return result.is(json::Kind::object) && at(result, "/expectations/failed").size() == 0 &&
         at(result, "/oracles/failed").size() == 0;
}

std::vector<std::string> Outcome::lines(const std::string& words) const {
  std::vector<std::string> found;
  for (const std::string& line : transcript)
    if (line.find(words) != std::string::npos) found.push_back(line);
  return found;
}

}  // namespace deadletter::testing
