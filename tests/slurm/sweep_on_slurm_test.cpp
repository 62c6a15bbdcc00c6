// A sweep on a real Slurm: munged, slurmctld and slurmd are started for it and are gone after it (sweep_on_slurm.py).
#include <gtest/gtest.h>

#include "tests/support/command.h"

namespace deadletter::testing {
namespace {

constexpr int kNotInstalled = 77;

Said tell_story(const std::string& program, const Surroundings& surroundings = {}) {
  return run_command({"/usr/bin/python3", source_path("tests/slurm/sweep_on_slurm.py"), program,
                      source_path("experiments/articles/kb912341_multiline_354.json")},
                     surroundings);
}

TEST(SweepOnSlurm, ASweepWhoseTaskAndNodeWereKilledEqualsTheLocalOneOctetForOctet) {
  Said said = tell_story(program());
  if (said.status == kNotInstalled) GTEST_SKIP() << said.out;
  EXPECT_EQ(said.status, 0) << said.out << said.err;
  EXPECT_NE(said.out.find("are those of --engine local, octet for octet"), std::string::npos) << said.out;
}

TEST(SweepOnSlurm, AProgramThatDoesNothingIsAFailure) {
  Said said = tell_story("/bin/true");
  if (said.status == kNotInstalled) GTEST_SKIP() << said.out;
  EXPECT_EQ(said.status, 1) << said.out;
  EXPECT_NE(said.err.find("did not hold"), std::string::npos) << said.err;
}

}  // namespace
}  // namespace deadletter::testing
