#include "experiments/report/run_folders.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "experiments/config/load.h"
#include "experiments/report/run_reader.h"
#include "experiments/run/runner.h"
#include "sim/json/fields.h"
#include "sim/json/parse.h"

namespace deadletter::experiments::report {
namespace fs = std::filesystem;
namespace {

using json::Value;

constexpr int kDeepest = 2;  // folders by experiment hold folders by variant

void fail(const std::string& file, std::string why, json::Problems& problems) {
  json::Problem problem;
  problem.file = file;
  problem.message = std::move(why);
  problems.add(problem);
}

std::optional<Value> read_json(const std::string& path, const std::string& what, json::Problems& problems) {
  auto source = read_source(path, what, problems);
  return source == nullptr ? std::nullopt : json::parse(source, problems);
}

bool is_run(const Value& run) {
  return number_at(run, "/format") == kRunFormat && at(run, "/result").is(json::Kind::object) &&
         !text_at(run, "/result/variant").empty();
}

std::vector<std::string> folders_in(const std::string& path) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(path, error), end; !error && entry != end; entry.increment(error))
    if (entry->is_directory(error)) names.push_back(entry->path().filename().string());
  std::ranges::sort(names);
  return names;
}

class Finder {
 public:
  explicit Finder(json::Problems& problems) : problems_(problems) {}

  void look(const std::string& path) {
    std::error_code error;
    if (!fs::exists(path, error)) return fail(path, "there is no such folder", problems_);
    if (!fs::is_directory(path, error))
      return fail(path, "this is a file; expected a folder that run or compare left", problems_);
    std::size_t problems = problems_.count(), runs = found_.runs.size();
    look(path, 0);
    bool silent = problems_.count() == problems && found_.runs.size() == runs && !again_;
    if (silent) fail(path, "there is no run.json in it, nor in the folders that it holds", problems_);
  }
  RunFolders take() {
    if (compared_ != 1) found_.compare = {};
    return std::move(found_);
  }

 private:
  void look(const std::string& path, int depth) {
    fs::path folder(path);
    std::error_code error;
    if (fs::exists(folder / "run.json", error)) return add(path);
    if (fs::exists(folder / "INCOMPLETE", error))
      return fail(path, "this run ended before it could write run.json: there is nothing to show", problems_);
    if (depth == kDeepest) return;
    std::size_t first = found_.runs.size();
    std::vector<std::string> names = folders_in(path);
    if (fs::exists(folder / "compare.json", error)) {
      names = compared(path);
      for (const std::string& name : names)
        if (fs::is_directory(folder / name, error)) look((folder / name).string(), kDeepest);
      return;
    }
    for (const std::string& name : names) look((folder / name).string(), depth + 1);
    as_in_experiment(first);
  }
  std::vector<std::string> compared(const std::string& path) {
    std::string file = (fs::path(path) / "compare.json").string();
    auto compare = read_json(file, "the comparison", problems_);
    std::vector<std::string> names;
    if (!compare) return names;
    for (const Value& variant : items_at(*compare, "/variants")) names.push_back(text_at(variant, "/name"));
    std::string baseline = text_at(*compare, "/baseline");
    std::ranges::stable_sort(names, {}, [&](const std::string& name) { return name != baseline; });
    if (names.empty()) fail(file, "this is no comparison: it names no variants", problems_);
    ++compared_;
    found_.compare = std::move(*compare);
    return names;
  }
  void add(const std::string& path) {
    std::error_code error;
    fs::path own = fs::canonical(path, error);
    if (!seen_.insert(error ? path : own.string()).second) {
      again_ = true;
      return;
    }
    std::string file = (fs::path(path) / "run.json").string();
    auto run = read_json(file, "the run", problems_);
    if (!run) return;
    if (!is_run(*run)) return fail(file, fmt::format("this is no run.json of format {}", kRunFormat), problems_);
    found_.runs.push_back({path, std::move(*run)});
  }
  // Variants of one experiment in the order in which it has them.
  void as_in_experiment(std::size_t first) {
    if (found_.runs.size() < first + 2) return;
    auto begin = found_.runs.begin() + static_cast<std::ptrdiff_t>(first);
    std::string id = text_at(begin->run, "/result/experiment");
    for (auto run = begin; run != found_.runs.end(); ++run)
      if (text_at(run->run, "/result/experiment") != id) return;
    json::Problems ignored;
    auto source = unchanged_input(begin->run, "experiment");
    auto experiment = source == nullptr ? std::nullopt : json::parse(source, ignored);
    if (!experiment) return;
    std::vector<std::string> order;
    for (const json::Member& variant : members_at(*experiment, "/variants")) order.push_back(variant.key);
    std::stable_sort(begin, found_.runs.end(), [&](const RunFolder& a, const RunFolder& b) {
      auto place = [&](const RunFolder& r) { return std::ranges::find(order, text_at(r.run, "/result/variant")); };
      return place(a) < place(b);
    });
  }

  json::Problems& problems_;
  RunFolders found_;
  std::set<std::string> seen_;
  int compared_ = 0;
  bool again_ = false;
};

}  // namespace

RunFolders find_runs(const std::vector<std::string>& folders, json::Problems& problems) {
  Finder finder(problems);
  for (const std::string& folder : folders) finder.look(folder);
  return finder.take();
}

}  // namespace deadletter::experiments::report
