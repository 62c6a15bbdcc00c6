// A desk at which an Outlook is driven by hand: its timers ring, old ones too, and what it does is written down, a line
// each: "<time> <what>". Everything passes an OutlookWatch on its way, after `tamper`.
//
//   OutlookDesk desk;                 // cached mode
//   desk.start(), desk.send(1);
//   desk.run_until(Duration::minutes(1));
//   EXPECT_THAT(desk.lines("submits"), ElementsAre("00:00:15 submits 1"));
#pragma once
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/models/client/outlook_watch.h"

namespace deadletter::client {

class OutlookDesk {
 public:
  using Actions = Outlook::Actions;
  ClientBehaviour behaviour;
  std::function<void(Actions&)> tamper = [](Actions&) {};

  explicit OutlookDesk(Mode mode = Mode::cached) : outlook_(behaviour, mode), watch_(behaviour, mode) {}
  OutlookDesk(const OutlookDesk&) = delete;
  OutlookDesk& operator=(const OutlookDesk&) = delete;

  void start() {
    happens([&](Actions& actions) { watch_.started(), outlook_.start(now_, actions); });
  }
  void stop() {
    happens([&](Actions&) { watch_.stopped(), outlook_.stop(); });
  }
  void network(bool there) {
    happens([&](Actions& actions) { watch_.network(there), outlook_.network(there, now_, actions); });
  }
  void send(std::uint32_t item) {
    happens([&](Actions& actions) { watch_.sent(item), outlook_.send(item, now_, actions); });
  }
  void arrive() {
    happens([&](Actions& actions) { watch_.arrived(), outlook_.arrived(now_, actions); });
  }

  // Since the beginning; timers of that very moment ring.
  void run_until(Duration end) {
    while (!timers_.empty() && timers_.begin()->first <= Instant{} + end) ring();
    now_ = Instant{} + end;
  }
  // The same, and timers of that very moment have still to ring.
  void run_up_to(Duration end) {
    while (!timers_.empty() && timers_.begin()->first < Instant{} + end) ring();
    now_ = Instant{} + end;
  }
  Duration time() const { return now_ - Instant{}; }

  std::vector<std::string> lines(const std::string& words = "") const {
    std::vector<std::string> some;
    for (const std::string& line : lines_)
      if (line.find(words) != std::string::npos) some.push_back(line);
    return some;
  }
  Outlook& outlook() { return outlook_; }
  OutlookWatch& watch() { return watch_; }
  const std::vector<std::string>& broken() {
    watch_.passed(now_);
    return watch_.broken();
  }

 private:
  template <class What>
  void happens(What what) {
    Actions actions;
    watch_.passed(now_);
    what(actions);
    tamper(actions);
    for (const OutlookAction& action : actions) perform(action);
  }
  void ring() {
    auto [at, timer] = *timers_.begin();
    timers_.erase(timers_.begin());
    now_ = std::max(now_, at);
    happens([&, timer = timer](Actions& actions) { outlook_.timer(timer.timer, timer.generation, now_, actions); });
  }
  void perform(const OutlookAction& action) {
    watch_.heard(action);
    switch (action.kind) {
      case OutlookAction::Kind::fetch_types:
        outlook_.types_fetched();
        return write("asks for the list");
      case OutlookAction::Kind::submit:
        return write(fmt::format("submits {}", action.item));
      case OutlookAction::Kind::download:
        return write(fmt::format("downloads {}", action.count));
      case OutlookAction::Kind::fetch_book:
        return write("fetches the address book");
      case OutlookAction::Kind::timer:
        timers_.emplace(action.at, action);
    }
  }
  void write(const std::string& what) { lines_.push_back(fmt::format("{} {}", sim::elapsed(time()), what)); }

  Outlook outlook_;
  OutlookWatch watch_;
  Instant now_{};
  std::multimap<Instant, OutlookAction> timers_;
  std::vector<std::string> lines_;
};

}  // namespace deadletter::client
