// Bodies: transfers of their own, cut into pieces by the marks of a script, and mail that a server has accepted.
#include <algorithm>
#include <cassert>

#include "experiments/run/world.h"

namespace deadletter::experiments {
namespace {

// What a server that reads nothing still takes in: its receive window. [assumed]
constexpr std::uint64_t kReceiveWindow = 65535;

}  // namespace

using mail::What;
using sim::Instant;
using smtp::ServerAction;

void World::send_body(std::uint32_t index, std::uint64_t octets) {
  Connection& c = connections_[index];
  // Octets go over a wire, and nothing else.
  assert(!c.content.valid() || contents_.at(c.content).form != content::Form::mapi);
  hold_instead(c.body_message, queues_[c.queue].link.entry(c.entry).message);
  c.body_content = c.content;
  c.body_hops = static_cast<std::uint16_t>(queues_[c.queue].link.entry(c.entry).hops + 1);
  c.body_octets = octets;
  c.body_done = 0;
  c.body_under_way = true;
  c.marks = c.server_began ? c.server.marks() : std::vector<std::uint64_t>{};
  record(What::body, c.from,
         {.subject = number(c.body_message), .a = c.serial, .b = static_cast<std::uint32_t>(octets)},
         [&] { return fmt::format("s{} > {} octets of {}", c.serial, octets, describe(c.body_message)); });
  send_piece(index);
}

void World::send_piece(std::uint32_t index) {
  Connection& c = connections_[index];
  std::uint64_t left = c.body_octets - c.body_done;
  bool stalled = c.server_began && c.server.stalled() && left > kReceiveWindow;
  c.body_piece = left;
  for (std::uint64_t mark : c.marks)
    if (mark > c.body_done && mark < c.body_octets) {
      c.body_piece = mark - c.body_done;
      break;
    }
  if (!stalled && transfer(index)) return;
  c.body_waits = stalled;
  auto actions = client_actions_.borrow();
  c.client.body_stalled(*actions);
  perform(index, *actions);
}

bool World::transfer(std::uint32_t index) {
  Connection& c = connections_[index];
  auto token = static_cast<std::uint32_t>(transfers_.size());
  if (free_transfers_.empty()) {
    transfers_.emplace_back();
  } else {
    token = free_transfers_.back();
    free_transfers_.pop_back();
  }
  transfers_[token] = {index, c.generation};
  if (engine_.transfer(*c.there, nodes_[c.from.value].host, nodes_[c.to.value].host, c.body_piece, token)) return true;
  free_transfers_.push_back(token);
  return false;
}

void World::transferred(Instant, std::uint32_t token, bool whole) {
  if ((token & kStoreToken) != 0) return delivery_done(token & ~kStoreToken, whole);
  if ((token & kMtaToken) != 0) return mta_body(token & ~kMtaToken, whole);
  auto [index, generation] = transfers_[token];
  free_transfers_.push_back(token);
  if (live(index, generation) == nullptr) return;
  Connection& c = connections_[index];
  if (!c.body_under_way) return;
  if (!whole) return body_broken(index);
  c.body_done += c.body_piece;
  if (c.body_done >= c.body_octets) return body_arrived(index);
  auto actions = server_actions_.borrow();
  if (c.server_works()) c.server.body_mark(c.body_done, *actions);
  perform(index, *actions);
  if (!c.client_gone && !c.server_gone) send_piece(index);
}

void World::body_arrived(std::uint32_t index) {
  Connection& c = connections_[index];
  const std::uint32_t generation = c.generation;
  c.body_under_way = false;
  record(What::body_arrived, c.to, {.subject = number(c.body_message), .a = c.serial},
         [&] { return fmt::format("s{} {}", c.serial, describe(c.body_message)); });
  if (c.course.course != nullptr) {
    c.course.body_arrived(engine_.now());
    return follow(index);
  }
  if (!c.client_gone) {
    auto actions = client_actions_.borrow();
    c.client.body_sent(*actions);
    perform(index, *actions);
  }
  // A client that leaves now may have freed the slot, and another connection may have taken it.
  if (live(index, generation) == nullptr || !c.server_works()) return;
  auto actions = server_actions_.borrow();
  c.server.body_end(c.body_octets, *actions);
  perform(index, *actions);
  if (live(index, generation) != nullptr) maybe_free(index);
}

// A link failed under the transfer: the connection is broken for both ends.
void World::body_broken(std::uint32_t index) {
  Connection& c = connections_[index];
  const std::uint32_t generation = c.generation;
  c.body_under_way = false;
  c.server_gone = true;
  if (!c.client_gone) {
    auto actions = client_actions_.borrow();
    c.client.closed(smtp::Ended::reset, *actions);
    perform(index, *actions);
  }
  if (live(index, generation) != nullptr) maybe_free(index);
}

void World::accepted(std::uint32_t index, const ServerAction& action) {
  Connection& c = connections_[index];
  ++counters_.hops;
  const StoredMessage& message = messages_[c.body_message.value];
  Recipients taken;
  rows_by_address_.clear();
  rows_by_address_.reserve(message.rows);
  for (std::uint32_t i = message.first_row; i < message.first_row + message.rows; ++i)
    rows_by_address_.emplace_back(ledger_.row({i}).address, mail::RecipientId{i});
  if (auto more = expanded_.find(c.body_message); more != expanded_.end())
    for (mail::RecipientId r : more->second) rows_by_address_.emplace_back(ledger_.row(r).address, r);
  std::ranges::sort(rows_by_address_);
  for (mail::AddressId address : action.recipients) {
    auto found = std::ranges::lower_bound(rows_by_address_, address, {}, &AddressedRow::first);
    // RCPT for another message of this connection: nobody's mail.
    if (found == rows_by_address_.end() || found->first != address) continue;
    mail::RecipientId recipient = found->second;
    if (action.stored) {
      taken.push_back(recipient);
    } else {
      ledger_.discarded(recipient, action.blame);
      record(What::discard, c.to, {.subject = number(c.body_message), .a = number(recipient)},
             [&] { return fmt::format("{} to <{}>", describe(c.body_message), plan_.addresses.text(address)); });
    }
  }
  if (!taken.empty()) arrive(c.to, c.body_message, taken, action.blame, c.body_hops, c.body_content);
}

}  // namespace deadletter::experiments
