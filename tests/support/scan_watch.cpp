#include "tests/support/scan_watch.h"

#include <algorithm>

namespace deadletter::scanner {

using Kind = ScanAction::Kind;

bool ScanWatch::current(ItemId item) const {
  auto found = stamps_.find(item);
  return found != stamps_.end() && found->second.contains(signatures_);
}

bool ScanWatch::scanned_now(ItemId item) const {
  return std::ranges::any_of(runs_, [&](const auto& entry) {
    const Run& run = entry.second;
    return run.counts && run.item == item && run.signatures == signatures_;
  });
}

void ScanWatch::leave_lines(ItemId item) {
  for (auto& [rank, line] : lines_) std::erase(line, item);
}

void ScanWatch::enter(ItemId item, Rank rank) {
  asked_.insert(item);
  if (scanned_now(item)) return;
  for (auto& [scan, run] : runs_)
    if (run.counts && run.item == item) run.counts = false, rank = run.from == Rank::high ? Rank::high : rank;
  for (const auto& [waits, line] : lines_)
    if (waits <= rank && std::ranges::find(line, item) != line.end()) return;
  leave_lines(item);
  lines_[rank].push_back(item);
}

void ScanWatch::turned_away(ItemId item, Event event, bool excluded) {
  std::vector<ItemId>& low = lines_[Rank::low];
  auto others = static_cast<std::uint64_t>(std::ranges::count_if(low, [&](ItemId i) { return i != item; }));
  bool full = event == Event::arrival && others >= low_queue_;
  if (!excluded && !current(item) && !full) note(item, "turned away without a reason");
}

void ScanWatch::asked(const Item& item, Event event, bool excluded, const Scanner::Actions& actions) {
  bool away = std::ranges::any_of(
      actions, [&](const ScanAction& a) { return a.kind == Kind::not_scanned && a.item == item.id; });
  if (away)
    turned_away(item.id, event, excluded);
  else
    enter(item.id, event == Event::open ? Rank::high : Rank::low);
  if (!away && (excluded || current(item.id))) note(item.id, "taken though it need not be scanned");
  heard(actions);
}

void ScanWatch::ended(ScanId scan, const Scanner::Actions& actions) {
  auto found = runs_.find(scan);
  // Freed, and its verdict still awaited until it is heard: the run goes with the judged.
  if (found != runs_.end()) {
    Run run = found->second;
    runs_.erase(found);
    bool told =
        std::ranges::any_of(actions, [&](const ScanAction& a) { return a.kind == Kind::judged && a.item == run.item; });
    if (run.counts && !told) note(run.item, "scanned and not judged");
    if (!run.counts && told) note(run.item, "judged by a scan that nobody awaits");
  }
  heard(actions);
}

void ScanWatch::updated(std::uint64_t version, const std::vector<ItemId>& stored, const Scanner::Actions& actions) {
  if (version > signatures_) {
    signatures_ = version;
    for (ItemId item : stored) enter(item, Rank::background);
  }
  heard(actions);
}

void ScanWatch::forgotten(ItemId item) {
  leave_lines(item);
  asked_.erase(item);
  stamps_.erase(item);
  for (auto& [scan, run] : runs_)
    if (run.item == item) run.counts = false;
}

void ScanWatch::restarted() { lines_.clear(), runs_.clear(), asked_.clear(); }

void ScanWatch::heard(const Scanner::Actions& actions) {
  for (const ScanAction& action : actions) {
    if (action.kind == Kind::start) started(action);
    if (action.kind == Kind::judged) was_judged(action);
  }
  // Whoever waits waits because every thread is busy.
  bool waits = std::ranges::any_of(lines_, [](const auto& entry) { return !entry.second.empty(); });
  if (waits && runs_.size() < threads_) note({}, "waits while a thread is free");
  if (lines_[Rank::low].size() > low_queue_) note({}, "too many wait at low priority");
}

void ScanWatch::started(const ScanAction& action) {
  auto line = std::ranges::find_if(lines_, [](const auto& entry) { return !entry.second.empty(); });
  if (line == lines_.end() || line->second.front() != action.item) note(action.item, "scanned out of its turn");
  Rank from = line == lines_.end() ? Rank::background : line->first;
  leave_lines(action.item);
  runs_[action.scan] = {action.item, signatures_, from, true};
  if (action.signatures != signatures_) note(action.item, "scanned with old signatures");
  if (runs_.size() > threads_) note(action.item, "scanned though every thread is busy");
}

void ScanWatch::was_judged(const ScanAction& action) {
  ++judgements_;
  if (asked_.erase(action.item) == 0) note(action.item, "judged and not asked for");
  if (action.verdict != Verdict::failed && !stamps_[action.item].insert(action.signatures).second)
    note(action.item, "judged twice by the same signatures");
}

void ScanWatch::over() {
  for (ItemId item : asked_) note(item, "asked for and never answered");
}

}  // namespace deadletter::scanner
