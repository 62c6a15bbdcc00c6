// Associations of message transfer agents: an X.400 connector's mail.
//
// An association is opened by a queue's session and outlives it: with nothing to send it waits to be used again, until
// its lifetime is over. What is transferred arrives enveloped (content.h). A PDU other than a message's weighs so much
// that it takes a path's one way and no more [assumed].
#include <algorithm>

#include "experiments/run/world.h"
#include "models/x400/mts_id.h"

namespace deadletter::experiments {

using mail::What;
using x400::InitiatorAction;
using x400::Pdu;
using x400::ResponderAction;

namespace {

constexpr std::uint64_t kPduSize = 200;  // octets. [assumed]

}  // namespace

bool World::leaves_by_x400(const Queue& queue) const {
  const routing::Hop& hop = nodes_[queue.node.value].next_hops[queue.next_hop].hop;
  if (hop.kind != routing::Hop::Kind::connector) return false;
  const routing::Connector& c = plan_.organization.routing.connectors[hop.id];
  // On the way to the connector's bridgehead mail goes by SMTP.
  return c.x400 && std::ranges::find(c.sources, routing::ServerId{queue.node.value}) != c.sources.end();
}

// As it calls itself, else by the first label of its first domain.
std::string World::organization_name(NodeId node) const {
  std::uint32_t organization = organization_of(node);
  const auto& names = plan_.organization.organizations;
  if (organization < names.size()) return names[organization].value;
  for (const topologies::Domain& d : plan_.organization.domains)
    if (!d.foreign) return d.name.value.substr(0, d.name.value.find('.'));
  return plan_.organization.id;
}

// c=us;a= ;p=<organization>;l=<server>-<date>-<number> (formats.md 3.2).
std::string World::mts_id(NodeId node, mail::MessageId message) const {
  x400::MtsId id{.organization = organization_name(node),
                 .server = plan_.nodes[node.value].name,
                 .submitted_unix_s = (plan_.start_unix_ns + messages_[message.value].submitted.ns) / 1'000'000'000,
                 .counter = number(message) + 1};
  return x400::text(id);
}

x400::Offer World::offer_to_mta(Association& a) {
  const transport::Entry& entry = queues_[a.queue].link.entry(a.entry);
  std::uint64_t octets = entry.size;
  a.content = entry.content;
  if (a.content.valid()) {
    const StoredMessage& stored = messages_[entry.message.value];
    ContentId plain = contents_.unwrapped(entry.content);
    auto transferred = contents_.transfer(plain, a.from, a.to, mts_id(a.from, entry.message), stored.mail,
                                          stored.submitted, engine_.now());
    a.content = transferred.content.valid() ? transferred.content : plain;
    if (transferred.octets != 0) octets = transferred.octets;
  }
  a.took_up = engine_.now();
  constexpr x400::X400Priority priorities[] = {x400::X400Priority::normal, x400::X400Priority::non_urgent,
                                               x400::X400Priority::urgent};
  return {.transfer = {.priority = priorities[static_cast<std::size_t>(entry.priority)], .octets = octets},
          .recipients = static_cast<std::uint32_t>(entry.to.size())};
}

void World::open_association(std::uint32_t queue_index, const transport::Opening& opening) {
  Queue& queue = queues_[queue_index];
  // One whose time is over is being released and takes nothing more.
  std::erase_if(queue.idle, [&](std::uint32_t i) { return !associations_[i].initiator->idle(); });
  bool reused = !queue.idle.empty();
  auto index = static_cast<std::uint32_t>(associations_.size());
  if (reused) {
    index = queue.idle.back();
    queue.idle.pop_back();
  } else if (!free_associations_.empty()) {
    index = free_associations_.back();
    free_associations_.pop_back();
  } else {
    associations_.emplace_back();
  }
  Association& a = associations_[index];
  if (!reused) {
    std::uint32_t generation = a.generation + 1;
    sim::Instant posted_i = a.initiator_timer.posted, posted_r = a.responder_timer.posted;
    a = {};
    a.generation = generation;
    a.initiator_timer.posted = posted_i, a.responder_timer.posted = posted_r;
    a.serial = static_cast<std::uint32_t>(++counters_.connections);
    a.used = true;
    a.queue = queue_index;
    a.from = queue.node, a.to = queue.hosts[opening.host].node;
    auto [there, back] = way(queue, opening.host);
    a.there = there, a.back = back;
    a.initiator.emplace(behaviour_of(a.from).x400);
  }
  a.session = opening.session, a.entry = opening.entry, a.in_session = true;
  x400::Initiator::Actions actions;
  x400::Offer offer = offer_to_mta(a);
  if (reused) {
    a.initiator->offer(offer, actions);
    return perform(index, actions);
  }
  record(What::connect, a.from, {.detail = 2, .subject = a.serial, .a = a.to.value}, [&] {
    return fmt::format("s{} MTA to {} for {}", a.serial, plan_.nodes[a.to.value].host,
                       describe(queues_[a.queue].link.entry(a.entry).message));
  });
  a.initiator->open(offer, actions);
  bool answers = engine_.up(*a.there) && engine_.up(*a.back) && !nodes_[a.to.value].down;
  if (answers)
    engine_.post(engine_.now() + a.there->one_way(0) + a.back->one_way(0), sim::Priority::arrival,
                 {kMtaConnected, index, a.generation});
  perform(index, actions);
}

void World::mta_answered(std::uint32_t index, bool connected) {
  Association& a = associations_[index];
  if (!a.used || a.gone) return;
  x400::Initiator::Actions actions;
  if (connected) {
    record(What::connected, a.from, {.subject = a.serial}, [&] { return fmt::format("s{}", a.serial); });
    a.responder.emplace(behaviour_of(a.to).x400, x400::Admission{});
    x400::Responder::Actions answers;
    a.responder->connected(answers);
    perform(index, answers);
    exchange_states(a.from, a.to);
    a.initiator->connected(actions);
  } else {
    a.initiator->connect_failed(smtp::Ended::refused, actions);
  }
  perform(index, actions);
}

void World::perform(std::uint32_t index, x400::Initiator::Actions& actions) {
  for (std::size_t i = 0; i < actions.size(); ++i) {
    if (actions[i].kind == InitiatorAction::Kind::next)
      next_transfer(index, actions);
    else
      perform(index, actions[i]);
  }
}

void World::next_transfer(std::uint32_t index, x400::Initiator::Actions& actions) {
  Association& a = associations_[index];
  if (a.initiator->over() || !a.in_session) return;
  if (auto next = queues_[a.queue].link.next(a.session)) {
    a.entry = *next;
    return a.initiator->offer(offer_to_mta(a), actions);
  }
  a.initiator->no_more(actions);
  queues_[a.queue].idle.push_back(index);
  end_session(a);
}

// The queue's session is over; the association may go on without one.
void World::end_session(Association& a) {
  if (!std::exchange(a.in_session, false)) return;
  std::uint32_t queue = a.queue;
  NodeId from = a.from;
  auto asked = queue_actions_.borrow();
  queues_[queue].link.session_closed(a.session, engine_.now(), *asked);
  perform(queue, *asked);
  connection_ended(from);
}

void World::perform(std::uint32_t index, const InitiatorAction& action) {
  Association& a = associations_[index];
  switch (action.kind) {
    case InitiatorAction::Kind::send: {
      record(What::command, a.from, {.detail = static_cast<std::uint16_t>(action.pdu.kind), .subject = a.serial},
             [&] { return fmt::format("s{} > {}", a.serial, x400::text(action.pdu.kind)); });
      if (!engine_.up(*a.there)) return;
      a.to_responder.push(action.pdu);
      a.last_there = std::max(a.last_there, engine_.now() + a.there->one_way(kPduSize));
      return engine_.post(a.last_there, sim::Priority::arrival, {kToResponder, index, a.generation});
    }
    case InitiatorAction::Kind::send_body: {
      const transport::Entry& entry = queues_[a.queue].link.entry(a.entry);
      hold_instead(a.body_message, entry.message);
      a.body_content = a.content;
      auto trace = behaviour_of(a.from).transport.record_trace.rule({static_cast<std::uint32_t>(entry.to.size())});
      using Trace = transport::RecordTrace;
      std::size_t passes = trace.outcome == Trace::one ? 1 : trace.outcome == Trace::none ? 0 : entry.to.size();
      a.body_hops = static_cast<std::uint16_t>(entry.hops + passes);
      a.body_under_way = true;
      record(What::body, a.from,
             {.subject = number(a.body_message), .a = a.serial, .b = static_cast<std::uint32_t>(action.octets)},
             [&] { return fmt::format("s{} > {} octets of {}", a.serial, action.octets, describe(a.body_message)); });
      bool moves = engine_.transfer(*a.there, nodes_[a.from.value].host, nodes_[a.to.value].host, action.octets,
                                    index | kMtaToken);
      if (!moves) mta_body(index, false);
      return;
    }
    case InitiatorAction::Kind::timer:
      return set_timer(index, a.initiator_timer, action.after, kInitiatorTimer);
    case InitiatorAction::Kind::recipient: {
      auto asked = queue_actions_.borrow();
      queues_[a.queue].link.recipient_ended(a.session, action.recipient, smtp::RecipientEnd::delivered, action.outcome,
                                            action.blame, *asked);
      return perform(a.queue, *asked);
    }
    case InitiatorAction::Kind::concluded:
      return mta_concluded(index, action);
    case InitiatorAction::Kind::next:
      return;
    case InitiatorAction::Kind::close: {
      record(What::closed, a.from, {.subject = a.serial}, [&] { return fmt::format("s{}", a.serial); });
      a.gone = true;
      std::erase(queues_[a.queue].idle, index);
      if (a.responder && !a.responder->over()) {
        x400::Responder::Actions ignored;
        a.responder->closed(ignored);
      }
      a.initiator_timer.deadline = a.responder_timer.deadline = sim::Instant::never();
      end_session(a);
      return free_association(index);
    }
  }
}

// While octets are still under way the slot stays taken: their token is its number.
void World::free_association(std::uint32_t index) {
  Association& a = associations_[index];
  if (!a.used || a.body_under_way) return;
  a.used = false;
  hold_instead(a.body_message, {});
  ++a.generation;
  free_associations_.push_back(index);
}

void World::mta_concluded(std::uint32_t index, const InitiatorAction& action) {
  Association& a = associations_[index];
  transport::LinkQueue& link = queues_[a.queue].link;
  const transport::Entry& entry = link.entry(a.entry);
  count_attempt(entry);
  const smtp::Outcome& o = action.outcome;
  record(What::attempt, a.from,
         {.detail = static_cast<std::uint16_t>(static_cast<int>(o.reply) * 16 + static_cast<int>(o.stage)),
          .subject = number(entry.message),
          .b = a.serial},
         [&] {
           bool whole = o.reply == smtp::ReplyClass::success;
           return fmt::format("s{} {} to the next MTA: {}{}", a.serial, describe(entry.message),
                              whole ? "success" : "failure", o.words.empty() ? "" : ", " + std::string(o.words));
         });
  if (Observer* observer = tracer_.observer())
    observer->attempt(engine_.now(), {.began = a.took_up,
                                      .message = entry.message,
                                      .node = a.from,
                                      .peer = a.to,
                                      .session = a.serial,
                                      .outcome = &o,
                                      .blame = action.blame});
  auto asked = queue_actions_.borrow();
  link.concluded(a.session, o, action.blame, engine_.now(), *asked);
  perform(a.queue, *asked);
}

void World::mta_arrives(std::uint32_t index, bool at_responder) {
  Association& a = associations_[index];
  auto& lane = at_responder ? a.to_responder : a.to_initiator;
  if (!a.used || lane.empty()) return;
  Pdu pdu = lane.front();
  lane.pop();
  if (!at_responder) {
    if (a.gone) return;
    x400::Initiator::Actions actions;
    a.initiator->received(pdu, actions);
    return perform(index, actions);
  }
  if (!a.responder || a.responder->over()) return;
  x400::Responder::Actions actions;
  a.responder->received(pdu, actions);
  perform(index, actions);
}

void World::perform(std::uint32_t index, x400::Responder::Actions& actions) {
  Association& a = associations_[index];
  for (const ResponderAction& action : actions) {
    switch (action.kind) {
      case ResponderAction::Kind::send:
        record(What::reply, a.to, {.detail = static_cast<std::uint16_t>(action.pdu.kind), .subject = a.serial},
               [&] { return fmt::format("s{} < {}", a.serial, x400::text(action.pdu.kind)); });
        if (!engine_.up(*a.back)) {
          mta_stalls(index);
          break;
        }
        a.to_initiator.push(action.pdu);
        a.last_back = std::max(a.last_back, engine_.now() + a.back->one_way(kPduSize));
        engine_.post(a.last_back, sim::Priority::arrival, {kToInitiator, index, a.generation});
        break;
      case ResponderAction::Kind::timer:
        set_timer(index, a.responder_timer, action.after, kResponderTimer);
        break;
      case ResponderAction::Kind::accepted:
        mta_takes(index, action.blame);
        break;
      case ResponderAction::Kind::refused:
      case ResponderAction::Kind::close:
        break;
    }
  }
}

// The octets of a message have come, or a link has failed under them.
void World::mta_body(std::uint32_t index, bool whole) {
  Association& a = associations_[index];
  a.body_under_way = false;
  if (a.gone) return free_association(index);
  if (!whole || nodes_[a.to.value].down) {
    x400::Initiator::Actions actions;
    a.initiator->closed(smtp::Ended::reset, actions);
    return perform(index, actions);
  }
  record(What::body_arrived, a.to, {.subject = number(a.body_message), .a = a.serial},
         [&] { return fmt::format("s{} {}", a.serial, describe(a.body_message)); });
  const std::uint32_t generation = a.generation;
  x400::Initiator::Actions sent;
  a.initiator->body_sent(sent);
  perform(index, sent);
  if (associations_[index].generation != generation || !a.responder || a.responder->over()) return;
  x400::Responder::Actions taken;
  a.responder->body_received(taken);
  perform(index, taken);
}

void World::mta_timer(std::uint32_t index, bool responder) {
  Association& a = associations_[index];
  Timer& timer = responder ? a.responder_timer : a.initiator_timer;
  if (!timer_due(index, timer, responder ? kResponderTimer : kInitiatorTimer) || !a.used || a.gone) return;
  if (responder) {
    x400::Responder::Actions actions;
    if (a.responder && !a.responder->over()) a.responder->timed_out(actions);
    return perform(index, actions);
  }
  x400::Initiator::Actions actions;
  a.initiator->timed_out(actions);
  perform(index, actions);
}

// The receiving MTA is responsible from now on.
void World::mta_takes(std::uint32_t index, Blame blame) {
  Association& a = associations_[index];
  ++counters_.hops;
  Recipients recipients(queues_[a.queue].link.entry(a.entry).to.recipients());
  blame = join(blame, queues_[a.queue].link.entry(a.entry).blame);
  arrive(a.to, a.body_message, recipients, blame, a.body_hops, a.body_content);
}

// Nothing comes from the peer any more: the connection is given up after as long as opening one may take [assumed],
// whatever time the transfer itself would be given.
void World::mta_stalls(std::uint32_t index) {
  Association& a = associations_[index];
  if (a.gone) return;
  sim::Instant end = engine_.now() + *behaviour_of(a.from).x400.open_timeout;
  if (end < a.initiator_timer.deadline) set_timer(index, a.initiator_timer, end - engine_.now(), kInitiatorTimer);
}

// A host that goes down takes its associations with it.
void World::break_associations(NodeId node) {
  for (std::uint32_t i = 0; i < associations_.size(); ++i) {
    Association& a = associations_[i];
    if (!a.used || a.gone || (a.from != node && a.to != node)) continue;
    if (a.responder && !a.responder->over()) {
      x400::Responder::Actions ignored;
      a.responder->closed(ignored);
    }
    if (a.to == node && a.in_session) {
      mta_stalls(i);
      continue;
    }
    x400::Initiator::Actions actions;
    a.initiator->closed(smtp::Ended::reset, actions);
    perform(i, actions);
  }
}

}  // namespace deadletter::experiments
