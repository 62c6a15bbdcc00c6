// What a build is written as, what it is read as, and what an installer refuses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "models/builds/installation.h"

namespace deadletter::builds {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// The build as it was understood, one word a part: "release+update".
std::string understood(const ParsedBuild& parsed) {
  std::vector<std::string> parts;
  for (const Installed& part : parsed.build.parts)
    parts.push_back(
        fmt::format("{}{}{}", part.release->name, part.updates.empty() ? "" : "+", fmt::join(part.updates, "+")));
  return fmt::format("{}", fmt::join(parts, " / "));
}

TEST(ParseBuild, ReadsWhatStandsOnWhat) {
  const std::pair<const char*, const char*> rows[] = {
      {"reference-mta", "reference-mta"},
      {"postfix-2.4", "postfix-2.4"},
      {"windows-2003-sp1", "windows-2003-sp1"},
      {"windows-2003-sp1+KB912341", "windows-2003-sp1+KB912341"},
      {"exchange-2003-sp2 on windows-2003-sp1", "exchange-2003-sp2 / windows-2003-sp1"},
      {"exchange-2003-sp2 on windows-2003-sp1+KB912341", "exchange-2003-sp2 / windows-2003-sp1+KB912341"},
      {"exchange-2003-rtm on windows-2000-sp4", "exchange-2003-rtm / windows-2000-sp4"},
      {"exchange-2000-sp3 on windows-2000-sp3", "exchange-2000-sp3 / windows-2000-sp3"},
      {"exchange-2007-sp1 on windows-2003-sp2", "exchange-2007-sp1 / windows-2003-sp2"},
  };
  for (const auto& [text, parts] : rows) {
    ParsedBuild parsed = parse_build(text);
    EXPECT_EQ(understood(parsed), parts);
    EXPECT_EQ(parsed.build.text, text);
    EXPECT_THAT(parsed.errors, IsEmpty()) << text;
    EXPECT_THAT(parsed.refused, IsEmpty()) << text;
  }
}

TEST(ParseBuild, EveryReleaseCanBeInstalledOnEachOfItsPlatforms) {
  for (const Product& product : products())
    for (const Release& release : product.releases) {
      if (product.runs_on.empty()) {
        EXPECT_THAT(parse_build(release.name, product.kind).errors, IsEmpty()) << release.name;
      }
      for (const Product& below : products())
        for (const Release& platform : below.releases) {
          std::string text = release.name + " on " + platform.name;
          bool right = std::ranges::find(product.runs_on, below.name) != product.runs_on.end() ||
                       std::ranges::find(product.runs_on, platform.name) != product.runs_on.end();
          EXPECT_EQ(parse_build(text, product.kind).errors.empty(), right) << text;
        }
    }
}

TEST(ParseBuild, SaysWhatIsWrongAndWhatCouldStandThere) {
  struct Row {
    const char* text;
    const char* message;
    const char* word;
  };
  const char* kPlatforms2003 =
      R"(exchange-2003 runs on windows-2003, windows-2000-sp3 or windows-2000-sp4: write "exchange-2003-sp2 on windows-2003-…")";
  const Row rows[] = {
      {"exchange-2003-sp2 on windows-2000-sp2", kPlatforms2003, "exchange-2003-sp2"},
      {"exchange-5.5-sp4",
       R"(exchange-5.5 runs on windows-2000 (Windows NT 4 is not in the catalogue): write "exchange-5.5-sp4 on windows-2000-…")",
       "exchange-5.5-sp4"},
      {"exchange-2003-sp9 on windows-2003-sp1", R"(unknown release "exchange-2003-sp9")", "exchange-2003-sp9"},
      {"Exchange-2003-sp2 on windows-2003-sp1", R"(unknown release "Exchange-2003-sp2")", "Exchange-2003-sp2"},
      {"exchange-2003-sp2 on windows-2003-sp7", R"(unknown release "windows-2003-sp7")", "windows-2003-sp7"},
      {"windows-2003", R"(unknown release "windows-2003")", "windows-2003"},
      {"windows-2003-sp1+KB999999", R"(unknown update "KB999999")", "KB999999"},
      {"windows-2003-sp1+912341", R"(unknown update "912341")", "912341"},
      {"exchange-2003-sp2", kPlatforms2003, "exchange-2003-sp2"},
      {"exchange-2007-rtm on windows-2000-sp4",
       R"(exchange-2007 runs on windows-2003: write "exchange-2007-rtm on windows-2003-…")", "exchange-2007-rtm"},
      {"exchange-2003-sp2 on postfix-2.4", kPlatforms2003, "exchange-2003-sp2"},
      {"postfix-2.4 on windows-2003-sp1", "postfix-2.4 does not run on another product", "postfix-2.4"},
      {"windows-2003-sp1 on exchange-2003-sp2", "windows-2003 does not run on another product", "windows-2003"},
  };
  for (const Row& row : rows) {
    ParsedBuild parsed = parse_build(row.text);
    ASSERT_FALSE(parsed.errors.empty()) << row.text;
    EXPECT_EQ(parsed.errors[0].message, row.message);
    EXPECT_EQ(parsed.errors[0].word, row.word);
  }
  EXPECT_THAT(parse_build("exchange-2003").errors[0].choices, Contains("exchange-2003-sp2"));
  EXPECT_THAT(parse_build("windows-2003-sp1+KB91234").errors[0].choices, ElementsAre("KB912341"));
  EXPECT_EQ(parse_build("x on y").errors.size(), 2U) << "all that is wrong is said at once";
}

TEST(ParseBuild, RefusesWithoutCrashingWhateverIsWritten) {
  for (const char* text : {"", " ", "+", "++", " on ", " on  on ", "on", "a on b on c on d", "windows-2003-sp1+",
                           "windows-2003-sp1++KB912341", "+KB912341", "@", "windows-2003-sp1+@", "windows-2003-sp1+@x",
                           "windows-2003-sp1 +KB912341", "windows-2003-sp1 on "})
    EXPECT_FALSE(parse_build(text).errors.empty()) << text;
}

TEST(ParseBuild, AnUpdateIsRefusedWhereItsInstallerWouldRefuse) {
  struct Row {
    const char* text;
    const char* reason;
  };
  const Row rows[] = {
      {"windows-2003-sp2+KB912341", "windows-2003-sp2 contains it already"},
      {"windows-2003-rtm+KB912341", "needs windows-2003-sp1, found windows-2003-rtm"},
      {"windows-2003-rtm+KB912341@windows-2003-sp1", "needs windows-2003-sp1, found windows-2003-rtm"},
      {"windows-2003-sp1+KB912341@windows-2003-rtm", "there is no package for windows-2003-rtm"},
      {"windows-2003-sp1+KB912341+KB912341", "it is installed already"},
      {"exchange-2003-sp2+KB912341 on windows-2003-sp1", "needs windows-2003-sp1, found exchange-2003-sp2"},
      {"postfix-2.4+KB912341", "needs windows-2003-sp1, found postfix-2.4"},
      {"windows-2000-sp4+KB912341", "needs windows-2003-sp1, found windows-2000-sp4"},
      {"windows-2003-sp1+KB912341@windows-2003-sp1", ""},
  };
  for (const Row& row : rows) {
    ParsedBuild parsed = parse_build(row.text);
    EXPECT_THAT(parsed.errors, IsEmpty()) << row.text;
    std::string reason = parsed.refused.empty() ? "" : parsed.refused[0].reason;
    EXPECT_EQ(reason, row.reason) << row.text;
    EXPECT_EQ(parsed.refused.empty(), std::string(row.reason).empty()) << row.text;
    if (!parsed.refused.empty()) {
      EXPECT_EQ(parsed.refused[0].update, "KB912341");
    }
  }
  // What is refused is not part of the build, the rest is.
  EXPECT_EQ(understood(parse_build("windows-2003-rtm+KB912341")), "windows-2003-rtm");
  EXPECT_EQ(understood(parse_build("windows-2003-sp1+KB912341+KB912341")), "windows-2003-sp1+KB912341");
}

TEST(ParseBuild, AnInstallationIsASetOfUpdatesContainedOnesToo) {
  EXPECT_THAT(updates(parse_build("windows-2003-sp1").build), IsEmpty());
  EXPECT_THAT(updates(parse_build("windows-2003-sp1+KB912341").build), ElementsAre("KB912341"));
  EXPECT_THAT(updates(parse_build("exchange-2003-sp2 on windows-2003-sp2").build), ElementsAre("KB912341"));
}

TEST(Products, AreNamedOnceAndRunOnWhatThereIs) {
  std::vector<std::string> names;
  for (const Product& product : products()) {
    names.push_back(product.name);
    EXPECT_FALSE(product.releases.empty()) << product.name;
    for (const Release& release : product.releases) {
      EXPECT_EQ(find_release(release.name).release, &release);
      EXPECT_EQ(find_release(release.name).product, &product);
    }
    for (const std::string& below : product.runs_on)
      EXPECT_TRUE(find_release(below).release != nullptr ||
                  std::ranges::any_of(products(), [&](const Product& p) { return p.name == below; }))
          << below;
  }
  EXPECT_TRUE(std::ranges::is_sorted(names));
  EXPECT_EQ(std::ranges::adjacent_find(names), names.end());
  EXPECT_EQ(find_release("windows").release, nullptr);
}

}  // namespace
}  // namespace deadletter::builds
