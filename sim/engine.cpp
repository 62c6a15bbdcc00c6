#include "sim/engine.h"

#include <fmt/format.h>
#include <simgrid/kernel/Timer.hpp>
#include <simgrid/kernel/resource/Model.hpp>
#include <simgrid/s4u.hpp>

#include <simgrid/version.h>  // leans on macros of the headers above

#include <algorithm>
#include <cassert>
#include <cmath>
#include <csignal>
#include <deque>
#include <iterator>
#include <map>

#include "sim/platform.h"
#include "sim/shared_link.h"

namespace deadletter::sim {
namespace s4u = simgrid::s4u;
using simgrid::kernel::timer::Timer;

namespace {

// Kinds of the engine's own events; the handler's kinds lie below.
constexpr std::uint16_t kTransferDone = 0xfff0, kSharedDone = 0xfff1, kAloneDone = 0xfff2;

constexpr double kNever = -1.0;  // SimGrid's word for it

// The one place where dates are converted.
double to_seconds(Instant t) { return static_cast<double>(t.ns) * 1e-9; }
Instant to_instant(double seconds) {
  double ns = seconds * 1e9;
  return ns >= 9.2e18 ? Instant::never() : Instant{std::llround(ns)};
}

class KeepSignals {
 public:
  KeepSignals() {
    for (std::size_t i = 0; i < std::size(kSignals); ++i) sigaction(kSignals[i], nullptr, &before_[i]);
  }
  ~KeepSignals() {
    for (std::size_t i = 0; i < std::size(kSignals); ++i) sigaction(kSignals[i], &before_[i], nullptr);
  }
  KeepSignals(const KeepSignals&) = delete;
  KeepSignals& operator=(const KeepSignals&) = delete;

 private:
  static constexpr int kSignals[] = {SIGINT, SIGTERM, SIGSEGV, SIGBUS, SIGABRT, SIGFPE};
  struct sigaction before_[std::size(kSignals)];
};

s4u::Engine& start_simgrid() {
  // SimGrid reads and alters its command line, so it gets one of our own.
  static int argc = 3;
  static char program[] = "deadletter", quiet[] = "--log=root.threshold:error", plain[] = "--log=no_loc";
  static char* words[] = {program, quiet, plain, nullptr};
  static char** argv = words;
  // SimGrid puts handlers of its own on signals, which would end the process without a word: the program's stay.
  KeepSignals keep;
  static s4u::Engine engine(&argc, argv);
  // The plain fluid model: a transfer takes latency + octets / its share of the bandwidth. The TCP window's cap and
  // the protocol's overhead factors are off, so that `flow` and `shared` agree where both apply.
  s4u::Engine::set_config("network/model:CM02");
  s4u::Engine::set_config("network/TCP-gamma:0");
  s4u::Engine::set_config("network/crosstraffic:no");
  s4u::Engine::set_config("network/weight-S:0");
  return engine;
}

struct Flow {
  s4u::CommPtr comm;
  std::uint32_t token = 0;
  bool ended = false;
};

// A link or a host; links first.
struct Part {
  bool host;
  std::uint32_t index;
  friend auto operator<=>(const Part&, const Part&) = default;
};

struct Failure {
  Part part;
  Instant from, to;
};

struct Change {
  Instant at;
  Part part;
  bool up;
  friend auto operator<=>(const Change&, const Change&) = default;
};

// When links and hosts go down and come up, ascending. Failures of one that overlap or touch are one: it changes at
// most once at a date.
std::vector<Change> changes_until(Instant horizon, std::vector<Failure> failures) {
  std::ranges::sort(failures, {}, [](const Failure& f) { return std::pair{f.part, f.from}; });
  std::vector<Change> changes;
  for (std::size_t i = 0; i < failures.size();) {
    Failure whole = failures[i];
    while (++i < failures.size() && failures[i].part == whole.part && failures[i].from <= whole.to)
      whole.to = std::max(whole.to, failures[i].to);
    if (whole.from == whole.to) continue;
    if (whole.from <= horizon) changes.push_back({whole.from, whole.part, false});
    if (whole.to <= horizon) changes.push_back({whole.to, whole.part, true});
  }
  std::ranges::sort(changes);
  return changes;
}

// A shared link and the earliest event that waits for its next transfer to be done. A transfer that finds the link
// empty is alone on it: its end is known, one event tells of it, and the link need not hear of it unless another one
// starts before it is done.
struct Shared {
  struct Alone {
    Instant began, done;
    Duration latency;
    std::uint64_t octets;
    std::uint32_t token;

