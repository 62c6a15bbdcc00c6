// What mail software costs without an engine, in the parts that a relayed message spends most on: an SMTP dialogue of
// both state machines, and the choice of the next hop over connectors.
//
// NOT MEASURED HERE: the categorizer and the queues, which a run's world holds together (./dev bench measures them in
// a whole run).
#include <benchmark/benchmark.h>

#include <array>
#include <stdexcept>
#include <string>
#include <utility>

#include "models/builds/installation.h"
#include "models/routing/paths.h"
#include "models/routing/router.h"
#include "models/smtp/client.h"
#include "models/smtp/server.h"

namespace deadletter {
namespace {

class Everybody : public smtp::Mailboxes {
 public:
  Found find(mail::AddressId) const override { return {true, true}; }
};

// One message over a connection of its own, as two servers hold it when nothing goes wrong: what the one asks for
// reaches the other at once.
class Dialogue {
 public:
  Dialogue() : replies_(host_, smtp::ServerSession::capabilities(server_behaviour_, nullptr)) {}

  void hold() {
    client_.reuse(smtp::ClientSession(client_behaviour_));
    server_.reuse(smtp::ServerSession(server_behaviour_, host_, everybody_, nullptr, &replies_));
    asked_.clear(), answers_.clear(), next_.clear();
    client_.open({.sender = {0}, .recipients = recipients_, .size = 20'000}, asked_);
    client_.connected(asked_);
    server_.connected(answers_);
    while (!client_.over()) {
      for (const smtp::ClientAction& action : asked_) perform(action);
      for (const smtp::ServerAction& action : answers_) perform(action);
      answers_.clear(), asked_.clear();
      std::swap(asked_, next_);
    }
  }
  std::uint64_t accepted() const { return accepted_; }
  std::uint64_t commands() const { return commands_; }

 private:
  void perform(const smtp::ClientAction& action) {
    using Kind = smtp::ClientAction::Kind;
    if (action.kind == Kind::send) ++commands_, server_.command(action.command, answers_);
    if (action.kind == Kind::send_body) server_.body_end(action.octets, answers_), client_.body_sent(next_);
    if (action.kind == Kind::next) client_.no_more(next_);
    if (action.kind == Kind::close) server_.client_closed();
  }
  void perform(const smtp::ServerAction& action) {
    if (action.kind == smtp::ServerAction::Kind::accepted) ++accepted_;
    if (action.kind != smtp::ServerAction::Kind::write) return;
    action.reply != nullptr ? client_.octets(*action.reply, next_) : client_.octets(action.text, next_);
  }

  const std::string host_ = "mx.fabrikam.com";
  const std::array<mail::AddressId, 1> recipients_{};
  smtp::ClientBehaviour client_behaviour_;
  smtp::ServerBehaviour server_behaviour_;
  smtp::NormalReplies replies_;
  Everybody everybody_;
  smtp::ClientSession client_;
  smtp::ServerSession server_;
  smtp::ClientSession::Actions asked_, next_;
  smtp::ServerSession::Actions answers_;
  std::uint64_t accepted_ = 0, commands_ = 0;
};

void smtp_dialogue(benchmark::State& state) {
  Dialogue dialogue;
  for (auto _ : state) dialogue.hold();
  if (dialogue.accepted() != static_cast<std::uint64_t>(state.iterations()))
    state.SkipWithError("not every message was accepted");
  state.counters["commands"] =
      benchmark::Counter(static_cast<double>(dialogue.commands()), benchmark::Counter::kAvgIterations);
}
BENCHMARK(smtp_dialogue);

// Ten servers in each of so many routing groups, every two groups joined both ways by their first servers.
routing::Network meshed(std::uint32_t groups) {
  routing::Network network;
  for (std::uint32_t g = 0; g < groups; ++g) {
    network.groups.push_back({.name = "G" + std::to_string(g), .master = {10 * g}});
    for (std::uint32_t s = 10 * g; s < 10 * g + 10; ++s) {
      network.servers.push_back(
          {.name = "S" + std::to_string(s), .group = {g}, .router = routing::RouterKind::link_state});
      network.groups[g].members.push_back({s});
    }
  }
  for (std::uint32_t g = 0; g < groups; ++g)
    for (std::uint32_t h = 0; h < groups; ++h)
      if (g != h)
        network.connectors.push_back({.name = "G" + std::to_string(g) + "-G" + std::to_string(h),
                                      .from = {g},
                                      .to = {h},
                                      .sources = {{10 * g}},
                                      .targets = {{10 * h}}});
  network.seal();
  return network;
}

// Of trees that are there: a server asks for the same few over and over.
void connector_choice(benchmark::State& state) {
  auto groups = static_cast<std::uint32_t>(state.range(0));
  const routing::Network network = meshed(groups);
  const auto behaviour = builds::profile_of(builds::parse_build("exchange-2003-sp2 on windows-2003-sp1").build).routing;
  const routing::Router router(network, behaviour, {0});
  for (std::uint32_t to = 0; to < 10 * groups; to += 10) router.to_server({to}, 20'000, nullptr);
  std::uint32_t to = 0;
  for (auto _ : state) {
    to = (to + 11) % (10 * groups);
    benchmark::DoNotOptimize(router.to_server({to}, 20'000, nullptr));
  }
}
BENCHMARK(connector_choice)->Arg(10)->Arg(100);

// What a server's first message to a group costs.
void group_tree(benchmark::State& state) {
  const routing::Network network = meshed(static_cast<std::uint32_t>(state.range(0)));
  const auto all = [](routing::ConnectorId) { return true; };
  for (auto _ : state) benchmark::DoNotOptimize(routing::GroupTree(network, {1}, all));
}
BENCHMARK(group_tree)->Arg(10)->Arg(100);

}  // namespace
}  // namespace deadletter
