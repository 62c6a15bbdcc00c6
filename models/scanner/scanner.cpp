#include "models/scanner/scanner.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace deadletter::scanner {
namespace {

using Kind = ScanAction::Kind;

constexpr std::uint64_t kMegabyte = 1'048'576;
// No scan takes longer, so that dates stay within their range.
constexpr std::uint64_t kLongest = static_cast<std::uint64_t>(Duration::days(3650).ns);

}  // namespace

std::uint64_t Scanner::threads() const {
  std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
  if (*behaviour_->threads != 0) return std::min(*behaviour_->threads, most);
  return std::min(*behaviour_->processors, most / 2 - 1) * 2 + 1;
}

Verdict Scanner::standing(ItemId item) const {
  auto found = records_.find(item);
  bool current = found != records_.end() && found->second.stamp && found->second.stamp->signatures == signatures_;
  return current ? found->second.stamp->verdict : Verdict::none;
}

bool Scanner::being_scanned(const Record& record) const {
  return record.scan && runs_[record.scan->thread].signatures == signatures_;
}

// ---- Who is scanned

DecisionPoint<WhenFacts, When>::Ruling Scanner::rule(const Item& item, Event event) const {
  const ScannerBehaviour& b = *behaviour_;
  auto found = records_.find(item.id);
  bool waits_low = found != records_.end() && found->second.waits == Priority::low;
  bool on = *b.enabled == Switch::on && (site_ == Site::store || *b.transport == Switch::on);
  return b.when.rule({site_, event, on, *b.proactive == Switch::on, *b.background == Switch::on,
                      standing(item.id) != Verdict::none, b.exclusions->cover(item.message_class, item.attachments),
                      waiting_low() - (waits_low ? 1 : 0), *b.low_queue});
}

// The articles that set what the answer to `event` rests on.
Blame Scanner::settings_blame(Event event) const {
  const ScannerBehaviour& b = *behaviour_;
  Blame blame = join(b.enabled.blame(), b.exclusions.blame());
  if (site_ == Site::transport) return join(blame, b.transport.blame());
  if (event == Event::arrival) return join(blame, join(b.proactive.blame(), b.low_queue.blame()));
  return event == Event::open ? blame : join(blame, b.background.blame());
}

void Scanner::ask(const Item& item, Event event, Instant now, Actions& out) {
  auto ruling = rule(item, event);
  Blame blame = join(ruling.blame, settings_blame(event));
  switch (ruling.outcome) {
    case When::now:
      put_in_line(item, Priority::high, blame, now, out);
      break;
    case When::low_priority:
      put_in_line(item, Priority::low, blame, now, out);
      break;
    case When::background:
      put_in_line(item, Priority::background, blame, now, out);
      break;
    case When::not_now:
      return turn_away(item.id, blame, out);
  }
  start_waiting(now, out);
}

void Scanner::turn_away(ItemId item, Blame blame, Actions& out) {
  // An item left unscanned because of an article is still so when it is scanned at last.
  auto found = blame ? records_.try_emplace(item).first : records_.find(item);
  if (found == records_.end()) return out.push_back({.kind = Kind::not_scanned, .item = item});
  Record& r = found->second;
  r.blame = join(r.blame, blame);
  Verdict verdict = standing(item);
  Blame told = verdict == Verdict::none ? r.blame : join(r.blame, r.stamp->blame);
  out.push_back({.kind = Kind::not_scanned, .item = item, .verdict = verdict, .blame = told});
}

