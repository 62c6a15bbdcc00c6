// Messages, the categorizer, mailboxes and reports.
#include <algorithm>
#include <array>

#include "experiments/run/world.h"
#include "models/client/report_view.h"

namespace deadletter::experiments {
namespace {

// What a described report weighs: the size of a short Windows SMTP report with its original's headers. [assumed]
constexpr std::uint64_t kReportSize = 4096;

}  // namespace

using mail::What;
using transport::Resolution;
using transport::ReturnReason;

mail::MessageId World::store(StoredMessage message, std::span<const mail::AddressId> recipients, bool report) {
  mail::MessageId id{static_cast<std::uint32_t>(messages_.size())};
  if (free_messages_.empty()) {
    messages_.emplace_back();
  } else {
    id = free_messages_.back();
    free_messages_.pop_back();
  }
  message.number = message_numbers_++;
  message.first_row = ledger_.add(id, recipients, report).value;
  message.rows = static_cast<std::uint32_t>(recipients.size());
  message.submitted = engine_.now();
  messages_[id.value] = message;
  if (message.about.valid()) hold(message.about);
  if (!report) ++counters_.messages;
  return id;
}

std::string World::describe(mail::MessageId id) const {
  std::string name = name_of(messages_[id.value]);
  return name.empty() ? fmt::format("#{}", number(id)) : name;
}

std::string World::name_of(const StoredMessage& m) const {
  if (m.report()) return fmt::format("{}-{}", m.kind == mail::ReportKind::failure ? "ndr" : "delay", m.mail);
  return m.mail < plan_.mail.size() ? plan_.mail[m.mail].name : "";
}

void World::submit_mail(std::uint32_t index) {
  if (index + 1 < plan_.mail.size())
    engine_.post(plan_.mail[index + 1].at, sim::Priority::normal, {kSubmit, index + 1, 0});
  handle(engine_.now(), {kEnter, index, 0});
}

void World::enter_mail(std::uint32_t index) {
  const PlannedMail& planned = plan_.mail[index];
  NodeId node = place_of(planned.from);
  StoredMessage message{.size = static_cast<std::uint32_t>(planned.size),
                        .sender = planned.from,
                        .mail = index,
                        .eight_bit = planned.eight_bit};
  if (planned.content != PlannedMail::kNoContent) {
    auto content = contents_.compose(index, node, engine_.now());
    if (!content) return;  // what it answers has not come: it is sent when that has
    message.content = *content;
    if (auto size = contents_.size(*content)) message.size = *size;
  }
  mail::MessageId id = store(message, planned.to, false);
  if (client_at(planned.from) != nullptr) return client_sends(planned.from, id);
  submit(node, id);
}

// Where mail of a sender enters: at the mailbox's server, or at the first host of a foreign domain.
NodeId World::place_of(mail::AddressId sender) const {
  if (!sender.valid()) return {0};
  NodeId home = addresses_.of(sender).home;
  if (home.valid()) return home;
  const PlannedDomain* domain = domain_of(sender);
  return domain == nullptr ? NodeId{0} : domain->hosts.front();
}

void World::submit(NodeId node, mail::MessageId id) {
  messages_[id.value].submitted_to = node;
  const StoredMessage message = messages_[id.value];
  record(What::submit, node,
         {.subject = number(id), .a = message.sender.value, .b = static_cast<std::uint32_t>(message.size)}, [&] {
           return fmt::format("{} from <{}> to {} recipient{}, {} octets", describe(id),
                              plan_.addresses.text(message.sender), message.rows, message.rows == 1 ? "" : "s",
                              message.size);
         });
  Recipients recipients;
  // A client may have returned some of them itself.
  for (std::uint32_t i = 0; i < message.rows; ++i)
    if (!ledger_.row({message.first_row + i}).returned) recipients.push_back({message.first_row + i});
  take_in(node, id, std::move(recipients), 0, message.content);
}

const mail::OneOff* World::one_off(mail::AddressId address) const {
  return addresses_.of(address).one_off ? &plan_.one_offs.at(address) : nullptr;
}

// As Plan::domain_of() and Plan::home_from().
const PlannedDomain* World::domain_of(mail::AddressId address) const {
  const AddressFacts& facts = addresses_.of(address);
  return facts.known_domain ? &plan_.domains[facts.domain.value] : nullptr;
}
NodeId World::home_from(NodeId node, mail::AddressId address) const {
  const AddressFacts& facts = addresses_.of(address);
  return facts.folder ? plan_.home_from(node, address) : facts.home;
}

// What is no SMTP address goes through connectors; outside, where these lead, is who takes it.
// An own domain's recipients are looked up in the directory of its organization; a foreign host knows its own domains.
Resolution World::resolve(NodeId node, mail::AddressId address) const {
  const auto& decides = behaviour_of(node).transport.resolve_recipient;
  if (one_off(address) != nullptr) return decides.rule({plan_.nodes[node.value].foreign, 1}).outcome;
  const PlannedDomain* domain = domain_of(address);
  bool here = domain != nullptr && (domain->foreign || plan_.nodes[node.value].foreign
                                        ? std::ranges::find(domain->hosts, node) != domain->hosts.end()
                                        : domain->organization == organization_of(node));
  bool known = here && (domain->any_recipient || addresses_.of(address).home.valid());
  return decides.rule({here, known ? 1U : 0U}).outcome;
}

// Whether mail for a recipient that this server takes in goes into a mailbox here. What a foreign host takes for
// domains of others, as a smart host, goes on.
bool World::ends_here(NodeId node, mail::AddressId address) const {
  if (!plan_.nodes[node.value].foreign) return home_from(node, address) == node;
  if (one_off(address) != nullptr) return true;
  const PlannedDomain* domain = domain_of(address);
  return domain != nullptr && std::ranges::find(domain->hosts, node) != domain->hosts.end();
}

// A mailbox server without the role hub delivers nothing itself: what is submitted to it goes to a hub of its site,
// even for a mailbox of its own (technet bb232193).
bool World::leaves_to_hubs(NodeId node) const {
  const routing::Server& server = plan_.organization.routing.servers[node.value];
  return server.router == routing::RouterKind::sites && !server.foreign && !server.hub && !server.edge;
}

// A server takes mail for the domains that it receives for, and passes on that of its organization's other servers.
smtp::Mailboxes::Found World::find(NodeId asking, NodeId asked, mail::AddressId address) const {
  if (one_off(address) != nullptr) return {colleagues(asking, asked) || smart_host(asking, asked), true};
  const PlannedDomain* domain = domain_of(address);
  bool exists = domain != nullptr && (domain->any_recipient || addresses_.of(address).home.valid());
  bool by_exchanger = domain != nullptr && (domain->foreign || plan_.nodes[asked.value].foreign);
  bool own = by_exchanger ? std::ranges::find(domain->hosts, asked) != domain->hosts.end()
                          : domain != nullptr && domain->organization == organization_of(asked);
  if (own) return {true, exists};
  return {colleagues(asking, asked) || smart_host(asking, asked), true};
}

bool World::colleagues(NodeId one, NodeId other) const {
  bool foreign = plan_.nodes[one.value].foreign || plan_.nodes[other.value].foreign;
  return !foreign && organization_of(one) == organization_of(other);
}

// Whether the server defers the message in hand: drawn for the message, the hop and the attempt.
bool World::busy(std::uint32_t index) const {
  const Connection& c = connections_[index];
  const transport::Entry& entry = queues_[c.queue].link.entry(c.entry);
  return chance_.happens(plan_.message_failure, kMessageFailure, number(entry.message), attempt_of(entry));
}

// Whether a server sends everything of some connector to that host.
bool World::smart_host(NodeId from, NodeId to) const {
  return std::ranges::any_of(plan_.organization.routing.connectors, [&](const routing::Connector& c) {
    return !c.joins_groups() && std::ranges::find(c.sources, routing::ServerId{from.value}) != c.sources.end() &&
           std::ranges::find(c.targets, routing::ServerId{to.value}) != c.targets.end();
  });
}

void World::deliver(NodeId node, mail::MessageId id, mail::RecipientId recipient, Blame blame, ContentId content) {
  mail::AddressId to = ledger_.row(recipient).address;
  bool folder = addresses_.of(to).folder;
  if (folder && !posted(node, id, recipient, *plan_.directory->id_of(to))) return;
  ledger_.stored(recipient, engine_.now(), blame);
  const LedgerRow& row = ledger_.row(recipient);
  record(What::deliver, node, {.subject = number(id), .a = number(recipient), .b = row.copies}, [&] {
    return fmt::format("{} to <{}>{}", describe(id), plan_.addresses.text(row.address),
                       row.copies == 1 ? "" : fmt::format(", copy {}", row.copies));
  });
  bool read = !folder && one_off(to) == nullptr;
  if (read && client_at(to) != nullptr) return client_hears(to, {node, id, recipient, content});
  if (content.valid() && read) into_mailbox(node, id, recipient, content);
}

void World::give_back(NodeId node, mail::MessageId id, ReturnReason reason,
                      const std::vector<transport::ReportedRecipient>& recipients, const GivenUp& how, Blame blame) {
  const StoredMessage& message = messages_[id.value];
  const auto& transport = behaviour_of(node).transport;
  auto ruling = transport.undeliverable_report.rule({!message.sender.valid(), reason});
  bool report = ruling.outcome == transport::UndeliverableReport::make_report;
  for (const transport::ReportedRecipient& r : recipients) {
    Blame all = join(blame, ruling.blame);
    if (report) {
      ledger_.returned(r.recipient, r.status, all);
    } else {
      ledger_.discarded(r.recipient, all);
      ledger_.handed_over(r.recipient, {});
    }
    record(
        report ? What::return_to_sender : What::badmail, node, {.subject = number(id), .a = number(r.recipient)},
        [&] {
          return fmt::format("{} to <{}>: {}{}{}", describe(id), plan_.addresses.text(r.address), mail::text(r.status),
                             r.words.empty() ? "" : ", " + visible(r.words),
                             report ? "" : ", and there is nobody to tell");
        },
        mail::text(r.status));
  }
  if (report) make_report(node, id, mail::ReportKind::failure, reason, recipients, how);
}

namespace {

// What an MTA says about what a queue gives back.
x400::NonDelivery in_x400_terms(ReturnReason reason) {
  using x400::Diagnostic, x400::Reason;
  switch (reason) {
    case ReturnReason::expired:
      return x400::kTimeExpired;
    case ReturnReason::congestion:
      return x400::kOpensExhausted;
    case ReturnReason::transfer:
      return {Reason::transfer_failure, Diagnostic::omitted};
    case ReturnReason::unknown_recipient:
    case ReturnReason::no_such_domain:
      return {Reason::unable_to_transfer, Diagnostic::unrecognized_or_name};
    case ReturnReason::ambiguous_recipient:
      return {Reason::unable_to_transfer, Diagnostic::ambiguous_or_name};
    case ReturnReason::too_large:
      return {Reason::unable_to_transfer, Diagnostic::content_too_long};
    case ReturnReason::loop:
      return {Reason::unable_to_transfer, Diagnostic::loop_detected};
    case ReturnReason::content:
      return {Reason::conversion_not_performed, Diagnostic::conversion_impractical};
    case ReturnReason::restricted:
      return {Reason::restricted_delivery, Diagnostic::no_dl_submit_permission};
    case ReturnReason::store:
      return {Reason::transfer_failure, Diagnostic::recipient_deceased};
    case ReturnReason::refused:
    case ReturnReason::no_route:
      return {Reason::unable_to_transfer, Diagnostic::omitted};
  }
  return {};
}

}  // namespace

void World::make_report(NodeId node, mail::MessageId about, mail::ReportKind kind, ReturnReason reason,
                        const std::vector<transport::ReportedRecipient>& recipients, const GivenUp& how) {
  bool failure = kind == mail::ReportKind::failure;
  ++(failure ? counters_.ndr : counters_.delay);
  for (const transport::ReportedRecipient& r : recipients) ledger_.told(r.recipient, failure);
  const StoredMessage original = messages_[about.value];
  mail::MessageId id = store({.size = kReportSize,
                              .sender = mail::kNullPath,
                              .mail = static_cast<std::uint32_t>(failure ? counters_.ndr : counters_.delay),
                              .about = about,
                              .kind = kind},
                             std::array{original.sender}, true);
  std::string name = describe(id);
  std::string statuses;
  for (const auto& r : recipients) statuses += mail::text(r.status) + " ";
  record(
      What::report, node,
      {.detail = failure,
       .subject = number(id),
       .a = number(about),
       .b = static_cast<std::uint32_t>(recipients.size())},
      [&] { return fmt::format("{} about {} to <{}>", name, describe(about), plan_.addresses.text(original.sender)); },
      statuses);
  mail::Report value = report_value(node, id, about, kind, recipients, how);
  value.expired = failure && reason == ReturnReason::expired;
  // An MTA sends no delay notices: those are the transport's.
  const auto& transport = behaviour_of(node).transport;
  bool x400 = failure && transport.report_form.rule({how.came_by}).outcome == transport::ReportForm::x400_report;
  if (x400) {
    value.mts_id = how.mts_id, value.site = plan_.organization.routing.site_name(node.value);
    for (mail::ReportRecipient& r : value.recipients) r.x400 = in_x400_terms(reason);
  }
  tell(id, value, x400 ? transport::ReportShape::x400_report : *transport.report_shape, recipients);
  submit(node, id);
}

mail::Report World::report_value(NodeId node, mail::MessageId id, mail::MessageId about, mail::ReportKind kind,
                                 const std::vector<transport::ReportedRecipient>& recipients,
                                 const GivenUp& how) const {
  const StoredMessage& original = messages_[about.value];
  bool planned_mail = !original.report() && original.mail < plan_.mail.size();
  auto unix = [&](sim::Instant t) { return plan_.start_unix_ns + t.ns; };
  NodeId sent_from = original.submitted_to.valid() ? original.submitted_to : node;
  mail::Report report{.kind = kind,
                      .reporting_host = plan_.nodes[node.value].host,
                      .reporting_domain = plan_.addresses.text(plan_.addresses.domain(original.sender)),
                      .received_from = {},
                      .arrival_unix_ns = unix(original.submitted),
                      .date_unix_ns = unix(engine_.now()),
                      .retry_until_unix_ns = unix(how.until),
                      .serial = number(id),
                      .original = {.message_id = fmt::format("{}.{}@{}", describe(about), plan_.experiment,
                                                             plan_.nodes[sent_from.value].host),
                                   .sender = plan_.addresses.text(original.sender),
                                   .to = {},
                                   .subject = planned_mail ? plan_.mail[original.mail].subject : "",
                                   .date_unix_ns = unix(original.submitted)},
                      .recipients = {}};
  for (std::uint32_t i = 0; i < original.rows; ++i)
    report.original.to.push_back(plan_.addresses.text(ledger_.row({original.first_row + i}).address));
  for (const auto& r : recipients) {
    bool said = how.remote.valid() && !r.words.empty();
    report.recipients.push_back(
        {plan_.addresses.text(r.address), r.status, r.words, said ? plan_.nodes[how.remote.value].host : ""});
  }
  return report;
}

// Whoever keeps reports gets this one, and the sender of a message that has a name is seen reading it.
void World::tell(mail::MessageId id, const mail::Report& report, transport::ReportShape shape,
                 const std::vector<transport::ReportedRecipient>& recipients) {
  if (reports_) reports_(name_of(messages_[id.value]), report, shape);
  const StoredMessage& original = messages_[messages_[id.value].about.value];
  if (original.report() || name_of(original).empty()) return;
  for (std::size_t i = 0; i < recipients.size(); ++i) {
    mail::Report one = report;
    one.recipients = {report.recipients[i]};
    one.recipients[0].address = plan_.shown_address(recipients[i].address);
    views_[recipients[i].recipient] = client::report_view(one, shape);
  }
}

void World::record_fate(mail::RecipientId id) {
  const LedgerRow& row = ledger_.row(id);
  if (!row.message.valid()) return;
  note_fate(row);
  if (!row.report)
    for (const std::string& article : names(row.blame)) ++counters_.ruled[article];
}

}  // namespace deadletter::experiments
