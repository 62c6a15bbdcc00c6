// Watches a scanner from outside: it hears what was asked and what the scanner did, keeps lines of its own, and notes
// every promise that was broken.
//
//   nothing is scanned out of its turn · no more than `threads` at a time · no more than `low_queue` wait at low
//   priority no item is judged twice by the same signatures · every ask is answered · nothing is turned away without a
//   reason
//
// It knows the as-designed rules of a store with proactive and background scanning on, and nothing of the scanner's
// code.
#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "models/scanner/scanner.h"

namespace deadletter::scanner {

class ScanWatch {
 public:
  ScanWatch(std::uint64_t threads, std::uint64_t low_queue, std::uint64_t signatures)
      : threads_(threads), low_queue_(low_queue), signatures_(signatures) {}

  // `actions`: what the scanner did about it.
  void asked(const Item& item, Event event, bool excluded, const Scanner::Actions& actions);
  void ended(ScanId scan, const Scanner::Actions& actions);
  // `stored`: those that are not excluded.
  void updated(std::uint64_t version, const std::vector<ItemId>& stored, const Scanner::Actions& actions);
  void forgotten(ItemId item);
  void restarted();
  // When nothing more is going to happen.
  void over();

  const std::vector<std::string>& broken() const { return broken_; }
  std::uint64_t judged() const { return judgements_; }

 private:
  enum class Rank { high, low, background };
  struct Run {
    ItemId item;
    std::uint64_t signatures;
    Rank from;
    bool counts;  // its verdict is awaited
  };
  bool current(ItemId item) const;
  bool scanned_now(ItemId item) const;
  void enter(ItemId item, Rank rank);
  void leave_lines(ItemId item);
  void heard(const Scanner::Actions& actions);
  void started(const ScanAction& action);
  void was_judged(const ScanAction& action);
  void turned_away(ItemId item, Event event, bool excluded);
  void note(ItemId item, const std::string& what) { broken_.push_back(std::to_string(item.value) + " " + what); }

  std::uint64_t threads_, low_queue_, signatures_;
  std::map<Rank, std::vector<ItemId>> lines_;
  std::map<ScanId, Run> runs_;
  std::map<ItemId, std::set<std::uint64_t>> stamps_;  // the versions that judged it
  std::set<ItemId> asked_;                            // and not answered
  std::vector<std::string> broken_;
  std::uint64_t judgements_ = 0;
};

}  // namespace deadletter::scanner
