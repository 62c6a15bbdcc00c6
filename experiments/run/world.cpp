#include "experiments/run/world.h"

#include <fmt/ranges.h>

#include <algorithm>

namespace deadletter::experiments {

using sim::Instant;
using transport::QueueAction;

World::World(const Plan& plan, Tracer& tracer, ReportSink reports, std::atomic<std::int64_t>* progress)
    : plan_(plan),
      tracer_(tracer),
      reports_(std::move(reports)),
      progress_(progress),
      chance_(plan.seed, &tracer.fingerprint()),
      addresses_(plan),
      behaviours_(plan),
      contents_(plan, behaviours_, addresses_),
      alike_domains_(plan.organization.routing) {
  std::map<std::string, sim::HostId> hosts;
  auto trees = std::make_shared<routing::TreeCache>();
  for (const PlannedNode& node : plan.nodes) {
    sim::HostId host = engine_.add_host(node.name);
    hosts[node.name] = host;
    auto self = static_cast<std::uint32_t>(nodes_.size());
    nodes_.push_back(
        {.host = host,
         .router = routing::Router(plan.organization.routing, behaviours_.of({self}).routing, {self}, trees)});
  }
  for (const auto& place : plan.organization.places) hosts[place.value] = engine_.add_host(place.value);
  for (const topologies::Link& link : plan.organization.links)
    links_.push_back(engine_.add_link({link.name.value, link.bandwidth_bps, {link.latency_ns}, link.sharing},
                                      hosts.at(link.between[0].value), hosts.at(link.between[1].value)));
  plan_changes(hosts);
  for (const Fault& fault : plan.faults) {
    if (fault.host) engine_.fail_host(hosts.at(fault.host->value), {fault.at_ns}, {fault.for_ns});
    for (std::size_t i = 0; fault.link && i < links_.size(); ++i)
      if (plan.organization.links[i].name.value == fault.link->value)
        engine_.fail_link(links_[i], {fault.at_ns}, {fault.for_ns});
  }
}

sim::Ending World::run(const std::atomic<bool>* stop, sim::Instant until) {
  // One submission is pending at a time: the plan's mail is in order already.
  if (!plan_.mail.empty()) engine_.post(plan_.mail[0].at, sim::Priority::normal, {kSubmit, 0, 0});
  start_traffic();
  start_fetches();
  start_clients();
  for (std::uint32_t i = 0; i < plan_.changes.size(); ++i)
    engine_.post(plan_.changes[i].at, sim::Priority::normal, {kChangeBegins, i, 0});
  sim::Ending ending = engine_.run(*this, until, stop);
  if (until < plan_.horizon) return ending;
  for (std::uint32_t i = 0; i < ledger_.size(); ++i) record_fate({i});
  for (const auto& [blame, count] : ledger_.forgotten_blame())
    for (const std::string& article : names(blame)) counters_.ruled[article] += count;
  return ending;
}

void World::handle(Instant now, const sim::Event& event) {
  if (!ledger_.ended().empty()) forget_ended();
  if (progress_ != nullptr) progress_->store(now.ns, std::memory_order_relaxed);
  // Events about a connection carry its slot and generation; about a queue, its index.
  auto with_connection = [&](void (World::*what)(std::uint32_t)) {
    if (live(event.a, event.b) != nullptr) (this->*what)(event.a);
  };
  if (NodeId acts = hosts_down_ == 0 ? NodeId{} : who_acts(event); acts.valid() && nodes_[acts.value].down)
    return nodes_[acts.value].postponed.push_back(event);
  switch (static_cast<Kind>(event.kind)) {
    case kEnter:
      return enter_mail(event.a);
    case kArrival:
      return arrival(event.a);
    case kSubmit:
      return submit_mail(event.a);
    case kConnected:
      return with_connection(&World::connected);
    case kRefused:
      return with_connection(&World::refused);
    case kCourse:
      return with_connection(&World::follow);
    case kServerStart:
      return with_connection(&World::start_server);
    case kToServer:
      return with_connection(&World::arrive_at_server);
    case kToClient:
      return with_connection(&World::arrive_at_client);
    case kClientTimer:
      return client_timer(event.a);
    case kServerTimer:
      return server_timer(event.a);
    case kReadDue: {
      if (live(event.a, event.b) == nullptr) return;
      auto actions = client_actions_.borrow();
      connections_[event.a].client.read_due(*actions);
      return perform(event.a, *actions);
    }
    case kRetry:
      return queue_woke(event.a, QueueAction::Wake::message);
    case kQueueRetry:
      return queue_woke(event.a, QueueAction::Wake::retry);
    case kDelayNotice:
      return queue_woke(event.a, QueueAction::Wake::delay_notice);
    case kExpiry:
      return queue_woke(event.a, QueueAction::Wake::expiry);
    case kProcessed: {
      Intake intake = std::move(intakes_[event.a]);
      intakes_.give_back(event.a);
      return categorize(intake.node, intake.message, intake.recipients, intake.hops, intake.content);
    }
    case kPublish:
      return publish({event.a});
    case kLinkStates:
      return hear(event.a);
    case kProbe:
      return probe(event.a);
    case kReroute:
      if (event.b == 1) return looked_again({event.a});
      nodes_[event.a].reroute_due = false;
      return reroute({event.a});
    case kStoreDriver:
      return delivery_done(event.a, false);
    case kNotOpened:
      return not_opened(event.a);
    case kScanned:
      return scan_due({event.a}, event.b, false);
    case kScanTimeout:
      return scan_due({event.a}, event.b, true);
    case kFetch:
      return fetch(event.a);
    case kMtaConnected:
    case kMtaRefused:
      if (associations_[event.a].generation == event.b) mta_answered(event.a, event.kind == kMtaConnected);
      return;
    case kToResponder:
    case kToInitiator:
      if (associations_[event.a].generation == event.b) mta_arrives(event.a, event.kind == kToResponder);
      return;
    case kInitiatorTimer:
    case kResponderTimer:
      return mta_timer(event.a, event.kind == kResponderTimer);
    case kClientLife:
      return client_lives(event.a, event.b);
    case kUpload:
      return client_wakes(event.a, client::OutlookAction::Timer::upload, event.b);
    case kDownload:
      return client_wakes(event.a, client::OutlookAction::Timer::download, event.b);
    case kBookDue:
      return client_wakes(event.a, client::OutlookAction::Timer::book, event.b);
    case kChangeBegins:
      return change_begins(event.a);
    case kChangeEnds:
      return change_ends(event.a);
  }
}

void World::link_changed(Instant, sim::LinkId link, bool up) {
  step_from_here_all();
  for (std::size_t i = 0; i < links_.size(); ++i)
    if (links_[i] == link)
      record(mail::What::link, {}, {.detail = up, .subject = static_cast<std::uint32_t>(i)},
             [&] { return fmt::format("{} is {}", plan_.organization.links[i].name.value, up ? "up again" : "down"); });
}

// By their names: the number of a set of articles depends on which other articles there are.
void World::record_ruling(NodeId node, mail::MessageId message, std::uint32_t session, Blame blame) {
  if (!forgets_) first_rulings_.try_emplace({message, blame}, FirstRuling{engine_.now(), node});
  std::string articles = fmt::format("{}", fmt::join(names(blame), " "));
  record(
      mail::What::ruling, node, {.subject = number(message), .b = session},
      [&] {
        std::string place = session == 0 ? "" : fmt::format("s{} ", session);
        return fmt::format("{}{} ruled by {}", place, describe(message), articles);
      },
      articles);
}

void World::show_attempt(const Connection& c, const smtp::Outcome& outcome, Blame blame) {
  tracer_.observer()->attempt(engine_.now(), {.began = c.took_up,
                                              .message = queues_[c.queue].link.entry(c.entry).message,
                                              .node = c.from,
                                              .peer = c.to,
                                              .session = c.serial,
                                              .outcome = &outcome,
                                              .blame = blame});
}

void World::show_queue(std::uint32_t index) {
  const Queue& queue = queues_[index];
  std::string name = name_of(queue);
  tracer_.observer()->queue(engine_.now(), {.index = index,
                                            .node = queue.node,
                                            .next_hop = name,
                                            .size = queue.link.size(),
                                            .in_retry = queue.link.state() == transport::LinkQueue::State::retry});
}

std::vector<mail::RecipientId> World::recipients_of(mail::MessageId id) const {
  std::vector<mail::RecipientId> all;
  for (std::uint32_t i = 0; i < messages_[id.value].rows; ++i) all.push_back({messages_[id.value].first_row + i});
  if (auto more = expanded_.find(id); more != expanded_.end())
    all.insert(all.end(), more->second.begin(), more->second.end());
  return all;
}

std::string World::sender_sees(mail::RecipientId recipient) const {
  auto found = views_.find(recipient);
  return found == views_.end() ? "" : found->second;
}

std::optional<World::Waiting> World::waiting(mail::RecipientId id) const {
  const LedgerRow& row = ledger_.row(id);
  if (!messages_[row.message.value].submitted_to.valid()) return Waiting{"Outbox", transport::LinkQueue::State::ready};
  for (std::uint32_t e = 0; e < pool_.size(); ++e) {
    const transport::Entry& entry = pool_[transport::EntryId{e}];
    if (entry.message != row.message || std::ranges::count(entry.to.recipients(), id) == 0) continue;
    const Queue& queue = queues_[entry.owner];
    return Waiting{name_of(queue), queue.link.state()};
  }
  return std::nullopt;
}

}  // namespace deadletter::experiments