    Instant arrives() const { return done + latency; }
  };
  struct Told {
    std::uint32_t token;
    Instant arrives;
  };

  std::uint64_t bandwidth_bps = 0;  // 0: nothing was ever sent over it
  Alone alone{};
  bool one_alone = false;  // `alone` is on the link
  bool in_use = false;     // `link` has been started, and not all that it had to tell has been told
  Instant posted = Instant::never();
  std::vector<Told> outdated{};  // events to come of transfers that were not alone to their end
  SharedLink link{0};

  bool idle_at(Instant now) {
    if (one_alone && now >= alone.done) one_alone = false;
    if (in_use && link.empty_at(now) && link.idle()) in_use = false;
    return !one_alone && !in_use;
  }
  void start(Instant now, std::uint32_t token, std::uint64_t octets, Duration latency) {
    if (one_alone) not_alone();
    in_use = true;
    link.start(now, token, octets, latency);
  }
  // It shares the link from now on, or breaks.
  void not_alone() {
    one_alone = false;
    outdated.push_back({alone.token, alone.arrives()});
    start(alone.began, alone.token, alone.octets, alone.latency);
  }
  // An event has come for a transfer that was alone: whether it has been so to its end.
  bool was_alone(std::uint32_t token, Instant arrives) {
    if (outdated.empty()) return true;
    auto same = [&](const Told& t) { return t.token == token && t.arrives == arrives; };
    auto found = std::ranges::find_if(outdated, same);
    if (found == outdated.end()) return true;
    outdated.erase(found);
    return false;
  }
};

}  // namespace

struct Engine::Impl {
  s4u::Engine& simgrid = start_simgrid();
  Platform platform;
  std::shared_ptr<Batch> batch;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::unique_ptr<Path>> paths;  // null: none
  std::vector<Shared> shared;                                                      // by link
  std::vector<Failure> failures;
  std::deque<Change> changes;                  // still to come
  std::vector<std::pair<Part, bool>> changed;  // since the last batch
  std::vector<std::uint32_t> ended;            // flows, since the last batch
  std::vector<Flow> flows;
  std::vector<std::uint32_t> free_flows;
  std::vector<std::function<void()>> waiting;  // what needs SimGrid's clock to be at now()
  Instant horizon;
  const std::atomic<bool>* stop = nullptr;
  bool stopped = false, passed_horizon = false;

  void start_flow(HostId from, HostId to, std::uint64_t octets, std::uint32_t token) {
    auto slot = static_cast<std::uint32_t>(flows.size());
    if (free_flows.empty()) {
      flows.emplace_back();
    } else {
      slot = free_flows.back();
      free_flows.pop_back();
    }
    auto comm = s4u::Comm::sendto_init(platform.host(from), platform.host(to));
    comm->set_payload_size(octets)->set_data(reinterpret_cast<void*>(std::uintptr_t{slot} + 1));
    flows[slot] = {comm, token, false};
    comm->start();
  }

  bool asked_to_stop() { return stopped = stopped || (stop != nullptr && stop->load(std::memory_order_relaxed)); }
};

// Our calendar as SimGrid sees it: a model that is told how far it may go and says when its next event is.
class Engine::Batch : public simgrid::kernel::resource::Model {
 public:
  explicit Batch(Engine& engine) : Model("Deadletter"), engine_(engine) {}

  bool next_occurring_event_is_idempotent() override { return false; }

  // `bound`: seconds until SimGrid's own next date, negative when it has none.
  double next_occurring_event(double bound) override {
    double clock = s4u::Engine::get_clock();
    take_what_simgrid_did(to_instant(clock));
    run_before(bound < 0 ? Instant::never() : to_instant(clock + bound));
    bool work_waits = !engine_.impl_->waiting.empty();
    double ahead = std::max(0.0, to_seconds(engine_.now_) - clock);
    if (bound >= 0) return work_waits ? std::min(ahead, bound) : bound;
    return work_waits || ahead > 0 ? ahead : kNever;
  }

  void update_actions_state(double now, double) override {
    Impl& impl = *engine_.impl_;
    if (impl.waiting.empty()) return;
    // From a kernel timer, because SimGrid's own models are being updated right now.
    Timer::set(now, [work = std::move(impl.waiting)] {
      for (const auto& one : work) one();
    });
    impl.waiting.clear();
  }

