// Watches an Outlook from outside: told what happened to it and hears what it wants done, it knows by itself what must
// follow, and writes down what is broken.
//
//   * what is submitted is what was sent, each once and in that order; what is downloaded is what arrived
//   * nothing is submitted or fetched while not connected
//   * what is sent leaves when it is due: at once, or cached `upload` after the last and `maximum` at most after the
//     first one
//   * what arrives is fetched when it is due: at once, or cached `download` after the first one, all together
//   * cached: the list was asked for in this session, or with `change` for this upload; once a session, else
//   * cached: the address book is never older than `oab` while connected, and not fetched before
#pragma once
#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "models/client/outlook.h"

namespace deadletter::client {

using sim::Duration;
using sim::Instant;

class OutlookWatch {
 public:
  OutlookWatch(const ClientBehaviour& behaviour, Mode mode) : behaviour_(&behaviour), mode_(mode) {}

  // Before what happens at `now`.
  void passed(Instant now) {
    now_ = now;
    if (!since_) return;
    for (const Sent& waiting : outbox_)
      if (now - std::max(waiting.at, *since_) > *behaviour_->maximum)
        note("waited longer than the maximum", waiting.item);
    if (!outbox_.empty() && out_due() < now) note("not sent in time");
    if (on_server_ > 0 && in_due() < now) note("not fetched in time");
    if (cached() && has_book() && (!book_ || *book_ + *behaviour_->oab < now)) note("old address book");
  }
  void started() {
    if (!open_) asked_ = 0;
    open_ = true;
    connection();
  }
  void stopped() { open_ = false, connection(); }
  void network(bool there) { network_ = there, connection(); }
  void sent(std::uint32_t item) { outbox_.push_back({item, now_}), out_.comes(now_); }
  void arrived() { ++on_server_, in_.comes(now_); }

  void heard(const OutlookAction& action) {
    using Kind = OutlookAction::Kind;
    if (action.kind == Kind::timer) return;
    if (!since_) note("not connected");
    if (action.kind == Kind::submit) submitted(action.item);
    if (action.kind == Kind::download) downloaded(action.count);
    if (action.kind == Kind::fetch_types) asked();
    if (action.kind == Kind::fetch_book) fetched();
  }

  std::size_t in_outbox() const { return outbox_.size(); }
  std::uint32_t on_server() const { return on_server_; }
  std::uint32_t submissions() const { return submissions_; }
  const std::vector<std::string>& broken() const { return broken_; }

 private:
  struct Sent {
    std::uint32_t item;
    Instant at;
  };
  // What waits, and when it came.
  struct Waiting {
    std::optional<Instant> first, last;
    std::optional<Instant> connected;  // while something waited
    void comes(Instant now) { first = first.value_or(now), last = now; }
  };

  Instant out_due() const {
    if (out_.connected || !cached()) return out_.connected.value_or(*out_.first);
    return std::min(*out_.last + *behaviour_->upload, *out_.first + *behaviour_->maximum);
  }
  Instant in_due() const {
    if (in_.connected || !cached()) return in_.connected.value_or(*in_.first);
    return *in_.first + *behaviour_->download;
  }
  bool cached() const { return mode_ == Mode::cached; }
  bool has_book() const { return behaviour_->oab->ns > 0; }
  void note(const std::string& what, std::uint32_t item = 0) {
    broken_.push_back(fmt::format("{} {} {}", sim::elapsed(now_ - Instant{}), what, item));
  }
  void connection() {
    bool connected = open_ && network_;
    if (connected && !since_) {
      since_ = now_;
      if (!outbox_.empty()) out_.connected = now_;
      if (on_server_ > 0) in_.connected = now_;
    }
    if (!connected) since_.reset(), out_.connected.reset(), in_.connected.reset();
  }
  void submitted(std::uint32_t item) {
    ++submissions_;
    if (outbox_.empty() || outbox_.front().item != item) return note("submitted out of its turn", item);
    if (out_due() != now_) note("submitted when it was not due", item);
    bool every_time = *behaviour_->address_types_read == ListRead::change;
    if (cached() && (asked_ == 0 || (every_time && asked_at_ != now_))) note("submitted with an old list", item);
    outbox_.pop_front();
    if (outbox_.empty()) out_ = {};
  }
  void downloaded(std::uint32_t count) {
    if (count != on_server_) return note("downloaded too few or too many", count);
    if (in_due() != now_) note("downloaded when it was not due");
    on_server_ = 0, in_ = {};
  }
  void asked() {
    if (!cached()) note("asked for a list");
    if (++asked_ > 1 && *behaviour_->address_types_read == ListRead::session_start) note("asked twice in a session");
    asked_at_ = now_;
  }
  void fetched() {
    if (!cached() || !has_book()) note("fetched an address book");
    if (book_ && now_ - *book_ < *behaviour_->oab) note("fetched the address book too early");
    book_ = now_;
  }

  const ClientBehaviour* behaviour_;
  Mode mode_;
  Instant now_{}, asked_at_{};
  bool open_ = false, network_ = true;
  std::optional<Instant> since_;  // connected
  std::deque<Sent> outbox_;
  std::uint32_t on_server_ = 0, submissions_ = 0;
  int asked_ = 0;  // in this session
  std::optional<Instant> book_;
  Waiting out_, in_;
  std::vector<std::string> broken_;
};

}  // namespace deadletter::client
