// A connection that a quirk has put one reply behind stays right over 20 pipelined messages at every segmentation.
//
// The throw-away quirk takes exactly one line as the reply to DATA, whatever else has come; together with "RSET and go
// on" after a failure the connection lives on, one reply behind. What must not depend on how the server's octets are
// cut, or on which end moves first: who was concluded how and in which order, every command sent, every message the
// server took. The reason: the reader decides by the lines in the order in which they were written, never by how many
// of them have come (for DATA by the first line alone, else by the first line without "-"), and a line that comes
// before its turn waits in the buffer. So each reply goes to the oldest command without one, and each command sent
// follows from the replies taken before. No wait intervenes here, so no timer does either. KB912341's own deviation has
// not got this property, because it looks at what has arrived: it is the control that the segments do reach the client.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <random>

#include "models/quirks/quirk.h"
#include "tests/support/smtp_wire.h"

namespace deadletter::smtp {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::IsEmpty;

constexpr int kMessages = 20, kRecipients = 3;
const std::string kTwoLines = "354-Line 1\r\n354 Send message\r\n", kOneLine = "354 Send message\r\n";

ReplyReading one_line_for_data(const ReplyReaderFacts& facts, const ReplyReading& below) {
  bool due = facts.command == Stage::data && !facts.lines.empty();
  return due ? ReplyReading{1} : below;
}
AfterFailure always_go_on(const AfterFailureFacts& facts, const AfterFailure& below) {
  return facts.ended == Ended::reply ? AfterFailure::reset_and_continue : below;
}
// A client that does not look at the reply to RSET: without this the connection is given up when RSET meets the 354.
ReplyClass any_reply_to_rset(const ReplyClassFacts& facts, const ReplyClass& below) {
  return facts.stage == Stage::rset && facts.ended == Ended::reply ? ReplyClass::success : below;
}

enum class Lasts { two_messages, whole };

ClientBehaviour one_behind(Lasts lasts) {
  ClientBehaviour behaviour;
  behaviour.reply_reader.deviate(one_line_for_data, blame_of("KB100001"));
  behaviour.after_failed_message.deviate(always_go_on, blame_of("KB100002"));
  if (lasts == Lasts::whole) behaviour.reply_class.deviate(any_reply_to_rset, blame_of("KB100003"));
  return behaviour;
}

Pace cut_into(std::size_t octets) {
  Pace pace;
  pace.segment = [octets](std::size_t) { return octets; };
  return pace;
}

// Cuts at random and lets either end move at random.
Pace at_random(std::mt19937_64& random) {
  Pace pace;
  pace.move = [&random](const std::vector<Move>& possible) { return possible[random() % possible.size()]; };
  pace.segment = [&random](std::size_t octets) {
    return 1 + random() % (random() % 3 == 0 ? 3 : random() % 2 == 0 ? 40 : octets);
  };
  return pace;
}

// The lines taken are the first of those written, each once and in order; the rest lies unread.
void expect_no_reply_twice_or_lost(const Conversation& said) {
  for (const Conversation::Lines& lines : said.lines) {
    ASSERT_LE(lines.taken.size(), lines.written.size());
    ASSERT_TRUE(std::equal(lines.taken.begin(), lines.taken.end(), lines.written.begin()));
  }
}

void expect_each_message_once(const Conversation& said) {
  ASSERT_EQ(said.outcomes.size(), static_cast<std::size_t>(kMessages));
  for (int m = 0; m < kMessages; ++m) ASSERT_TRUE(said.outcomes[m].starts_with(fmt::format("m{} ", m)));
}

void expect_same(const Conversation& said, const Conversation& usual) {
  ASSERT_EQ(said.outcomes, usual.outcomes);
  ASSERT_EQ(said.ends, usual.ends);
  ASSERT_EQ(said.commands, usual.commands);
  ASSERT_EQ(said.accepted, usual.accepted);
  ASSERT_EQ(said.names, usual.names);
}

struct Row {
  const char* name;
  ClientBehaviour behaviour;
  std::string reply_to_data;
};

std::vector<Row> rows() {
  std::vector<Row> rows = {
      {"one behind, over a connection for two messages", one_behind(Lasts::two_messages), kTwoLines},
      {"one behind, over one connection", one_behind(Lasts::whole), kTwoLines},
      {"the quirk and a peer with one line", one_behind(Lasts::whole), kOneLine},
      {"as designed", {}, kTwoLines}};
  for (std::size_t i = 0, n = rows.size(); i < n; ++i) {
    rows.push_back(rows[i]);
    rows.back().behaviour.pipelining.set(Switch::off, {});
  }
  return rows;
}

TEST(Desynchronized, NoSegmentationChangesWhatHappens) {
  std::mt19937_64 random(1);
  for (const Row& row : rows()) {
    SCOPED_TRACE(row.name);
    Conversation usual = converse(row.behaviour, kMessages, kRecipients, row.reply_to_data, {});
    auto expect_usual = [&](const Pace& pace) {
      Conversation said = converse(row.behaviour, kMessages, kRecipients, row.reply_to_data, pace);
      expect_same(said, usual);
      expect_each_message_once(said);
      expect_no_reply_twice_or_lost(said);
    };
    expect_usual({});
    for (std::size_t octets = 1; octets <= 64 && !HasFatalFailure(); ++octets) expect_usual(cut_into(octets));
    for (int round = 0; round < 100 && !HasFatalFailure(); ++round) expect_usual(at_random(random));
  }
}

// What being one reply behind looks like: the late 354 fails m0 at the dot although the server took it, and from then
// on every message's DATA is given the reply to its last RCPT.
TEST(Desynchronized, OneReplyBehindEachMessageFailsByItsNeighboursReply) {
  Conversation said = converse(one_behind(Lasts::whole), kMessages, kRecipients, kTwoLines, {});
  EXPECT_EQ(said.lines.size(), 1U) << "one connection";
  EXPECT_EQ(said.outcomes[0], "m0 DOT 354 temporary");
  for (int m = 1; m < kMessages; ++m) EXPECT_EQ(said.outcomes[m], fmt::format("m{} DATA 250 temporary", m));
  EXPECT_THAT(said.accepted, ElementsAre("m0"));
  EXPECT_THAT(said.ends, IsEmpty());
  // Every message of the connection is ruled by what put it out of step.
  EXPECT_THAT(said.names, ElementsAre("KB100001", "KB100002", "KB100003"));
}

TEST(Desynchronized, WhereTheReplyToRsetCountsTheConnectionIsGivenUpAndTheNextStartsInStep) {
  Conversation said = converse(one_behind(Lasts::two_messages), kMessages, kRecipients, kTwoLines, {});
  EXPECT_EQ(said.lines.size(), kMessages / 2U);
  for (int m = 0; m < kMessages; m += 2) {
    EXPECT_EQ(said.outcomes[m], fmt::format("m{} DOT 354 temporary", m));
    EXPECT_EQ(said.outcomes[m + 1], fmt::format("m{} DATA 250 temporary", m + 1));
  }
  EXPECT_EQ(said.accepted.size(), kMessages / 2U);
}

TEST(Desynchronized, WithoutTheQuirkAllAreDeliveredOverOneConnection) {
  for (const std::string& reply : {kOneLine, kTwoLines, std::string("354-a\r\n354-b\r\n354-c\r\n354 d\r\n")}) {
    Conversation said = converse({}, kMessages, kRecipients, reply, cut_into(7));
    EXPECT_EQ(said.lines.size(), 1U);
    EXPECT_EQ(said.accepted.size(), static_cast<std::size_t>(kMessages));
    EXPECT_EQ(said.ends.size(), static_cast<std::size_t>(kMessages * kRecipients));
    EXPECT_THAT(said.ends, Each(EndsWith("delivered")));
    EXPECT_THAT(said.names, IsEmpty());
    EXPECT_EQ(said.lines[0].taken.size(), said.lines[0].written.size()) << "nothing is left unread";
  }
}

// The control: a deviation that looks at what has arrived does see the segments.
TEST(Desynchronized, TheSegmentsDoReachTheClient) {
  builds::NodeBehaviour node;
  const quirks::Quirk* quirk = quirks::find_quirk("KB912341");
  ASSERT_NE(quirk, nullptr);
  quirk->changes[0].lay(node, blame_of("KB912341"));
  Conversation together = converse(node.smtp_client, kMessages, kRecipients, kTwoLines, {});
  EXPECT_THAT(together.ends, Each(EndsWith("delivered")));
  EXPECT_THAT(together.names, IsEmpty());
  Conversation apart = converse(node.smtp_client, kMessages, kRecipients, kTwoLines, cut_into(12));
  EXPECT_THAT(apart.outcomes, Each(EndsWith("DOT 354 temporary")));
  EXPECT_THAT(apart.names, ElementsAre("KB912341"));
  EXPECT_EQ(apart.accepted.size(), static_cast<std::size_t>(kMessages)) << "a copy an attempt";
  expect_no_reply_twice_or_lost(apart);
}

}  // namespace
}  // namespace deadletter::smtp