 private:
  // Own events before `limit`, and at each date before them the links that change, until something needs SimGrid's
  // clock.
  void run_before(Instant limit) {
    Impl& impl = *engine_.impl_;
    const Instant change = impl.changes.empty() ? Instant::never() : impl.changes.front().at;
    while (impl.waiting.empty()) {
      const Instant event = engine_.calendar_.next();
      const Instant next = std::min(change, event);
      if (next >= limit) return;
      if (next > impl.horizon) return void(impl.passed_horizon = true);
      if (impl.asked_to_stop()) return;
      if (change <= event) return change_parts(change);
      Calendar::Due due = engine_.calendar_.take();
      engine_.now_ = due.at;
      engine_.dispatch(due.event);
    }
  }

  void change_parts(Instant at) {
    Impl& impl = *engine_.impl_;
    engine_.now_ = at;
    for (; !impl.changes.empty() && impl.changes.front().at == at; impl.changes.pop_front())
      impl.waiting.push_back([&impl, change = impl.changes.front()] {
        if (change.part.host)
          impl.platform.set_up(HostId{change.part.index}, change.up);
        else
          impl.platform.set_up(LinkId{change.part.index}, change.up);
      });
  }

  // Our date for something that SimGrid did: its clock is coarser than ours when a run is long, so that what it reports
  // is kept from overtaking an own event or going back behind one.
  Instant date_of(Instant reported) const {
    return std::max(engine_.now_, std::min(reported, engine_.calendar_.next()));
  }

  // What SimGrid reports for one date comes in an order of its own: ours is by identity, links first.
  void take_what_simgrid_did(Instant clock) {
    Impl& impl = *engine_.impl_;
    if (impl.changed.empty() && impl.ended.empty()) return;
    auto changed = std::move(impl.changed);
    impl.changed.clear();
    std::sort(changed.begin(), changed.end());
    for (auto [part, up] : changed)
      part.host ? engine_.host_changed({part.index}, up) : engine_.link_changed({part.index}, up);
    Instant at = date_of(clock);
    std::sort(impl.ended.begin(), impl.ended.end(),
              [&](std::uint32_t x, std::uint32_t y) { return impl.flows[x].token < impl.flows[y].token; });
    for (std::uint32_t slot : impl.ended) {
      Flow& flow = impl.flows[slot];
      bool whole = flow.comm->get_state() == s4u::Activity::State::FINISHED;
      engine_.post(at, Priority::arrival, {kTransferDone, flow.token, whole});
      flow.comm = nullptr;  // not sooner: SimGrid still uses it while it reports
      impl.free_flows.push_back(slot);
    }
    impl.ended.clear();
  }

  Engine& engine_;
};

Engine::Engine() : impl_(std::make_unique<Impl>()) {
  s4u::Activity::on_completion_cb([this](const s4u::Activity& activity) {
    auto slot = static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(activity.get_data<void>()) - 1);
    Flow& flow = impl_->flows[slot];
    if (!std::exchange(flow.ended, true)) impl_->ended.push_back(slot);
  });
}
Engine::~Engine() = default;

HostId Engine::add_host(const std::string& name) { return impl_->platform.add_host(name); }

LinkId Engine::add_link(const LinkSpec& spec, HostId one, HostId other) {
  assert(spec.bandwidth_bps > 0 && spec.latency.ns >= 0);
  return impl_->platform.add_link(spec, one, other);
}

void Engine::fail_link(LinkId link, Instant at, Duration lasting) {
  impl_->failures.push_back({{false, link.value}, at, at + lasting});
}
void Engine::fail_host(HostId host, Instant at, Duration lasting) {
  impl_->failures.push_back({{true, host.value}, at, at + lasting});
}

const Path* Engine::path(HostId from, HostId to) {
  auto [found, fresh] = impl_->paths.try_emplace({from.value, to.value});
  if (fresh) found->second = impl_->platform.path(from, to);
  return found->second.get();
}

bool Engine::up(const Path& path) const {
  if (impl_->platform.all_up()) return true;
  if (!impl_->platform.up(path.from) || !impl_->platform.up(path.to)) return false;
  return std::all_of(path.links.begin(), path.links.end(), [&](LinkId l) { return impl_->platform.up(l); });
}

