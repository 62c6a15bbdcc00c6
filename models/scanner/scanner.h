// The antivirus scanner of one store or transport: which items are scanned, in what order, and what becomes of them.
//
// No I/O: methods take what happened and append actions. Each arrive() and open() is answered by not_scanned at once,
// or by a judged later; asks for an item that waits or is being scanned with the present signatures share one judged.
// The scanner does not try again by itself: after judged{failed, retry_later} whoever asked asks again.
//
// Threads are a counted resource. High priority goes before low, low before background; within one, first in first
// out, in the order of the calls. A thread that scans is not interrupted, except that a scan which outlasts the
// time-out is given up. An item that is asked for at a higher priority moves to the end of that line.
//
// The store itself is known by number (stored_items.h). When the signatures are new all of it is stale. The background
// goes through it with threads that nothing else wants, scanner.background_threads of them at most, behind the items
// in its line; clients open scanner.opens_per_hour items of it, evenly in time, and those that are stale are scanned at
// high priority. A background thread takes a slice of items at once, for as long as kSlice. Whoever has to wait
// meanwhile gets the thread at the end of the item in hand: the slice is cut there. What is scanned when is exactly
// what item by item would give, except that clients do not open what is in a slice [assumed]; a store of any size costs
// an event for each slice, cut and open, the last only while something in it is stale.
//
// An item that was judged carries a stamp: the signatures its scan began with. A failed scan leaves no stamp. A scan
// that goes on while the signatures change is judged by the old ones, unless its item is asked for again meanwhile:
// then the item joins a line as if it were not being scanned, that of high priority if it came from there, and only its
// new scan is judged.
//
// Events are not cancelled: a finished() or timed_out() of a scan that has ended already changes nothing. At equal
// dates finished() comes first: what takes exactly the time-out is in time.
//
// Blame: what a changed ruling or value did to an item stays with it until it is judged, is told then, and stays with
// the stamp for whoever is answered because of it.
//
// NOT MODELLED: bodies and attachments as items of their own; a scan that is given up and still keeps its thread busy;
// finding something in a part of a message only; articles behind what the scan of the store makes others wait.
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <vector>

#include "models/scanner/behaviour.h"
#include "models/scanner/stored_items.h"
#include "sim/id.h"

namespace deadletter::scanner {

using sim::Instant;
using ItemId = sim::Id<struct ScannedItemTag>;

struct Item {
  ItemId id;
  std::uint64_t size;                               // octets
  std::string_view message_class;                   // read during the call only, as `attachments`
  std::span<const std::string_view> attachments{};  // names
  bool infected = false, cleanable = false;
  std::uint64_t known_since = 0;  // the first version of the signatures that finds it
  // Whether the content can be opened for the scan is decided elsewhere; the code may be 0 all the same.
  bool readable = true;
  std::int32_t error = 0;
};

enum class Verdict : std::uint8_t { none, clean, cleaned, deleted, blocked, failed };

// One scan: its thread, and its number among all of the scanner's scans and slices. Number 0 is none.
struct ScanId {
  std::uint32_t thread = 0, serial = 0;
  friend constexpr auto operator<=>(ScanId, ScanId) = default;
};

struct ScanAction {
  enum class Kind : std::uint8_t {
    start,        // `scan` of `item` has begun after it `waited`: call finished(scan) after `takes`
    timer,        // call timed_out(scan) after `takes`; not needed for a scan that is known to end before
    judged,       // `verdict`; when failed: what to do is `failure`, why is `error` or `timed_out`
    not_scanned,  // `verdict` of its present stamp, or none
    queued_low,   // waits, nobody waits for it
    promoted,     // waited already and goes to a line of higher priority
    slice,        // `scan` of `items` of the store has begun in the background: call finished(scan) after `takes`
    slice_cut,    // the slice on this thread goes on as `scan`, up to `items`: the same; it ends `sooner`
    reopen,       // `scan` of something that a client opens has begun after it `waited`: the same
    next_open     // call open_due() after `takes`
  };
  Kind kind;
  ItemId item{};
  ScanId scan{};
  Duration takes{}, waited{}, sooner{};
  std::uint64_t items = 0;
  Verdict verdict = Verdict::none;
  ScanFailed failure = ScanFailed::retry_later;
  std::int32_t error = 0;
  bool timed_out = false;
  std::uint32_t attempts = 0;    // since it was last judged otherwise than failed, this one included
  std::uint64_t signatures = 0;  // that the scan used
  Blame blame{};
};

class Scanner {
 public:
  using Actions = std::vector<ScanAction>;

  // No slice takes longer, unless a single item does. [arbitrary: it decides nothing but how many events there are]
  static constexpr Duration kSlice = Duration::minutes(1);

  Scanner(const ScannerBehaviour& behaviour, Site site);

