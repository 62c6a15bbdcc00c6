// The life of a message out of a transcript: which lines belong to it, what is a round, what is told once.
#include "experiments/story/story.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <sstream>

#include "tests/support/command.h"
#include "tests/support/run_experiment.h"

namespace deadletter::experiments {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<TraceLine> lines_of(const std::string& transcript) {
  std::vector<TraceLine> lines;
  std::istringstream text(transcript);
  for (std::string line; std::getline(text, line);) {
    auto parsed = parse_trace_line(line);
    EXPECT_TRUE(parsed) << line;
    if (parsed) lines.push_back(*parsed);
  }
  return lines;
}

std::vector<Round> story(const std::string& transcript, const std::string& message) {
  Storyteller teller(message);
  for (const TraceLine& line : lines_of(transcript)) teller.line(line);
  return teller.tell();
}

// "EX1 1-3 s1 peer: kind kind kind"
std::vector<std::string> shapes(const std::vector<Round>& rounds) {
  std::vector<std::string> all;
  for (const Round& r : rounds) {
    std::string shape = fmt::format("{} {}-{}{}{}:", r.lines.back().node, r.first, r.last,
                                    r.session.empty() ? "" : " " + r.session, r.peer.empty() ? "" : " " + r.peer);
    for (const TraceLine& line : r.lines) shape += " " + line.kind;
    all.push_back(shape);
  }
  return all;
}

TEST(TraceLine, IsReadAsItWasWritten) {
  auto line =
      parse_trace_line("2d 03:04:05.678901234  LONG-NAME-OF-A-SERVER command        s1 > MAIL FROM:<a@b.example>");
  ASSERT_TRUE(line);
  EXPECT_EQ(line->at_ns, 183'845'678'901'234);
  EXPECT_EQ(line->node, "LONG-NAME-OF-A-SERVER");
  EXPECT_EQ(line->kind, "command");
  EXPECT_EQ(line->words, "s1 > MAIL FROM:<a@b.example>");
  EXPECT_EQ(parse_trace_line("00:00:00               -                link           WAN is down")->node, "");
  for (const char* wrong : {"", "hello", "00:00", "00:00:00", "00:00:00 EX1", "00:00:0x EX1 command",
                            "1d EX1 command x", "00:00:00.5s EX1 command x", "99999999999:00:00 EX1 command x"})
    EXPECT_FALSE(parse_trace_line(wrong)) << wrong;
}

TEST(About, AMessageIsAWordOfItsOwn) {
  struct Row {
    const char* words;
    const char* message;
    bool about;
  };
  for (const Row& row : std::initializer_list<Row>{{"m1 from <ann@contoso.com>", "m1", true},
                                                   {"s1 to mx.fabrikam.com for m1", "m1", true},
                                                   {"s1 > 20 octets of m1", "m1", true},
                                                   {"m1: it cannot be scanned", "m1", true},
                                                   {"m11 from <ann@contoso.com>", "m1", false},
                                                   {"am1 from <ann@contoso.com>", "m1", false},
                                                   {"to <m1@fabrikam.com>", "m1", false},
                                                   {"delay-1 about m1", "delay-1", true},
                                                   {"delay-10 about m1", "delay-1", false},
                                                   {"m1-b for X", "m1", false},
                                                   {"the name is m1.", "m1", true},
                                                   {"m1.b for X", "m1", false},
                                                   {"#7 from <a@b.example>", "#7", true},
                                                   {"#77 from <a@b.example>", "#7", false},
                                                   {"a@b.example#7 x", "#7", false},
                                                   {"anything", "", false}})
    EXPECT_EQ(Storyteller::about(row.words, row.message), row.about) << row.words << " / " << row.message;
}

constexpr const char* kTwoMessagesInASession =
    "00:00:00  EX1  submit   m1 from <ann@contoso.com> to 1 recipient\n"
    "00:00:00  EX1  connect  s1 to mx.example for m1\n"
    "00:00:00  EX1  submit   m2 from <ann@contoso.com> to 1 recipient\n"
    "00:00:01  EX1  reply    s1 < 220 hello\n"
    "00:00:01  EX1  command  s1 > MAIL FROM:<ann@contoso.com>\n"
    "00:00:02  EX1  body     s1 > 20 octets of m1\n"
    "00:00:02  mx.example  deliver  m1 to <bob@mx.example>\n"
    "00:00:03  EX1  attempt  s1 m1 at DOT: success\n"
    "00:00:03  EX1  command  s1 > MAIL FROM:<ann@contoso.com>\n"
    "00:00:03  EX1  reply    s1 < 450 not now\n"
    "00:00:03  EX1  attempt  s1 m2 at MAIL: temporary failure, 450 not now\n"
    "00:00:03  EX1  ruling   s1 m2 ruled by KB1\n"
    "00:00:03  EX1  defer    m2 until 00:10:03, 1 attempt so far\n"
    "00:00:04  EX1  closed   s1\n";

TEST(Story, ADialogueBelongsToTheAttemptWithWhichItEnds) {
  EXPECT_THAT(shapes(story(kTwoMessagesInASession, "m1")),
              ElementsAre("EX1 0-0: submit", "EX1 1-1 s1 mx.example: connect reply command body deliver attempt"));
  EXPECT_THAT(shapes(story(kTwoMessagesInASession, "m2")),
              ElementsAre("EX1 0-0: submit", "EX1 1-1 s1 mx.example: command reply attempt ruling defer"));
}

std::string attempt(int number, const std::string& answer, int hour) {
  return fmt::format(
      "{0:02}:00:00  EX1  connect  s{1} to mx.example for m1\n"
      "{0:02}:00:01  EX1  reply    s{1} < {2}\n"
      "{0:02}:00:01  mx.example  deliver  m1 to <bob@mx.example>{3}\n"
      "{0:02}:00:01  EX1  attempt  s{1} m1 at CONNECT: temporary failure, {2}\n"
      "{0:02}:00:01  EX1  defer    m1 until {4:02}:00:00, {1} attempts so far\n"
      "{0:02}:00:01  EX1  closed   s{1}\n",
      hour, number, answer, number > 1 ? fmt::format(", copy {}", number) : "", hour + 1);
}

TEST(Story, AttemptsThatWentAlikeAreToldOnce) {
  std::string same = attempt(1, "421 busy", 1) + attempt(2, "421 busy", 2) + attempt(3, "421 busy", 3);
  auto rounds = story(same + attempt(4, "421 full", 4) + attempt(5, "421 busy", 5), "m1");
  ASSERT_EQ(rounds.size(), 3U);
  EXPECT_EQ(rounds[0].times(), 3U);
  EXPECT_EQ(rounds[0].session, "s1");
  EXPECT_EQ(rounds[0].last_began_ns, 3 * 3'600'000'000'000);
  EXPECT_EQ(rounds[1].first, 4U);
  EXPECT_EQ(rounds[2].first, 5U);
  auto text = story_text(rounds);
  EXPECT_THAT(text.front(), HasSubstr("attempts 1 to 3 to mx.example (s1), same answer; the last began at 03:00:00"));
  EXPECT_THAT(text.back(), HasSubstr("attempt 5 to mx.example (s5): as attempts 1 to 3"));
}

TEST(Story, WhatComesInBetweenBreaksTheFold) {
  auto rounds = story(
      attempt(1, "421 busy", 1) + "01:30:00  EX1  delay-notice  m1 is still being tried\n" + attempt(2, "421 busy", 2),
      "m1");
  EXPECT_EQ(shapes(rounds).size(), 3U);
  EXPECT_EQ(shapes(rounds)[1], "EX1 0-0: delay-notice");
}

TEST(Story, AnAttemptWithoutASessionIsWhatCameBeforeIt) {
  EXPECT_THAT(shapes(story("00:00:00  EX1  enqueue  m1 for EX1 (Local delivery)\n"
                           "00:00:00  EX1  scan     m1 begins on thread 1\n"
                           "00:00:01  EX1  scan     m1: cannot be scanned\n"
                           "00:00:01  EX1  attempt  m1 into the store: it cannot be scanned\n"
                           "00:00:01  EX1  defer    m1 until 00:10:01, 1 attempt so far\n"
                           "00:10:01  EX1  scan     m1 begins on thread 2\n"
                           "00:10:02  EX1  scan     m1: cannot be scanned\n"
                           "00:10:02  EX1  attempt  m1 into the store: it cannot be scanned\n"
                           "00:10:02  EX1  defer    m1 until 00:20:01, 2 attempts so far\n"
                           "00:20:01  EX1  scan     m1 begins on thread 1\n"
                           "00:20:02  EX1  scan     m1: cannot be scanned\n"
                           "00:20:02  EX1  attempt  m1 into the store: it cannot be scanned\n",
                           "m1"))
                  .back(),
              "EX1 3-3: scan scan attempt");
}

TEST(Story, ANoticeIsNoPartOfTheNextAttempt) {
  const char* tries =
      "{0:02}:00:00  EX1  scan     m1 begins on thread 1\n"
      "{0:02}:00:01  EX1  scan     m1: cannot be scanned\n"
      "{0:02}:00:01  EX1  attempt  m1 into the store: it cannot be scanned\n"
      "{0:02}:00:01  EX1  defer    m1 until {1:02}:00:00, 1 attempt so far\n";
  auto at = [&](int hour) { return fmt::format(fmt::runtime(tries), hour, hour + 1); };
  EXPECT_THAT(shapes(story("00:00:00  EX1  submit   m1 from <ann@contoso.com> to 1 recipient\n" + at(0) + at(1) +
                               "01:30:00  EX1  delay-notice  m1 is still being tried\n"
                               "01:30:00  EX1  report  delay-1 about m1 to <ann@contoso.com>\n" +
                               at(2),
                           "m1")),
              ElementsAre("EX1 0-0: submit", "EX1 1-2: scan scan attempt defer", "EX1 0-0: delay-notice report",
                          "EX1 3-3: scan scan attempt defer"));
}

TEST(Story, WhatBeganFirstIsToldFirst) {
  EXPECT_THAT(shapes(story("00:00:00  A  connect  s1 MTA to b.example for m1\n"
                           "00:00:01  B  body-arrived  s1 m1\n"
                           "00:00:01  B  enqueue  m1 for b.example (Local delivery)\n"
                           "00:00:01  B  scan     m1 begins on thread 1\n"
                           "00:00:02  B  attempt  m1 into the store: success\n"
                           "00:00:02  C  deliver  m1 to <bob@c.example>\n"
                           "00:00:03  A  attempt  s1 m1 to the next MTA: success\n",
                           "m1")),
              ElementsAre("A 1-1 s1 b.example: connect body-arrived attempt", "B 0-0: enqueue", "B 1-1: scan attempt",
                          "C 0-0: deliver"));
}

// A session may end, turn to another message, or outlast the run, and no attempt be counted.
TEST(Story, ASessionWithoutAnAttemptIsToldAllTheSame) {
  std::string opened =
      "00:00:00  EX1  connect  s1 to mx.example for m1\n"
      "00:00:01  EX1  reply    s1 < 220 hello\n";
  for (const char* after : {"", "00:00:02  EX1  closed   s1\n", "00:00:02  EX1  attempt  s1 m2 at DOT: success\n",
                            "00:00:02  EX1  connect  s1 to mx.example for m2\n"})
    EXPECT_THAT(shapes(story(opened + after, "m1")), ElementsAre("EX1 0-0 s1 mx.example: connect reply")) << after;
}

TEST(Align, LikeStandsBesideLike) {
  auto one = story(attempt(1, "421 busy", 1) + attempt(2, "421 full", 2) + attempt(3, "421 last", 3), "m1");
  auto other = story(attempt(1, "421 busy", 1) + attempt(2, "421 new", 5) + attempt(3, "421 last", 6), "m1");
  std::vector<std::string> pairs;
  for (const Aligned& a : align(one, other))
    pairs.push_back(
        fmt::format("{}/{}", a.one ? std::to_string(*a.one) : "-", a.other ? std::to_string(*a.other) : "-"));
  EXPECT_THAT(pairs, ElementsAre("0/0", "1/-", "-/1", "2/2"));
  EXPECT_EQ(align({}, other).size(), 3U);
  EXPECT_TRUE(align({}, {}).empty());
}

// Any lines at all, in any order: what is about the message is told once, or is in a fold, and in order.
TEST(Story, LosesNothingOfAnyTranscript) {
  constexpr const char* kKinds[] = {"submit", "enqueue",      "connect", "command",      "reply",
                                    "body",   "body-arrived", "closed",  "attempt",      "attempt",
                                    "ruling", "defer",        "scan",    "deliver",      "convert",
                                    "return", "report",       "log",     "delay-notice", "hand-over"};
  std::mt19937 random(1);  // its numbers are the same everywhere
  auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  for (int round = 0; round < 2000; ++round) {
    Storyteller teller("m1");
    std::map<std::string, std::size_t> left;  // by kind: lines about m1 that are not told yet
    for (std::size_t i = 0, n = below(60); i < n; ++i) {
      TraceLine line{static_cast<std::int64_t>(i / 3), fmt::format("EX{}", below(2)), kKinds[below(std::size(kKinds))],
                     fmt::format("m{}", 1 + below(2))};
      if (below(2) == 0) line.words = fmt::format("s{} {}", below(3), below(3) == 0 ? "> DATA" : line.words);
      teller.line(line);
      // That a session is over ends its dialogue; it is not told.
      if (line.kind != "closed" && Storyteller::about(line.words, "m1")) ++left[line.kind];
    }
    std::int64_t before = 0;
    for (const Round& told : teller.tell()) {
      EXPECT_GE(told.began_ns, before);
      before = told.began_ns;
      for (const TraceLine& line : told.lines)
        if (Storyteller::about(line.words, "m1")) left[line.kind] -= told.times();
    }
    for (const auto& [kind, count] : left) ASSERT_EQ(count, 0U) << kind << " in round " << round;
  }
}

// Of real runs: every line that is about the message is told once, or is in a fold; attempts are counted as the run
// did.
TEST(Story, OfTheArticlesLosesNothing) {
  struct Row {
    const char* article;
    const char* message;
  };
  for (const Row& row : std::initializer_list<Row>{{"kb912341_multiline_354", "m1"},
                                                   {"kb843242_signed_over_x400", "signed"},
                                                   {"kb938650_meeting_update", "update"}}) {
    auto outcome = testing::run_experiment(
        testing::read_file(testing::source_path(std::string("experiments/articles/") + row.article + ".json")),
        "unfixed");
    Storyteller teller(row.message);
    std::size_t attempts = 0, about = 0;
    for (const std::string& text : outcome.transcript) {
      auto line = parse_trace_line(text);
      ASSERT_TRUE(line) << text;
      bool ours = Storyteller::about(line->words, row.message);
      about += ours ? 1 : 0;
      attempts += ours && line->kind == "attempt" ? 1 : 0;
      teller.line(*line);
    }
    std::size_t told = 0, tried = 0;
    for (const Round& round : teller.tell()) {
      std::size_t own = 0;
      for (const TraceLine& line : round.lines) own += Storyteller::about(line.words, row.message) ? 1 : 0;
      told += own * round.times();
      tried += round.first > 0 ? round.times() : 0;
    }
    EXPECT_EQ(tried, attempts) << row.article;
    EXPECT_EQ(told, about) << row.article;
    EXPECT_LT(story_text(teller.tell()).size(), 150U) << row.article;
  }
}

}  // namespace
}  // namespace deadletter::experiments
