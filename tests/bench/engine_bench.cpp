// What the engine costs an event, beside a bare heap in the same run; what a decision costs, beside a direct call.
// Ratios of one run count; absolute times are the machine's.
#include <benchmark/benchmark.h>

#include <queue>
#include <vector>

#include "models/smtp/behaviour.h"
#include "sim/calendar.h"
#include "sim/engine.h"
#include "sim/fingerprint.h"

namespace deadletter {
namespace {

using sim::Duration;
using sim::Instant;

// A hold model: each event that is taken posts another one up to 2 s later.
std::int64_t hold(std::uint64_t& state) {
  state = state * 6364136223846793005ULL + 1442695040888963407ULL;
  return static_cast<std::int64_t>(state >> 33) % 2'000'000'000;
}

void bare_heap(benchmark::State& state) {
  using Bare = std::pair<std::int64_t, std::uint32_t>;
  std::priority_queue<Bare, std::vector<Bare>, std::greater<>> heap;
  std::uint64_t chance = 1;
  for (std::int64_t i = 0; i < state.range(0); ++i) heap.emplace(hold(chance), static_cast<std::uint32_t>(i));
  for (auto _ : state) {
    auto [at, what] = heap.top();
    heap.pop();
    heap.emplace(at + hold(chance), what);
  }
}
BENCHMARK(bare_heap)->Arg(1000)->Arg(100'000);

void calendar(benchmark::State& state) {
  sim::Calendar calendar;
  std::uint64_t chance = 1;
  for (std::int64_t i = 0; i < state.range(0); ++i)
    calendar.post({hold(chance)}, sim::Priority::normal, {1, static_cast<std::uint32_t>(i), 0});
  for (auto _ : state) {
    auto due = calendar.take();
    calendar.post(due.at + Duration{hold(chance)}, sim::Priority::normal, due.event);
  }
}
BENCHMARK(calendar)->Arg(1000)->Arg(100'000);

class Holder : public sim::Handler {
 public:
  Holder(sim::Engine& engine, std::uint64_t most) : engine_(engine), left_(most) {}
  void handle(Instant now, const sim::Event& event) override {
    if (left_ > 0) --left_, engine_.post(now + Duration{hold(chance_)}, sim::Priority::normal, event);
  }
  void transferred(Instant, std::uint32_t, bool) override {}
  void link_changed(Instant, sim::LinkId, bool) override {}
  void host_changed(Instant, sim::HostId, bool) override {}

 private:
  sim::Engine& engine_;
  std::uint64_t left_, chance_ = 1;
};

// One run of the engine: SimGrid allows one a process, so this is one iteration of many events.
void engine_in_simgrid(benchmark::State& state) {
  constexpr std::uint64_t events = 3'000'000;
  static sim::Engine engine;
  static bool used = false;
  for (auto _ : state) {
    if (used) {
      state.SkipWithError("an engine runs once a process");
      break;
    }
    used = true;
    engine.add_host("one");
    Holder holder(engine, events);
    for (std::uint32_t i = 0; i < 1000; ++i) engine.post({i}, sim::Priority::normal, {1, i, 0});
    engine.run(holder, Instant::never());
  }
  state.counters["event"] = benchmark::Counter(static_cast<double>(engine.events()),
                                               benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(engine_in_simgrid)->Iterations(1);

const smtp::ReplyClassFacts kFacts[] = {{smtp::Stage::dot, smtp::Ended::reply, 250, {}},
                                        {smtp::Stage::data, smtp::Ended::reply, 354, {}},
                                        {smtp::Stage::rcpt, smtp::Ended::reply, 550, {}}};

void direct_call(benchmark::State& state) {
  std::size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(smtp::as_designed_reply_class(kFacts[i++ % 3]));
}
BENCHMARK(direct_call);

void undisturbed_point(benchmark::State& state) {
  smtp::ClientBehaviour behaviour;
  std::size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(behaviour.reply_class.rule(kFacts[i++ % 3]));
}
BENCHMARK(undisturbed_point);

void record_in_fingerprint(benchmark::State& state) {
  sim::Fingerprint fingerprint;
  sim::Record record{{12345}, 3, 4, 5, 6, 7, 8};
  for (auto _ : state) {
    ++record.at.ns;
    fingerprint.event(record, "250 2.1.5 Recipient OK\r\n");
  }
}
BENCHMARK(record_in_fingerprint);

}  // namespace
}  // namespace deadletter

BENCHMARK_MAIN();