void Scanner::put_in_line(const Item& item, Priority priority, Blame blame, Instant now, Actions& out) {
  Record& r = records_[item.id];
  r.blame = join(r.blame, blame);
  if (being_scanned(r)) return;
  r.size = item.size, r.known_since = item.known_since;
  r.infected = item.infected, r.cleanable = item.cleanable;
  r.readable = item.readable, r.error = item.error;
  if (r.scan && give_up_old_scan(r) == Priority::high) priority = Priority::high;
  if (r.waits <= priority) return;
  bool waited = r.waits != Priority::none;
  if (waited)
    take_out_of_line(r);
  else
    r.since = now;
  r.waits = priority, r.ticket = tickets_++;
  line(priority).emplace(r.ticket, Waits{item.id, now});
  if (waited)
    out.push_back({.kind = Kind::promoted, .item = item.id, .blame = r.blame});
  else if (priority == Priority::low)
    out.push_back({.kind = Kind::queued_low, .item = item.id, .blame = r.blame});
}

// Its thread is busy with it until it ends, and then says nothing.
Scanner::Priority Scanner::give_up_old_scan(Record& record) {
  Priority from = runs_[record.scan->thread].from;
  record.scan.reset();
  record.attempts--;
  return from;
}

void Scanner::take_out_of_line(Record& record) {
  line(record.waits).erase(record.ticket);
  record.waits = Priority::none;
}

void Scanner::signatures_updated(std::uint64_t version, Instant now, std::span<const Item> stored, Actions& out) {
  if (version <= signatures_) return;
  signatures_ = version;
  for (const Item& item : stored) {
    auto ruling = rule(item, Event::signature_update);
    Blame blame = join(ruling.blame, settings_blame(Event::signature_update));
    if (ruling.outcome == When::not_now) {
      // Nobody asked, so nobody is told; the item remembers why it was passed over.
      if (blame) records_[item.id].blame = join(records_[item.id].blame, blame);
      continue;
    }
    Priority priority = ruling.outcome == When::now            ? Priority::high
                        : ruling.outcome == When::low_priority ? Priority::low
                                                               : Priority::background;
    put_in_line(item, priority, blame, now, out);
  }
  store_is_stale(now, out);
  start_waiting(now, out);
}

void Scanner::forget(ItemId item) {
  auto found = records_.find(item);
  if (found == records_.end()) return;
  if (found->second.waits != Priority::none) take_out_of_line(found->second);
  records_.erase(found);
}

void Scanner::restart() {
  for (auto& [item, record] : records_) record.scan.reset(), record.waits = Priority::none, record.attempts = 0;
  std::erase_if(records_, [](const auto& entry) { return !entry.second.stamp && !entry.second.blame; });
  for (Line& waiting : lines_) waiting.clear();
  store_.give_back(std::exchange(opened_waiting_, 0));
  for (std::uint32_t thread = 0; thread < runs_.size(); ++thread) {
    bool busy = free_.insert(thread).second;
    const Run& run = runs_[thread];
    bool of_the_store = busy && !run.item.valid() && run.signatures == signatures_;
    if (of_the_store) store_.give_back(std::max<std::uint64_t>(run.items, 1));
    runs_[thread] = {};
  }
  slices_ = slices_cut_ = 0;
}

// ---- Scanning

ScanId Scanner::take_thread(ItemId item, Priority from) {
  if (free_.empty()) {
    free_.insert(static_cast<std::uint32_t>(runs_.size()));
    runs_.emplace_back();
  }
  std::uint32_t thread = *free_.begin();
  free_.erase(free_.begin());
  Run& run = runs_[thread];
  run = {item, from, ++serials_, signatures_};
  return {thread, run.serial};
}

Duration Scanner::time_of(const Record& record) const { return time_of(record.size, record.readable); }

Duration Scanner::time_of(std::uint64_t size, bool readable) const {
  auto base = static_cast<std::uint64_t>(behaviour_->time_per_item->ns);
  if (!readable) return {static_cast<std::int64_t>(std::min(base, kLongest))};
  auto per_mb = static_cast<std::uint64_t>(behaviour_->time_per_mb->ns);
  std::uint64_t whole = size / kMegabyte, rest = size % kMegabyte;
  if (per_mb != 0 && whole > kLongest / per_mb) return {static_cast<std::int64_t>(kLongest)};
  std::uint64_t part = per_mb / kMegabyte * rest + per_mb % kMegabyte * rest / kMegabyte;
  return {static_cast<std::int64_t>(std::min(base + whole * per_mb + part, kLongest))};
}

