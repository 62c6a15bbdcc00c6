#include "experiments/compare/outcome.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <ranges>
#include <set>
#include <tuple>

#include "experiments/compare/quantile.h"
#include "models/builds/settings.h"

namespace deadletter::experiments {
namespace {

using json::Value;

// The key of each message, by its number; empty for reports.
std::vector<std::string> keys_of(const Plan& plan, const World& world) {
  std::vector<std::string> keys;
  std::map<mail::AddressId, std::uint32_t> sent;
  for (std::size_t m = 0; m < world.messages().size(); ++m) {
    const StoredMessage& message = world.messages()[m];
    std::string name = message.report() ? "" : world.name_of(message);
    if (name.empty() && !message.report())
      name = fmt::format("{}#{}", plan.addresses.text(message.sender), ++sent[message.sender]);
    keys.push_back(std::move(name));
  }
  return keys;
}

// What an article, or its aftermath, has laid on a behaviour, by name.
std::vector<std::string> points_of(const builds::NodeBehaviour& behaviour, const std::string& article) {
  std::vector<std::string> points;
  auto blamed = [&](Blame blame) { return std::ranges::find(names(blame), article) != names(blame).end(); };
  for (const auto& row : builds::point_rows(behaviour))
    if (std::ranges::any_of(row.deviating, blamed)) points.emplace_back(row.info->name);
  for (const auto& row : builds::attribute_rows(behaviour))
    if (blamed(row.blame)) points.emplace_back(row.info->name);
  return points;
}

// The same at a place of a run, looked up once each.
class Points {
 public:
  explicit Points(const Plan& plan) : plan_(plan) {}

  const std::vector<std::string>& at(const std::string& where, const std::string& article) {
    auto [found, fresh] = seen_.try_emplace({where, article});
    if (!fresh) return found->second;
    if (auto node = plan_.find_node(where)) {
      found->second = points_of(plan_.nodes[node->value].resolved.behaviour, article);
      // Of what is installed meanwhile, too.
      for (const PlannedChange& change : plan_.changes)
        if (change.node == *node && change.after && found->second.empty())
          found->second = points_of(change.after->behaviour, article);
    } else if (auto client = client_at(where))
      found->second = points_of(client->resolved.behaviour, article);
    return found->second;
  }

 private:
  const PlannedClient* client_at(const std::string& address) const {
    for (std::uint32_t a = 0; a < plan_.client_of.size(); ++a)
      if (plan_.client_of[a] < plan_.clients.size() && plan_.addresses.text(mail::AddressId{a}) == address)
        return &plan_.clients[plan_.client_of[a]];
    return nullptr;
  }

