#include "experiments/run/result.h"

#include <fmt/format.h>

#include <cmath>
#include <map>

namespace deadletter::experiments {
namespace {

json::Value words(const std::vector<std::string>& list) {
  json::Value value = json::Value::array();
  for (const std::string& word : list) value.push_back(word);
  return value;
}

json::Value judged(const Judged& judged) {
  json::Value failed = json::Value::array();
  for (const Failed& f : judged.failed) failed.push_back(json::Value::object().set("text", f.text).set("why", f.why));
  return json::Value::object()
      .set("held", judged.held)
      .set("held_texts", words(judged.held_texts))
      .set("failed", failed);
}

json::Value fates(const std::uint64_t (&counts)[kFateCount]) {
  json::Value value = json::Value::object();
  for (Fate fate : kFates) value.set(text(fate), counts[static_cast<std::size_t>(fate)]);
  return value;
}

std::string_view state_name(std::optional<transport::LinkQueue::State> state) {
  if (!state) return "none";
  constexpr std::string_view names[] = {"ready", "active", "retry"};
  return names[static_cast<std::size_t>(*state)];
}

double seconds(sim::Instant at) { return std::round(static_cast<double>(at.ns) / 1e6) / 1e3; }

LineageResult lineage_result(const Plan& plan, const LineageRow& row) {
  return {.at_s = seconds(row.at),
          .where = row.node.valid() ? plan.nodes[row.node.value].name : plan.addresses.text(row.client),
          .step = row.step,
          .ruled_by = names(row.step.blame)};
}

// Where somebody has looked inside: what the recipient sees, and the way of each property.
void look_inside(const Plan& plan, const World& world, const StoredMessage& message, MailResult& mail) {
  const Contents& contents = world.contents();
  for (std::uint32_t i = 0; i < message.rows; ++i) {
    mail::AddressId address = world.ledger().row({message.first_row + i}).address;
    mail.recipients[i].shown = contents.shown(address, message.mail).text;
    mail.recipients[i].signature = contents.signature(address, message.mail);
  }
  for (const LineageRow& row : contents.lineage())
    if (row.mail == message.mail) mail.lineage.push_back(lineage_result(plan, row));
}

// What was seen beside mail: only where there is something to be seen.
void add_observations(const Result& r, json::Value& value) {
  json::Value fetches = json::Value::array(), logged = json::Value::array();
  for (const FetchResult& f : r.fetches)
    fetches.push_back(json::Value::object()
                          .set("id", f.id)
                          .set("messages", f.messages)
                          .set("failed", f.failed)
                          .set("response", f.response)
                          .set("shown", f.shown)
                          .set("ruled_by", words(f.ruled_by)));
  if (!r.fetches.empty()) value.set("fetches", fetches);
  std::map<std::pair<std::string, std::string>, std::pair<std::uint64_t, std::string>> kinds;
  for (const EventResult& e : r.logged) {
    auto& [count, text] = kinds[{e.node, e.event}];
    if (count == 0) text = e.text;
    count += e.count;
  }
  for (const auto& [where, what] : kinds)
    logged.push_back(json::Value::object()
                         .set("on", where.first)
                         .set("event", where.second)
                         .set("count", what.first)
                         .set("first", what.second));
  if (!kinds.empty()) value.set("logged", logged);
}

json::Value to_json(const LineageResult& l) {
  json::Value value = json::Value::object();
  value.set("at_s", l.at_s).set("where", l.where).set("property", l.step.property).set("other", l.step.other);
  if (!l.step.row.empty()) value.set("row", l.step.row);
  value.set("fate", content::text(l.step.fate)).set("value", l.step.value);
  if (!l.step.why.empty()) value.set("why", l.step.why);
  return value.set("ruled_by", words(l.ruled_by));
}

}  // namespace

RecipientResult recipient_result(const Plan& plan, const World& world, mail::RecipientId id) {
  const LedgerRow& row = world.ledger().row(id);
  RecipientResult r{.address = plan.shown_address(row.address),
                    .fate = world.ledger().fate(id),
                    .status = {},
                    .ruled_by = names(row.blame),
                    .queue_state = {}};
  if (row.returned && row.status.known()) r.status = mail::text(row.status);
  r.sender_sees = world.sender_sees(id);
  r.copies = row.copies, r.attempts = row.attempts, r.ndr = row.ndr, r.delay = row.delay;
  // Milliseconds are enough for people, and print alike everywhere.
  if (row.copies > 0)
    r.delivered_s =
        std::round(static_cast<double>((row.delivered - world.messages()[row.message.value].submitted).ns) / 1e6) / 1e3;
  if (r.fate == Fate::waiting) {
    auto waiting = world.waiting(id);
    r.queue_state = waiting ? state_name(waiting->state) : "none";
    if (waiting) r.queue = waiting->queue;
  }
  return r;
}

json::Value to_json(const RecipientResult& r) {
  json::Value value = json::Value::object();
  value.set("address", r.address).set("fate", text(r.fate));
  value.set("status", r.status.empty() ? json::Value() : json::Value(r.status)).set("copies", r.copies);
  value.set("delivered_s", r.delivered_s < 0 ? json::Value() : json::Value(r.delivered_s)).set("attempts", r.attempts);
  value.set("reports", json::Value::object().set("ndr", r.ndr).set("delay", r.delay));
  if (!r.queue_state.empty()) value.set("queue_state", r.queue_state);
  if (!r.queue.empty()) value.set("queue", r.queue);
  if (!r.sender_sees.empty()) value.set("sender_sees", r.sender_sees);
  if (!r.signature.empty()) value.set("shown", r.shown).set("signature", r.signature);
  return value.set("ruled_by", words(r.ruled_by));
}

Result::Result() = default;
Result::Result(const Result&) = default;
Result::Result(Result&&) noexcept = default;
Result& Result::operator=(const Result&) = default;
Result& Result::operator=(Result&&) noexcept = default;
Result::~Result() = default;

Result collect(const Plan& plan, const World& world, const sim::Fingerprint& fingerprint) {
  Result result;
  result.experiment = plan.experiment;
  result.variant = plan.variant;
  result.seed = plan.seed;
  result.messages = world.counters().messages;
  result.horizon_s = static_cast<double>(plan.horizon.ns) / 1e9;
  result.simulated_s = static_cast<double>(world.now().ns) / 1e9;
  result.fingerprint = fingerprint.digest();
  result.marks = fingerprint.marks();
  result.events = world.engine().events();
  result.tally = world.ledger().tally();
  result.counters = world.counters();
  result.carried = world.engine().carried();
  result.refusals = plan.refusals;
  for (std::size_t m = 0; m < world.messages().size(); ++m) {
    const StoredMessage& message = world.messages()[m];
    if (message.report() || message.rows == 0) continue;
    std::string name = world.name_of(message);
    if (name.empty()) continue;
    MailResult mail{name, {}};
    for (mail::RecipientId r : world.recipients_of({static_cast<std::uint32_t>(m)}))
      mail.recipients.push_back(recipient_result(plan, world, r));
    if (message.content.valid()) look_inside(plan, world, message, mail);
    result.mail.push_back(std::move(mail));
  }
  result.fetches = world.contents().fetches();
  for (const LoggedEvent& e : world.logged())
    result.logged.push_back(
        {seconds(e.at), plan.nodes[e.node.value].name, fmt::format("{} {}", e.source, e.id), e.text, e.count});
  return result;
}

std::uint64_t metric(const Result& r, std::string_view name) {
  if (name == "messages") return r.messages;
  if (name == "recipients") return r.tally.recipients;
  if (name == "copies.extra") return r.tally.extra_copies;
  if (name == "attempts") return r.counters.attempts;
  if (name == "retries") return r.counters.retries;
  if (name == "reports.ndr") return r.counters.ndr;
  if (name == "reports.delay") return r.counters.delay;
  if (name == "hops") return r.counters.hops;
  for (Fate fate : kFates)
    if (name == std::string("fates.") + text(fate)) return r.tally.fates[static_cast<std::size_t>(fate)];
  return 0;
}

json::Value to_json(const Result& r, bool with_mail) {
  json::Value value = json::Value::object();
  value.set("experiment", r.experiment).set("variant", r.variant).set("seed", r.seed);
  value.set("fingerprint", r.fingerprint.whole).set("horizon_s", r.horizon_s);
  value.set("messages", r.messages).set("recipients", r.tally.recipients).set("fates", fates(r.tally.fates));
  value.set("copies", json::Value::object().set("extra", r.tally.extra_copies));
  value.set("attempts", r.counters.attempts).set("retries", r.counters.retries);
  value.set("reports", json::Value::object().set("ndr", r.counters.ndr).set("delay", r.counters.delay));
  if (const ReportFiles& files = r.report_files; files.written < files.of)
    value.set("report_files", json::Value::object().set("written", files.written).set("of", files.of));
  value.set("report_fates", fates(r.tally.report_fates)).set("hops", r.counters.hops);
  value.set("expectations", judged(r.expectations)).set("oracles", judged(r.oracles));
  json::Value ruled = json::Value::object();
  for (const auto& [article, count] : r.counters.ruled) ruled.set(article, count);
  value.set("quirks_ruled", ruled);
  json::Value refused = json::Value::array();
  for (const auto& refusal : r.refusals)
    refused.push_back(json::Value::object().set("install", refusal.update).set("refused", refusal.reason));
  value.set("refused", refused);
  json::Value carried = json::Value::object();
  constexpr const char* sharing[] = {"latency", "shared", "flow"};
  for (int i = 0; i < 3; ++i)
    carried.set(sharing[i],
                json::Value::object().set("transfers", r.carried.transfers[i]).set("octets", r.carried.octets[i]));
  value.set("carried", carried);
  value.set("fingerprint_parts", json::Value::object()
                                     .set("events", r.fingerprint.events)
                                     .set("chance", r.fingerprint.chance)
                                     .set("reports", r.fingerprint.reports)
                                     .set("fates", r.fingerprint.fates));
  if (with_mail) {
    json::Value mail = json::Value::array();
    for (const MailResult& m : r.mail) {
      json::Value recipients = json::Value::array();
      for (const RecipientResult& one : m.recipients) recipients.push_back(to_json(one));
      json::Value one = json::Value::object().set("id", m.id).set("recipients", recipients);
      json::Value lineage = json::Value::array();
      for (const LineageResult& l : m.lineage) lineage.push_back(to_json(l));
      if (!m.lineage.empty()) one.set("lineage", lineage);
      mail.push_back(one);
    }
    value.set("mail", mail);
  }
  add_observations(r, value);
  value.set("complete", r.complete).set("wall_s", r.wall_s).set("cpu_s", r.cpu_s).set("events", r.events);
  return value.set("out", r.out);
}

}  // namespace deadletter::experiments
