#include "experiments/run/ledger.h"

#include <fmt/format.h>

namespace deadletter::experiments {
namespace {

Fate fate_of(const LedgerRow& row) {
  if (row.responsible > 0) return Fate::waiting;
  if (row.returned) return Fate::returned;
  if (row.copies > 0) return Fate::delivered;
  if (row.expanded) return Fate::expanded;
  return row.discarded ? Fate::discarded : Fate::lost;
}

}  // namespace

const char* text(Fate fate) {
  constexpr const char* names[] = {"delivered", "returned", "waiting", "discarded", "lost", "expanded"};
  return names[static_cast<std::size_t>(fate)];
}

mail::RecipientId Ledger::add(mail::MessageId message, mail::AddressId address, sim::Instant now, bool report) {
  rows_.push_back({.message = message, .address = address, .submitted = now, .responsible = 1, .report = report});
  return {static_cast<std::uint32_t>(rows_.size() - 1)};
}

void Ledger::stored(mail::RecipientId id, sim::Instant now, Blame blame) {
  LedgerRow& r = row(id);
  if (r.copies++ == 0) r.delivered = now;
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

void Ledger::end_responsibility(LedgerRow& row) {
  if (row.responsible > 0)
    --row.responsible;
  else if (row.ended_twice < (1U << 12) - 1)
    ++row.ended_twice;
}

Fate Ledger::fate(mail::RecipientId id) const { return fate_of(row(id)); }

Tally Ledger::tally() const {
  Tally tally;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const LedgerRow& row = rows_[i];
    ++(row.report ? tally.reports : tally.recipients);
    ++(row.report ? tally.report_fates : tally.fates)[static_cast<std::size_t>(fate_of(row))];
    if (!row.report && row.copies > 1) tally.extra_copies += row.copies - 1;
  }
  return tally;
}

std::vector<std::string> Ledger::broken_promises(const mail::AddressBook& addresses) const {
  std::vector<std::string> broken;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const LedgerRow& row = rows_[i];
    if (row.ended_twice > 0)
      broken.push_back(fmt::format("message {} to {}: responsibility ended {} times too often", row.message.value,
                                   addresses.text(row.address), int{row.ended_twice}));
    if (fate_of(row) == Fate::lost && !row.blame)
      broken.push_back(fmt::format("message {} to {}: lost, and no article says why", row.message.value,
                                   addresses.text(row.address)));
  }
  return broken;
}

}  // namespace deadletter::experiments
