#include "experiments/run/contents.h"

#include <fmt/format.h>

#include <algorithm>

#include "experiments/run/described_meeting.h"
#include "models/content/mime.h"
#include "models/content/smime.h"

namespace deadletter::experiments {

namespace {

constexpr std::size_t kForms = 4;  // ContentForm

}  // namespace

using content::Content;
using content::FileTime;
using content::Form;
using content::Message;

Contents::Contents(const Plan& plan, const Behaviours& behaviours, const AddressTable& addresses)
    : plan_(plan), behaviours_(behaviours), addresses_(addresses) {}

const client::ClientBehaviour& Contents::client_of(mail::AddressId address) const {
  static const client::ClientBehaviour as_designed;
  bool named = address.value < plan_.client_of.size() && plan_.client_of[address.value] != PlannedMail::kNoContent;
  return named ? plan_.clients[plan_.client_of[address.value]].resolved.behaviour.client : as_designed;
}

FileTime Contents::file_time(sim::Instant at) const { return content::file_time(plan_.start_unix_ns + at.ns); }

content::ReferenceTimes Contents::times(sim::Instant submitted, sim::Instant now) const {
  return {file_time(submitted), file_time(now)};
}

const Mailbox* Contents::find_mailbox(mail::AddressId address) const {
  auto found = mailboxes_.find(address);
  return found == mailboxes_.end() ? nullptr : &found->second;
}

std::optional<std::uint32_t> Contents::size(ContentId id) const {
  const Item& item = items_[id.value];
  if (item.described || item.content->octets.empty()) return std::nullopt;
  return static_cast<std::uint32_t>(item.content->octets.size());
}

ContentId Contents::add(std::shared_ptr<const Content> content, ContentId from) {
  Item item{.content = std::move(content)};
  if (from.valid()) item.described = items_[from.value].described, item.infected = items_[from.value].infected;
  items_.push_back(std::move(item));
  return {static_cast<std::uint32_t>(items_.size() - 1)};
}

void Contents::note(const content::Lineage& lineage, std::uint32_t mail, NodeId node, mail::AddressId client,
                    sim::Instant now) {
  for (const content::LineageStep& step : lineage) lineage_.push_back({now, mail, node, client, step});
}

// One of a kind is made, and all messages of that kind hold it.
ContentId Contents::described_as(std::uint32_t planned) {
  auto [found, fresh] = described_.try_emplace(planned);
  if (fresh) {
    const PlannedContent& content = plan_.contents[planned];
    bool meeting = content.kind != PlannedContent::Kind::body;
    auto message = std::make_shared<Message>(meeting ? described_meeting(content.kind, plan_.start_unix_ns)
                                                     : body(nullptr, content.holding, {}));
    found->second = add(std::make_shared<Content>(Content{.form = Form::mapi, .message = std::move(message)}), {});
    items_.back().described = true;
  }
  return found->second;
}

std::optional<ContentId> Contents::compose(std::uint32_t index, NodeId node, sim::Instant now) {
  const PlannedMail& mail = plan_.mail[index];
  const PlannedContent& planned = plan_.contents[mail.content];
  if (planned.described) return described_as(mail.content);
  Content content{.form = Form::mapi};
  if (planned.kind == PlannedContent::Kind::held) {
    held(mail, planned, now);
    content = {.form = Form::mime, .octets = planned.octets};
  } else {
    auto message = planned.kind == PlannedContent::Kind::body ? body(&mail, planned.holding, now)
                                                              : meeting_object(mail, planned, now);
    if (!message) return std::nullopt;
    message->properties.set(content::tag::kMessageId,
                            fmt::format("<{}.{}@{}>", mail.name, plan_.experiment, plan_.nodes[node.value].host));
    content.message = std::make_shared<Message>(std::move(*message));
  }
  ContentId id = add(std::make_shared<Content>(std::move(content)), {});
  items_[id.value].infected = planned.infected;
  // A foreign client has no store behind it: it sends Internet messages.
  if (plan_.nodes[node.value].foreign) id = render(id, ContentForm::mime, node, index, now, now).content;
  submitted_[index] = id;
  return id;
}

ContentForm Contents::form_for(NodeId node, mail::AddressId recipient) const {
  const auto& servers = plan_.organization.routing.servers;
  const AddressFacts& facts = addresses_.of(recipient);
  NodeId home = facts.home;
  bool inside = home.valid() && facts.known_domain && !plan_.domains[facts.domain.value].foreign &&
                !plan_.nodes[home.value].foreign &&
                servers[home.value].organization == servers[node.value].organization;
  auto reach = transport::Reach::other_organization;
  if (inside) {
    bool by_sites = servers[node.value].router == routing::RouterKind::sites;
    bool own = by_sites || servers[home.value].group == servers[node.value].group;
    reach = own ? transport::Reach::own_group : transport::Reach::other_group;
  }
  return behaviour(node).transport.content_form.rule({reach}).outcome;
}

// What it was given out as before; none: it was not. One described content is all servers' at once.
ContentId& Contents::rendered(ContentId id, ContentForm form, NodeId node) {
  Item& item = items_[id.value];
  if (!item.described) return rendered_[{id, form, node}];
  if (item.rendered.empty()) item.rendered.resize(plan_.nodes.size() * kForms);
  return item.rendered[node.value * kForms + static_cast<std::size_t>(form)];
}

Contents::Conversion Contents::render(ContentId id, ContentForm form, NodeId node, std::uint32_t mail,
                                      sim::Instant submitted, sim::Instant now) {
  const Content& content = at(id);
  if (content.form != Form::mapi || content.enveloped || form == ContentForm::as_it_is) return {id, {}, {}};
  if (ContentId known = rendered(id, form, node); known.valid()) return {known, {}, {}};
  std::string boundary = fmt::format("{}.{}", mail < plan_.mail.size() ? plan_.mail[mail].name : "", id.value);
  auto rendered = content::render(content, form, behaviour(node).content, times(submitted, now), boundary);
  // Again when it comes to something else than before.
  auto [known, fresh] = told_.try_emplace({mail, node, form}, rendered.failed.has_value());
  bool again = !fresh && std::exchange(known->second, rendered.failed.has_value()) == rendered.failed.has_value();
  bool told = items_[id.value].described || again;
  if (!told) note(rendered.lineage, mail, node, {}, now);
  if (rendered.failed) return {{}, rendered.failed, rendered.blame};
  keep_estimates(*content.message, rendered.estimates);
  ContentId made = add(std::make_shared<Content>(std::move(rendered.content)), id);
  this->rendered(id, form, node) = made;
  return {made, {}, rendered.blame};
}

// The store writes what it has estimated into the organizer's own item [inferred: the property is that item's, and what
// Outlook then says about an older response follows from it].
void Contents::keep_estimates(const Message& message, const std::vector<content::Estimate>& estimates) {
  for (auto& [address, mailbox] : mailboxes_) {
    if (plan_.addresses.text(address) != message.properties.get_text(content::tag::kSenderAddress)) continue;
    Message* item = mailbox.meeting(client::meeting_key(message));
    for (const content::Estimate& e : estimates)
      if (content::Row* row = item == nullptr ? nullptr : item->find_recipient(e.row))
        row->properties.set(e.tag, e.value, e.blame);
  }
}

ContentId Contents::unwrapped(ContentId id) {
  if (!at(id).enveloped) return id;
  auto [found, fresh] = unwrapped_.try_emplace(id);
  if (fresh) found->second = add(content::unwrap(at(id)), id);
  return found->second;
}

content::ForScan Contents::open_for_scan(ContentId id, NodeId node, std::uint32_t mail, sim::Instant now) {
  constexpr const char* layouts[] = {"unsigned", "clear-signed", "opaque", "encrypted", "an envelope"};
  constexpr const char* structures[] = {"plain", "a signed multipart", "PKCS #7", "an embedded message"};
  content::ForScan opened = content::open_for_scan(at(id), behaviour(node).content);
  bool told = opened.readable || described(id) || !told_.try_emplace({mail, node, ContentForm::as_it_is}).second;
  if (!told)
    note({{.property = "PR_MESSAGE_CLASS",
           .fate = content::Fate::refused,
           .value = message_class(id),
           .why = fmt::format("taken for {} when it was opened for the scan, and it is {}",
                              layouts[static_cast<std::size_t>(opened.layout)],
                              structures[static_cast<std::size_t>(opened.structure)]),
           .blame = opened.blame}},
         mail, node, {}, now);
  return opened;
}

Contents::Transferred Contents::transfer(ContentId id, NodeId from, NodeId to, const std::string& mts_id,
                                         std::uint32_t mail, sim::Instant submitted, sim::Instant now) {
  bool described = items_[id.value].described;
  auto key = std::pair(id, to);
  if (auto known = transferred_.find(key); described && known != transferred_.end()) return {known->second, 0, {}};
  content::X400Message envelope{.mts_id = mts_id};
  if (mail < plan_.mail.size()) {
    envelope.originator = "dda:SMTP=" + plan_.addresses.text(plan_.mail[mail].from);
    for (mail::AddressId r : plan_.mail[mail].to)
      envelope.recipients.push_back({.address = "dda:SMTP=" + plan_.addresses.text(r)});
  }
  auto unix_s = [&](sim::Instant at) { return (plan_.start_unix_ns + at.ns) / 1'000'000'000; };
  // The domain's step, then the MTA's within it.
  std::string domain = mts_id.substr(0, mts_id.find(";l="));
  envelope.trace.push_back({.domain = domain, .mta = "", .unix_s = unix_s(submitted)});
  envelope.trace.push_back({.domain = domain, .mta = plan_.nodes[from.value].name, .unix_s = unix_s(now)});
  std::string octets = content::to_x400(at(id), std::move(envelope), behaviour(from).content, times(submitted, now));
  auto read = content::from_x400(octets, at(id));
  if (read.content == nullptr) return {{}, 0, read.reason};
  bool wrapped = behaviour(to).x400.wrap.rule({x400::ContentKind::tnef, x400::PeerKind::exchange}).outcome ==
                 x400::Wrap::enveloped;
  ContentId made = add(wrapped ? read.content : content::unwrap(*read.content), id);
  if (wrapped && !described)
    note({{.property = "PR_MESSAGE_CLASS",
           .fate = content::Fate::set,
           .value = message_class(made),
           .why = "in its envelope, until local delivery"}},
         mail, to, {}, now);
  if (described) transferred_[key] = made;
  return {made, static_cast<std::uint32_t>(octets.size()), {}};
}

Contents::Delivery Contents::delivered(mail::AddressId address, NodeId node, ContentId id, std::uint32_t mail,
                                       sim::Instant now) {
  Delivery out;
  if (items_[id.value].described) return out;
  auto opened = content::open_content(at(id), behaviour(node).content, times(now, now));
  note(opened.lineage, mail, node, {}, now);
  Mailbox& box = mailbox(address);
  MailboxItem item{mail, now, std::move(opened.message), opened.failed, share(id)};
  Mailbox::Taken taken = box.take(std::move(item), file_time(now), client_of(address));
  note(taken.lineage, mail, {}, address, now);
  out.blame = join(opened.blame, taken.blame);
  for (std::uint32_t m = 0; m < plan_.mail.size(); ++m) {
    const PlannedMail& other = plan_.mail[m];
    if (other.content == PlannedMail::kNoContent || other.from != address) continue;
    bool waits = plan_.contents[other.content].kind == PlannedContent::Kind::reply && !submitted_.contains(m);
    if (waits && other.at <= now && plan_.contents[other.content].about == plan_.mail[mail].name) out.due.push_back(m);
  }
  return out;
}

FetchResult Contents::fetch(const PlannedFetch& fetch, sim::Instant now) {
  FetchResult result{.id = fetch.id};
  NodeId home = plan_.home_of(fetch.mailbox);
  Blame blame;
  auto read = [&](const Message& message) {
    auto mime = content::to_mime(message, behaviour(home).content, times(now, now), "imap");
    ++result.messages;
    if (!mime.failed) return;
    ++result.failed;
    blame = join(blame, mime.blame);
  };
  if (const Mailbox* box = find_mailbox(fetch.mailbox)) {
    if (fetch.folder == "Calendar")
      for (const auto& [key, item] : box->calendar()) read(item);
    else
      for (const MailboxItem& item : box->items()) read(item.message);
  }
  result.ruled_by = names(blame);
  bool failed = result.failed > 0;
  result.response = failed ? "NO The requested message could not be converted to an RFC-822 compatible format."
                           : "OK FETCH completed.";
  if (failed)
    result.shown = fmt::format(
        "Header download for the '{}' folder did not complete. Could not download new messages from the IMAP server. "
        "Account: '{}', Server: '{}', Protocol: IMAP, Server Response: 'The requested message could not be converted "
        "to "
        "an RFC-822 compatible format.', Port: 143, Secure(SSL): No, Error Number: 0x800CCCD2",
        fetch.folder, plan_.addresses.text(fetch.mailbox), plan_.nodes[home.value].host);
  fetches_.push_back(result);
  return result;
}

client::Shown Contents::shown(mail::AddressId address, std::uint32_t mail) const {
  const Mailbox* box = find_mailbox(address);
  const MailboxItem* item = box == nullptr ? nullptr : box->find(mail);
  if (item == nullptr) return {};
  return box->shown(*item, file_time(item->received), client_of(address));
}

std::string Contents::signature(mail::AddressId address, std::uint32_t mail) const {
  const Mailbox* box = find_mailbox(address);
  const MailboxItem* item = box == nullptr ? nullptr : box->find(mail);
  if (item == nullptr || item->message.attachments.size() != 1) return "none";
  const auto& only = item->message.attachments[0].properties;
  std::string type = only.get_text(content::tag::kAttachMimeTag);
  const content::Binary* data = only.get<content::Binary>(content::tag::kAttachData);
  bool sealed = type.starts_with("multipart/signed") || type.find("signed-data") != std::string::npos;
  if (!sealed || data == nullptr) return "none";
  return content::verify(data->octets).valid ? "valid" : "invalid";
}

std::string Contents::octets(std::uint32_t mail, const std::vector<mail::AddressId>& recipients) const {
  static const content::ContentBehaviour as_designed;
  auto written = [&](const Message& message) {
    return content::to_mime(message, as_designed, times({}, {}), plan_.mail[mail].name).octets;
  };
  for (mail::AddressId r : recipients) {
    const Mailbox* box = find_mailbox(r);
    const MailboxItem* item = box == nullptr ? nullptr : box->find(mail);
    if (item != nullptr) return item->content->form == Form::mime ? item->content->octets : written(item->message);
  }
  auto sent = submitted_.find(mail);
  if (sent == submitted_.end() || described(sent->second)) return "";
  const Content& content = at(sent->second);
  return content.form == Form::mapi ? written(*content.message) : content.octets;
}

}  // namespace deadletter::experiments
