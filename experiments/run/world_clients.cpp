// Mail clients at work: what they hand to their servers and when, what they return themselves, and what they fetch.
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "experiments/run/world.h"
#include "models/client/report_view.h"

namespace deadletter::experiments {

using client::Outlook;
using client::OutlookAction;
using mail::What;

namespace {

constexpr sim::Purpose kAway{"client.away"}, kAwayFrom{"client.away_from"};

// What happens to a client, as records and events number it.
enum Happens : std::uint16_t { kStarts, kStops, kCutOff, kBack, kSends, kFetches, kBook, kQueues };

std::string joined(const std::vector<std::string>& words) { return fmt::format("{}", fmt::join(words, ", ")); }

}  // namespace

// Everybody whose client is at work: the others send and read at once.
void World::start_clients() {
  for (std::uint32_t id = 0; id < plan_.client_of.size(); ++id) {
    std::uint32_t planned = plan_.client_of[id];
    bool at_work = planned != PlannedMail::kNoContent && plan_.clients[planned].mode;
    if (!at_work || !plan_.home_of({id}).valid()) continue;
    client_at_.resize(plan_.client_of.size(), kNone);
    client_at_[id] = static_cast<std::uint32_t>(clients_.size());
    const PlannedClient& client = plan_.clients[planned];
    clients_.push_back({{id}, planned, Outlook(client.resolved.behaviour.client, *client.mode)});
  }
  for (std::uint32_t i = 0; i < clients_.size(); ++i) start_client(i);
}

void World::start_client(std::uint32_t index) {
  const PlannedClient& client = plan_.clients[clients_[index].planned];
  auto post = [&](std::int64_t at, Happens what) {
    engine_.post({at}, sim::Priority::normal, {kClientLife, index, what});
  };
  if (client.sessions.empty()) post(0, kStarts);
  for (const Period& p : client.sessions) {
    post(p.from_ns, kStarts);
    if (p.to_ns) post(*p.to_ns, kStops);
  }
  for (const Period& p : client.offline) {
    post(p.from_ns, kCutOff);
    if (p.to_ns) post(*p.to_ns, kBack);
  }
  std::uint32_t person = clients_[index].person.value;
  if (!client.away || !chance_.happens(*client.away, kAway, person, 0)) return;
  std::int64_t latest = std::max<std::int64_t>(1, plan_.horizon.ns - client.away_for.ns);
  auto from = static_cast<std::int64_t>(chance_.below(static_cast<std::uint64_t>(latest), kAwayFrom, person, 0));
  post(from, kCutOff);
  post(from + client.away_for.ns, kBack);
}

ClientState* World::client_at(mail::AddressId person) {
  bool there = person.valid() && person.value < client_at_.size() && client_at_[person.value] != kNone;
  return there ? &clients_[client_at_[person.value]] : nullptr;
}

void World::client_lives(std::uint32_t index, std::uint32_t what) {
  ClientState& c = clients_[index];
  constexpr const char* words[] = {"starts", "stops", "is cut off", "has its network again"};
  record(What::client, plan_.home_of(c.person),
         {.detail = static_cast<std::uint16_t>(what), .subject = kNone, .a = c.person.value},
         [&] { return fmt::format("that of <{}> {}", plan_.addresses.text(c.person), words[what]); });
  Outlook::Actions actions;
  switch (what) {
    case kStarts:
      c.outlook.start(engine_.now(), actions);
      break;
    case kStops:
      c.outlook.stop();
      break;
    default:
      // One may be cut off for two reasons at once.
      what == kCutOff ? ++c.cut_off : --c.cut_off;
      c.outlook.network(c.cut_off == 0, engine_.now(), actions);
  }
  perform(index, actions);
}

void World::client_wakes(std::uint32_t index, OutlookAction::Timer timer, std::uint32_t generation) {
  Outlook::Actions actions;
  clients_[index].outlook.timer(timer, generation, engine_.now(), actions);
  perform(index, actions);
}

// Into the Outbox, whatever becomes of it there.
void World::client_sends(mail::AddressId person, mail::MessageId id) {
  ClientState& c = *client_at(person);
  Outlook::Actions actions;
  c.outlook.send(id.value, engine_.now(), actions);
  record(What::client, plan_.home_of(person), {.detail = kQueues, .subject = number(id), .a = person.value},
         [&] { return fmt::format("{} is in the Outbox of <{}>", describe(id), plan_.addresses.text(person)); });
  perform(client_at_[person.value], actions);
}

void World::perform(std::uint32_t index, const Outlook::Actions& actions) {
  using Asked = OutlookAction::Kind;
  for (const OutlookAction& a : actions) {
    switch (a.kind) {
      case Asked::fetch_types:
        fetch_types(clients_[index]);
        break;
      case Asked::submit:
        client_submits(clients_[index], {a.item});
        break;
      case Asked::download:
        client_downloads(clients_[index], a.count);
        break;
      case Asked::fetch_book:
        record(What::client, plan_.home_of(clients_[index].person),
               {.detail = kBook, .subject = kNone, .a = clients_[index].person.value}, [&] {
                 return fmt::format("that of <{}> fetches the address book",
                                    plan_.addresses.text(clients_[index].person));
               });
        break;
      case Asked::timer: {
        constexpr Kind kinds[] = {kUpload, kDownload, kBookDue};
        engine_.post(a.at, sim::Priority::timer, {kinds[static_cast<std::size_t>(a.timer)], index, a.generation});
      }
    }
  }
}

// The list of address types that a server's store has made when it started.
const std::shared_ptr<const client::AddressTypeList>& World::types_of(NodeId node) {
  auto& list = types_[node];
  const auto& store = behaviour_of(node).store;
  bool at_start = *store.address_types_read == store::ReadAt::start;
  if (list != nullptr && at_start) return list;
  sim::Instant started = store_started_[node];
  auto made = std::make_shared<client::AddressTypeList>();
  store::AddressTypesFacts facts = typed_connectors(node);
  auto ruling = store.address_types.rule(facts);
  made->types = std::move(ruling.outcome);
  made->made = at_start ? started : engine_.now();
  for (const std::string& type : store.address_types.undisturbed(facts))
    if (!made->has(type)) made->left_out.emplace_back(type, ruling.blame);
  list = std::move(made);
  record(What::types, node, {.subject = kNone, .a = static_cast<std::uint32_t>(list->types.size())}, [&] {
    std::string words =
        fmt::format("the store's list as of {}: {}", sim::elapsed(list->made - sim::Instant{}), joined(list->types));
    for (const auto& [type, blame] : list->left_out)
      words += fmt::format("; {} is left out [{}]", type, fmt::join(names(blame), ", "));
    return words;
  });
  return list;
}

store::AddressTypesFacts World::typed_connectors(NodeId node) const {
  const routing::Network& network = plan_.organization.routing;
  const routing::Server& own = network.servers[node.value];
  store::AddressTypesFacts facts{store::built_in_address_types(), {}};
  for (const routing::Connector& c : network.connectors) {
    const routing::Server& source = network.server(c.sources[0]);
    if (c.spaces.empty() || source.organization != own.organization) continue;
    store::TypedConnector typed{.scoped = c.scope != routing::Scope::organization,
                                .own_site = false,
                                .routes_alike = source.router == own.router,
                                .enabled = c.enabled};
    for (const routing::AddressSpace& space : c.spaces) {
      typed.types.push_back(space.type);
      for (char& letter : typed.types.back())
        if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
    }
    typed.own_site = std::ranges::any_of(c.sources, [&](routing::ServerId s) {
      const routing::Server& near = network.server(s);
      return c.scope == routing::Scope::site ? near.site == own.site : near.group == own.group;
    });
    facts.connectors.push_back(std::move(typed));
  }
  return facts;
}

void World::fetch_types(ClientState& c) {
  c.list = types_of(plan_.home_of(c.person));
  c.list_fetched = engine_.now();
  c.outlook.types_fetched();
  record(What::types, plan_.home_of(c.person), {.detail = 1, .subject = kNone, .a = c.person.value}, [&] {
    return fmt::format("the client of <{}> fetches the list: {}", plan_.addresses.text(c.person),
                       joined(c.list->types));
  });
}

// What leaves the Outbox: recipients to whom the client knows no way come back at once, the others go to the server.
void World::client_submits(ClientState& c, mail::MessageId id) {
  static const client::AddressTypeList nothing;
  const client::AddressTypeList& list = c.list == nullptr ? nothing : *c.list;
  const StoredMessage message = messages_[id.value];
  std::vector<transport::ReportedRecipient> refused;
  Blame blame;
  for (std::uint32_t i = 0; i < message.rows; ++i) {
    mail::RecipientId recipient{message.first_row + i};
    mail::AddressId address = ledger_.row(recipient).address;
    auto one_off = plan_.one_offs.find(address);
    std::string_view type = one_off == plan_.one_offs.end() ? std::string_view("SMTP") : one_off->second.type;
    auto ruling = c.outlook.check(type, list);
    if (ruling.outcome == client::SubmitCheck::submit) {
      ledger_.row(recipient).blame = join(ledger_.row(recipient).blame, ruling.blame);
      continue;
    }
    Blame own = join(ruling.blame, list.blame_of_missing(type));
    record(
        What::client, plan_.home_of(c.person), {.detail = kSends, .subject = number(id), .a = number(recipient)}, [&] {
          return fmt::format("{} to {}: {} is not in the list that the client of <{}> fetched at {}, made at {}: {}{}",
                             describe(id), plan_.shown_address(address), type, plan_.addresses.text(c.person),
                             sim::elapsed(c.list_fetched - sim::Instant{}), sim::elapsed(list.made - sim::Instant{}),
                             joined(list.types), own ? fmt::format(" [{}]", fmt::join(names(own), ", ")) : "");
        });
    ledger_.returned(recipient, {}, own);
    refused.push_back({recipient, address, {}, ""});
    blame = join(blame, own);
  }
  if (!refused.empty()) client_returns(c, id, refused, blame);
  if (refused.size() < message.rows) submit(plan_.home_of(c.person), id);
}

// The client's own report: no server has seen the message.
void World::client_returns(ClientState& c, mail::MessageId id,
                           const std::vector<transport::ReportedRecipient>& recipients, Blame blame) {
  NodeId home = plan_.home_of(c.person);
  if (blame) record_ruling(home, id, 0, blame);
  ++counters_.ndr;
  for (const transport::ReportedRecipient& r : recipients) {
    ledger_.told(r.recipient, true);
    record(What::return_to_sender, home, {.subject = number(id), .a = number(r.recipient)}, [&] {
      return fmt::format("{} to {} by the client, {}", describe(id), plan_.shown_address(r.address),
                         client::kNoAccountCouldSend);
    });
  }
  mail::MessageId report = store({.sender = mail::kNullPath,
                                  .mail = static_cast<std::uint32_t>(counters_.ndr),
                                  .submitted_to = home,
                                  .about = id,
                                  .kind = mail::ReportKind::failure},
                                 std::array{c.person}, true);
  record(What::report, home, {.detail = 2, .subject = number(report), .a = number(id)}, [&] {
    return fmt::format("{} about {} to <{}>, by the client itself", describe(report), describe(id),
                       plan_.addresses.text(c.person));
  });
  mail::Report value = report_value(home, report, id, mail::ReportKind::failure, recipients, {});
  value.reporting_host.clear();
  tell(report, value, transport::ReportShape::rfc3464, recipients);
  mail::RecipientId row{messages_[report.value].first_row};
  ledger_.handed_over(row, {});
  ledger_.stored(row, engine_.now(), {});
}

// Mail is in the mailbox on the server: the client's turn.
void World::client_hears(mail::AddressId person, const Arrived& mail) {
  ClientState& c = *client_at(person);
  c.inbox.push_back(mail);
  hold(mail.message);
  Outlook::Actions actions;
  c.outlook.arrived(engine_.now(), actions);
  perform(client_at_[person.value], actions);
}

void World::client_downloads(ClientState& c, std::uint32_t count) {
  std::vector<Arrived> fetched(c.inbox.begin(), c.inbox.begin() + count);
  c.inbox.erase(c.inbox.begin(), c.inbox.begin() + count);
  for (const Arrived& mail : fetched) {
    record(What::client, mail.node, {.detail = kFetches, .subject = number(mail.message), .a = c.person.value}, [&] {
      return fmt::format("{} is fetched by the client of <{}>", describe(mail.message), plan_.addresses.text(c.person));
    });
    if (mail.content.valid()) into_mailbox(mail.node, mail.message, mail.recipient, mail.content);
    release(mail.message);
  }
}

void World::cut_off_clients(NodeId node, bool cut_off) {
  for (std::uint32_t i = 0; i < clients_.size(); ++i)
    if (plan_.home_of(clients_[i].person) == node) client_lives(i, cut_off ? kCutOff : kBack);
}

}  // namespace deadletter::experiments
