#include "tests/support/scan_desk.h"

#include <fmt/format.h>

#include <algorithm>

namespace deadletter::scanner {
namespace {

using Kind = ScanAction::Kind;

std::string text(Verdict verdict) {
  const char* const words[] = {"not yet", "clean", "cleaned", "deleted", "blocked", "failed"};
  return words[static_cast<std::size_t>(verdict)];
}

std::string told(const ScanAction& a) {
  if (a.verdict != Verdict::failed) return text(a.verdict);
  const char* const what[] = {"to be tried later", "to be given out unscanned", "refused"};
  std::string why =
      a.timed_out && a.error == 0 ? "not in time" : fmt::format("{:#x}", static_cast<std::uint32_t>(a.error));
  return fmt::format("failed ({}), attempt {}, {}", why, a.attempts, what[static_cast<std::size_t>(a.failure)]);
}

}  // namespace

ScanDesk::ScanDesk(Site site) : site_(site) {
  behaviour.enabled.set(Switch::on, {});
  behaviour.transport.set(Switch::on, {});
  behaviour.background.set(Switch::on, {});
  behaviour.threads.set(1, {});
  behaviour.time_per_item.set(Duration::seconds(10), {});
  behaviour.time_per_mb.set({}, {});
}

Scanner& ScanDesk::scanner() {
  if (!scanner_) {
    scanner_ = std::make_unique<Scanner>(behaviour, site_);
    watch_ = std::make_unique<ScanWatch>(scanner_->threads(), *behaviour.low_queue, scanner_->signatures());
  }
  return *scanner_;
}

ItemId ScanDesk::id_of(const std::string& name, const Sort& sort) {
  auto known = std::ranges::find_if(items_, [&](const Named& n) { return n.name == name && !n.gone; });
  auto index = static_cast<std::uint32_t>(known - items_.begin());
  if (known == items_.end()) items_.push_back({name, sort, {}, false});
  return {index};
}

Item ScanDesk::item(ItemId id) const {
  const Sort& s = items_[id.value].sort;
  return {id, s.size, s.message_class, s.attachments, s.infected, s.cleanable, s.known_since, s.readable, s.error};
}

bool ScanDesk::excluded(const Item& item) const {
  return behaviour.exclusions->cover(item.message_class, item.attachments);
}

void ScanDesk::arrive(const std::string& name, const Sort& sort) { ask(name, sort, Event::arrival); }
void ScanDesk::open(const std::string& name, const Sort& sort) { ask(name, sort, Event::open); }
void ScanDesk::change(const std::string& name, const Sort& sort) { items_[id_of(name, sort).value].sort = sort; }

void ScanDesk::ask(const std::string& name, const Sort& sort, Event event) {
  Item asked = item(id_of(name, sort));
  Scanner::Actions actions;
  if (event == Event::open)
    scanner().open(asked, now_, actions);
  else
    scanner().arrive(asked, now_, actions);
  Scanner::Actions heard = actions;
  tamper(heard);
  // A transport scans what arrives as a store scans what is opened.
  watch_->asked(asked, site_ == Site::transport ? Event::open : event, excluded(asked), heard);
  perform(actions);
}

void ScanDesk::update(std::uint64_t version) {
  std::vector<Item> stored;
  std::vector<ItemId> scannable;
  for (std::uint32_t i = 0; i < items_.size(); ++i) {
    if (items_[i].gone) continue;
    stored.push_back(item({i}));
    if (!excluded(stored.back()) && *behaviour.background == Switch::on) scannable.push_back({i});
  }
  Scanner::Actions actions;
  scanner().signatures_updated(version, now_, stored, actions);
  Scanner::Actions heard = actions;
  tamper(heard);
  watch_->updated(version, scannable, heard);
  perform(actions);
}

void ScanDesk::forget(const std::string& name) {
  ItemId id = id_of(name, {});
  items_[id.value].gone = true;
  scanner().forget(id);
  watch_->forgotten(id);
}

void ScanDesk::stored(const std::string& name) {
  ItemId id = id_of(name, {});
  items_[id.value].gone = true;
  scanner().stored(id);
}

void ScanDesk::restart() {
  scanner().restart();
  watch_->restarted();
}

bool ScanDesk::step(Instant end) {
  if (calendar_.empty() || std::get<Instant>(calendar_.begin()->first) > end) return false;
  auto next = calendar_.extract(calendar_.begin());
  auto [at, timer, serial] = next.key();
  now_ = at;
  Scanner::Actions actions;
  if (next.mapped().serial == 0)
    scanner_->open_due(now_, actions);
  else if (timer == 1)
    scanner_->timed_out(next.mapped(), now_, actions);
  else
    scanner_->finished(next.mapped(), now_, actions);
  Scanner::Actions heard = actions;
  tamper(heard);
  watch_->ended(next.mapped(), heard);
  perform(actions);
  return true;
}

void ScanDesk::run_until(Duration end) {
  while (step(Instant{} + end)) continue;
  now_ = Instant{} + end;
}

void ScanDesk::run_out() {
  while (step(Instant::never())) continue;
}

void ScanDesk::perform(const Scanner::Actions& actions) {
  for (const ScanAction& action : actions) perform(action);
}

void ScanDesk::perform(const ScanAction& a) {
  if (a.kind != Kind::start && a.kind != Kind::timer && a.item.valid()) items_[a.item.value].blame = a.blame;
  switch (a.kind) {
    case Kind::start:
      say(a.item, fmt::format("scan begins after {}", sim::elapsed(a.waited)));
      if (!items_[a.item.value].sort.hangs) calendar_[{now_ + a.takes, 0, posted_++}] = a.scan;
      return;
    case Kind::timer:
      calendar_[{now_ + a.takes, 1, posted_++}] = a.scan;
      return;
    case Kind::judged:
      return say(a.item, "judged " + told(a));
    case Kind::not_scanned:
      return say(a.item, "not scanned, " + text(a.verdict));
    case Kind::queued_low:
      return say(a.item, "waits at low priority");
    case Kind::promoted:
      return say(a.item, "is promoted");
    case Kind::slice:
      say(fmt::format("a slice of {} begins", a.items));
      calendar_[{now_ + a.takes, 0, posted_++}] = a.scan;
      return;
    case Kind::slice_cut:
      say(fmt::format("a slice is cut to {}, {} sooner", a.items, sim::elapsed(a.sooner)));
      if (hears_of_cuts) calendar_[{now_ + a.takes, 0, posted_++}] = a.scan;
      return;
    case Kind::reopen:
      say(fmt::format("what a client opens is scanned after {}", sim::elapsed(a.waited)));
      calendar_[{now_ + a.takes, 0, posted_++}] = a.scan;
      return;
    case Kind::next_open:
      calendar_[{now_ + a.takes, 0, posted_++}] = {};
      return;
  }
}

void ScanDesk::say(const std::string& words) {
  lines_.push_back(fmt::format("{} {}", sim::elapsed(now_ - Instant{}), words));
}

void ScanDesk::say(ItemId item, const std::string& words) {
  lines_.push_back(fmt::format("{} {} {}", sim::elapsed(now_ - Instant{}), items_[item.value].name, words));
}

std::vector<std::string> ScanDesk::lines(const std::string& words) const {
  std::vector<std::string> found;
  for (const std::string& line : lines_)
    if (line.find(words) != line.npos) found.push_back(line);
  return found;
}

std::vector<std::string> ScanDesk::ruled_by(const std::string& name) const {
  auto known = std::ranges::find(items_, name, &Named::name);
  return known == items_.end() ? std::vector<std::string>{} : names(known->blame);
}

const std::vector<std::string>& ScanDesk::broken() {
  watch().over();
  return watch_->broken();
}

}  // namespace deadletter::scanner