  void arrive(const Item& item, Instant now, Actions& out) { ask(item, Event::arrival, now, out); }
  // A client opens it, or something that acts for one.
  void open(const Item& item, Instant now, Actions& out) { ask(item, Event::open, now, out); }
  void finished(ScanId scan, Instant now, Actions& out) { ended(scan, false, now, out); }
  void timed_out(ScanId scan, Instant now, Actions& out) { ended(scan, true, now, out); }
  // `stored`: all there is, in the order in which it is to be gone through. A version that is not newer changes
  // nothing.
  void signatures_updated(std::uint64_t version, Instant now, std::span<const Item> stored, Actions& out);
  // The item is gone; a scan of it goes on and is judged no more.
  void forget(ItemId item);
  // A judged item lies in the store and is from now on one of the many there: what comes under its name again is
  // another item. Nothing for an item that is not known.
  void stored(ItemId item);
  // A client opens something in the store.
  void open_due(Instant now, Actions& out);
  // Attributes may have changed.
  void look_again(Instant now, Actions& out) { ask_for_next_open(out), start_waiting(now, out); }
  // The service has stopped and started: whatever waited or was being scanned is not judged any more, stamps remain.
  void restart();

  std::uint64_t threads() const;
  std::uint64_t running() const { return runs_.size() - free_.size(); }
  std::uint64_t waiting_low() const { return line(Priority::low).size(); }
  std::uint64_t waiting() const { return lines_[0].size() + lines_[1].size() + lines_[2].size(); }
  const StoredItems& store() const { return store_; }
  std::uint64_t signatures() const { return signatures_; }
  // Of the present stamp, or none.
  Verdict standing(ItemId item) const;
  // Whether anything is kept under that name.
  bool knows(ItemId item) const { return records_.contains(item); }

 private:
  enum class Priority : std::uint8_t { high, low, background, none };
  struct Stamp {
    std::uint64_t signatures;
    Verdict verdict;
    Blame blame;
  };
  // What is known of an item, from its first scan on.
  struct Record {
    std::uint64_t size = 0, known_since = 0;
    bool infected = false, cleanable = false, readable = true;
    std::int32_t error = 0;
    Priority waits = Priority::none;
    std::uint64_t ticket = 0;  // its place in the line
    Instant since{};           // when it began to wait
    std::optional<ScanId> scan;
    std::optional<Stamp> stamp;
    std::uint32_t attempts = 0;
    Blame blame{};  // of the way to the next stamp
  };
  struct Run {
    ItemId item{};  // none: of a slice, or of something that was opened in the store
    Priority from = Priority::none;
    std::uint32_t serial = 0;
    std::uint64_t signatures = 0;
    // Of a slice; 0 items = it is none.
    std::uint64_t items = 0;
    Instant begun{};
    Duration each{};
    bool cut = false;
  };
  struct Judgement {
    Verdict verdict;
    ScanFailed failure;
    Blame blame;
  };
  // By ticket. An item of the store is none, and has waited since then.
  struct Waits {
    ItemId item{};
    Instant since{};
  };
  using Line = std::map<std::uint64_t, Waits>;

  void ask(const Item& item, Event event, Instant now, Actions& out);
  DecisionPoint<WhenFacts, When>::Ruling rule(const Item& item, Event event) const;
  Blame settings_blame(Event event) const;
  void turn_away(ItemId item, Blame blame, Actions& out);
  void put_in_line(const Item& item, Priority priority, Blame blame, Instant now, Actions& out);
  void take_out_of_line(Record& record);
  Priority give_up_old_scan(Record& record);
  void start_waiting(Instant now, Actions& out);
  void start(ItemId item, Instant now, Actions& out);
  ScanId take_thread(ItemId item, Priority from);
  void ended(ScanId scan, bool timed_out, Instant now, Actions& out);
  void judge(ItemId item, const Run& run, bool timed_out, Actions& out);
  Judgement judgement(const Record& record, std::uint64_t signatures, bool timed_out) const;
  Duration time_of(const Record& record) const;
  Duration time_of(std::uint64_t size, bool readable) const;
  // scanner_store.cpp: the store itself
  void store_is_stale(Instant now, Actions& out);
  void start_opened(Waits opened, Instant now, Actions& out);
  void start_slices(Instant now, Actions& out);
  void start_slice(std::uint64_t most, Instant now, Actions& out);
  void cut_slices(std::uint64_t wanted, Instant now, Actions& out);
  void cut_slice(std::uint32_t thread, Instant now, Actions& out);
  void ask_for_next_open(Actions& out);
  bool being_scanned(const Record& record) const;
  Line& line(Priority priority) { return lines_[static_cast<std::size_t>(priority)]; }
  const Line& line(Priority priority) const { return lines_[static_cast<std::size_t>(priority)]; }

  const ScannerBehaviour* behaviour_;
  Site site_;
  std::uint64_t signatures_;
  std::map<ItemId, Record> records_;
  std::array<Line, 3> lines_;
  std::uint64_t tickets_ = 0;
  std::vector<Run> runs_;         // by thread
  std::set<std::uint32_t> free_;  // threads that have scanned and do not now
  std::uint32_t serials_ = 0;
  StoredItems store_;
  std::uint64_t slices_ = 0, slices_cut_ = 0;  // under way; of these those that have been cut
  std::uint64_t opened_waiting_ = 0;           // items of the store in the line of high priority
  bool going_through_ = false;                 // whether the background looks at what is stale
  bool open_asked_ = false;                    // a next_open is pending
};

}  // namespace deadletter::scanner