  const Plan& plan_;
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> seen_;
};

double seconds(sim::Duration d) { return static_cast<double>(d.ns) / 1e9; }

void add_recipients(const Plan& plan, const World& world, const Result& result, const std::vector<std::string>& keys,
                    RunOutcome& outcome) {
  std::map<std::pair<std::string, std::string>, const RecipientResult*> seen;
  for (const MailResult& mail : result.mail)
    for (const RecipientResult& r : mail.recipients) seen[{mail.id, r.address}] = &r;
  const Ledger& ledger = world.ledger();
  for (std::uint32_t i = 0; i < ledger.size(); ++i) {
    const LedgerRow& row = ledger.row({i});
    if (row.report) continue;
    RecipientOutcome r{.message = keys[row.message.value],
                       .address = plan.shown_address(row.address),
                       .fate = ledger.fate({i}),
                       .status = row.returned && row.status.known() ? mail::text(row.status) : "",
                       .copies = row.copies,
                       .attempts = row.attempts,
                       .ndr = row.ndr,
                       .delay = row.delay,
                       .ruled_by = names(row.blame)};
    if (row.copies > 0) r.delivered_s = seconds(row.delivered - world.messages()[row.message.value].submitted);
    if (auto found = seen.find({r.message, r.address}); found != seen.end())
      r.shown = found->second->shown, r.signature = found->second->signature;
    outcome.recipients.push_back(std::move(r));
  }
  std::ranges::sort(outcome.recipients, {}, [](const RecipientOutcome& r) { return std::tie(r.message, r.address); });
}

void add_rulings(const Plan& plan, const World& world, const Result& result, const std::vector<std::string>& keys,
                 RunOutcome& outcome) {
  Points points(plan);
  for (const auto& [what, first] : world.first_rulings()) {
    const StoredMessage& message = world.messages()[what.first.value];
    const std::string& key = keys[(message.report() ? message.about : what.first).value];
    const std::string& where = plan.nodes[first.node.value].name;
    for (const std::string& article : names(what.second))
      outcome.rulings.push_back(
          {seconds(first.at - sim::Instant{}), where, key, article, "", points.at(where, article)});
  }
  for (const MailResult& mail : result.mail) {
    std::set<std::string> told;
    for (const LineageResult& l : mail.lineage)
      // Of an article and its aftermath, the aftermath is what acts here.
      for (const std::string& article : l.ruled_by | std::views::reverse) {
        std::string what = fmt::format("{}{} {}", l.step.property, l.step.row.empty() ? "" : " of " + l.step.row,
                                       content::text(l.step.fate));
        if (told.insert(l.where + what + article).second)
          outcome.rulings.push_back({l.at_s, l.where, mail.id, article, what, points.at(l.where, article)});
      }
  }
  std::ranges::stable_sort(outcome.rulings, {}, &RulingSeen::at_s);
}

void add_metrics(const World& world, const Result& result, RunOutcome& outcome) {
  std::vector<double> delays;
  double in_retry = 0;
  const Ledger& ledger = world.ledger();
  for (std::uint32_t i = 0; i < ledger.size(); ++i) {
    const LedgerRow& row = ledger.row({i});
    if (row.report || row.expanded) continue;
    // Who gets nothing has waited to the end of the run, at the least.
    delays.push_back(
        seconds((row.copies > 0 ? row.delivered : world.now()) - world.messages()[row.message.value].submitted));
    if (row.attempts > 1) in_retry += delays.back();
  }
  std::ranges::sort(delays);
  auto delay_at = [&](double q) { return delays.empty() ? 0 : quantile(delays, q); };
  for (std::uint32_t i = 0; i < ledger.size(); ++i)
    if (const LedgerRow& row = ledger.row({i}); !row.report && row.returned && row.status.known())
      ++outcome.metrics["ndr." + mail::text(row.status)];
  double octets = 0;
  for (std::uint64_t n : result.carried.octets) octets += static_cast<double>(n);
  const std::map<std::string, double> values = {
      {"delay.p50", delay_at(0.5)},
      {"delay.p95", delay_at(0.95)},
      {"delay.p99", delay_at(0.99)},
      {"delay.after_retries", in_retry},
      {"attempts", static_cast<double>(result.counters.attempts)},
      {"retries", static_cast<double>(result.counters.retries)},
      {"copies.extra", static_cast<double>(result.tally.extra_copies)},
      {"reports.ndr", static_cast<double>(result.counters.ndr)},
      {"reports.delay", static_cast<double>(result.counters.delay)},
      {"returned", static_cast<double>(result.tally.fates[static_cast<std::size_t>(Fate::returned)])},
      {"waiting", static_cast<double>(result.tally.fates[static_cast<std::size_t>(Fate::waiting)])},
      {"lost", static_cast<double>(result.tally.fates[static_cast<std::size_t>(Fate::lost)])},
      {"octets", octets},
      {"queue.peak", static_cast<double>(world.queue_peak())},
      {"scanner.busy", static_cast<double>(result.counters.scanner_ns) / 1e9}};
  for (const std::string& name : compared_metrics()) outcome.metrics[name] = values.at(name);
}

std::vector<std::string> read_strings(const Value& value) {
  std::vector<std::string> list;
  for (const Value& item : value.items()) list.push_back(item.as_string());
  return list;
}

double real(const Value& value) {
  return value.is(json::Kind::integer) ? static_cast<double>(value.as_integer()) : value.as_real();
}
std::uint32_t count(const Value& value) { return static_cast<std::uint32_t>(value.as_integer()); }

}  // namespace

Value strings(const std::vector<std::string>& list) {
  Value value = Value::array();
  for (const std::string& s : list) value.push_back(s);
  return value;
}

const std::vector<std::string>& compared_metrics() {
  static const std::vector<std::string> names = {"delay.p50",     "delay.p95",  "delay.p99",    "delay.after_retries",
                                                 "attempts",      "retries",    "copies.extra", "reports.ndr",
                                                 "reports.delay", "returned",   "waiting",      "lost",
                                                 "octets",        "queue.peak", "scanner.busy"};
  return names;
}

RunOutcome outcome_of(const Plan& plan, const World& world, const Result& result) {
  RunOutcome outcome{.fingerprint = result.fingerprint.whole, .summary = to_json(result, false)};
  std::vector<std::string> keys = keys_of(plan, world);
  add_recipients(plan, world, result, keys, outcome);
  add_rulings(plan, world, result, keys, outcome);
  add_metrics(world, result, outcome);
  return outcome;
}

// Rows, since a large run has many: the order of the values is that of read_outcome.
Value to_json(const RunOutcome& outcome) {
  Value recipients = Value::array(), rulings = Value::array(), metrics = Value::object();
  for (const RecipientOutcome& r : outcome.recipients) {
    Value row = Value::array();
    row.push_back(r.message), row.push_back(r.address), row.push_back(static_cast<std::int64_t>(r.fate));
    row.push_back(r.status), row.push_back(r.copies), row.push_back(r.attempts), row.push_back(r.ndr);
    row.push_back(r.delay), row.push_back(r.delivered_s), row.push_back(r.shown), row.push_back(r.signature);
    row.push_back(strings(r.ruled_by));
    recipients.push_back(std::move(row));
  }
  for (const RulingSeen& r : outcome.rulings) {
    Value row = Value::array();
    row.push_back(r.at_s), row.push_back(r.where), row.push_back(r.message), row.push_back(r.article);
    row.push_back(r.what), row.push_back(strings(r.points));
    rulings.push_back(std::move(row));
  }
  for (const auto& [name, value] : outcome.metrics) metrics.set(name, value);
  return Value::object()
      .set("fingerprint", outcome.fingerprint)
      .set("recipients", std::move(recipients))
      .set("rulings", std::move(rulings))
      .set("metrics", std::move(metrics))
      .set("summary", outcome.summary);
}

RunOutcome read_outcome(const Value& value) {
  RunOutcome outcome{.fingerprint = value.find("fingerprint")->as_string(), .summary = *value.find("summary")};
  for (const Value& row : value.find("recipients")->items()) {
    const auto& at = row.items();
    outcome.recipients.push_back({.message = at[0].as_string(),
                                  .address = at[1].as_string(),
                                  .fate = static_cast<Fate>(at[2].as_integer()),
                                  .status = at[3].as_string(),
                                  .copies = count(at[4]),
                                  .attempts = count(at[5]),
                                  .ndr = count(at[6]),
                                  .delay = count(at[7]),
                                  .delivered_s = real(at[8]),
                                  .shown = at[9].as_string(),
                                  .signature = at[10].as_string(),
                                  .ruled_by = read_strings(at[11])});
  }
  for (const Value& row : value.find("rulings")->items()) {
    const auto& at = row.items();
    outcome.rulings.push_back(
        {real(at[0]), at[1].as_string(), at[2].as_string(), at[3].as_string(), at[4].as_string(), read_strings(at[5])});
  }
  for (const json::Member& metric : value.find("metrics")->members()) outcome.metrics[metric.key] = real(metric.value);
  return outcome;
}

}  // namespace deadletter::experiments