void Scanner::start_waiting(Instant now, Actions& out) {
  for (Line& waiting : lines_)
    while (!waiting.empty() && running() < threads()) {
      Waits next = waiting.begin()->second;
      if (next.item.valid()) {
        start(next.item, now, out);
      } else {
        waiting.erase(waiting.begin());
        start_opened(next, now, out);
      }
    }
  start_slices(now, out);
  cut_slices(this->waiting(), now, out);
}

void Scanner::start(ItemId item, Instant now, Actions& out) {
  Record& r = records_.at(item);
  Priority from = r.waits;
  take_out_of_line(r);
  ScanId scan = take_thread(item, from);
  r.scan = scan;
  r.attempts++;
  out.push_back({.kind = Kind::start,
                 .item = item,
                 .scan = scan,
                 .takes = time_of(r),
                 .waited = now - r.since,
                 .attempts = r.attempts,
                 .signatures = signatures_,
                 .blame = r.blame});
  if (behaviour_->timeout->ns > 0)
    out.push_back({.kind = Kind::timer, .item = item, .scan = scan, .takes = *behaviour_->timeout});
}

void Scanner::ended(ScanId scan, bool timed_out, Instant now, Actions& out) {
  if (scan.thread >= runs_.size()) return;
  Run& run = runs_[scan.thread];
  if (run.serial != scan.serial || scan.serial == 0) return;
  free_.insert(scan.thread);
  if (run.items > 0) --slices_;
  if (std::exchange(run.cut, false)) --slices_cut_;
  run.items = 0;
  auto found = records_.find(run.item);
  // A record of the same name may be that of another item, when the scanned one was forgotten.
  if (found != records_.end() && found->second.scan == scan) judge(run.item, run, timed_out, out);
  start_waiting(now, out);
}

void Scanner::judge(ItemId item, const Run& run, bool timed_out, Actions& out) {
  Record& r = records_.at(item);
  r.scan.reset();
  Judgement j = judgement(r, run.signatures, timed_out);
  r.blame = join(r.blame, j.blame);
  bool failed = j.verdict == Verdict::failed;
  out.push_back({.kind = Kind::judged,
                 .item = item,
                 .verdict = j.verdict,
                 .failure = j.failure,
                 .error = failed && !timed_out ? r.error : 0,
                 .timed_out = timed_out,
                 .attempts = r.attempts,
                 .signatures = run.signatures,
                 .blame = r.blame});
  if (failed) return;
  r.stamp = Stamp{run.signatures, j.verdict, r.blame};
  r.attempts = 0, r.blame = {};
}

Scanner::Judgement Scanner::judgement(const Record& r, std::uint64_t signatures, bool timed_out) const {
  const ScannerBehaviour& b = *behaviour_;
  if (timed_out || !r.readable) {
    auto ruling = b.scan_failed.rule({site_, timed_out ? 0 : r.error, r.attempts, timed_out});
    return {Verdict::failed, ruling.outcome, timed_out ? join(ruling.blame, b.timeout.blame()) : ruling.blame};
  }
  if (!r.infected || signatures < r.known_since) return {Verdict::clean, {}, {}};
  Blame blame = b.infected.blame();
  bool clean_first = *b.infected == Infected::clean_or_delete || *b.infected == Infected::clean_or_block;
  if (clean_first && r.cleanable) return {Verdict::cleaned, {}, blame};
  bool remove = *b.infected == Infected::clean_or_delete || *b.infected == Infected::delete_item;
  return {remove ? Verdict::deleted : Verdict::blocked, {}, blame};
}

}  // namespace deadletter::scanner
