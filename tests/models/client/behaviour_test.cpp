// What a mail client decides about what it sends, every case, and the values that it goes by.
#include "models/client/behaviour.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace deadletter::client {
namespace {

using sim::Duration;
using ::testing::ElementsAre;

TEST(SubmitCheck, OnlyCachedModeReturnsAndOnlyWhatItsListLacks) {
  ClientBehaviour behaviour;
  struct Row {
    Mode mode;
    bool held, listed;
    SubmitCheck answer;
  };
  const Row rows[] = {
      {Mode::online, false, false, SubmitCheck::submit}, {Mode::online, true, false, SubmitCheck::submit},
      {Mode::online, true, true, SubmitCheck::submit},   {Mode::owa, false, false, SubmitCheck::submit},
      {Mode::owa, true, false, SubmitCheck::submit},     {Mode::owa, true, true, SubmitCheck::submit},
      {Mode::cached, false, false, SubmitCheck::submit}, {Mode::cached, true, false, SubmitCheck::return_locally},
      {Mode::cached, true, true, SubmitCheck::submit},
  };
  for (const Row& row : rows) {
    auto ruling = behaviour.submit_check.rule({"FAX", row.listed, row.held, row.mode});
    EXPECT_EQ(ruling.outcome, row.answer) << text(row.mode) << " held " << row.held << " listed " << row.listed;
    EXPECT_EQ(ruling.blame, Blame{});
  }
}

TEST(ClientAttributes, AreTheProductsDefaults) {
  ClientBehaviour behaviour;
  EXPECT_EQ(*behaviour.address_types_read, ListRead::session_start);
  EXPECT_EQ(*behaviour.upload, Duration::seconds(15));
  EXPECT_EQ(*behaviour.download, Duration::seconds(30));
  EXPECT_EQ(*behaviour.maximum, Duration::seconds(60));
  EXPECT_EQ(*behaviour.oab, Duration::hours(24));
  std::vector<std::string> names;
  ClientBehaviour::each(behaviour, [&](const auto& one) { names.emplace_back(one.info().name); });
  EXPECT_THAT(names, ElementsAre("client.response_time", "client.response_shown", "client.submit_check",
                                 "client.address_types_read", "client.upload", "client.download", "client.maximum",
                                 "client.oab"));
}

TEST(ClientAttributes, ModesHaveNames) {
  EXPECT_STREQ(text(Mode::online), "online");
  EXPECT_STREQ(text(Mode::cached), "cached");
  EXPECT_STREQ(text(Mode::owa), "owa");
}

}  // namespace
}  // namespace deadletter::client
