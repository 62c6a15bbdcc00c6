#include "models/smtp/dialogue.h"

#include <algorithm>

namespace deadletter::smtp {

Dialogue::Dialogue(ClientSession client, ServerSession server, Wire wire, const mail::AddressBook& addresses,
                   const std::string& client_host)
    : client_(std::move(client)),
      server_(std::move(server)),
      wire_(wire),
      addresses_(addresses),
      client_host_(client_host),
      server_began_(client_.at_rest()) {}

void Dialogue::open(const Offer& offer) {
  recipients_.assign(offer.recipients.begin(), offer.recipients.end());
  size_ = offer.size;
  client_.open(offer, asked_);
  put({.at = wire_.there->one_way(0) + wire_.back->one_way(0), .kind = Due::Kind::connected});
  act();
}

void Dialogue::offer(const Offer& offer) {
  recipients_.assign(offer.recipients.begin(), offer.recipients.end());
  size_ = offer.size;
  client_.offer(offer, asked_);
  act();
}

void Dialogue::no_more() {
  client_.no_more(asked_);
  act();
}

// Behind what is due at the same instant.
void Dialogue::put(Due due) {
  auto place = std::ranges::upper_bound(due_, due.at, {}, &Due::at);
  due_.insert(place, std::move(due));
}

void Dialogue::step() {
  Due due = std::move(due_.front());
  due_.erase(due_.begin());
  now_ = due.at;
  if (client_deadline_ < now_ || server_deadline_ < now_) irregular_ = true;
  switch (due.kind) {
    case Due::Kind::connected:
      client_.connected(asked_);
      put({.at = now_ + wire_.there->one_way(0), .kind = Due::Kind::server_start});
      break;
    case Due::Kind::server_start:
      server_began_ = true;
      server_.connected(answered_);
      break;
    case Due::Kind::to_server:
      arrive_at_server(due);
      break;
    case Due::Kind::to_client:
      arrive_at_client(due);
      break;
  }
  act();
}

void Dialogue::arrive_at_server(const Due& due) {
  if (server_gone_) return;
  if (due.fin) return server_.client_closed();
  for (const Command& command : due.commands) server_.command(command, answered_);
}

void Dialogue::arrive_at_client(const Due& due) {
  if (closed_) return;
  if (due.reply != nullptr) client_.octets(*due.reply, asked_);
  if (!due.text.empty()) client_.octets(due.text, asked_);
  if (due.fin || due.reset) client_.closed(due.reset ? Ended::reset : Ended::closed, asked_);
}

void Dialogue::body_arrived() {
  body_under_way_ = false;
  second_clock_ = true;
  now_ = last_to_server_ = last_to_client_ = {};
  client_deadline_ = server_deadline_ = kNever;
  client_.body_sent(asked_);
  act();
  server_.body_end(body_octets_, answered_);
  act();
}

bool Dialogue::finish() {
  for (;;) {
    while (!due_.empty() && !irregular_ && !closed_ && !at_rest_) step();
    if (irregular_ || !body_under_way_) break;
    body_arrived();
  }
  // A client that has gone leaves a server that may still have something to do; it must not be mail.
  return !irregular_ && (closed_ ? !server_.busy() : at_rest_ && rests());
}

// Nothing is under way any more, on either side.
bool Dialogue::rests() const {
  return due_.empty() && client_.at_rest() && !server_gone_ && !server_.busy() && !server_.over();
}

// An action of one side may make the other act, but only over the wire: each list is done with before more comes.
void Dialogue::act() {
  for (std::size_t i = 0; i < asked_.size(); ++i) act(asked_[i]);
  asked_.clear();
  for (const ServerAction& action : answered_) act(action);
  answered_.clear();
}

void Dialogue::act(const ClientAction& action) {
  switch (action.kind) {
    case ClientAction::Kind::send:
      return send(action);
    case ClientAction::Kind::send_body:
      // Everything else must have come to its end: the clock of the body is another one.
      irregular_ = irregular_ || !due_.empty() || server_.busy() || server_gone_;
      body_octets_ = action.octets;
      body_under_way_ = true;
      return note(action);
    case ClientAction::Kind::timer:
      client_deadline_ = action.after.ns == 0 ? kNever : now_ + action.after;
      return;
    case ClientAction::Kind::read_later:
      irregular_ = true;
      return;
    case ClientAction::Kind::next:
      at_rest_ = true;
      return note(action);
    case ClientAction::Kind::close:
      closed_ = true;
      if (server_began_ && !server_gone_)
        put({.at = now_ + wire_.there->one_way(0), .kind = Due::Kind::to_server, .fin = true});
      return note(action);
    case ClientAction::Kind::recipient:
    case ClientAction::Kind::concluded:
      return note(action);
  }
}

void Dialogue::note(const ClientAction& action) {
  Effect& effect = effects().emplace_back();
  effect.at = now_;
  effect.asked = action;
  if (action.kind == ClientAction::Kind::send_body) effect.asked.octets -= size_;
  if (action.kind != ClientAction::Kind::recipient && action.kind != ClientAction::Kind::concluded) return;
  effect.words.assign(action.outcome.words);
  effect.asked.outcome.words = {};
  if (action.kind == ClientAction::Kind::concluded && server_began_)
    effect.asked.blame = join(effect.asked.blame, server_.blame());
}

void Dialogue::note(const ServerAction& action) {
  Effect& effect = effects().emplace_back();
  effect.at = now_;
  effect.accepted = true;
  effect.stored = action.stored;
  effect.blame = action.blame;
  for (mail::AddressId address : action.recipients) {
    auto found = std::ranges::find(recipients_, address);
    if (found == recipients_.end()) irregular_ = true;
    effect.taken.push_back(static_cast<std::uint8_t>(found - recipients_.begin()));
  }
  std::ranges::sort(effect.taken);
}

void Dialogue::send(const ClientAction& action) {
  line_.clear();
  render(action.command, addresses_, client_host_, line_);
  octets_written_ += line_.size();
  written_.push_back(action.command);
  if (action.more) return;
  Duration at = std::max(last_to_server_, now_ + wire_.there->one_way(std::exchange(octets_written_, 0)));
  last_to_server_ = at;
  put({.at = at, .kind = Due::Kind::to_server, .commands = std::exchange(written_, {})});
}

void Dialogue::act(const ServerAction& action) {
  switch (action.kind) {
    case ServerAction::Kind::write:
      return write(action);
    case ServerAction::Kind::timer:
      server_deadline_ = action.after.ns == 0 ? kNever : now_ + action.after;
      return;
    case ServerAction::Kind::accepted:
      return note(action);
    case ServerAction::Kind::close:
    case ServerAction::Kind::reset:
      server_gone_ = true;
      return write(action);
    case ServerAction::Kind::stall:
    case ServerAction::Kind::resume:
      irregular_ = true;
      return;
  }
}

void Dialogue::write(const ServerAction& action) {
  if (closed_) return;
  Due due{.kind = Due::Kind::to_client};
  std::size_t octets = 0;
  if (action.kind == ServerAction::Kind::write) {
    octets = action.octets().size();
    irregular_ = irregular_ || (wire_.segment_octets != 0 && octets > wire_.segment_octets);
    due.reply = action.reply;
    if (action.reply == nullptr) due.text = action.text;
  } else {
    due.fin = action.kind == ServerAction::Kind::close;
    due.reset = !due.fin;
  }
  due.at = last_to_client_ = std::max(last_to_client_, now_ + wire_.back->one_way(octets));
  put(std::move(due));
}

}  // namespace deadletter::smtp