bool Engine::transfer(const Path& path, HostId from, HostId to, std::uint64_t octets, std::uint32_t token) {
  if (!up(path)) return false;
  ++carried_.transfers[static_cast<int>(path.sharing)];
  carried_.octets[static_cast<int>(path.sharing)] += octets;
  switch (path.sharing) {
    case Sharing::latency:
      post(now_ + path.one_way(octets), Priority::arrival, {kTransferDone, token, true});
      break;
    case Sharing::shared: {
      std::uint32_t link = path.bottleneck.value;
      if (impl_->shared.size() <= link) impl_->shared.resize(link + 1);
      Shared& shared = impl_->shared[link];
      if (shared.bandwidth_bps == 0) {
        shared.bandwidth_bps = impl_->platform.spec(path.bottleneck).bandwidth_bps;
        shared.link = SharedLink(shared.bandwidth_bps);
      }
      if (shared.idle_at(now_)) {
        const Instant done = now_ + SharedLink::time_alone(octets, shared.bandwidth_bps);
        shared.alone = {now_, done, path.latency, octets, token};
        shared.one_alone = true;
        post(shared.alone.arrives(), Priority::arrival, {kAloneDone, token, link});
        break;
      }
      shared.start(now_, token, octets, path.latency);
      await_shared(link);
      break;
    }
    case Sharing::flow:
      impl_->waiting.push_back([this, from, to, octets, token] { impl_->start_flow(from, to, octets, token); });
      break;
  }
  return true;
}

// One event waits for a link, however many transfers are on it: an event that comes too early posts the next one.
void Engine::await_shared(std::uint32_t index) {
  Shared& shared = impl_->shared[index];
  Instant next = shared.link.next_done();
  if (next >= shared.posted) return;
  shared.posted = next;
  post(next, Priority::world, {kSharedDone, index, 0});
}

void Engine::finish_shared(std::uint32_t index) {
  Shared& shared = impl_->shared[index];
  if (shared.posted != now_) return;  // an earlier event has taken its place
  shared.posted = Instant::never();
  if (shared.one_alone) return;  // those that it was posted for have broken, and this one tells of itself
  for (SharedLink::Done done : shared.link.take_done(now_))
    post(now_ + done.latency, Priority::arrival, {kTransferDone, done.transfer, true});
  await_shared(index);
}

void Engine::alone_done(std::uint32_t token, std::uint32_t index) {
  if (impl_->shared[index].was_alone(token, now_)) handler_->transferred(now_, token, true);
}

void Engine::link_changed(LinkId link, bool up) {
  if (impl_->stopped) return;
  handler_->link_changed(now_, link, up);
  if (up || link.value >= impl_->shared.size()) return;
  Shared& shared = impl_->shared[link.value];
  if (shared.idle_at(now_)) return;
  if (shared.one_alone) shared.not_alone();
  for (SharedLink::Done broken : shared.link.take_all(now_))
    post(now_, Priority::arrival, {kTransferDone, broken.transfer, false});
}

void Engine::host_changed(HostId host, bool up) {
  if (!impl_->stopped) handler_->host_changed(now_, host, up);
}

void Engine::dispatch(const Event& event) {
  ++events_;
  switch (event.kind) {
    case kTransferDone:
      handler_->transferred(now_, event.a, event.b != 0);
      break;
    case kSharedDone:
      finish_shared(event.a);
      break;
    case kAloneDone:
      alone_done(event.a, event.b);
      break;
    default:
      handler_->handle(now_, event);
  }
}

Ending Engine::run(Handler& handler, Instant horizon, const std::atomic<bool>* stop) {
  handler_ = &handler;
  impl_->horizon = horizon;
  impl_->stop = stop;
  impl_->platform.seal();
  s4u::Link::on_state_change_cb([this](const s4u::Link& link) {
    impl_->changed.emplace_back(Part{false, impl_->platform.id(link).value}, link.is_on());
  });
  s4u::Host::on_state_change_cb([this](const s4u::Host& host) {
    impl_->changed.emplace_back(Part{true, impl_->platform.id(host).value}, host.is_on());
  });
  auto changes = changes_until(horizon, impl_->failures);
  impl_->changes.assign(changes.begin(), changes.end());
  impl_->batch = std::make_shared<Batch>(*this);
  impl_->simgrid.add_model(impl_->batch);
  impl_->simgrid.run();
  if (impl_->stopped) return Ending::stopped;
  return impl_->passed_horizon ? Ending::horizon : Ending::nothing_left;
}

std::string simgrid_version() {
  int major, minor, patch;
  sg_version_get(&major, &minor, &patch);
  return fmt::format("{}.{}.{}", major, minor, patch);
}

}  // namespace deadletter::sim
