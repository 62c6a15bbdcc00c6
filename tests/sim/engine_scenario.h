// An engine whose scenarios run in processes of their own and say what happened, a line each: "<time> <what>".
#pragma once
#include <fmt/format.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "sim/engine.h"
#include "tests/support/in_child.h"

namespace deadletter::sim {

inline constexpr std::uint64_t kMegabit = 1'000'000;
inline constexpr std::uint64_t kOneSecond = 1'000'000;  // octets that 8 Mbit/s carries in a second

// An engine, and a handler that writes down what it is told and then does what the scenario wants.
class Scenario : public Handler {
 public:
  Engine engine;
  std::function<void(std::uint32_t)> on_event = [](std::uint32_t) {};
  std::function<void(std::uint32_t, bool)> on_transfer = [](std::uint32_t, bool) {};
  std::function<void(LinkId, bool)> on_link = [](LinkId, bool) {};
  std::function<void(HostId, bool)> on_host = [](HostId, bool) {};

  // Two hosts joined by a link of their own.
  struct Pair {
    HostId from, to;
    LinkId link;
  };
  Pair pair(Sharing sharing, std::uint64_t bandwidth_bps = 8 * kMegabit, Duration latency = {}) {
    auto n = pairs_++;
    HostId from = engine.add_host(fmt::format("from{}", n)), to = engine.add_host(fmt::format("to{}", n));
    return {from, to, engine.add_link({fmt::format("link{}", n), bandwidth_bps, latency, sharing}, from, to)};
  }

  bool send(const Pair& pair, std::uint64_t octets, std::uint32_t token) {
    return engine.transfer(*engine.path(pair.from, pair.to), pair.from, pair.to, octets, token);
  }
  void at(Instant when, std::uint32_t name, Priority priority = Priority::normal) {
    engine.post(when, priority, {1, name, 0});
  }

  std::string run(Instant horizon = Instant::never(), const std::atomic<bool>* stop = nullptr) {
    constexpr const char* endings[] = {"nothing left", "horizon", "stopped"};
    Ending ending = engine.run(*this, horizon, stop);
    say("end: {}", endings[static_cast<int>(ending)]);
    return text_;
  }

  template <class... Args>
  void say(fmt::format_string<Args...> words, Args&&... args) {
    text_ += elapsed(engine.now() - Instant{}) + " " + fmt::format(words, std::forward<Args>(args)...) + "\n";
  }

  void handle(Instant, const Event& event) override {
    say("event {}", event.a);
    on_event(event.a);
  }
  void transferred(Instant, std::uint32_t token, bool whole) override {
    say("transfer {} {}", token, whole ? "done" : "broken");
    on_transfer(token, whole);
  }
  void host_changed(Instant, HostId host, bool up) override {
    say("host {} {}", host.value, up ? "up" : "down");
    on_host(host, up);
  }
  void link_changed(Instant, LinkId link, bool up) override {
    say("link {} {}", link.value, up ? "up" : "down");
    on_link(link, up);
  }

 private:
  std::string text_;
  int pairs_ = 0;
};

constexpr Instant seconds(double s) { return {static_cast<std::int64_t>(s * 1e9 + 0.5)}; }

inline std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

inline std::vector<std::string> told(const std::function<std::string(Scenario&)>& scenario) {
  return lines(testing::in_child([&] {
    Scenario s;
    return scenario(s);
  }));
}

}  // namespace deadletter::sim
