// The ledger: every recipient of every message and what became of it. Exactly one fate each, or the run fails.
//
// Responsibility is counted: who submits takes it on, a server that accepts takes it over, a queue that gives up ends
// it with a report. A recipient whose responsibility is ended twice, or that ends with neither copy nor report nor a
// rule that threw it away, is a broken promise and is reported by the oracles.
//
// Fate, in this order: waiting (somebody is still responsible), returned (a report says that it failed, whether or not
// copies arrived), delivered, expanded (a list, whose members have rows of their own), discarded (by a rule), lost.
#pragma once
#include <cstdint>
#include <iterator>
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

struct LedgerRow {
  mail::MessageId message{};
  mail::AddressId address{};
  sim::Instant submitted{}, delivered{};
  std::uint32_t attempts = 0, copies = 0;
  std::uint16_t responsible = 0;
  std::uint16_t ended_twice : 12 = 0;  // as many as can be counted
  bool expanded : 1 = false;
  bool returned : 1 = false, discarded : 1 = false, report : 1 = false;  // report: the message is one
  std::uint16_t ndr = 0, delay = 0;
  mail::Status status{};
  Blame blame{};
};
static_assert(sizeof(LedgerRow) <= 48);

struct Tally {
  std::uint64_t recipients = 0, fates[kFateCount] = {}, extra_copies = 0;
  std::uint64_t reports = 0, report_fates[kFateCount] = {};
};

class Ledger {
 public:
  mail::RecipientId add(mail::MessageId message, mail::AddressId address, sim::Instant now, bool report);

  LedgerRow& row(mail::RecipientId id) { return rows_[id.value]; }
  const LedgerRow& row(mail::RecipientId id) const { return rows_[id.value]; }
  std::size_t size() const { return rows_.size(); }

  void stored(mail::RecipientId id, sim::Instant now, Blame blame);
  void discarded(mail::RecipientId id, Blame blame);
  // A list has been opened: its members are recipients now.
  void expanded(mail::RecipientId id, Blame blame);
  // Somebody takes responsibility: a server that will send it on.
  void taken_over(mail::RecipientId id, Blame blame);
  // Somebody's responsibility ends: handed over, or given up.
  void handed_over(mail::RecipientId id, Blame blame);
  void returned(mail::RecipientId id, mail::Status status, Blame blame);

  Fate fate(mail::RecipientId id) const;
  Tally tally() const;
  // What must never be; empty when all is well.
  std::vector<std::string> broken_promises(const mail::AddressBook& addresses) const;

 private:
  void end_responsibility(LedgerRow& row);
  sim::Chunks<LedgerRow> rows_;
};

}  // namespace deadletter::experiments
