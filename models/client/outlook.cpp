#include "models/client/outlook.h"

#include <algorithm>

namespace deadletter::client {
namespace {

using Kind = OutlookAction::Kind;
using sim::Duration;
using sim::Instant;

// There is one for each person of an organization.
static_assert(sizeof(Outlook) <= 128);

bool asks_before_upload(const ClientBehaviour& behaviour, Mode mode) {
  return mode == Mode::cached && *behaviour.address_types_read == ListRead::change;
}

}  // namespace

bool AddressTypeList::has(std::string_view type) const { return std::ranges::find(types, type) != types.end(); }

Blame AddressTypeList::blame_of_missing(std::string_view type) const {
  Blame blame;
  for (const auto& [name, by] : left_out)
    if (name == type) blame = join(blame, by);
  return blame;
}

// ---- Connected or not

void Outlook::start(Instant now, Actions& actions) {
  if (open_) return;
  open_ = true;
  list_of_session_ = false;
  if (connected()) became_connected(now, actions);
}

void Outlook::stop() {
  lost();
  open_ = false;
}

void Outlook::network(bool there, Instant now, Actions& actions) {
  bool before = connected();
  network_ = there;
  if (connected() && !before) became_connected(now, actions);
  if (!there) lost();
}

void Outlook::became_connected(Instant now, Actions& actions) {
  bool asked_by_upload = asks_before_upload(*behaviour_, mode_) && !outbox_.empty();
  if (mode_ == Mode::cached && !list_of_session_ && !asked_by_upload) actions.push_back({.kind = Kind::fetch_types});
  upload(actions);
  download(actions);
  fetch_book(now, actions);
}

// Timers that run are of no more use; what waits stays.
void Outlook::lost() { upload_due_.set = download_due_.set = false; }

// ---- What waits

void Outlook::send(std::uint32_t item, Instant now, Actions& actions) {
  outbox_.push_back(item);
  if (!connected()) return;
  if (mode_ != Mode::cached) return upload(actions);
  if (!upload_due_.set) first_change_ = now;
  set_timer(upload_due_, Timer::upload, std::min(now + *behaviour_->upload, first_change_ + *behaviour_->maximum),
            actions);
}

void Outlook::arrived(Instant now, Actions& actions) {
  ++on_server_;
  if (!connected()) return;
  if (mode_ != Mode::cached) return download(actions);
  if (!download_due_.set) set_timer(download_due_, Timer::download, now + *behaviour_->download, actions);
}

void Outlook::set_timer(Due& due, Timer which, Instant at, Actions& actions) {
  due.set = true;
  actions.push_back({.kind = Kind::timer, .at = at, .timer = which, .generation = ++due.generation});
}

void Outlook::timer(Timer which, std::uint32_t generation, Instant now, Actions& actions) {
  if (which == Timer::book) {
    if (generation == book_generation_ && connected()) fetch_book(now, actions);
    return;
  }
  const Due& due = which == Timer::upload ? upload_due_ : download_due_;
  if (!due.set || generation != due.generation) return;
  if (which == Timer::upload) return upload(actions);
  download(actions);
}

// Gives back the memory, too: most of the time an Outbox is empty.
void Outlook::upload(Actions& actions) {
  upload_due_.set = false;
  if (outbox_.empty()) return;
  if (asks_before_upload(*behaviour_, mode_)) actions.push_back({.kind = Kind::fetch_types});
  for (std::uint32_t item : outbox_) actions.push_back({.kind = Kind::submit, .item = item});
  std::vector<std::uint32_t>{}.swap(outbox_);
}

void Outlook::download(Actions& actions) {
  download_due_.set = false;
  if (on_server_ == 0) return;
  actions.push_back({.kind = Kind::download, .count = on_server_});
  on_server_ = 0;
}

// ---- Lists of the server

// Now, when the one that is held is old enough, and next time when it will be.
void Outlook::fetch_book(Instant now, Actions& actions) {
  if (mode_ != Mode::cached || *behaviour_->oab <= Duration{}) return;
  if (!book_held_ || book_at_ + *behaviour_->oab <= now) {
    actions.push_back({.kind = Kind::fetch_book});
    book_held_ = true;
    book_at_ = now;
  }
  actions.push_back(
      {.kind = Kind::timer, .at = book_at_ + *behaviour_->oab, .timer = Timer::book, .generation = ++book_generation_});
}

void Outlook::types_fetched() { list_held_ = list_of_session_ = true; }

DecisionPoint<SubmitCheckFacts, SubmitCheck>::Ruling Outlook::check(std::string_view type,
                                                                    const AddressTypeList& list) const {
  bool listed = list_held_ && list.has(type);
  auto ruling = behaviour_->submit_check.rule({type, listed, list_held_, mode_});
  if (!list_held_ || listed) return ruling;
  // The list decides: who left the type out of it, and who set when it is asked for, have a hand in the answer.
  ruling.blame = join(ruling.blame, join(list.blame_of_missing(type), behaviour_->address_types_read.blame()));
  return ruling;
}

}  // namespace deadletter::client
