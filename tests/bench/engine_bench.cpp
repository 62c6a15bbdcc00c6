// What the engine costs an event, beside bare heaps in the same run; what a decision costs, beside a direct call; what
// a record and a shared link cost. Of mail software: models_bench.cpp. Ratios of one run count; absolute times are the
// machine's.
#include <benchmark/benchmark.h>

#include <boost/heap/d_ary_heap.hpp>
#include <queue>
#include <vector>

#include "models/smtp/behaviour.h"
#include "sim/calendar.h"
#include "sim/engine.h"
#include "sim/fingerprint.h"
#include "sim/shared_link.h"

namespace deadletter {
namespace {

using sim::Duration;
using sim::Instant;

// A hold model: each event that is taken posts another one up to 2 s later.
std::int64_t hold(std::uint64_t& state) {
  state = state * 6364136223846793005ULL + 1442695040888963407ULL;
  return static_cast<std::int64_t>(state >> 33) % 2'000'000'000;
}

using Bare = std::pair<std::int64_t, std::uint32_t>;  // 16 octets, as an event of the floor has
using BinaryHeap = std::priority_queue<Bare, std::vector<Bare>, std::greater<>>;
using FourAryHeap = boost::heap::d_ary_heap<Bare, boost::heap::arity<4>, boost::heap::compare<std::greater<>>>;

template <class Heap>
void bare_heap(benchmark::State& state) {
  Heap heap;
  std::uint64_t chance = 1;
  for (std::int64_t i = 0; i < state.range(0); ++i) heap.emplace(hold(chance), static_cast<std::uint32_t>(i));
  for (auto _ : state) {
    auto [at, what] = heap.top();
    heap.pop();
    heap.emplace(at + hold(chance), what);
  }
}
BENCHMARK(bare_heap<BinaryHeap>)->Arg(1000)->Arg(1'000'000);
BENCHMARK(bare_heap<FourAryHeap>)->Arg(1000)->Arg(1'000'000);

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
BENCHMARK(calendar)->Arg(1000)->Arg(1'000'000);

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

// As many transfers on one link as say: as one is done the next one starts.
void shared_link(benchmark::State& state) {
  sim::SharedLink link(10'000'000);
  std::uint64_t chance = 1;
  std::uint32_t next = 0;
  auto start = [&](Instant now) {
    link.start(now, next++, 512 + static_cast<std::uint64_t>(hold(chance)) % 40'000, Duration{20'000'000});
  };
  while (next < state.range(0)) start({});
  for (auto _ : state) {
    Instant now = link.next_done();
    for (std::size_t left = link.take_done(now).size(); left > 0; --left) start(now);
  }
}
BENCHMARK(shared_link)->Arg(1)->Arg(10)->Arg(1000);

}  // namespace
}  // namespace deadletter

BENCHMARK_MAIN();
