// What is installed is whole: the program runs from there, and a project out of the tree finds and uses the libraries.
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/command.h"

namespace deadletter::testing {
namespace fs = std::filesystem;
namespace {

class Installed : public ::testing::Test {
 protected:
  void SetUp() override {
    if (run_command({"cmake", "--version"}).status != 0) GTEST_SKIP() << "there is no cmake to install with";
    succeed({"cmake", "--install", DEADLETTER_BUILD_DIR, "--prefix", folder_ / "prefix"});
  }
  std::string succeed(const std::vector<std::string>& words) {
    Said said = run_command(words, {.folder = folder_.path()});
    EXPECT_EQ(said.status, 0) << words[0] << "\n" << said.out << said.err;
    return said.out;
  }
  TemporaryFolder folder_;
};

TEST_F(Installed, TheProgramChecksAndExplainsTheExperimentsThatCameWithIt) {
  const std::string share = folder_ / "prefix/share/deadletter/";
  const std::string experiment = share + "experiments/articles/kb912341_multiline_354.json";
  succeed({folder_ / "prefix/bin/deadletter", "check", experiment});
  EXPECT_NE(succeed({folder_ / "prefix/bin/deadletter", "explain", experiment, "EX1"}).find("KB912341"),
            std::string::npos);
  for (const char* file :
       {"share/deadletter/topologies/internet_edge.json", "share/deadletter/topologies/topology.schema.json",
        "share/deadletter/experiments/experiment.schema.json", "share/doc/deadletter/LICENSE",
        "include/deadletter/sim/json/value.h", "include/deadletter/models/builds/product.h"})
    EXPECT_TRUE(fs::exists(folder_ / "prefix/" + file)) << file;
}

TEST_F(Installed, AProjectOutOfTheTreeFindsTheLibrariesAndUsesThem) {
  fs::copy(source_path("tests/install/consumer"), folder_ / "consumer", fs::copy_options::recursive);
  succeed({"cmake", "-S", "consumer", "-B", "build", "-DCMAKE_PREFIX_PATH=" + folder_ / "prefix",
           std::string("-DCMAKE_CXX_COMPILER=") + DEADLETTER_CXX,
           std::string("-DCMAKE_CXX_FLAGS=") + DEADLETTER_CXX_FLAGS});
  succeed({"cmake", "--build", "build"});
  EXPECT_EQ(succeed({folder_ / "build/consumer"}), "two days are 2d 00:00:00\n");
  EXPECT_EQ(succeed({folder_ / "build/catalogue"}), "Exchange Server 2003 Service Pack 2\n");
}

}  // namespace
}  // namespace deadletter::testing
