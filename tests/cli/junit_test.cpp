// run --junit: what a pipeline reads, as Python's own XML parser sees it.
#include "experiments/cli/junit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/command.h"

namespace deadletter::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string kArticle = source_path("experiments/articles/kb912341_multiline_354.json");

// "suite tests/failures/errors" a suite, and below it what failed: "  kind: message".
std::string as_read(const std::string& file) {
  constexpr const char* script = R"(
import sys, xml.etree.ElementTree as tree
for suite in tree.parse(sys.argv[1]).getroot():
    cases = suite.findall('testcase')
    print(suite.get('name'), '/'.join(suite.get(k) for k in ('tests', 'failures', 'errors')))
    assert len(cases) == int(suite.get('tests')), 'the count is wrong'
    assert len({(c.get('classname'), c.get('name')) for c in cases}) == len(cases), 'two cases of one name'
    assert float(suite.get('time')) >= 0
    for case in cases:
        for bad in case:
            print(' ', bad.tag + ':', bad.get('message'))
            assert bad.text
)";
  Said said = run_command({"python3", "-c", script, file});
  return said.status == 0 ? said.out : "not XML as it should be: " + said.err;
}

struct Ran {
  TemporaryFolder folder;
  std::string junit = folder / "junit.xml";
  Said said;

  explicit Ran(std::vector<std::string> words) {
    words.insert(words.begin(), "run");
    words.insert(words.end(), {"--junit", junit, "--out", folder / "out"});
    said = deadletter(words);
  }
};

TEST(JUnit, EachVariantIsASuiteAndEachExpectationAndOracleACase) {
  Ran ran({kArticle, "--variant", "all"});
  EXPECT_EQ(ran.said.status, 0) << ran.said.err;
  EXPECT_EQ(as_read(ran.junit),
            "kb912341_multiline_354.unfixed 5/0/0\nkb912341_multiline_354.hotfix 5/0/0\n"
            "kb912341_multiline_354.sp2 5/0/0\nkb912341_multiline_354.workaround 5/0/0\n"
            "kb912341_multiline_354.hotfix_later 5/0/0\n");
}

TEST(JUnit, AFailedExpectationSaysWhy) {
  Ran ran({kArticle, "--variant", "unfixed,hotfix", "--set", "/variants/unfixed/expect/0/copies=1"});
  EXPECT_EQ(ran.said.status, 1);
  EXPECT_EQ(as_read(ran.junit),
            "kb912341_multiline_354.unfixed 5/1/0\n"
            "  failure: m1 to bob@fabrikam.com: 193 copies, expected 1\nkb912341_multiline_354.hotfix 5/0/0\n");
}

TEST(JUnit, ASingleVariantIsWrittenTheSameWay) {
  Ran ran({kArticle, "--variant", "unfixed", "--set", "/variants/unfixed/expect/0/copies=1"});
  EXPECT_EQ(as_read(ran.junit),
            "kb912341_multiline_354.unfixed 5/1/0\n  failure: m1 to bob@fabrikam.com: 193 copies, expected 1\n");
}

TEST(JUnit, AVariantThatCannotBeMadeIsAnError) {
  Ran ran({kArticle, "--variant", "all", "--set", "/variants/hotfix/builds/EX1=exchange-1066"});
  EXPECT_EQ(ran.said.status, 2);
  std::string read = as_read(ran.junit);
  EXPECT_THAT(read, HasSubstr("kb912341_multiline_354.hotfix 1/0/1\n  error: "));
  EXPECT_THAT(read, HasSubstr("exchange-1066"));
  EXPECT_THAT(read, Not(HasSubstr("unfixed"))) << "nothing ran";
}

TEST(JUnit, AnExperimentThatCannotBeReadIsAnError) {
  TemporaryFolder folder;
  write_file(folder / "x.json", "{ \"id\": ");
  Ran ran({folder / "x.json"});
  EXPECT_EQ(ran.said.status, 2);
  EXPECT_THAT(as_read(ran.junit), HasSubstr("x.json 1/0/1\n  error: "));
}

TEST(JUnit, ARunThatBreaksOffIsAnError) {
  for (const char* variants : {"unfixed", "unfixed,hotfix"}) {
    TemporaryFolder folder;
    Said said =
        run_command({"bash", "-c", "trap '' XFSZ; ulimit -f 16; exec \"$@\"", "bash", program(), "run", kArticle,
                     "--variant", variants, "--junit", folder / "junit.xml", "--out", folder / "out"});
    EXPECT_EQ(said.status, 5) << said.err;
    EXPECT_THAT(as_read(folder / "junit.xml"), HasSubstr("unfixed 1/0/1\n  error: cannot write ")) << variants;
  }
}

TEST(JUnit, AFileThatCannotBeWrittenIsSaidBeforeTheRun) {
  Ran ran({kArticle, "--junit", "/nowhere/junit.xml"});
  EXPECT_EQ(ran.said.status, 2);
  ran.said = deadletter({"run", kArticle, "--junit", "/nowhere/junit.xml", "--out", ran.folder / "other"});
  EXPECT_EQ(ran.said.status, 2);
  EXPECT_THAT(ran.said.err, HasSubstr("--junit /nowhere/junit.xml: cannot be written"));
  EXPECT_FALSE(std::filesystem::exists(ran.folder / "other"));
}

TEST(JUnit, WhateverATextHoldsTheDocumentIsXml) {
  experiments::Result result;
  result.experiment = "a<b>&\"c\"";
  result.variant =
      "bell\x07"
      "escape\x1b nul" +
      std::string(1, '\0') + "del\x7f";
  result.out = "octets \xff\xc3 no UTF-8, U+FFFE \xef\xbf\xbe, é, 漢";
  result.expectations.hold("the same");
  result.expectations.hold("the same");
  result.expectations.failed.push_back({"]]> <![CDATA[ </failure>", "line one\nline two\ttab\r"});
  TemporaryFolder folder;
  ASSERT_TRUE(cli::write_junit(folder / "x.xml", {cli::junit_suite(result)}));
  EXPECT_EQ(as_read(folder / "x.xml"),
            "a<b>&\"c\".bellescape nuldel\x7f 3/1/0\n  failure: line one\nline two\ttab\r\n");
  EXPECT_EQ(cli::xml_text("é \xff \xef\xbf\xbe"
                          "漢"),
            "é ? 漢");
}

TEST(JUnit, AnInterruptedRunIsAnError) {
  experiments::Result result;
  result.experiment = "x";
  result.variant = "y";
  result.complete = false;
  TemporaryFolder folder;
  ASSERT_TRUE(cli::write_junit(folder / "x.xml", {cli::junit_suite(result)}));
  EXPECT_EQ(as_read(folder / "x.xml"), "x.y 1/0/1\n  error: interrupted\n");
}

}  // namespace
}  // namespace deadletter::testing
