// Rules of the code that a program can check: includes by folder, banned words with what to use instead, sizes.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "tests/support/command.h"

namespace deadletter::testing {
namespace fs = std::filesystem;
namespace {

const std::vector<std::string> kFolders = {"sim", "models", "topologies", "experiments", "tests"};

struct File {
  std::string path, folder, text;
  std::vector<std::string> lines;
};

std::vector<File> sources() {
  std::vector<File> files;
  for (const std::string& folder : kFolders)
    for (const auto& entry : fs::recursive_directory_iterator(source_path(folder))) {
      std::string extension = entry.path().extension().string();
      if (extension != ".cpp" && extension != ".h") continue;
      if (entry.path().string().find("/node_modules/") != std::string::npos) continue;
      File file{fs::relative(entry.path(), source_path("")).string(), folder, read_file(entry.path().string()), {}};
      std::istringstream lines(file.text);
      for (std::string line; std::getline(lines, line);) file.lines.push_back(line);
      files.push_back(std::move(file));
    }
  std::ranges::sort(files, {}, &File::path);
  return files;
}

std::string where(const File& file, std::size_t line) {
  return file.path + ":" + std::to_string(line + 1) + ": " + file.lines[line];
}

// What a folder may not include: those to its right.
std::vector<std::string> forbidden_includes(const File& file) {
  std::vector<std::string> wrong;
  auto own = std::ranges::find(kFolders, file.folder);
  for (std::size_t i = 0; i < file.lines.size(); ++i)
    for (auto right = own + 1; right < kFolders.end(); ++right)
      if (file.lines[i].starts_with("#include \"" + *right + "/")) wrong.push_back(where(file, i));
  return wrong;
}

TEST(Tidy, AFileIncludesOnlyFromItsOwnFolderAndThoseToItsLeft) {
  for (const File& file : sources())
    for (const std::string& line : forbidden_includes(file)) ADD_FAILURE() << line;
}

TEST(Tidy, AnIncludeToTheRightWouldBeFound) {
  File wrong{"sim/x.h", "sim", "", {"#include \"models/mail/status.h\""}};
  EXPECT_EQ(forbidden_includes(wrong).size(), 1U);
}

struct Library {
  const char* header;
  std::vector<std::string> allowed;  // prefixes of paths
};

TEST(Tidy, EachLibraryIsSeenByFewFiles) {
  const std::vector<Library> libraries = {
      {"<simgrid/", {"sim/engine.cpp", "sim/platform.cpp"}},
      {"<boost/graph",
       {"sim/graph.cpp", "sim/least_cost.cpp", "topologies/graph.cpp", "topologies/generate/site_graph.cpp",
        "topologies/graphviz_read.cpp"}},
      {"<boost/math", {"experiments/compare/statistics.cpp", "tests/traffic/chi_square.h"}},
      {"<libxml", {"topologies/graphml_read.cpp"}},
      {"<nlohmann", {"sim/json/parse.cpp"}},
      {"<Random123", {"sim/random.cpp"}},
      {"<xxhash", {"sim/fingerprint.cpp"}},
      {"<gmime", {"models/content/", "tests/models/content/"}},
      {"<libical", {"models/content/"}},
      {"<ytnef", {"models/content/"}},
      {"<libytnef", {"models/content/"}},
      {"<openssl", {"models/content/"}},
      {"<CLI/", {"experiments/cli/"}},
      {"<sqlite3",
       {"experiments/run/table_writer.cpp", "experiments/sweep/sweep_file.cpp", "experiments/sweep/sweep_reader.cpp",
        "experiments/report/tables.cpp", "tests/support/tables", "tests/report/made_run.cpp"}},
  };
  for (const File& file : sources())
    for (std::size_t i = 0; i < file.lines.size(); ++i)
      for (const Library& library : libraries)
        if (file.lines[i].starts_with(std::string("#include ") + library.header) &&
            std::ranges::none_of(library.allowed, [&](const std::string& p) { return file.path.starts_with(p); }))
          ADD_FAILURE() << where(file, i);
}

struct Banned {
  const char* pattern;
  const char* instead;
  std::vector<std::string> folders;
  std::vector<std::string> exempt;
};

TEST(Tidy, BannedWords) {
  const std::vector<std::string> kRun = {"sim", "models", "topologies", "experiments"};
  const std::vector<Banned> banned = {
      {R"(\b(system_clock|steady_clock|gettimeofday|time\(nullptr\)|std::time\b|localtime))",
       "simulated time (sim/time.h)",
       kRun,
       {"experiments/run/runner.cpp", "experiments/cli/progress.cpp", "experiments/cli/sweep_progress.cpp"}},
      {R"(\b(rand\(|srand|random_device|mt19937|drand48))", "named chance (sim/random.h)", kRun, {}},
      {R"(\bunordered_(map|set))", "an ordered container", kRun, {}},
      {R"(std::hash\b)", "a key of its own: std::hash is not the same everywhere", kRun, {}},
      {R"(\b(setlocale|std::locale|iostream>))", "fmt", kRun, {"experiments/cli/main.cpp"}},
      {R"(\bdouble\b)", "integers (sim/time.h, sim/random.h): models have no floating point", {"models"}, {}},
      {R"(\b(KB|kb)[0-9]{5,6}\b.*[;{(])",
       "a decision point and a quirk: no article number in component code",
       {"models/smtp", "models/transport", "models/network", "models/mail", "models/content", "models/client",
        "models/store", "models/scanner", "models/x400", "experiments/run"},
       {}},
  };
  const std::regex quoted(R"("([^"\\]|\\.)*")");
  std::vector<std::regex> patterns;
  for (const Banned& rule : banned) patterns.emplace_back(rule.pattern);
  for (const File& file : sources()) {
    std::vector<std::size_t> rules;
    for (std::size_t r = 0; r < banned.size(); ++r) {
      bool applies =
          std::ranges::any_of(banned[r].folders, [&](const std::string& f) { return file.path.starts_with(f + "/"); });
      if (applies && std::ranges::find(banned[r].exempt, file.path) == banned[r].exempt.end()) rules.push_back(r);
    }
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      std::string code = file.lines[i].substr(0, file.lines[i].find("//"));
      if (rules.empty() || code.empty()) continue;
      auto found = [&](std::size_t r) { return std::regex_search(code, patterns[r]); };
      if (std::ranges::none_of(rules, found)) continue;
      code = std::regex_replace(code, quoted, "\"\"");
      for (std::size_t r : rules)
        if (found(r)) ADD_FAILURE() << where(file, i) << "\n  use " << banned[r].instead;
    }
  }
}

// Types at namespace scope by their full names, each with the file that defines it; what is anonymous is left out.
std::map<std::string, std::set<std::string>> types_of(const std::vector<File>& files) {
  const std::regex type(R"((struct|class|enum class) (\w+)( final)?( : [^;]*)? \{.*)");
  std::map<std::string, std::set<std::string>> types;
  for (const File& file : files) {
    std::vector<std::string> inside;
    for (const std::string& line : file.lines) {
      bool opens = line.starts_with("namespace ") && line.ends_with("{");
      if (opens) inside.push_back(line.substr(10, line.size() - 10 - 1));
      if (line.starts_with("}  // namespace") && !inside.empty()) inside.pop_back();
      if (!line.starts_with("struct") && !line.starts_with("class") && !line.starts_with("enum")) continue;
      std::smatch found;
      if (std::ranges::find(inside, "") != inside.end() || !std::regex_match(line, found, type)) continue;
      std::string name;
      for (const std::string& space : inside) name += space.substr(0, space.find(' ')) + "::";
      types[name + found[2].str()].insert(file.path);
    }
  }
  return types;
}

// Two of one name are undefined behaviour when both are linked, whether they meet in a file or not.
TEST(Tidy, NoTypeIsDefinedTwice) {
  auto types = types_of(sources());
  EXPECT_GT(types.size(), 300U);
  for (const auto& [name, files] : types)
    if (files.size() > 1) ADD_FAILURE() << name << " in " << *files.begin() << " and " << *files.rbegin();
}

TEST(Tidy, ATypeThatIsDefinedTwiceWouldBeFound) {
  File one{"a.h", "", "", {"namespace x {", "struct Same {"}},
      other{"b.h", "", "", {"namespace x {", "class Same : Base {"}};
  File hidden{"c.cpp", "", "", {"namespace x {", "namespace {", "struct Same {", "}  // namespace", "struct Other;"}};
  EXPECT_EQ(types_of({one, hidden}).at("x::Same").size(), 1U);
  EXPECT_EQ(types_of({one, other, hidden}).at("x::Same").size(), 2U);
}

TEST(Tidy, FilesAreSmallAndLinesAreShort) {
  constexpr std::size_t most_lines = 500, widest = 120;
  for (const File& file : sources()) {
    EXPECT_LE(file.lines.size(), most_lines) << file.path;
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      auto columns = std::ranges::count_if(file.lines[i], [](char c) { return (c & 0xc0) != 0x80; });
      bool raw_text = file.folder == "tests";
      EXPECT_TRUE(raw_text || static_cast<std::size_t>(columns) <= widest) << where(file, i);
    }
  }
}

TEST(Tidy, EveryFileOpensWithItsContractOrBelongsToAHeader) {
  for (const File& file : sources()) {
    if (file.lines.empty() || file.lines[0].starts_with("//")) continue;
    bool has_header =
        file.path.ends_with(".cpp") && fs::exists(source_path(file.path.substr(0, file.path.size() - 4) + ".h"));
    bool implements =
        file.lines[0].starts_with("#include \"") || (file.lines.size() > 2 && file.lines[2].starts_with("#include"));
    EXPECT_TRUE(has_header || implements) << file.path << " opens without saying what it is";
  }
}

// A quirk alone must not configure: the reason names what is missing.
TEST(Tidy, AQuirkWithoutItsCompanionsDoesNotConfigure) {
  TemporaryFolder tree;
  fs::create_directories(tree / "models/quirks");
  fs::create_directories(tree / "cmake");
  fs::copy(source_path("cmake/quirks.cmake"), tree / "cmake/quirks.cmake");
  write_file(tree / "models/quirks/kb999999_invented.cpp", "");
  write_file(tree / "CMakeLists.txt",
             "cmake_minimum_required(VERSION 3.25)\nproject(x NONE)\ninclude(cmake/quirks.cmake)\n");
  Said said = run_command({"cmake", "-S", tree.path(), "-B", tree / "build"});
  EXPECT_NE(said.status, 0);
  EXPECT_NE(said.err.find("kb999999_invented.cpp has no"), std::string::npos) << said.err;
  EXPECT_NE(said.err.find("experiments/articles/kb999999_invented.json"), std::string::npos) << said.err;
  fs::create_directories(tree / "experiments/articles");
  write_file(tree / "experiments/articles/kb999999_invented.json", "");
  said = run_command({"cmake", "-S", tree.path(), "-B", tree / "build"});
  EXPECT_NE(said.status, 0);
  EXPECT_NE(said.err.find("tests/articles/kb999999_test.cpp"), std::string::npos) << said.err;
  fs::create_directories(tree / "tests/articles");
  write_file(tree / "tests/articles/kb999999_test.cpp", "");
  EXPECT_EQ(run_command({"cmake", "-S", tree.path(), "-B", tree / "build"}).status, 0);
}

TEST(Tidy, EveryQuirkHasAnExperimentThatStudiesIt) {
  for (const auto& entry : fs::directory_iterator(source_path("models/quirks"))) {
    std::string name = entry.path().stem().string();
    if (!name.starts_with("kb")) continue;
    std::string article = "KB" + name.substr(2, name.find('_') - 2);
    EXPECT_NE(read_file(source_path("experiments/articles/" + name + ".json")).find("\"" + article + "\""),
              std::string::npos)
        << name;
    EXPECT_NE(read_file(source_path("models/quirks/" + name + ".cpp")).find(article), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace deadletter::testing
