// The scripts of ./dev bench: what they compute is right and what they refuse is said. No figure is measured here.
#include <gtest/gtest.h>

#include "tests/support/command.h"

namespace deadletter::testing {
namespace {

Said bench(std::vector<std::string> words) {
  words.insert(words.begin(), {"/usr/bin/python3", source_path("tests/bench/bench.py")});
  return run_command(words);
}

TEST(BenchScripts, TheirArithmeticAndTablesHold) {
  Said said = bench({"--self-test"});
  EXPECT_EQ(said.status, 0) << said.err;
  EXPECT_NE(said.err.find("Ran "), std::string::npos) << said.err;
}

TEST(BenchScripts, ASelfTestThatDoesNotHoldIsAFailure) { EXPECT_EQ(bench({"--self-test", "NoSuchTest"}).status, 1); }

TEST(BenchScripts, WrongWordsAreUsageAndWhatIsMissingIsNamed) {
  Said usage = bench({"growht"});
  EXPECT_EQ(usage.status, 2);
  EXPECT_NE(usage.err.find("'growht' is no number from 1k to 100M"), std::string::npos) << usage.err;
  Said missing = bench({"10k", "--build", "/nowhere"});
  EXPECT_EQ(missing.status, 1);
  EXPECT_NE(missing.err.find("/nowhere/deadletter: No such file"), std::string::npos) << missing.err;
}

}  // namespace
}  // namespace deadletter::testing
