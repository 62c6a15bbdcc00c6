// What a server does with mail that it has taken in: the categorizer, and the way to the next hop.
#include <algorithm>
#include <array>
#include <iterator>

#include "experiments/run/world.h"
#include "models/routing/fan_out.h"

namespace deadletter::experiments {

using mail::What;
using routing::Hop;
using transport::Resolution;
using transport::ReturnReason;

// One processor a server, first come first served.
void World::take_in(NodeId node, mail::MessageId message, Recipients recipients, std::uint16_t hops,
                    ContentId content) {
  sim::Duration time = *behaviour_of(node).routing.processing_time;
  if (time.ns == 0) return categorize(node, message, recipients, hops, content);
  Node& at = nodes_[node.value];
  at.processor_free = std::max(at.processor_free, engine_.now()) + time;
  std::uint32_t slot = intakes_.take();
  intakes_[slot] = {node, message, hops, std::move(recipients), content};
  engine_.post(at.processor_free, sim::Priority::normal, {kProcessed, slot, 0});
}

// What a MAPI client submits goes to recipients in the form that is for where they are: one copy for each form.
void World::categorize(NodeId node, mail::MessageId id, const Recipients& recipients, std::uint16_t hops,
                       ContentId content) {
  if (!asks_directory(node)) return categorize_opened(node, id, recipients, hops, content);
  Recipients opened = open_lists(node, id, recipients);
  if (!opened.empty()) categorize_opened(node, id, opened, hops, content);
}

void World::categorize_opened(NodeId node, mail::MessageId id, const Recipients& recipients, std::uint16_t hops,
                              ContentId content) {
  bool to_be_converted = content.valid() && contents_.at(content).form == content::Form::mapi && !leaves_to_hubs(node);
  if (!to_be_converted) return categorize_alike(node, id, recipients, hops, content, ContentForm::as_it_is);
  constexpr ContentForm forms[] = {ContentForm::as_it_is, ContentForm::s_tnef, ContentForm::tnef, ContentForm::mime};
  std::array<Recipients, std::size(forms)> by_form;
  for (mail::RecipientId r : recipients)
    by_form[static_cast<std::size_t>(contents_.form_for(node, ledger_.row(r).address))].push_back(r);
  for (ContentForm form : forms)
    if (const Recipients& alike = by_form[static_cast<std::size_t>(form)]; !alike.empty())
      categorize_alike(node, id, alike, hops, content, form);
}

void World::categorize_alike(NodeId node, mail::MessageId id, const Recipients& recipients, std::uint16_t hops,
                             ContentId content, ContentForm form) {
  auto early = convert_early(node, id, content, form, recipients);
  if (!early) return;
  content = *early;
  Undeliverable failed;
  std::map<std::uint32_t, transport::Entry> by_hop;
  std::uint32_t only = kNone;  // most messages have one recipient
  for (mail::RecipientId recipient : recipients) {
    std::uint32_t to = onward(node, id, recipient, hops, content, failed);
    if (to == kNone) continue;
    only = to;
    if (recipients.size() == 1) break;
    transport::Entry& entry = by_hop.try_emplace(to, entry_for(id, hops, content, form)).first->second;
    entry.to.add(recipient, ledger_.row(recipient).address);
  }
  for (const auto& [reason, all] : failed) give_back(node, id, reason, all, {}, {});
  if (recipients.size() != 1) return send_on(node, by_hop);
  if (only == kNone) return;
  transport::Entry entry = entry_for(id, hops, content, form);
  entry.to.add(recipients[0], ledger_.row(recipients[0]).address);
  enqueue(node, only, std::move(entry));
}

transport::Entry World::entry_for(mail::MessageId id, std::uint16_t hops, ContentId content, ContentForm form) const {
  const StoredMessage& message = messages_[id.value];
  transport::Entry entry{.message = id,
                         .sender = message.sender,
                         .arrived = engine_.now(),
                         .size = static_cast<std::uint32_t>(message.size),
                         .serial = 0};
  entry.eight_bit = message.eight_bit;
  entry.hops = hops & 1023U;
  entry.content = content;
  entry.form = form;
  if (message.mail < plan_.mail.size() && !message.report()) entry.priority = plan_.mail[message.mail].priority;
  if (auto size = content.valid() ? contents_.size(content) : std::nullopt) entry.size = *size;
  return entry;
}

// The next hop of a recipient's mail; kNone when it ends here, in a mailbox or in `failed`.
std::uint32_t World::onward(NodeId node, mail::MessageId id, mail::RecipientId recipient, std::uint16_t hops,
                            ContentId content, Undeliverable& failed) {
  mail::AddressId address = ledger_.row(recipient).address;
  auto fail = [&](ReturnReason reason) {
    auto status = behaviour_of(node).transport.report_status.rule({reason, {}, 0, {}}).outcome;
    // Whoever is not known is told together, whatever the reason is that nobody is.
    bool unknown = reason == ReturnReason::ambiguous_recipient || reason == ReturnReason::no_such_domain;
    failed[unknown ? ReturnReason::unknown_recipient : reason].push_back({recipient, address, status, ""});
    return kNone;
  };
  const auto& routing = behaviour_of(node).routing;
  // What has come by X.400 is counted by the transfer agent.
  bool by_mta = content.valid() && contents_.at(content).enveloped;
  std::uint64_t limit = by_mta ? *behaviour_of(node).x400.hop_limit : *routing.hop_limit;
  bool loops = routing.loop_check.rule({hops, limit}).outcome == routing::LoopCheck::loop;
  if (loops) return fail(ReturnReason::loop);
  Resolution resolution = resolve(node, address);
  bool domain_known = resolution != Resolution::remote || addresses_.of(address).known_domain;
  record(What::categorize, node,
         {.detail = static_cast<std::uint16_t>(resolution), .subject = number(id), .a = number(recipient)}, [&] {
           constexpr const char* words[] = {"local", "remote", "unknown", "ambiguous"};
           return fmt::format("{} <{}> is {}{}", describe(id), plan_.addresses.text(address),
                              words[static_cast<std::size_t>(resolution)],
                              domain_known ? "" : ", and its domain does not exist");
         });
  if (resolution == Resolution::unknown) return fail(ReturnReason::unknown_recipient);
  if (resolution == Resolution::ambiguous) return fail(ReturnReason::ambiguous_recipient);
  if (!domain_known) return fail(ReturnReason::no_such_domain);
  if (resolution == Resolution::local && ends_here(node, address) && !(hops == 0 && leaves_to_hubs(node))) {
    if (scans(node, content)) return local_hop(node);
    ledger_.handed_over(recipient, {});
    deliver(node, id, recipient, {}, content);
    return kNone;
  }
  std::uint32_t to = next_hop(node, address, messages_[id.value].size);
  const Hop& hop = nodes_[node.value].next_hops[to].hop;
  if (hop.kind == Hop::Kind::none) return fail(why_not(hop));
  if (hop.kind != Hop::Kind::gateway) return to;
  ledger_.handed_over(recipient, {});
  deliver(node, id, recipient, {}, content);
  return kNone;
}

ReturnReason World::why_not(const Hop& hop) const {
  return hop.why == Hop::Why::too_large ? ReturnReason::too_large : ReturnReason::no_route;
}

// In the order of next hops' keys, so that it does not matter which one was found first.
void World::send_on(NodeId node, std::map<std::uint32_t, transport::Entry>& by_hop) {
  if (by_hop.size() > 1) part_late(node, by_hop);
  std::vector<std::uint32_t> order;
  for (const auto& [hop, entry] : by_hop) order.push_back(hop);
  std::ranges::sort(order, {}, [&](std::uint32_t hop) { return nodes_[node.value].next_hops[hop].key(); });
  for (std::uint32_t hop : order) enqueue(node, hop, std::move(by_hop.at(hop)));
}

// Mail for several sites stays one copy until its paths part.
void World::part_late(NodeId node, std::map<std::uint32_t, transport::Entry>& by_hop) {
  std::vector<std::uint32_t> to_sites;
  std::vector<Hop> hops;
  for (const auto& [hop, entry] : by_hop)
    if (nodes_[node.value].next_hops[hop].hop.kind == Hop::Kind::site) {
      to_sites.push_back(hop);
      hops.push_back(nodes_[node.value].next_hops[hop].hop);
    }
  if (hops.size() < 2) return;
  for (const routing::Branch& branch : routing::fan_out(plan_.organization.routing, hops)) {
    std::uint32_t to = intern(node, branch.hop, {});
    for (std::uint32_t member : branch.members) {
      if (to_sites[member] == to) continue;
      transport::Entry from = std::move(by_hop.at(to_sites[member]));
      by_hop.erase(to_sites[member]);
      auto [found, fresh] = by_hop.try_emplace(to, from);
      if (fresh) continue;
      transport::Entry& into = found->second;
      for (std::size_t i = 0; i < from.to.size(); ++i) into.to.add(from.to.recipient(i), from.to.address(i));
    }
  }
}

void World::enqueue(NodeId node, std::uint32_t hop, transport::Entry&& entry) {
  std::uint32_t queue = queue_for(node, hop);
  record(What::enqueue, node,
         {.subject = number(entry.message), .a = queue, .b = static_cast<std::uint32_t>(entry.to.size())},
         [&] { return fmt::format("{} for {}", describe(entry.message), name_of(queues_[queue])); });
  if (Observer* observer = tracer_.observer()) observer->entered(queue);
  auto actions = queue_actions_.borrow();
  queues_[queue].link.enqueue(std::move(entry), engine_.now(), *actions);
  queue_peak_ = std::max(queue_peak_, queues_[queue].link.size());
  perform(queue, *actions);
  if (queues_[queue].unreachable) look_again(node);
}

std::uint32_t World::next_hop(NodeId node, mail::AddressId address, std::uint64_t size) {
  Node& at = nodes_[node.value];
  const mail::OneOff* other = one_off(address);
  if (other != nullptr)
    return intern(node, at.router.to_address(other->type, other->value, size, at.states.get()).hop, {});
  NodeId home = home_from(node, address);
  const PlannedDomain* domain = domain_of(address);
  bool inside = home.valid() && domain != nullptr && !domain->foreign &&
                domain->organization == organization_of(node) && !plan_.nodes[node.value].foreign;
  mail::DomainId id = addresses_.of(address).domain;
  std::uint64_t limit = plan_.organization.routing.smallest_limit;
  bool ordinary = limit == 0 || size <= limit;
  std::uint16_t* known = nullptr;
  if (ordinary && inside) {
    known = &at.to_server.try_emplace(at.router.way_to({home.value}), kNoHop).first->second;
  } else if (ordinary) {
    if (at.to_domain.size() <= id.value) at.to_domain.resize(id.value + 1, kNoHop);
    known = &at.to_domain[id.value];
  }
  if (known != nullptr && *known != kNoHop) return *known;
  auto way_out = [&] { return at.router.to_address("SMTP", plan_.addresses.text(id), size, at.states.get()).hop; };
  auto known_way_out = [&] {
    auto [way, fresh] = at.ways_out.try_emplace(alike_domains_.of(id.value, plan_.addresses.text(id)));
    if (fresh) way->second = way_out();
    return way->second;
  };
  Hop next = inside     ? at.router.to_server({home.value}, size, at.states.get()).hop
             : ordinary ? known_way_out()
                        : way_out();
  bool by_dns = next.kind == Hop::Kind::domain || (next.kind == Hop::Kind::connector && next.hosts.empty());
  std::uint32_t hop = intern(node, std::move(next), by_dns ? id : mail::DomainId{});
  if (known != nullptr && hop < kNoHop) *known = static_cast<std::uint16_t>(hop);
  return hop;
}

// Into mailboxes of its own, where something looks at mail first.
std::uint32_t World::local_hop(NodeId node) {
  std::uint32_t& known = nodes_[node.value].local_hop;
  if (known == kNone) known = intern(node, {.kind = Hop::Kind::local, .id = node.value, .hosts = {{node.value}}}, {});
  return known;
}

std::uint32_t World::intern(NodeId node, Hop hop, mail::DomainId domain) {
  auto& all = nodes_[node.value].next_hops;
  NextHop wanted{std::move(hop), domain};
  auto found = std::ranges::find_if(
      all, [&](const NextHop& n) { return n.key() == wanted.key() && n.hop.why == wanted.hop.why; });
  if (found != all.end()) return static_cast<std::uint32_t>(found - all.begin());
  all.push_back(std::move(wanted));
  return static_cast<std::uint32_t>(all.size() - 1);
}

// Mail that a server has taken over comes to its mailboxes, or goes on.
void World::arrive(NodeId node, mail::MessageId id, const Recipients& recipients, Blame blame, std::uint16_t hops,
                   ContentId content) {
  Recipients further;
  sim::Duration time = *behaviour_of(node).routing.processing_time;
  bool at_once = time.ns == 0 && !scans(node, content);
  for (mail::RecipientId recipient : recipients) {
    mail::AddressId address = ledger_.row(recipient).address;
    if (at_once && ends_here(node, address) && !to_be_looked_up(node, address)) {
      deliver(node, id, recipient, blame, content);
      continue;
    }
    ledger_.taken_over(recipient, blame);
    further.push_back(recipient);
  }
  if (further.empty()) return;
  record(What::relay, node, {.subject = number(id), .a = hops, .b = static_cast<std::uint32_t>(further.size())}, [&] {
    return fmt::format("{} for {} recipient{}, hop {}", describe(id), further.size(), further.size() == 1 ? "" : "s",
                       hops);
  });
  take_in(node, id, std::move(further), hops, content);
}

void World::forget_ways(NodeId node) {
  nodes_[node.value].to_server.clear();
  nodes_[node.value].to_domain.clear();
  nodes_[node.value].ways_out.clear();
}

// What a server now knows of links may give waiting mail another next hop: mail whose queue is well stays.
void World::reroute(NodeId node) {
  forget_ways(node);
  std::vector<std::uint32_t> waiting;
  for (const NextHop& hop : nodes_[node.value].next_hops)
    if (hop.queue != kNone && queues_[hop.queue].link.size() > 0) waiting.push_back(hop.queue);
  for (std::uint32_t index : waiting) {
    const transport::LinkQueue& link = queues_[index].link;
    if (is_local(queues_[index])) continue;
    if (!queues_[index].unreachable && link.state() != transport::LinkQueue::State::retry) continue;
    for (transport::EntryId id : link.waiting())
      if (!goes_on_as_before(index, link.entry(id))) move(index, id);
  }
}

bool World::goes_on_as_before(std::uint32_t index, const transport::Entry& entry) {
  const Queue& queue = queues_[index];
  return std::ranges::all_of(entry.to.addresses(), [&](mail::AddressId address) {
    std::uint32_t hop = next_hop(queue.node, address, entry.size);
    const auto& hops = nodes_[queue.node.value].next_hops;
    return hops[hop].key() == hops[queue.next_hop].key();
  });
}

// Out of its queue and into those of its next hops; what has none any more goes back.
void World::move(std::uint32_t index, transport::EntryId id) {
  NodeId node = queues_[index].node;
  transport::Entry moved = queues_[index].link.withdraw(id);
  record(What::route, node, {.subject = number(moved.message), .a = index},
         [&] { return fmt::format("{} leaves {}", describe(moved.message), name_of(queues_[index])); });
  if (tracer_.observer() != nullptr) show_queue(index);
  std::map<std::uint32_t, transport::Entry> by_hop;
  Undeliverable failed;
  for (std::size_t i = 0; i < moved.to.size(); ++i) {
    std::uint32_t to = next_hop(node, moved.to.address(i), moved.size);
    const Hop& hop = nodes_[node.value].next_hops[to].hop;
    if (hop.kind == Hop::Kind::none) {
      const auto& transport = behaviour_of(node).transport;
      auto status = transport.report_status.rule({why_not(hop), {}, 0, {}}).outcome;
      failed[why_not(hop)].push_back({moved.to.recipient(i), moved.to.address(i), status, ""});
      continue;
    }
    auto [found, fresh] = by_hop.try_emplace(to, moved);
    if (fresh) found->second.to = {};
    found->second.to.add(moved.to.recipient(i), moved.to.address(i));
  }
  for (const auto& [reason, all] : failed) give_back(node, moved.message, reason, all, {}, moved.blame);
  send_on(node, by_hop);
}

// Mail without a way that is up is looked at again from time to time, whatever is heard of links.
void World::look_again(NodeId node) {
  sim::Duration every = *behaviour_of(node).routing.unreachable_retry;
  if (every.ns == 0 || std::exchange(nodes_[node.value].look_due, true)) return;
  engine_.post(engine_.now() + every, sim::Priority::timer, {kReroute, node.value, 1});
}

void World::looked_again(NodeId node) {
  nodes_[node.value].look_due = false;
  reroute(node);
  for (const NextHop& hop : nodes_[node.value].next_hops)
    if (hop.queue != kNone && queues_[hop.queue].unreachable && queues_[hop.queue].link.size() > 0) look_again(node);
}

}  // namespace deadletter::experiments
