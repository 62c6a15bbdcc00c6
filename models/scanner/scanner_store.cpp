// The scan of the store itself, by number: slices in the background, and what clients open.
#include <algorithm>
#include <cassert>

#include "models/scanner/scanner.h"

namespace deadletter::scanner {
namespace {

using Kind = ScanAction::Kind;

// A size that a message can have, and more items than a store has: their product stays within 64 bits.
constexpr std::uint64_t kLargestItem = std::uint64_t{1} << 31, kMostItems = 1'000'000'000;

// How many items of a slice that began `ago` are done at the end of the one in hand.
std::uint64_t done_with_the_one_in_hand(Duration ago, Duration each, std::uint64_t items) {
  if (each.ns == 0) return items;
  std::uint64_t begun = static_cast<std::uint64_t>(ago.ns + each.ns - 1) / static_cast<std::uint64_t>(each.ns);
  return std::clamp<std::uint64_t>(begun, 1, items);
}

Duration times(std::uint64_t count, Duration each) { return {static_cast<std::int64_t>(count) * each.ns}; }

}  // namespace

Scanner::Scanner(const ScannerBehaviour& behaviour, Site site)
    : behaviour_(&behaviour),
      site_(site),
      signatures_(*behaviour.signatures),
      store_(site == Site::store ? std::min(*behaviour.store_items, kMostItems) : 0,
             std::min(*behaviour.store_item_size, kLargestItem)) {}

void Scanner::stored(ItemId item) {
  auto found = records_.find(item);
  if (found == records_.end() || found->second.scan || found->second.waits != Priority::none) return;
  if (found->second.stamp) store_.add(found->second.size, standing(item) == Verdict::none);
  records_.erase(found);
}

void Scanner::store_is_stale(Instant now, Actions& out) {
  going_through_ = rule({}, Event::signature_update).outcome != When::not_now;
  // What they have done counts for nothing any more.
  cut_slices(slices_, now, out);
  store_.all_stale(opened_waiting_);
  ask_for_next_open(out);
}

// ---- What clients open

void Scanner::ask_for_next_open(Actions& out) {
  constexpr std::int64_t kHour = Duration::hours(1).ns;
  std::uint64_t opens = std::min(*behaviour_->opens_per_hour, static_cast<std::uint64_t>(kHour));
  if (open_asked_ || opens == 0 || store_.stale() == 0) return;
  open_asked_ = true;
  out.push_back({.kind = Kind::next_open, .takes = {kHour / static_cast<std::int64_t>(opens)}});
}

void Scanner::open_due(Instant now, Actions& out) {
  open_asked_ = false;
  if (rule({}, Event::open).outcome != When::not_now && store_.open_one()) {
    store_.take(1);
    ++opened_waiting_;
    line(Priority::high).emplace(tickets_++, Waits{{}, now});
    start_waiting(now, out);
  }
  ask_for_next_open(out);
}

void Scanner::start_opened(Waits opened, Instant now, Actions& out) {
  --opened_waiting_;
  ScanId scan = take_thread({}, Priority::high);
  out.push_back({.kind = Kind::reopen,
                 .scan = scan,
                 .takes = time_of(store_.mean_size(), true),
                 .waited = now - opened.since,
                 .signatures = signatures_});
}

// ---- Slices

// Called when nothing waits in a line, unless every thread is busy.
void Scanner::start_slices(Instant now, Actions& out) {
  bool on = *behaviour_->enabled == Switch::on && *behaviour_->background == Switch::on;
  if (!on || !going_through_) return;
  std::uint64_t most = *behaviour_->background_threads == 0 ? threads() : *behaviour_->background_threads;
  most = std::min(most, threads());
  while (running() < threads() && slices_ < most && store_.stale() > 0) start_slice(most, now, out);
}

void Scanner::start_slice(std::uint64_t most, Instant now, Actions& out) {
  Duration each = time_of(store_.mean_size(), true);
  std::uint64_t items = store_.stale();
  // Of `most` threads none may be left with a slice when there is nothing for the others any more.
  std::uint64_t share = most == 1 ? items : items / (2 * most);
  if (each.ns > 0) items = std::min(share, static_cast<std::uint64_t>(kSlice.ns / each.ns));
  items = std::max<std::uint64_t>(items, 1);
  store_.take(items);
  ++slices_;
  ScanId scan = take_thread({}, Priority::background);
  Run& run = runs_[scan.thread];
  run.items = items, run.begun = now, run.each = each;
  out.push_back(
      {.kind = Kind::slice, .scan = scan, .takes = times(items, each), .items = items, .signatures = signatures_});
}

// So that as many have been cut as are wanted, those first that end their item first.
void Scanner::cut_slices(std::uint64_t wanted, Instant now, Actions& out) {
  while (slices_cut_ < std::min(wanted, slices_)) {
    std::uint32_t first = 0;
    Instant ends = Instant::never();
    for (std::uint32_t thread = 0; thread < runs_.size(); ++thread) {
      const Run& run = runs_[thread];
      if (run.items == 0 || run.cut) continue;
      Instant end = run.begun + times(done_with_the_one_in_hand(now - run.begun, run.each, run.items), run.each);
      if (end < ends) first = thread, ends = end;
    }
    assert(ends != Instant::never());
    cut_slice(first, now, out);
  }
}

void Scanner::cut_slice(std::uint32_t thread, Instant now, Actions& out) {
  Run& run = runs_[thread];
  std::uint64_t items = done_with_the_one_in_hand(now - run.begun, run.each, run.items);
  run.cut = true;
  ++slices_cut_;
  if (items == run.items) return;
  Duration sooner = times(run.items - items, run.each);
  if (run.signatures == signatures_) store_.give_back(run.items - items);
  run.items = items;
  run.serial = ++serials_;
  out.push_back({.kind = Kind::slice_cut,
                 .scan = {thread, run.serial},
                 .takes = run.begun + times(items, run.each) - now,
                 .sooner = sooner,
                 .items = items,
                 .signatures = run.signatures});
  ask_for_next_open(out);
}

}  // namespace deadletter::scanner
