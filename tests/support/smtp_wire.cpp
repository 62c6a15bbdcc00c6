#include "tests/support/smtp_wire.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <variant>

namespace deadletter::smtp {
namespace {

// Where the recording deviations write: points are pure functions, so there is no other way to watch them.
Conversation::Lines* watched = nullptr;

std::string shown(std::uint16_t code, bool more) { return fmt::format("{:03}{}", code, more ? '-' : ' '); }

ReplyReading watch_reader(const ReplyReaderFacts& facts, const ReplyReading& below) {
  std::size_t taken = std::min<std::size_t>(below.lines, facts.lines.size());
  for (const ReplyLine& line : facts.lines.first(taken)) watched->taken.push_back(shown(line.code, line.more));
  return below;
}

ReplyOwner watch_owner(const ReplyOwnerFacts& facts, const ReplyOwner& below) {
  EXPECT_EQ(facts.replies_taken, watched->replies_taken) << "a reply was counted twice or not at all";
  ++watched->replies_taken;
  return below;
}

class Everybody : public Mailboxes {
 public:
  Found find(mail::AddressId) const override { return {true, true}; }
};

struct Body {
  std::uint64_t octets;
};
struct Fin {};
using ToServer = std::variant<Command, Body, Fin>;

class Wire {
 public:
  Wire(const ClientBehaviour& behaviour, int messages, int recipients, const std::string& reply_to_data,
       const Pace& pace)
      : behaviour_(behaviour), pace_(pace), left_(messages) {
    script_.rules.push_back({.stage = Stage::data, .steps = {{.octets = reply_to_data}}});
    for (int i = 0; i < recipients; ++i) addresses_.push_back({static_cast<std::uint32_t>(i)});
  }

  Conversation run() {
    while (next_ < left_) connect();
    for (auto* list : {&said_.ends, &said_.accepted}) std::ranges::sort(*list);
    said_.names = names(blame_);
    return said_;
  }

 private:
  void connect() {
    said_.commands.emplace_back("connect");
    watched = &said_.lines.emplace_back();
    client_.emplace(behaviour_);
    server_.emplace(server_behaviour_, host_, everybody_, &script_);
    up_.clear(), down_.clear();
    server_left_ = body_under_way_ = false;
    ClientSession::Actions actions;
    client_->open(take_message(), actions);
    client_->connected(actions);
    perform(actions);
    ServerSession::Actions greeting;
    server_->connected(greeting);
    perform(greeting);
    while (!client_->over()) step();
    EXPECT_EQ(in_hand_, 0) << "a message was not concluded";
  }

  Offer take_message() {
    ++in_hand_;
    current_ = next_++;
    return {{0}, addresses_, 100, false, next_ < left_};
  }

  void step() {
    std::vector<Move> possible;
    if (!up_.empty() && !(body_under_way_ && std::holds_alternative<Body>(up_.front())))
      possible.push_back(Move::to_server);
    if (body_under_way_) possible.push_back(Move::body_sent);
    if (!down_.empty()) possible.push_back(Move::to_client);
    ClientSession::Actions actions;
    if (possible.empty()) {
      server_left_ ? client_->closed(Ended::closed, actions) : client_->timed_out(actions);
      return perform(actions);
    }
    switch (pace_.move(possible)) {
      case Move::to_server:
        return to_server();
      case Move::body_sent:
        body_under_way_ = false;
        client_->body_sent(actions);
        break;
      case Move::to_client: {
        std::string segment = down_.substr(0, std::clamp<std::size_t>(pace_.segment(down_.size()), 1, down_.size()));
        down_.erase(0, segment.size());
        client_->octets(segment, actions);
        break;
      }
    }
    perform(actions);
  }

  void to_server() {
    ToServer item = up_.front();
    up_.pop_front();
    ServerSession::Actions actions;
    if (const Command* command = std::get_if<Command>(&item)) server_->command(*command, actions);
    if (const Body* body = std::get_if<Body>(&item)) server_->body_end(body->octets, actions);
    if (std::holds_alternative<Fin>(item)) server_->client_closed();
    perform(actions);
  }

  void perform(ServerSession::Actions& actions) {
    for (const ServerAction& action : actions) {
      if (action.kind == ServerAction::Kind::write) {
        std::string_view octets = action.octets();
        down_ += octets;
        for (std::size_t at = 0; at < octets.size(); at = octets.find('\n', at) + 1)
          watched->written.emplace_back(octets.substr(at, 4));
      }
      if (action.kind == ServerAction::Kind::close) server_left_ = true;
      if (action.kind == ServerAction::Kind::accepted) said_.accepted.push_back(fmt::format("m{}", body_of_));
    }
  }

  void perform(ClientSession::Actions& actions) {
    for (const ClientAction& action : actions) perform(action);
  }

  void perform(const ClientAction& action) {
    constexpr const char* ends[] = {"delivered", "refused", "deferred", "surplus"};
    constexpr const char* classes[] = {"success", "proceed", "temporary", "permanent", "fall back"};
    ClientSession::Actions more;
    switch (action.kind) {
      case ClientAction::Kind::send:
        said_.commands.emplace_back(text(action.command.verb));
        up_.emplace_back(action.command);
        break;
      case ClientAction::Kind::send_body:
        said_.commands.emplace_back("body");
        body_of_ = current_;
        body_under_way_ = true;
        up_.emplace_back(Body{action.octets});
        break;
      case ClientAction::Kind::recipient:
        said_.ends.push_back(fmt::format("m{}/{} {}", current_, action.recipient, ends[static_cast<int>(action.end)]));
        break;
      case ClientAction::Kind::concluded: {
        const Outcome& o = action.outcome;
        --in_hand_;
        blame_ = join(blame_, action.blame);
        said_.outcomes.push_back(fmt::format("m{} {} {} {}{}", current_, text(o.stage), o.code,
                                             classes[static_cast<int>(o.reply)],
                                             o.ended == Ended::reply ? "" : ", no reply"));
        break;
      }
      case ClientAction::Kind::next:
        if (next_ < left_)
          client_->offer(take_message(), more);
        else
          client_->no_more(more);
        break;
      case ClientAction::Kind::close:
        up_.emplace_back(Fin{});
        break;
      case ClientAction::Kind::timer:
      case ClientAction::Kind::read_later:
        break;
    }
    perform(more);
  }

  const ClientBehaviour& behaviour_;
  const Pace& pace_;
  ServerBehaviour server_behaviour_;
  Everybody everybody_;
  std::string host_ = "mx.fabrikam.com";
  Script script_;
  std::vector<mail::AddressId> addresses_;
  int left_, next_ = 0, current_ = -1, body_of_ = -1, in_hand_ = 0;
  Blame blame_;
  Conversation said_;

  std::optional<ClientSession> client_;
  std::optional<ServerSession> server_;
  std::deque<ToServer> up_;
  std::string down_;
  bool server_left_ = false, body_under_way_ = false;
};

}  // namespace

Conversation converse(ClientBehaviour behaviour, int messages, int recipients, const std::string& reply_to_data,
                      const Pace& pace) {
  behaviour.reply_reader.deviate(watch_reader, {});
  behaviour.reply_owner.deviate(watch_owner, {});
  return Wire(behaviour, messages, recipients, reply_to_data, pace).run();
}

}  // namespace deadletter::smtp
