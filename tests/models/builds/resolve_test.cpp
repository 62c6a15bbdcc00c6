// What is in force on an installation, what is not, and why.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "models/builds/installation.h"
#include "models/builds/settings.h"

namespace deadletter::builds {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const UnderStudy kStudied{false, {"KB912341"}}, kAll{true, {}}, kNothing{};

Build build(const std::string& text) {
  ParsedBuild parsed = parse_build(text);
  EXPECT_THAT(parsed.errors, IsEmpty()) << text;
  return parsed.build;
}

Resolved resolve_text(const std::string& text, const UnderStudy& under_study) {
  Build b = build(text);
  return resolve(b, profile_of(b), {}, under_study);
}

const QuirkStanding& kb912341(const Resolved& resolved) {
  for (const QuirkStanding& standing : resolved.quirks)
    if (standing.quirk->kb == "KB912341") return standing;
  throw std::logic_error("KB912341 is not in the catalogue");
}

TEST(Resolve, SaysOfAnArticleWhetherItIsInForceAndWhy) {
  struct Row {
    const char* text;
    const UnderStudy* under_study;
    bool in_force;
    const char* why;
  };
  const char* kRemedied = "taken out of force by hotfix KB912341 (Smtpsvc.dll 6.0.3790.2668)";
  const Row rows[] = {
      {"windows-2003-sp1", &kStudied, true, "affects windows-2003-sp1"},
      {"windows-2003-rtm", &kStudied, true, "affects windows-2003-rtm"},
      {"exchange-2003-sp2 on windows-2003-sp1", &kStudied, true, "affects windows-2003-sp1"},
      {"exchange-2003-sp2 on windows-2003-sp1", &kAll, true, "affects windows-2003-sp1"},
      {"exchange-2003-sp2 on windows-2003-sp1", &kNothing, false, "affects windows-2003-sp1, but is not under study"},
      {"windows-2003-sp1+KB912341", &kStudied, false, kRemedied},
      {"exchange-2003-sp2 on windows-2003-sp1+KB912341", &kAll, false, kRemedied},
      {"windows-2003-rtm+KB912341", &kStudied, true, "affects windows-2003-rtm"},  // the installer refused it
      {"windows-2003-sp2", &kStudied, false, "does not affect windows-2003-sp2"},
      {"exchange-2003-sp2 on windows-2000-sp4", &kStudied, false,
       "does not affect exchange-2003-sp2 on windows-2000-sp4"},
      {"postfix-2.4", &kStudied, false, "does not affect postfix-2.4"},
      {"exchange-2007-sp1 on windows-2003-sp1", &kStudied, false,
       "exchange-2007-sp1 does not send through the SMTP service of windows-2003-sp1"},
  };
  for (const Row& row : rows) {
    Resolved resolved = resolve_text(row.text, *row.under_study);
    EXPECT_EQ(kb912341(resolved).in_force, row.in_force) << row.text;
    EXPECT_EQ(kb912341(resolved).why, row.why) << row.text;
    EXPECT_EQ(resolved.behaviour.smtp_client.reply_reader.deviating().size(), row.in_force ? 1U : 0U) << row.text;
  }
}

TEST(Resolve, OnlyWhatAnArticleSaysDeviates) {
  Resolved resolved = resolve_text("windows-2003-sp1", kStudied);
  std::vector<std::string> deviating;
  for (const PointRow& row : point_rows(resolved.behaviour))
    if (!row.deviating.empty()) deviating.emplace_back(row.info->name);
  EXPECT_THAT(deviating, ElementsAre("smtp.client.reply_reader"));
  for (const AttributeRow& row : attribute_rows(resolved.behaviour)) EXPECT_FALSE(row.blame) << row.info->name;
}

TEST(Resolve, TellsOfEveryArticleOfTheCatalogueInAscendingOrder) {
  Resolved resolved = resolve_text("reference-mta", kAll);
  ASSERT_EQ(resolved.quirks.size(), quirks::catalogue().size());
  for (std::size_t i = 0; i < resolved.quirks.size(); ++i) {
    EXPECT_EQ(resolved.quirks[i].quirk, &quirks::catalogue()[i]);
    EXPECT_FALSE(resolved.quirks[i].in_force);
    EXPECT_FALSE(resolved.quirks[i].why.empty());
  }
}

// With nothing under study a build is its profile, whatever is installed on it.
TEST(Resolve, WhatIsNotUnderStudyChangesNothing) {
  for (const Product& product : products())
    for (const Release& release : product.releases) {
      std::string text = release.name + (product.runs_on.empty() ? "" : " on windows-2003-sp1");
      if (!parse_build(text).errors.empty()) continue;
      for (const PointRow& row : point_rows(resolve_text(text, kNothing).behaviour))
        EXPECT_THAT(row.deviating, IsEmpty()) << text << ": " << row.info->name;
    }
}

TEST(Profiles, LayTheProductsOwnAnswersWithTheirSource) {
  NodeBehaviour reference = profile_of(build("reference-mta"));
  for (const AttributeRow& row : attribute_rows(reference))
    EXPECT_EQ(row.laid.layer, Layer::standard) << row.info->name;
  for (const PointRow& row : point_rows(reference)) EXPECT_EQ(row.laid.layer, Layer::standard) << row.info->name;
  NodeBehaviour windows = profile_of(build("windows-2003-sp1"));
  EXPECT_EQ(windows.queue.ladder->preset, "iis");
  EXPECT_EQ(windows.queue.ladder.laid().layer, Layer::profile);
  // Exchange 2003 lays its own ladder over that of the service below it, and keeps the rest of it.
  NodeBehaviour exchange = profile_of(build("exchange-2003-sp2 on windows-2003-sp1"));
  EXPECT_EQ(exchange.queue.ladder->preset, "esm");
  EXPECT_EQ(exchange.queue.glitch->count, 3U);
  EXPECT_EQ(exchange.queue.glitch.laid().by, windows.queue.glitch.laid().by);
}

// Exchange 2007 has a transport of its own: nothing of the SMTP service below shows through, in its profile or in the
// registry.
TEST(Profiles, ATransportOfItsOwnHidesTheOneBelow) {
  Build hub = build("exchange-2007-sp1 on windows-2003-sp1");
  NodeBehaviour behaviour = profile_of(hub);
  for (const AttributeRow& row : attribute_rows(behaviour))
    EXPECT_EQ(row.laid.by.find("Windows"), std::string::npos) << row.info->name;
  for (const PointRow& row : point_rows(behaviour))
    EXPECT_EQ(row.laid.by.find("Windows"), std::string::npos) << row.info->name;
  EXPECT_THAT(registry_names(hub), IsEmpty());
  EXPECT_EQ(find_registry_value(hub, "GlitchRetrySeconds"), nullptr);
}

TEST(Registry, AValueSetsTheAttributeThatItsProductSays) {
  Build exchange = build("exchange-2003-sp2 on windows-2003-sp1");
  EXPECT_THAT(registry_names(exchange), ElementsAre("FixRecipientTrackStatusTime", "Ignore zombie users",
                                                    "GlitchRetrySeconds", "PerMsgFailuresBeforeMarkingAsProblem"));
  EXPECT_EQ(find_registry_value(exchange, "glitchretryseconds"), nullptr);
  NodeBehaviour behaviour = profile_of(exchange);
  find_registry_value(exchange, "GlitchRetrySeconds")->apply(behaviour, 5, {Layer::configuration, "registry"});
  find_registry_value(exchange, "PerMsgFailuresBeforeMarkingAsProblem")
      ->apply(behaviour, 0, {Layer::configuration, "registry"});
  EXPECT_EQ(*behaviour.queue.glitch, (transport::Glitch{sim::Duration::seconds(5), 3}));
  EXPECT_EQ(*behaviour.queue.problem_after, 0U);
  EXPECT_EQ(behaviour.queue.problem_after.laid().layer, Layer::configuration);
}

}  // namespace
}  // namespace deadletter::builds
