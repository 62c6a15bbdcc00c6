// The engine: one calendar plugged into SimGrid as a kernel model, so that SimGrid's clock, links and flows and our own
// events drive the same run.
//
// Every own event that lies before SimGrid's next date is run in one batch; what needs SimGrid itself (starting a flow,
// a link going down) is done when SimGrid's clock has reached that date. Integer time above, SimGrid's double seconds
// below: dates are converted in engine.cpp only.
//
// One engine per process: SimGrid's clock cannot be set back. Nothing unchecked may reach it: bandwidths > 0,
// latencies >= 0, names unique (the readers see to that, programmer errors are asserted).
#pragma once
#include <atomic>
#include <cassert>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "sim/calendar.h"
#include "sim/network.h"

namespace deadletter::sim {

class Handler {
 public:
  virtual ~Handler() = default;
  virtual void handle(Instant now, const Event& event) = 0;
  // A transfer that the handler started has come to its end, or its link went down while it was under way.
  virtual void transferred(Instant now, std::uint32_t token, bool whole) = 0;
  virtual void link_changed(Instant now, LinkId link, bool up) = 0;
  virtual void host_changed(Instant now, HostId host, bool up) = 0;
};

// How much of a run's traffic was carried how.
struct Carried {
  std::uint64_t transfers[3] = {}, octets[3] = {};  // by Sharing
};

enum class Ending : std::uint8_t { nothing_left, horizon, stopped };

class Engine {
 public:
  Engine();
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  HostId add_host(const std::string& name);
  LinkId add_link(const LinkSpec& spec, HostId one, HostId other);
  // The link is down from `at` for `lasting`; failures that overlap are one. Before run() only.
  void fail_link(LinkId link, Instant at, Duration lasting);
  // The same for a host: no path that begins or ends there is up.
  void fail_host(HostId host, Instant at, Duration lasting);

  // After the first call hosts and links are fixed. Null when no path joins the two.
  const Path* path(HostId from, HostId to);
  bool up(const Path& path) const;

  // `at` must not lie before now().
  void post(Instant at, Priority priority, Event event) {
    assert(at >= now_);
    calendar_.post(at, priority, event);
  }
  // Starts a transfer of `octets` now; `token` comes back in transferred(). On a path that is down nothing arrives and
  // nothing comes back. Returns false then.
  bool transfer(const Path& path, HostId from, HostId to, std::uint64_t octets, std::uint32_t token);

  // Runs until nothing is left, `horizon` is passed (events at the horizon itself still happen) or *stop is set.
  Ending run(Handler& handler, Instant horizon, const std::atomic<bool>* stop = nullptr);

  Instant now() const { return now_; }
  std::uint64_t events() const { return events_; }
  // How many have been posted.
  std::uint64_t posted() const { return calendar_.posted(); }
  std::size_t pending() const { return calendar_.size(); }
  const Carried& carried() const { return carried_; }

 private:
  class Batch;
  struct Impl;
  void dispatch(const Event& event);
  void await_shared(std::uint32_t link);
  void finish_shared(std::uint32_t link);
  void alone_done(std::uint32_t token, std::uint32_t link);
  void link_changed(LinkId link, bool up);
  void host_changed(HostId host, bool up);

  Calendar calendar_;
  Instant now_;
  std::uint64_t events_ = 0;
  Carried carried_;
  Handler* handler_ = nullptr;
  std::unique_ptr<Impl> impl_;
};

// The version of the SimGrid library that is linked.
std::string simgrid_version();

}  // namespace deadletter::sim
