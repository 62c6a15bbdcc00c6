// Connections: sessions joined by a network.
//
// What a side writes arrives after the path's latency and the time on the wire, in order. A body is a transfer of its
// own, so that links can share it; a script's BODY marks cut it into pieces, each sent when the one before has come.
// Opening takes a round trip for the client and one way more for the server. While a link of the path is down nothing
// arrives in either direction.
#include <algorithm>

#include "experiments/run/world.h"
#include "models/network/segments.h"

namespace deadletter::experiments {

using mail::What;
using sim::Instant;
using smtp::ClientAction;
using smtp::ServerAction;

void World::Connection::begin_anew() {
  static_cast<Talk&>(*this) = {};
  ++generation;
  to_server.clear(), to_client.clear(), octets_to_client.clear(), marks.clear();
  octets_arrived = 0;
  client_timer.deadline = server_timer.deadline = Instant::never();
}

const Way& World::way(Queue& queue, std::uint32_t host) {
  QueueHost& to = queue.hosts[host];
  if (to.way.there == nullptr) {
    sim::HostId one = nodes_[queue.node.value].host, other = nodes_[to.node.value].host;
    to.way = {engine_.path(one, other), engine_.path(other, one)};
  }
  return to.way;
}

void World::open_connection(std::uint32_t queue_index, const transport::Opening& opening, ContentId content) {
  Queue& queue = queues_[queue_index];
  auto index = static_cast<std::uint32_t>(connections_.size());
  if (free_connections_.empty()) {
    connections_.emplace_back();
  } else {
    index = free_connections_.back();
    free_connections_.pop_back();
  }
  Connection& c = connections_[index];
  c.begin_anew();
  c.serial = static_cast<std::uint32_t>(++counters_.connections);
  c.used = true;
  c.queue = queue_index;
  c.session = opening.session;
  c.entry = opening.entry;
  c.content = content;
  c.took_up = engine_.now();
  c.from = queue.node;
  c.to = queue.hosts[opening.host].node;
  auto [there, back] = way(queue, opening.host);
  c.there = there, c.back = back;
  c.directory.world = this, c.directory.asking = c.from, c.directory.asked = c.to, c.directory.connection = index;
  record(What::connect, c.from, {.subject = c.serial, .a = c.to.value}, [&] {
    return fmt::format("s{} to {} for {}", c.serial, plan_.nodes[c.to.value].host,
                       describe(queue.link.entry(c.entry).message));
  });
  if (plan_.fidelity == Fidelity::session && reachable(c) && begin_course(index, opening.host)) return;
  c.client.reuse(smtp::ClientSession(behaviour_of(c.from).smtp_client));
  auto actions = client_actions_.borrow();
  c.client.open(queue.link.offer(c.entry), *actions);
  smtp::Listen listen = plan_.nodes[c.to.value].listen;
  bool answers = reachable(c) && (listen == smtp::Listen::accept || listen == smtp::Listen::refuse);
  Instant answer = engine_.now() + c.there->one_way(0) + c.back->one_way(0);
  if (answers)
    engine_.post(answer, sim::Priority::arrival,
                 {listen == smtp::Listen::refuse ? kRefused : kConnected, index, c.generation});
  perform(index, *actions);
}

void World::refused(std::uint32_t index) {
  Connection& c = connections_[index];
  if (c.client_gone) return;
  record(What::connect_failed, c.from, {.subject = c.serial}, [&] { return fmt::format("s{} refused", c.serial); });
  auto actions = client_actions_.borrow();
  c.client.connect_failed(smtp::Ended::refused, *actions);
  perform(index, *actions);
}

void World::connected(std::uint32_t index) {
  Connection& c = connections_[index];
  if (c.client_gone) return;
  record(What::connected, c.from, {.subject = c.serial}, [&] { return fmt::format("s{}", c.serial); });
  auto actions = client_actions_.borrow();
  c.client.connected(*actions);
  exchange_states(c.from, c.to);
  const transport::Entry& entry = queues_[c.queue].link.entry(c.entry);
  if (chance_.happens(plan_.session_failure, kSessionFailure, number(entry.message), attempt_of(entry))) {
    record(What::chance, c.from, {.subject = c.serial},
           [&] { return fmt::format("s{} session_failure: reset", c.serial); });
    c.client.closed(smtp::Ended::reset, *actions);
  } else if (engine_.up(*c.there)) {
    engine_.post(engine_.now() + c.there->one_way(0), sim::Priority::arrival, {kServerStart, index, c.generation});
  }
  perform(index, *actions);
}

void World::start_server(std::uint32_t index) {
  Connection& c = connections_[index];
  const PlannedNode& node = plan_.nodes[c.to.value];
  std::uint64_t number = ++nodes_[c.to.value].connections;
  bool scripted = node.script && (node.script->until_connection == 0 || number <= node.script->until_connection);
  const smtp::Script* script = scripted ? &*node.script : nullptr;
  const smtp::ServerBehaviour& behaviour = behaviour_of(c.to).smtp_server;
  c.server.reuse(smtp::ServerSession(behaviour, node.host, c.directory, script, &replies_of(c.to, script)));
  c.server_began = true;
  auto actions = server_actions_.borrow();
  c.server.connected(*actions);
  perform(index, *actions);
}

smtp::NormalReplies& World::replies_of(NodeId id, const smtp::Script* script) {
  Node& node = nodes_[id.value];
  auto& replies = script != nullptr ? node.scripted_replies : node.replies;
  if (replies == nullptr)
    replies = std::make_unique<smtp::NormalReplies>(
        plan_.nodes[id.value].host, smtp::ServerSession::capabilities(behaviour_of(id).smtp_server, script));
  return *replies;
}

void World::perform(std::uint32_t index, smtp::ClientSession::Actions& actions) {
  // The answer to `next` joins the actions under way: a queue of messages that end at once must not nest.
  for (std::size_t i = 0; i < actions.size(); ++i) {
    if (actions[i].kind == ClientAction::Kind::next)
      next_message(index, actions);
    else
      perform(index, actions[i]);
  }
}

void World::next_message(std::uint32_t index, smtp::ClientSession::Actions& actions) {
  Connection& c = connections_[index];
  if (c.client.over()) return;  // the peer left together with its last reply
  take_next(c) ? c.client.offer(queues_[c.queue].link.offer(c.entry), actions) : c.client.no_more(actions);
}

// The session takes up another message of its queue; false when it gets none.
bool World::take_next(Connection& c) {
  auto next = next_opened(c.queue, c.session);
  if (!next) return false;
  std::tie(c.entry, c.content) = *next;
  c.took_up = engine_.now();
  return true;
}

void World::perform(std::uint32_t index, const ClientAction& action) {
  Connection& c = connections_[index];
  switch (action.kind) {
    case ClientAction::Kind::send:
      return send_command(index, action);
    case ClientAction::Kind::send_body:
      return send_body(index, action.octets);
    case ClientAction::Kind::timer:
      return set_timer(index, c.client_timer, action.after, kClientTimer);
    case ClientAction::Kind::read_later:
      return engine_.post(engine_.now() + action.after, sim::Priority::timer, {kReadDue, index, c.generation});
    case ClientAction::Kind::recipient:
    case ClientAction::Kind::concluded: {
      auto asked = queue_actions_.borrow();
      if (action.kind == ClientAction::Kind::concluded)
        attempt_over(c, action, *asked);
      else
        queues_[c.queue].link.recipient_ended(c.session, action.recipient, action.end, action.outcome, action.blame,
                                              *asked);
      return perform(c.queue, *asked);
    }
    case ClientAction::Kind::next:
      return;  // next_message()
    case ClientAction::Kind::close:
      return client_closes(index);
  }
}

void World::attempt_over(Connection& c, const ClientAction& action, transport::LinkQueue::Actions& asked) {
  transport::LinkQueue& link = queues_[c.queue].link;
  const transport::Entry& entry = link.entry(c.entry);
  ++counters_.attempts;
  if (entry.attempts > 0) ++counters_.retries;
  for (mail::RecipientId r : entry.to.recipients()) ++ledger_.row(r).attempts;
  const smtp::Outcome& o = action.outcome;
  Blame blame = join(action.blame, c.server_began ? c.server.blame() : Blame{});
  record(
      What::attempt, c.from,
      {.detail = static_cast<std::uint16_t>(static_cast<int>(o.reply) * 16 + static_cast<int>(o.stage)),
       .subject = number(entry.message),
       .a = o.code,
       .b = c.serial},
      [&] {
        constexpr const char* classes[] = {"success", "success", "temporary failure", "permanent failure", "refused"};
        constexpr const char* ended[] = {"", ", no reply in time", ", connection closed", ", connection reset",
                                         ", connection refused"};
        return fmt::format("s{} {} at {}: {}{}{}", c.serial, describe(entry.message), smtp::text(o.stage),
                           classes[static_cast<int>(o.reply)], ended[static_cast<int>(o.ended)],
                           o.words.empty() ? "" : ", " + visible(o.words));
      });
  if (blame) record_ruling(c.from, entry.message, c.serial, blame);
  if (tracer_.observer() != nullptr) show_attempt(c, o, blame);
  link.concluded(c.session, o, blame, engine_.now(), asked);
}

void World::send_command(std::uint32_t index, const ClientAction& action) {
  Connection& c = connections_[index];
  line_.clear();
  smtp::render(action.command, plan_.addresses, plan_.nodes[c.from.value].host, line_);
  record(
      What::command, c.from,
      {.detail = static_cast<std::uint16_t>(action.command.verb),
       .subject = c.serial,
       .a = action.command.address.value},
      [&] { return fmt::format("s{} > {}", c.serial, visible(line_.substr(0, line_.size() - 2))); }, line_);
  c.octets_written += line_.size();
  send_to_server(index, {.command = action.command, .more = action.more},
                 action.more ? 0 : std::exchange(c.octets_written, 0));
}

// `octets` of the whole write, with the last item of it.
void World::send_to_server(std::uint32_t index, const ToServer& item, std::uint64_t octets) {
  Connection& c = connections_[index];
  if (!engine_.up(*c.there)) return;
  c.to_server.push(item);
  if (item.more) return;
  Instant at = std::max(c.last_to_server, engine_.now() + c.there->one_way(octets));
  c.last_to_server = at;
  engine_.post(at, sim::Priority::arrival, {kToServer, index, c.generation});
}

void World::arrive_at_server(std::uint32_t index) {
  Connection& c = connections_[index];
  auto actions = server_actions_.borrow();
  for (bool more = true; more;) {
    ToServer item = c.to_server.front();
    c.to_server.pop();
    more = item.more;
    if (!c.server_works()) continue;
    item.fin ? c.server.client_closed() : c.server.command(item.command, *actions);
  }
  if (!c.server_works()) return;
  perform(index, *actions);
  maybe_free(index);
}

void World::write_to_client(std::uint32_t index, const ServerAction& action) {
  std::uint64_t most = *behaviour_of(connections_[index].to).network.segment_size;
  std::string_view octets = action.octets();
  if (most == 0 || octets.size() <= most) return send_to_client(index, octets, {.reply = action.reply});
  while (!octets.empty()) send_to_client(index, network::take_segment(octets, most), {});
}

// What comes at one instant, and nothing else was posted in between, comes in one event.
void World::send_to_client(std::uint32_t index, std::string_view octets, ToClient item) {
  Connection& c = connections_[index];
  if (c.client_gone || !engine_.up(*c.back)) return;
  Instant at = std::max(c.last_to_client, engine_.now() + c.back->one_way(octets.size()));
  bool with_last = !c.to_client.empty() && at == c.last_to_client && engine_.posted() == c.posted_to_client;
  c.last_to_client = at;
  if (item.reply == nullptr) {
    item.octets = static_cast<std::uint32_t>(octets.size());
    c.octets_to_client += octets;
  }
  if (with_last) c.to_client.back().more = true;
  c.to_client.push(item);
  if (with_last) return;
  engine_.post(at, sim::Priority::arrival, {kToClient, index, c.generation});
  c.posted_to_client = engine_.posted();
}

// Good until something more is sent to the client.
std::string_view World::take_octets(Connection& c, const ToClient& item) {
  if (item.reply != nullptr) return item.reply->octets;
  std::string_view octets = std::string_view(c.octets_to_client).substr(c.octets_arrived, item.octets);
  c.octets_arrived += item.octets;
  return octets;
}

void World::arrive_at_client(std::uint32_t index) {
  Connection& c = connections_[index];
  const std::uint32_t generation = c.generation;
  for (bool more = true; more && live(index, generation) != nullptr;) {
    ToClient item = c.to_client.front();
    c.to_client.pop();
    more = item.more;
    auto actions = client_actions_.borrow();
    arrive_at_client(c, item, *actions);
    perform(index, *actions);
  }
}

void World::arrive_at_client(Connection& c, const ToClient& item, smtp::ClientSession::Actions& actions) {
  std::string_view octets = take_octets(c, item);
  if (c.client_gone) return;
  if (!octets.empty()) {
    record(
        What::reply, c.from, {.subject = c.serial}, [&] { return fmt::format("s{} < {}", c.serial, visible(octets)); },
        octets);
    item.reply != nullptr ? c.client.octets(*item.reply, actions) : c.client.octets(octets, actions);
  }
  if (c.to_client.empty()) c.octets_to_client.clear(), c.octets_arrived = 0;
  if (item.fin || item.reset) {
    record(What::closed, c.to, {.detail = item.reset, .subject = c.serial},
           [&] { return fmt::format("s{} by the server{}", c.serial, item.reset ? ", reset" : ""); });
    c.client.closed(item.reset ? smtp::Ended::reset : smtp::Ended::closed, actions);
  }
}

void World::set_timer(std::uint32_t index, Timer& timer, sim::Duration after, Kind kind) {
  timer.deadline = after.ns == 0 ? Instant::never() : engine_.now() + after;
  if (timer.deadline >= timer.posted) return;
  timer.posted = timer.deadline;
  engine_.post(timer.posted, sim::Priority::timer, {kind, index, 0});
}

// Whether the event that has come means that the time is over.
bool World::timer_due(std::uint32_t index, Timer& timer, Kind kind) {
  if (timer.posted != engine_.now()) return false;
  timer.posted = Instant::never();
  if (timer.deadline == engine_.now()) return true;
  if (timer.deadline != Instant::never()) set_timer(index, timer, timer.deadline - engine_.now(), kind);
  return false;
}

void World::client_timer(std::uint32_t index) {
  Connection& c = connections_[index];
  if (!timer_due(index, c.client_timer, kClientTimer) || !c.used || c.client_gone) return;
  record(What::timeout, c.from, {.subject = c.serial},
         [&] { return fmt::format("s{} client gives up waiting", c.serial); });
  auto actions = client_actions_.borrow();
  c.client.timed_out(*actions);
  perform(index, *actions);
}

void World::server_timer(std::uint32_t index) {
  Connection& c = connections_[index];
  if (!timer_due(index, c.server_timer, kServerTimer) || !c.used || !c.server_works()) return;
  auto actions = server_actions_.borrow();
  c.server.timed_out(*actions);
  perform(index, *actions);
  maybe_free(index);
}

void World::perform(std::uint32_t index, smtp::ServerSession::Actions& actions) {
  for (const ServerAction& action : actions) perform(index, action);
}

void World::perform(std::uint32_t index, const ServerAction& action) {
  Connection& c = connections_[index];
  switch (action.kind) {
    case ServerAction::Kind::write:
      return write_to_client(index, action);
    case ServerAction::Kind::timer:
      return set_timer(index, c.server_timer, action.after, kServerTimer);
    case ServerAction::Kind::stall:
      return;  // seen through stalled() when something is to be sent
    case ServerAction::Kind::resume: {
      if (!c.body_waits || c.client_gone) return;
      c.body_waits = false;
      auto actions = client_actions_.borrow();
      c.client.body_moving(*actions);
      perform(index, *actions);
      return send_piece(index);
    }
    case ServerAction::Kind::accepted:
      return accepted(index, action);
    case ServerAction::Kind::close:
    case ServerAction::Kind::reset:
      c.server_gone = true;
      return send_to_client(
          index, {},
          {.fin = action.kind == ServerAction::Kind::close, .reset = action.kind == ServerAction::Kind::reset});
  }
}

void World::client_closes(std::uint32_t index) {
  Connection& c = connections_[index];
  c.client_gone = true;
  record(What::closed, c.from, {.subject = c.serial}, [&] { return fmt::format("s{}", c.serial); });
  // What is still being sent is cut off: the server never sees the end of it.
  c.body_under_way = false;
  if (c.server_works()) send_to_server(index, {.command = {}, .fin = true}, 0);
  std::uint32_t queue = c.queue;
  transport::SessionId session = c.session;
  maybe_free(index);
  auto actions = queue_actions_.borrow();
  queues_[queue].link.session_closed(session, engine_.now(), *actions);
  perform(queue, *actions);
  connection_ended(queues_[queue].node);
}

// A connection's slot is free when neither side will do anything any more.
void World::maybe_free(std::uint32_t index) {
  Connection& c = connections_[index];
  if (!c.used || !c.client_gone || c.body_under_way) return;
  bool server_done = !c.server_works() || (!c.server.busy() && c.to_server.empty());
  if (!server_done) return;
  c.used = false;
  hold_instead(c.body_message, {});
  c.client_timer.deadline = c.server_timer.deadline = Instant::never();
  free_connections_.push_back(index);
}

}  // namespace deadletter::experiments
