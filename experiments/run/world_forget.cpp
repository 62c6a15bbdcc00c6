// What need not be kept any more: at most what waits is in memory, however much has been.
//
// A message is over when nobody is responsible for any of its recipients. It stays for as long as something else refers
// to it: a report about it, a body on its way, a client that has yet to fetch it. What it came to is counted first.
#include <algorithm>

#include "experiments/run/world.h"

namespace deadletter::experiments {

void World::forget_what_ended() {
  forgets_ = true;
  ledger_.watch_ends();
}

void World::release(mail::MessageId id) {
  if (--messages_[id.value].held == 0 && forgets_) ledger_.ended().push_back(id);
}

// As the body of a connection, which is looked for in its message however long ago the client left.
void World::hold_instead(mail::MessageId& place, mail::MessageId message) {
  if (message.valid()) hold(message);
  if (place.valid()) release(place);
  place = message;
}

bool World::may_be_forgotten(mail::MessageId id) const {
  const StoredMessage& message = messages_[id.value];
  if (message.held > 0 || message.rows == 0) return false;
  if (!message.report() && !name_of(message).empty()) return false;
  if (!ledger_.over({message.first_row}, message.rows)) return false;
  auto more = expanded_.find(id);
  return more == expanded_.end() ||
         std::ranges::all_of(more->second, [&](mail::RecipientId r) { return ledger_.row(r).responsible == 0; });
}

// Before anything else happens, and never while somebody has it in hand.
void World::forget_ended() {
  auto& ended = ledger_.ended();
  for (std::size_t i = 0; i < ended.size(); ++i)
    if (may_be_forgotten(ended[i])) forget(ended[i]);
  ended.clear();
}

void World::forget(mail::MessageId id) {
  const StoredMessage message = messages_[id.value];
  messages_[id.value].rows = 0;
  auto forget_rows = [&](mail::RecipientId first, std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) note_fate(ledger_.row({first.value + i}));
    ledger_.forget(first, count, plan_.addresses);
  };
  forget_rows({message.first_row}, message.rows);
  if (auto more = expanded_.find(id); more != expanded_.end()) {
    for (mail::RecipientId r : more->second) forget_rows(r, 1);
    expanded_.erase(more);
  }
  reached_.erase(id);
  if (message.about.valid()) release(message.about);
  free_messages_.push_back(id);
}

// Counted with what can be told of it whenever it is told; times and all.
void World::note_fate(const LedgerRow& row) {
  Fate fate = fate_of(row);
  const StoredMessage& message = messages_[row.message.value];
  const std::uint64_t fields[] = {
      std::uint64_t{row.number} << 32 | message.number,
      static_cast<std::uint64_t>(fate) << 56 | std::uint64_t{row.copies} << 32 | row.attempts,
      static_cast<std::uint64_t>(row.delivered.ns),
      std::uint64_t{row.status.major} << 32 | std::uint64_t{row.status.subject} << 16 | row.status.detail};
  tracer_.fate(engine_.now(),
               {.detail = static_cast<std::uint16_t>(fate), .subject = row.number, .a = row.copies, .b = row.attempts},
               std::string_view(reinterpret_cast<const char*>(fields), sizeof fields), [&] {
                 std::string words = fmt::format("{} to <{}>: {}", describe(row.message),
                                                 plan_.addresses.text(row.address), text(fate));
                 if (row.returned && row.status.known()) words += " " + mail::text(row.status);
                 words += fmt::format(", {} cop{}, {} attempt{}", row.copies, row.copies == 1 ? "y" : "ies",
                                      row.attempts, row.attempts == 1 ? "" : "s");
                 for (const std::string& article : names(row.blame)) words += ", " + article;
                 return words;
               });
}

}  // namespace deadletter::experiments
