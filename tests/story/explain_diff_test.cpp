// explain RUN_DIR MESSAGE --diff OTHER_RUN, as a person meets it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/command.h"

namespace deadletter::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

std::string article(const std::string& name) { return source_path("experiments/articles/" + name + ".json"); }

class ExplainDiff : public ::testing::Test {
 protected:
  std::string run(const std::string& experiment, const std::string& variant, const std::string& folder) {
    Said said = deadletter({"run", article(experiment), "--variant", variant, "--out", here_ / folder});
    EXPECT_LT(said.status, 2) << said.err;
    return here_ / folder;
  }
  Said diff(const std::string& one, const std::string& other, const std::string& columns = "200") {
    return deadletter({"explain", one, "m1", "--diff", other}, {"", {{"COLUMNS", columns}}});
  }

  TemporaryFolder here_;
};

TEST_F(ExplainDiff, SaysWhatBecameOfTheMessageAndWhereTheStoriesPart) {
  std::string unfixed = run("kb912341_multiline_354", "unfixed", "unfixed");
  std::string hotfix = run("kb912341_multiline_354", "hotfix", "hotfix");
  Said wide = diff(unfixed, hotfix);
  EXPECT_EQ(wide.status, 0) << wide.err;
  EXPECT_THAT(wide.out, HasSubstr("returned 4.4.7, attempts 193, copies 193"));
  EXPECT_THAT(wide.out, HasSubstr("the first that differs\n  00:00:00.1601936 EX1 body s1 > 20483 octets of m1"));
  EXPECT_THAT(wide.out, HasSubstr(" = 00:00:00"));
  Said narrow = diff(unfixed, hotfix, "80");
  EXPECT_THAT(narrow.out, HasSubstr("\n<   00:00:00.1601936 EX1 body"));
  EXPECT_THAT(narrow.out, HasSubstr("\n>   00:00:01.1601888 EX1 reply"));
  EXPECT_THAT(diff(unfixed, unfixed).out, HasSubstr("way: the same but for times"));
}

TEST_F(ExplainDiff, RefusesWhatCannotBeLaidSideBySide) {
  std::string unfixed = run("kb912341_multiline_354", "unfixed", "unfixed");
  Said nowhere = diff(unfixed, here_ / "none");
  EXPECT_EQ(nowhere.status, 2);
  EXPECT_THAT(nowhere.err, HasSubstr("there is no such file"));
  Said nobody = diff(unfixed, run("kb843242_signed_over_x400", "unfixed", "x400"));
  EXPECT_EQ(nobody.status, 2);
  EXPECT_THAT(nobody.err, HasSubstr("valid: signed"));

  std::string other = run("kb912341_multiline_354", "hotfix", "other");
  std::string text = read_file(other + "/run.json");
  const std::string name = "\"experiment\": \"kb912341_multiline_354\"";
  ASSERT_NE(text.find(name), text.npos);
  write_file(other + "/run.json", text.replace(text.find(name), name.size(), "\"experiment\": \"another\""));
  Said stranger = diff(unfixed, other);
  EXPECT_EQ(stranger.status, 2);
  EXPECT_THAT(stranger.err, HasSubstr("a run of another; expected one of kb912341_multiline_354"));
  EXPECT_THAT(stranger.out, Not(HasSubstr("recipients")));

  std::string silent = run("kb912341_multiline_354", "hotfix", "silent");
  fs::remove(silent + "/transcript.txt");
  Said unheard = diff(unfixed, silent);
  EXPECT_EQ(unheard.status, 2);
  EXPECT_THAT(unheard.err, HasSubstr("run it with --record events"));
}

}  // namespace
}  // namespace deadletter::testing
