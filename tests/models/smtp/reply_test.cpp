// A reply that was cut into lines beforehand, and its octets: a client makes the same of both.
#include "models/smtp/reply.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>

#include "models/smtp/client.h"
#include "models/smtp/normal_replies.h"
#include "sim/random.h"

namespace deadletter::smtp {
namespace {

const std::vector<Reply>& replies() {
  static const std::vector<Reply> all = [] {
    std::vector<Reply> made;
    for (const char* octets :
         {"220 there\r\n", "250-there\r\n250-PIPELINING\r\n250 SIZE 1000\r\n", "250-there\n250-8BITMIME\n250 size\n",
          "250 2.1.0 OK\r\n", "250 OK\r\n", "354 go on\r\n", "354-go\r\n354 on\r\n", "354-a\r\n250 b\r\n",
          "250 2.1.5 OK\r\n354 go on\r\n", "452 4.3.1 no\r\n", "550 5.1.1 nobody\r\n", "552 too many\r\n",
          "421 4.3.2 later\r\n", "000 what\r\n", "what\r\n", "25\r\n", "\r\n", "250 2.1.0 half a li",
          "250-still more\r\n"})
      made.emplace_back(octets);
    return made;
  }();
  return all;
}

// Two clients that hear the same, one by octets only.
class Twins {
 public:
  Twins(const ClientBehaviour& behaviour, std::uint64_t seed) : chance_(seed), one_(behaviour), other_(behaviour) {
    offer_ = {{7}, addresses_, 900, false, true};
    both([&](ClientSession& c, auto& out) { c.open(offer_, out); });
    both([&](ClientSession& c, auto& out) { c.connected(out); });
  }

  void talk() {
    for (int i = 0; i < 60 && !one_.over(); ++i) hear();
    both([](ClientSession& c, auto& out) { c.timed_out(out); });
  }

  std::size_t said() const { return said_; }

 private:
  std::uint64_t below(std::uint64_t n) {
    static constexpr sim::Purpose kPurpose{"test"};
    return chance_.below(n, kPurpose, 0, drawn_++);
  }

  void hear() {
    const Reply& reply = replies()[below(replies().size())];
    bool whole = below(4) != 0;
    std::string_view octets = reply.octets;
    octets = whole ? octets : octets.substr(0, 1 + below(octets.size()));
    both([&](ClientSession& c, auto& out) { whole&&& c == &other_ ? c.octets(reply, out) : c.octets(octets, out); });
    both([](ClientSession& c, auto& out) { c.read_due(out); });
    if (below(2) == 0) both([](ClientSession& c, auto& out) { c.body_sent(out); });
  }

  void both(const std::function<void(ClientSession&, ClientSession::Actions&)>& what) {
    ClientSession::Actions a, b;
    what(one_, a), what(other_, b);
    ASSERT_EQ(words(a), words(b));
    said_ += a.size();
    for (const ClientAction& action : a)
      if (action.kind == ClientAction::Kind::next)
        return both([&](ClientSession& c, auto& out) { c.offer(offer_, out); });
  }

  static std::string words(const ClientSession::Actions& actions) {
    std::string all;
    for (const ClientAction& a : actions) {
      all += fmt::format("{}", static_cast<int>(a.kind));
      using Kind = ClientAction::Kind;
      if (a.kind == Kind::send)
        all += fmt::format(" {} {} {} {}", text(a.command.verb), a.command.address.value, a.command.size, a.more);
      if (a.kind == Kind::send_body) all += fmt::format(" {}", a.octets);
      if (a.kind == Kind::timer || a.kind == Kind::read_later) all += fmt::format(" {}", a.after.ns);
      if (a.kind == Kind::recipient) all += fmt::format(" {} {}", a.recipient, static_cast<int>(a.end));
      if (a.kind == Kind::recipient || a.kind == Kind::concluded)
        all += fmt::format(" {} {} {} {} {} {} {}", text(a.outcome.stage), static_cast<int>(a.outcome.ended),
                           static_cast<int>(a.outcome.reply), a.outcome.code, mail::text(a.outcome.status),
                           a.outcome.words, a.blame.set);
      all += "\n";
    }
    return all;
  }

  sim::Chance chance_;
  std::uint64_t drawn_ = 0;
  std::size_t said_ = 0;
  std::vector<mail::AddressId> addresses_{{1}, {2}, {3}};
  Offer offer_;
  ClientSession one_, other_;
};

TEST(Reply, AClientMakesTheSameOfAReplyAndOfItsOctets) {
  ClientBehaviour plain, patient, greedy;
  patient.read_window.set(sim::Duration::minutes(1), {});
  greedy.reply_reader.deviate(
      [](const ReplyReaderFacts& facts, const ReplyReading&) {
        return ReplyReading{static_cast<std::uint32_t>(facts.lines.size())};
      },
      {});
  greedy.reply_code_from.set(CodeFrom::first_line, {});
  std::size_t said = 0;
  for (const ClientBehaviour* behaviour : {&plain, &patient, &greedy})
    for (std::uint64_t seed = 0; seed < 3000; ++seed) {
      Twins twins(*behaviour, seed);
      twins.talk();
      if (HasFatalFailure()) return;
      said += twins.said();
    }
  EXPECT_GT(said, 100'000U);
}

TEST(Reply, WhatIsUnreadWhenMoreComesStays) {
  ReplyBuffer buffer;
  Reply two("250 one\r\n250 two\r\n250 thr"), rest("ee\r\n");
  buffer.add(two);
  ASSERT_EQ(buffer.lines().size(), 2U);
  buffer.take(1);
  buffer.add(rest);
  ASSERT_EQ(buffer.lines().size(), 2U);
  EXPECT_EQ(buffer.words(buffer.lines()[1]), "three");
  buffer.take(2);
  EXPECT_EQ(buffer.unread(), 0U);
}

TEST(NormalReplies, AreComposedOnce) {
  NormalReplies replies("mx.example", {"SIZE 10", "PIPELINING"});
  EXPECT_EQ(replies.accepting(Stage::ehlo).octets, "250-mx.example\r\n250-SIZE 10\r\n250 PIPELINING\r\n");
  EXPECT_EQ(replies.accepting(Stage::ehlo).capabilities, (Capabilities{true, true, false, 10}));
  const Reply& no = replies.refusing({452, {4, 3, 1}});
  EXPECT_EQ(no.octets, "452 4.3.1 Refused\r\n");
  for (std::uint16_t code = 500; code < 560; ++code) replies.refusing({code, {5, 0, 0}});
  EXPECT_EQ(&replies.refusing({452, {4, 3, 1}}), &no);
}

}  // namespace
}  // namespace deadletter::smtp
