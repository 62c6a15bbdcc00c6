#include "experiments/run/tracking_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "experiments/run/cannot_write.h"
#include "experiments/run/world.h"
#include "models/mail/record.h"

namespace deadletter::experiments {
namespace fs = std::filesystem;
namespace {

using mail::What;

// So much of a file is written at once.
constexpr std::size_t kBlock = 1 << 16;

constexpr std::uint16_t kByStoreDriver = 1, kByMta = 2;  // Record::detail of What::connect

int priority(transport::Priority priority) {
  if (priority == transport::Priority::normal) return 0;
  return priority == transport::Priority::urgent ? 1 : -1;
}

// "bob@fabrikam.com: 5.1.1, 550 5.1.1 no such user" ends with the reply, when there was one.
std::string status_text(const std::string& status, std::string_view words) {
  if (status == "4.4.7") return "550 4.4.7 QUEUE.Expired; message expired";
  std::string mark = ": " + status + ", ";
  std::size_t at = words.find(mark);
  std::string_view reply = at == std::string_view::npos ? "" : words.substr(at + mark.size());
  bool is_reply = reply.size() > 3 && (reply[0] == '4' || reply[0] == '5');
  return is_reply ? std::string(reply) : "550 " + status;
}

}  // namespace

TrackingLogs::TrackingLogs(std::string folder, const Plan& plan) : folder_(std::move(folder)), plan_(plan) {
  for (std::uint32_t n = 0; n < plan.nodes.size(); ++n) {
    const PlannedNode& node = plan.nodes[n];
    auto format = tracking_format(node.build);
    if (!format) continue;
    const routing::Server& server = plan.organization.routing.servers[n];
    logs_[{n}] = {.server = tracking_server(node.build, *format),
                  .hub = server.hub || server.edge || server.router != routing::RouterKind::sites,
                  .folder = (fs::path(folder_) / "tracking" / node.name).string()};
  }
}

const TrackingLogs::Log* TrackingLogs::log_of(NodeId node) const {
  auto found = logs_.find(node);
  return found == logs_.end() ? nullptr : &found->second;
}

// ---- what is seen

void TrackingLogs::event(const sim::Record& r, std::string_view words) {
  if (open_ && open_->arrival.at != r.at) close_open();
  NodeId node{r.node};
  Here here{node, {r.subject}};
  mail::RecipientId recipient{r.a};
  switch (static_cast<What>(r.kind)) {
    case What::connect:
    case What::command:
    case What::body:
    case What::body_arrived:
    case What::closed:
      return session_event(r);
    case What::submit:
      return submitted(here, r.at);
    case What::relay:
      return relayed(here, r.at, r.b);
    case What::deliver:
      return delivered(here, r.at, recipient);
    default:
      break;
  }
  if (log_of(node) == nullptr) return;
  switch (static_cast<What>(r.kind)) {
    case What::categorize: {
      known(here, recipient);
      bool goes_on = r.detail <= static_cast<std::uint16_t>(transport::Resolution::remote);
      if (!goes_on) return;
      held_[here].recipients.push_back(recipient);
      return tell(here, row(Tracked::categorized, here, r.at, {recipient}));
    }
    case What::enqueue: {
      Held& held = held_[here];
      ++held.queues;
      bool all = r.b == held.recipients.size();
      bool local = words.ends_with("(Local delivery)");
      TrackingRow queued = row(local ? Tracked::queued_local : Tracked::queued_remote, here, r.at,
                               all ? held.recipients : std::vector<mail::RecipientId>());
      queued.recipient_count = r.b;
      return tell(here, queued);
    }
    case What::route:
      if (auto held = held_.find(here); held != held_.end() && held->second.queues > 0) --held->second.queues;
      return;
    case What::hand_over:
      return handed_over(here, r.at, recipient);
    case What::defer:
      return deferred(here, r.at);
    case What::return_to_sender:
      return failed(here, r.at, recipient, Tracked::failed, words);
    case What::badmail:
      return failed(here, r.at, recipient, Tracked::bad_mail, words);
    case What::discard:
      known(here, recipient);
      return gone(here, recipient);
    case What::expand:
      return expanded(here, r.at, recipient, r.b);
    default:
      return;
  }
}

void TrackingLogs::session_event(const sim::Record& r) {
  NodeId node{r.node};
  auto what = static_cast<What>(r.kind);
  if (what == What::connect) {
    if (r.detail == kByStoreDriver) return;
    sessions_[r.subject] = {node, {r.a}, r.detail == kByMta ? Carrier::x400 : Carrier::smtp, {}};
    return;
  }
  bool of_message = what == What::body || what == What::body_arrived;
  auto found = sessions_.find(of_message ? r.a : r.subject);
  if (found == sessions_.end()) return;
  Session& session = found->second;
  if (what == What::closed && node == session.from) sessions_.erase(found);
  if (what == What::command && session.carrier == Carrier::smtp) {
    auto verb = static_cast<smtp::Stage>(r.detail);
    if (verb == smtp::Stage::mail) session.recipients.clear();
    if (verb == smtp::Stage::rcpt) session.recipients.push_back({r.a});
  }
  if (!of_message || log_of(node) == nullptr) return;
  Here here{node, {r.subject}};
  if (what == What::body_arrived) {
    arrivals_[here] = {session.carrier, session.from, r.at};
  } else if (session.carrier == Carrier::smtp) {
    TrackingRow begun = row_for(Tracked::sending, here, r.at, session.recipients);
    begun.carrier = Carrier::smtp, begun.client = host(node), begun.server = host(session.to);
    tell(here, begun);
  }
}

void TrackingLogs::attempt(sim::Instant now, const Attempt& a) {
  Here here{a.node, a.message};
  bool whole = a.outcome->reply == smtp::ReplyClass::success;
  if (a.session == 0 && whole && a.peer != a.node) from_drivers_[a.peer] = {a.message, {Carrier::store, a.node, now}};
  if (log_of(a.node) == nullptr) return;
  auto session = sessions_.find(a.session);
  bool known_session = a.session != 0 && session != sessions_.end();
  Carrier carrier = known_session ? session->second.carrier : Carrier::store;
  last_[a.node] = {a.message, now, a.peer, carrier, {}};
  if (known_session) last_[a.node].recipients = session->second.recipients;
  auto over = handed_over_.extract(here);
  if (over.empty()) return;
  TrackingRow sent = row(Tracked::sent, here, now, over.mapped());
  sent.carrier = carrier, sent.client = host(a.node), sent.server = host(a.peer);
  sent.statuses.assign(sent.recipients.size(), "250 2.1.5 Recipient OK");
  sent.context = a.outcome->words.empty() ? "" : ";" + std::string(a.outcome->words);
  tell(here, sent);
}

// ---- what is told of it

void TrackingLogs::submitted(Here here, sim::Instant at) {
  const Log* log = log_of(here.first);
  if (log == nullptr) return;
  const StoredMessage& message = world_->messages()[here.second.value];
  auto recipients = world_->recipients_of(here.second);
  // Those that a client has returned never come to the server.
  std::erase_if(recipients, [&](mail::RecipientId r) { return world_->ledger().row(r).returned; });
  TrackingRow told = row(message.report() ? Tracked::made : Tracked::submitted, here, at, recipients);
  if (message.report()) told.reference = message_id(message.about);
  tell(here, told);
  if (message.report() || log->server.format != TrackingFormat::commas || !log->hub) return;
  told = row(Tracked::received, here, at, recipients);
  told.carrier = Carrier::store, told.client = host(here.first);
  tell(here, told);
}

// How a message came that is being taken in; nothing when that has been told already.
std::optional<TrackingLogs::Arrival> TrackingLogs::take_arrival(Here here, sim::Instant at) {
  if (auto node = arrivals_.extract(here); !node.empty()) {
    node.mapped().at = at;
    return node.mapped();
  }
  auto driver = from_drivers_.find(here.first);
  if (driver == from_drivers_.end() || driver->second.first != here.second || driver->second.second.at != at)
    return std::nullopt;
  Arrival arrival = driver->second.second;
  from_drivers_.erase(driver);
  return arrival;
}

void TrackingLogs::relayed(Here here, sim::Instant at, std::size_t count) {
  if (log_of(here.first) == nullptr) return;
  Taken taken{.here = here};
  if (open_ && open_->here == here) {
    taken = std::move(*open_);
    open_.reset();
  } else if (auto arrival = take_arrival(here, at)) {
    taken.arrival = *arrival;
  } else {
    return;
  }
  taken.candidates = world_->recipients_of(here.second);
  taken.wanted = std::min(taken.recipients.size() + count, taken.candidates.size());
  if (taken.wanted == taken.candidates.size()) {
    taken.recipients = taken.candidates;
    return write_taken(std::move(taken));
  }
  if (auto before = waiting_.extract(here); !before.empty()) write_taken(std::move(before.mapped()));
  waiting_.emplace(here, std::move(taken));
}

// A recipient of a message that is being taken in has turned up.
void TrackingLogs::known(Here here, mail::RecipientId recipient) {
  auto found = waiting_.find(here);
  if (found == waiting_.end()) return;
  Taken& taken = found->second;
  bool expected = std::ranges::find(taken.candidates, recipient) != taken.candidates.end();
  bool fresh = std::ranges::find(taken.recipients, recipient) == taken.recipients.end();
  if (!expected || !fresh) return;
  taken.recipients.push_back(recipient);
  if (taken.recipients.size() < taken.wanted) return;
  Taken whole = std::move(taken);
  waiting_.erase(found);
  write_taken(std::move(whole));
}

void TrackingLogs::write_taken(Taken taken) {
  std::ranges::sort(taken.recipients);
  TrackingRow received = row(Tracked::received, taken.here, taken.arrival.at, taken.recipients);
  received.carrier = taken.arrival.carrier;
  received.client = host(taken.arrival.from), received.server = host(taken.here.first);
  put(taken.here.first, received);
  for (const auto& [node, told] : taken.after) put(node, told);
}

void TrackingLogs::close_open() {
  Taken taken = std::move(*open_);
  open_.reset();
  write_taken(std::move(taken));
}

void TrackingLogs::delivered(Here here, sim::Instant at, mail::RecipientId recipient) {
  const Log* log = log_of(here.first);
  if (log == nullptr || by_client(here.second)) return;
  bool gateway = plan_.one_offs.contains(world_->ledger().row(recipient).address);
  TrackingRow told = row(gateway ? Tracked::to_gateway : Tracked::delivered, here, at, {recipient});
  told.client = told.server = host(here.first);
  told.carrier = gateway ? Carrier::none : Carrier::store;
  known(here, recipient);
  gone(here, recipient);
  if (!log->hub) {
    auto driver = from_drivers_.find(here.first);
    bool brought = driver != from_drivers_.end() && driver->second.first == here.second;
    NodeId hub = brought ? driver->second.second.from : here.first;
    told.client = host(hub);
    return put(log_of(hub) == nullptr ? here.first : hub, told);
  }
  if (!open_ || open_->here != here) {
    auto arrival = take_arrival(here, at);
    if (!arrival) return tell(here, told);
    if (open_) close_open();
    open_ = Taken{.here = here, .arrival = *arrival};
  }
  open_->recipients.push_back(recipient);
  open_->after.emplace_back(here.first, told);
}

void TrackingLogs::handed_over(Here here, sim::Instant at, mail::RecipientId recipient) {
  gone(here, recipient);
  auto last = last_.find(here.first);
  bool into_store = last != last_.end() && last->second.message == here.second && last->second.at == at &&
                    last->second.carrier == Carrier::store;
  if (!into_store) handed_over_[here].push_back(recipient);  // else who took it tells the rest
}

void TrackingLogs::deferred(Here here, sim::Instant at) {
  auto held = held_.find(here);
  auto last = last_.find(here.first);
  bool tried = last != last_.end() && last->second.message == here.second;
  bool local = tried && last->second.peer == here.first;
  Tracked what = local ? Tracked::deferred_local : Tracked::deferred;
  bool one_queue = held != held_.end() && held->second.queues <= 1;
  TrackingRow told = one_queue
                         ? row(what, here, at, held->second.recipients)
                         : row_for(what, here, at, tried ? last->second.recipients : std::vector<mail::AddressId>());
  told.carrier = tried ? last->second.carrier : Carrier::none;
  told.client = host(here.first);
  if (tried) told.server = host(last->second.peer);
  tell(here, told);
}

void TrackingLogs::failed(Here here, sim::Instant at, mail::RecipientId recipient, Tracked what,
                          std::string_view words) {
  if (by_client(here.second)) return;
  known(here, recipient);
  gone(here, recipient);
  TrackingRow told = row(what, here, at, {recipient});
  mail::Status status = world_->ledger().row(recipient).status;
  told.server = host(here.first);
  if (what == Tracked::failed && status.known()) told.statuses = {status_text(mail::text(status), words)};
  tell(here, told);
}

void TrackingLogs::expanded(Here here, sim::Instant at, mail::RecipientId list, std::size_t members) {
  known(here, list);
  auto all = world_->recipients_of(here.second);
  std::vector<mail::RecipientId> added(all.end() - static_cast<std::ptrdiff_t>(std::min(members, all.size())),
                                       all.end());
  TrackingRow told = row(Tracked::expanded, here, at, added);
  told.related = plan_.addresses.text(world_->ledger().row(list).address);
  told.server = host(here.first);
  tell(here, told);
}

void TrackingLogs::gone(Here here, mail::RecipientId recipient) {
  auto held = held_.find(here);
  if (held == held_.end()) return;
  std::erase(held->second.recipients, recipient);
  if (held->second.recipients.empty()) held_.erase(held);
}

// What a client returns, and its own report about that, never was a server's.
bool TrackingLogs::by_client(mail::MessageId message) const {
  return !world_->messages()[message.value].submitted_to.valid();
}

// ---- rows

std::string TrackingLogs::message_id(mail::MessageId id) const {
  const StoredMessage& message = world_->messages()[id.value];
  std::string name = world_->name_of(message);
  NodeId node = message.submitted_to;
  return fmt::format("{}.{}@{}", name.empty() ? fmt::format("#{}", id.value) : name, plan_.experiment,
                     node.valid() ? host(node) : "");
}

TrackingRow TrackingLogs::row_for(Tracked what, Here here, sim::Instant at,
                                  const std::vector<mail::AddressId>& recipients) const {
  const StoredMessage& message = world_->messages()[here.second.value];
  TrackingRow row{.what = what, .unix_ns = plan_.start_unix_ns + at.ns};
  for (mail::AddressId address : recipients) row.recipients.push_back(plan_.addresses.text(address));
  row.recipient_count = recipients.size();
  row.octets = message.size;
  row.internal_id = here.second.value + 1;
  row.message_id = message_id(here.second);
  row.sender = plan_.addresses.text(message.sender);
  row.originated_unix_ns = plan_.start_unix_ns + message.submitted.ns;
  if (message.report() || message.mail >= plan_.mail.size()) return row;
  row.subject = plan_.mail[message.mail].subject;
  row.priority = priority(plan_.mail[message.mail].priority);
  return row;
}

TrackingRow TrackingLogs::row(Tracked what, Here here, sim::Instant at,
                              const std::vector<mail::RecipientId>& recipients) const {
  std::vector<mail::AddressId> addresses;
  for (mail::RecipientId r : recipients) addresses.push_back(world_->ledger().row(r).address);
  return row_for(what, here, at, addresses);
}

void TrackingLogs::tell(Here here, TrackingRow row) {
  if (auto found = waiting_.find(here); found != waiting_.end())
    found->second.after.emplace_back(here.first, std::move(row));
  else
    put(here.first, row);
}

void TrackingLogs::put(NodeId node, const TrackingRow& row) {
  Log& log = logs_.at(node);
  std::string lines = tracking_lines(log.server, row);
  if (lines.empty()) return;
  std::string file = tracking_file(log.server, row);
  if (file != log.file || log.text.size() >= kBlock) flush(log);
  log.file = file;
  if (log.begun.insert(file).second) log.text += tracking_header(log.server, row);
  log.text += lines;
}

void TrackingLogs::flush(Log& log) {
  if (log.text.empty()) return;
  std::error_code error;
  fs::create_directories(log.folder, error);
  std::string path = (fs::path(log.folder) / log.file).string();
  if (error) throw CannotWrite(log.folder, error.message());
  errno = 0;
  std::ofstream file(path, std::ios::binary | std::ios::app);
  file << log.text;
  file.close();
  if (!file) throw CannotWrite(path, errno == 0 ? "is the disk full?" : std::strerror(errno));
  log.text.clear();
}

void TrackingLogs::finish() {
  if (open_) close_open();
  for (auto& [here, taken] : waiting_) write_taken(std::move(taken));
  waiting_.clear();
  for (auto& [node, log] : logs_) flush(log);
}

}  // namespace deadletter::experiments
