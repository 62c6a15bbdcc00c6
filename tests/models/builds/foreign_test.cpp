// Foreign servers do what was measured of them and what their documents say; one row for each difference.
#include <gtest/gtest.h>

#include "models/builds/installation.h"
#include "models/builds/settings.h"

namespace deadletter::builds {
namespace {

NodeBehaviour behaviour(const char* text) { return profile_of(parse_build(text).build); }

std::string shown(const NodeBehaviour& behaviour, std::string_view name) {
  for (const AttributeRow& row : attribute_rows(behaviour))
    if (row.info->name == name) return row.value;
  return "no such attribute";
}

TEST(ForeignServers, HaveTheValuesOfTheirDocuments) {
  struct Row {
    const char* attribute;
    const char* postfix_2_2;
    const char* postfix_2_4;
    const char* sendmail;
    const char* exim;
  };
  const Row table[] = {
      {"transport.lifetime", "5d", "5d", "5d", "4d"},
      {"transport.delay_notice", "0s", "0s", "4h", "1d"},
      {"transport.expiry_status", "last_status", "last_status", "4.4.7", "5.0.0"},
      {"smtp.client.timer_scope", "per_read", "per_read", "per_read", "per_reply"},
      {"smtp.client.reply_code_from", "last_line", "last_line", "last_line", "first_line"},
      {"smtp.client.rcpt_552", "permanent", "permanent", "permanent", "permanent"},
      {"queue.glitch", "none", "none", "none", "none"},
      {"queue.problem_after", "0", "0", "0", "0"},
  };
  for (const Row& row : table) {
    EXPECT_EQ(shown(behaviour("postfix-2.2"), row.attribute), row.postfix_2_2) << row.attribute;
    EXPECT_EQ(shown(behaviour("postfix-2.4"), row.attribute), row.postfix_2_4) << row.attribute;
    EXPECT_EQ(shown(behaviour("sendmail-8"), row.attribute), row.sendmail) << row.attribute;
    EXPECT_EQ(shown(behaviour("exim-4"), row.attribute), row.exim) << row.attribute;
  }
  EXPECT_EQ(shown(behaviour("postfix-2.4"), "queue.per_domain"), "20");
}

TEST(ForeignServers, ClassRepliesAsMeasured) {
  using smtp::ReplyClass;
  struct Row {
    const char* what;
    smtp::Stage stage;
    std::uint16_t code;
    ReplyClass postfix, sendmail, exim;
  };
  const Row table[] = {
      {"3yz at the dot", smtp::Stage::dot, 354, ReplyClass::permanent, ReplyClass::permanent, ReplyClass::temporary},
      {"5yz greeting", smtp::Stage::greeting, 554, ReplyClass::temporary, ReplyClass::permanent, ReplyClass::permanent},
      {"4yz to EHLO", smtp::Stage::ehlo, 450, ReplyClass::fall_back, ReplyClass::temporary, ReplyClass::fall_back},
      {"421 to EHLO", smtp::Stage::ehlo, 421, ReplyClass::temporary, ReplyClass::temporary, ReplyClass::temporary},
      {"350 to DATA", smtp::Stage::data, 350, ReplyClass::proceed, ReplyClass::proceed, ReplyClass::proceed},
      {"251 at the dot", smtp::Stage::dot, 251, ReplyClass::success, ReplyClass::success, ReplyClass::success},
      {"552 to RCPT", smtp::Stage::rcpt, 552, ReplyClass::permanent, ReplyClass::permanent, ReplyClass::permanent},
  };
  for (const Row& row : table) {
    auto of = [&](const char* build) {
      return behaviour(build)
          .smtp_client.reply_class.rule({row.stage, smtp::Ended::reply, row.code, mail::Status{}})
          .outcome;
    };
    EXPECT_EQ(of("postfix-2.2"), row.postfix) << row.what;
    EXPECT_EQ(of("postfix-2.4"), row.postfix) << row.what;
    EXPECT_EQ(of("sendmail-8"), row.sendmail) << row.what;
    EXPECT_EQ(of("exim-4"), row.exim) << row.what;
  }
}

TEST(ForeignServers, EximSendsEightBitsToAPeerThatDoesNotOfferThem) {
  smtp::BodyForPeerFacts eight_bit{
      .eight_bit = true, .size = 1000, .eight_bit_offered = false, .size_offered = true, .size_limit = 1000};
  auto of = [&](const char* build) { return behaviour(build).smtp_client.body_for_peer.rule(eight_bit).outcome; };
  EXPECT_EQ(of("exim-4"), smtp::BodyForPeer::as_is);
  EXPECT_EQ(of("postfix-2.4"), smtp::BodyForPeer::convert);
  EXPECT_EQ(of("sendmail-8"), smtp::BodyForPeer::convert);
  eight_bit.size = 1001;
  for (const char* build : {"exim-4", "postfix-2.4", "sendmail-8"})
    EXPECT_EQ(of(build), smtp::BodyForPeer::return_too_large) << build;
}

}  // namespace
}  // namespace deadletter::builds
