// The published schemas are those that the readers describe, and editors that use them agree with the program.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "tests/support/command.h"

namespace deadletter::testing {
namespace fs = std::filesystem;
namespace {

const std::string kExperiment = "experiments/experiment.schema.json", kTopology = "topologies/topology.schema.json",
                  kSweep = "experiments/sweep.schema.json";

std::vector<std::string> files(const std::string& folder, const std::string& words = "") {
  std::vector<std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(source_path(folder))) {
    if (entry.path().string().find("/report/web/") != std::string::npos) continue;  // a program of its own
    std::string name = entry.path().filename().string();
    bool schema = name.ends_with(".schema.json");
    if (entry.path().extension() == ".json" && !schema && name.find(words) != std::string::npos)
      found.push_back(entry.path().string());
  }
  std::ranges::sort(found);
  return found;
}

// What schema_check.py says about each, a line a file.
std::vector<std::string> held_against(const std::string& schema, std::vector<std::string> files) {
  std::vector<std::string> words{"/usr/bin/python3", source_path("tests/config/schema_check.py"), source_path(schema)};
  words.insert(words.end(), files.begin(), files.end());
  Said said = run_command(words);
  EXPECT_EQ(said.status, 0) << said.err;
  std::vector<std::string> lines;
  std::istringstream out(said.out);
  for (std::string line; std::getline(out, line);) lines.push_back(line);
  EXPECT_EQ(lines.size(), files.size());
  return lines;
}

TEST(PublishedSchema, TheCommittedFilesAreWhatTheProgramPrints) {
  EXPECT_EQ(deadletter({"schema", "experiment"}).out, read_file(source_path(kExperiment))) << "run ./dev schemas";
  EXPECT_EQ(deadletter({"schema", "topology"}).out, read_file(source_path(kTopology))) << "run ./dev schemas";
  EXPECT_EQ(deadletter({"schema", "sweep"}).out, read_file(source_path(kSweep))) << "run ./dev schemas";
}

TEST(PublishedSchema, EveryExperimentOfTheProjectIsValid) {
  std::vector<std::string> experiments = files("experiments");
  std::erase_if(experiments, [](const std::string& f) { return f.find("/sweeps/") != std::string::npos; });
  for (const std::string& line : held_against(kExperiment, experiments)) EXPECT_TRUE(line.ends_with(": valid")) << line;
}

TEST(PublishedSchema, EverySweepOfTheProjectIsValid) {
  for (const std::string& line : held_against(kSweep, files("experiments/sweeps")))
    EXPECT_TRUE(line.ends_with(": valid")) << line;
}

TEST(PublishedSchema, EveryTopologyOfTheProjectIsValid) {
  std::vector<std::string> topologies = files("topologies");
  topologies.push_back(source_path("tests/config/edge.json"));
  for (const std::string& line : held_against(kTopology, topologies)) EXPECT_TRUE(line.ends_with(": valid")) << line;
}

TEST(PublishedSchema, AMistakeOfShapeIsRefusedByTheSchemaToo) {
  std::vector<std::string> experiments, topologies;
  for (const std::string& file : files("tests/config/bad", "_shape"))
    (file.find("_topology_") == std::string::npos ? experiments : topologies).push_back(file);
  EXPECT_GE(experiments.size() + topologies.size(), 30U);
  for (const auto& [schema, list] : {std::pair{kExperiment, experiments}, std::pair{kTopology, topologies}})
    for (const std::string& line : held_against(schema, list)) {
      EXPECT_FALSE(line.ends_with(": valid")) << line;
      EXPECT_EQ(line.find(": no JSON"), std::string::npos) << line;
    }
}

}  // namespace
}  // namespace deadletter::testing
