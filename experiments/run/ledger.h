// The ledger: every recipient of every message and what became of it. Exactly one fate each, or the run fails.
//
// Responsibility is counted: who submits takes it on, a server that accepts takes it over, a queue that gives up ends
// it with a report. A recipient whose responsibility is ended twice, or that ends with neither copy nor report nor a
// rule that threw it away, is a broken promise and is reported by the oracles.
//
// Of mail that has come to its end nothing but its count need be kept: forget() takes it out, and its row is used
// again. What counts by then is the same as if it were still there.
//
// Fate, in this order: waiting (somebody is still responsible), returned (a report says that it failed, whether or not
// copies arrived), delivered, expanded (a list, whose members have rows of their own), discarded (by a rule), lost.
#pragma once
#include <cstdint>
#include <iterator>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "models/behaviour/blame.h"
#include "models/mail/address.h"
#include "models/mail/ids.h"
#include "models/mail/status.h"
#include "sim/chunks.h"
#include "sim/time.h"

namespace deadletter::experiments {

enum class Fate : std::uint8_t { delivered, returned, waiting, discarded, lost, expanded };
inline constexpr Fate kFates[] = {Fate::delivered, Fate::returned, Fate::waiting,
                                  Fate::discarded, Fate::lost,     Fate::expanded};
inline constexpr std::size_t kFateCount = std::size(kFates);
const char* text(Fate fate);
struct LedgerRow;
Fate fate_of(const LedgerRow& row);

struct LedgerRow {
  std::uint32_t number = 0;   // of the recipient, in order of submission: the row's place unless rows are used again
  mail::MessageId message{};  // none: forgotten
  mail::AddressId address{};
  std::uint32_t attempts = 0;
  sim::Instant delivered{};
  std::uint16_t copies = 0, responsible = 0;
  std::uint16_t ended_twice : 12 = 0;  // as many as can be counted
  bool expanded : 1 = false;
  bool returned : 1 = false, discarded : 1 = false, report : 1 = false;  // report: the message is one
  std::uint8_t ndr = 0, delay = 0;
  mail::Status status{};
  Blame blame{};
};
static_assert(sizeof(LedgerRow) <= 40);

struct Tally {
  std::uint64_t recipients = 0, fates[kFateCount] = {}, extra_copies = 0;
  std::uint64_t reports = 0, report_fates[kFateCount] = {};
};

class Ledger {
 public:
  // Rows that lie together; the first one.
  mail::RecipientId add(mail::MessageId message, std::span<const mail::AddressId> addresses, bool report);

  LedgerRow& row(mail::RecipientId id) { return rows_[id.value]; }
  const LedgerRow& row(mail::RecipientId id) const { return rows_[id.value]; }
  // Rows in use and forgotten ones.
  std::size_t size() const { return rows_.size(); }

  // From now on says which messages may have come to their end, each perhaps more than once.
  void watch_ends() { watched_ = true; }
  std::vector<mail::MessageId>& ended() { return ended_; }
  bool over(mail::RecipientId first, std::uint32_t count) const;
  void forget(mail::RecipientId first, std::uint32_t count, const mail::AddressBook& addresses);

  void stored(mail::RecipientId id, sim::Instant now, Blame blame);
  void discarded(mail::RecipientId id, Blame blame);
  // A list has been opened: its members are recipients now.
  void expanded(mail::RecipientId id, Blame blame);
  // Somebody takes responsibility: a server that will send it on.
  void taken_over(mail::RecipientId id, Blame blame);
  // Somebody's responsibility ends: handed over, or given up.
  void handed_over(mail::RecipientId id, Blame blame);
  void returned(mail::RecipientId id, mail::Status status, Blame blame);
  // A report about it is made: of failure, or of delay. Counted up to 255.
  void told(mail::RecipientId id, bool failure);

  Fate fate(mail::RecipientId id) const;
  Tally tally() const;
  // Recipients that articles had a hand in, reports left out, by their blame; of those forgotten.
  const std::map<Blame, std::uint64_t>& forgotten_blame() const { return forgotten_blame_; }
  // Recipients that were returned, and nobody was told.
  std::uint64_t untold() const;
  // What must never be; empty when all is well.
  std::vector<std::string> broken_promises(const mail::AddressBook& addresses) const;

 private:
  void end_responsibility(LedgerRow& row);
  static void count(const LedgerRow& row, Tally& tally);
  static void judge(const LedgerRow& row, const mail::AddressBook& addresses, std::vector<std::string>& broken);

  sim::Chunks<LedgerRow> rows_;
  std::uint32_t numbers_ = 0;
  bool watched_ = false;
  std::vector<mail::MessageId> ended_;
  std::map<std::uint32_t, std::vector<mail::RecipientId>> free_;  // rows that lie together, by how many
  Tally forgotten_;
  std::uint64_t forgotten_untold_ = 0;
  std::vector<std::string> forgotten_broken_;
  std::map<Blame, std::uint64_t> forgotten_blame_;
};

}  // namespace deadletter::experiments
