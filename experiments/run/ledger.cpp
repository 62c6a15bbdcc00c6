#include "experiments/run/ledger.h"

#include <fmt/format.h>

#include <limits>

namespace deadletter::experiments {

Fate fate_of(const LedgerRow& row) {
  if (row.responsible > 0) return Fate::waiting;
  if (row.returned) return Fate::returned;
  if (row.copies > 0) return Fate::delivered;
  if (row.expanded) return Fate::expanded;
  return row.discarded ? Fate::discarded : Fate::lost;
}

const char* text(Fate fate) {
  constexpr const char* names[] = {"delivered", "returned", "waiting", "discarded", "lost", "expanded"};
  return names[static_cast<std::size_t>(fate)];
}

mail::RecipientId Ledger::add(mail::MessageId message, std::span<const mail::AddressId> addresses, bool report) {
  mail::RecipientId first{static_cast<std::uint32_t>(rows_.size())};
  auto free = free_.find(static_cast<std::uint32_t>(addresses.size()));
  if (free != free_.end() && !free->second.empty()) {
    first = free->second.back();
    free->second.pop_back();
  } else {
    for (std::size_t i = 0; i < addresses.size(); ++i) rows_.emplace_back();
  }
  for (std::uint32_t i = 0; i < addresses.size(); ++i)
    row({first.value + i}) = {
        .number = numbers_++, .message = message, .address = addresses[i], .responsible = 1, .report = report};
  return first;
}

void Ledger::stored(mail::RecipientId id, sim::Instant now, Blame blame) {
  LedgerRow& r = row(id);
  if (r.copies == 0) r.delivered = now;
  if (r.copies < std::numeric_limits<std::uint16_t>::max()) ++r.copies;
  r.blame = join(r.blame, blame);
}

void Ledger::discarded(mail::RecipientId id, Blame blame) {
  LedgerRow& r = row(id);
  r.discarded = true;
  r.blame = join(r.blame, blame);
}

void Ledger::expanded(mail::RecipientId id, Blame blame) {
  LedgerRow& r = row(id);
  r.expanded = true;
  r.blame = join(r.blame, blame);
  end_responsibility(r);
}

void Ledger::taken_over(mail::RecipientId id, Blame blame) {
  LedgerRow& r = row(id);
  ++r.responsible;
  r.blame = join(r.blame, blame);
}

void Ledger::handed_over(mail::RecipientId id, Blame blame) {
  LedgerRow& r = row(id);
  r.blame = join(r.blame, blame);
  end_responsibility(r);
}

void Ledger::returned(mail::RecipientId id, mail::Status status, Blame blame) {
  LedgerRow& r = row(id);
  r.returned = true;
  r.status = status;
  r.blame = join(r.blame, blame);
  end_responsibility(r);
}

void Ledger::told(mail::RecipientId id, bool failure) {
  std::uint8_t& count = failure ? row(id).ndr : row(id).delay;
  if (count < std::numeric_limits<std::uint8_t>::max()) ++count;
}

std::uint64_t Ledger::untold() const {
  std::uint64_t untold = forgotten_untold_;
  for (std::size_t i = 0; i < rows_.size(); ++i) untold += rows_[i].returned && rows_[i].ndr == 0;
  return untold;
}

void Ledger::end_responsibility(LedgerRow& row) {
  if (row.responsible > 0) {
    if (--row.responsible == 0 && watched_) ended_.push_back(row.message);
  } else if (row.ended_twice < (1U << 12) - 1) {
    ++row.ended_twice;
  }
}

bool Ledger::over(mail::RecipientId first, std::uint32_t count) const {
  for (std::uint32_t i = 0; i < count; ++i)
    if (row({first.value + i}).responsible > 0) return false;
  return true;
}

void Ledger::forget(mail::RecipientId first, std::uint32_t how_many, const mail::AddressBook& addresses) {
  for (std::uint32_t i = 0; i < how_many; ++i) {
    LedgerRow& r = row({first.value + i});
    count(r, forgotten_);
    judge(r, addresses, forgotten_broken_);
    forgotten_untold_ += r.returned && r.ndr == 0;
    if (r.blame && !r.report) ++forgotten_blame_[r.blame];
    r = {};
  }
  free_[how_many].push_back(first);
}

Fate Ledger::fate(mail::RecipientId id) const { return fate_of(row(id)); }

void Ledger::count(const LedgerRow& row, Tally& tally) {
  ++(row.report ? tally.reports : tally.recipients);
  ++(row.report ? tally.report_fates : tally.fates)[static_cast<std::size_t>(fate_of(row))];
  if (!row.report && row.copies > 1) tally.extra_copies += row.copies - 1U;
}

Tally Ledger::tally() const {
  Tally tally = forgotten_;
  for (std::size_t i = 0; i < rows_.size(); ++i)
    if (rows_[i].message.valid()) count(rows_[i], tally);
  return tally;
}

void Ledger::judge(const LedgerRow& row, const mail::AddressBook& addresses, std::vector<std::string>& broken) {
  if (row.ended_twice > 0)
    broken.push_back(fmt::format("recipient {} at {}: responsibility ended {} times too often", row.number,
                                 addresses.text(row.address), int{row.ended_twice}));
  if (fate_of(row) == Fate::lost && !row.blame)
    broken.push_back(
        fmt::format("recipient {} at {}: lost, and no article says why", row.number, addresses.text(row.address)));
}

std::vector<std::string> Ledger::broken_promises(const mail::AddressBook& addresses) const {
  std::vector<std::string> broken = forgotten_broken_;
  for (std::size_t i = 0; i < rows_.size(); ++i)
    if (rows_[i].message.valid()) judge(rows_[i], addresses, broken);
  return broken;
}

}  // namespace deadletter::experiments
