#include "experiments/run/results_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "experiments/run/world.h"
#include "models/mail/record.h"

namespace deadletter::experiments {
namespace {

using Id = ResultsTableId;

constexpr int kResultsFormat = 1;

std::string articles(Blame blame) { return blame ? fmt::format("{}", fmt::join(names(blame), " ")) : ""; }

std::optional<std::int64_t> first_copy(const LedgerRow& row) {
  return row.copies > 0 ? std::optional(row.delivered.ns) : std::nullopt;
}

const char* name(smtp::ReplyClass reply) {
  constexpr const char* names[] = {"success", "success", "temporary failure", "permanent failure", "refused"};
  return names[static_cast<std::size_t>(reply)];
}

const char* name(smtp::Ended ended) {
  constexpr const char* names[] = {"reply", "timeout", "closed", "reset", "refused"};
  return names[static_cast<std::size_t>(ended)];
}

}  // namespace

ResultsFile::ResultsFile(const std::string& path, const Plan& plan, RecordLevel level)
    : plan_(plan), level_(level), writer_(path, level) {}

Cell ResultsFile::node_name(NodeId node) const {
  return node.valid() ? Cell(plan_.nodes[node.value].name) : Cell(std::nullopt);
}

void ResultsFile::event(const sim::Record& r, std::string_view words) {
  writer_.row(Id::events, {++events_, r.at.ns, mail::text(static_cast<mail::What>(r.kind)), node_name({r.node}),
                           r.subject, r.a, r.b, words});
}

void ResultsFile::attempt(sim::Instant now, const Attempt& a) {
  const smtp::Outcome& o = *a.outcome;
  std::optional<std::int64_t> code;
  if (o.code != 0) code = o.code;
  std::string ruled_by = articles(a.blame);
  writer_.row(Id::attempts,
              {++attempts_, a.message.value, node_name(a.node), node_name(a.peer), a.session, a.began.ns, now.ns,
               smtp::text(o.stage), name(o.reply), name(o.ended), code, text_or_null(o.words), text_or_null(ruled_by)});
}

ResultsFile::QueueRow& ResultsFile::queue_row(std::uint32_t queue) {
  if (queues_.size() <= queue) queues_.resize(queue + 1);
  return queues_[queue];
}

void ResultsFile::entered(std::uint32_t queue) { ++queue_row(queue).entered; }

// Accounts for the time since the last look, in which nothing changed.
void ResultsFile::QueueRow::pass(sim::Instant now) {
  std::int64_t passed = (now - since).ns;
  since = now;
  if (size > 0) occupied_ns += passed;
  if (in_retry) retry_ns += passed;
  waited_ns += passed * static_cast<std::int64_t>(size);
}

void ResultsFile::queue(sim::Instant now, const QueueLook& look) {
  QueueRow& row = queue_row(look.index);
  row.pass(now);
  row.node = look.node;
  if (row.next_hop.empty()) row.next_hop = look.next_hop;
  row.size = look.size;
  row.in_retry = look.in_retry;
  row.depth.add(now, {look.size, look.in_retry});
  if (row.size <= row.peak) return;
  row.peak = row.size;
  row.peak_at = now;
}

void ResultsFile::write_run(const Result& result) {
  auto value = [&](const char* key, const Cell& cell) { writer_.row(Id::run, {key, cell}); };
  std::string program = fmt::format("deadletter {}", DEADLETTER_VERSION),
              start = sim::rfc3339_date(plan_.start_unix_ns);
  value("format", kResultsFormat);
  value("program", program);
  value("experiment", result.experiment);
  value("variant", result.variant);
  value("seed", result.seed);
  value("start", start);
  value("horizon_ns", plan_.horizon.ns);
  value("record", text(level_));
  value("complete", result.complete ? "yes" : "no");
  value("fingerprint", result.fingerprint.whole);
}

void ResultsFile::write_message(std::uint32_t id, const World& world) {
  const StoredMessage& m = world.messages()[id];
  std::string name = world.name_of(m);
  std::string_view subject = m.mail < plan_.mail.size() ? std::string_view(plan_.mail[m.mail].subject) : "";
  writer_.row(Id::messages, {id, text_or_null(name), node_name(m.submitted_to), plan_.addresses.text(m.sender),
                             text_or_null(subject), m.size, m.submitted.ns, m.rows});
}

void ResultsFile::write_recipient(std::uint32_t id, const Ledger& ledger) {
  const LedgerRow& row = ledger.row({id});
  std::string status = row.returned && row.status.known() ? mail::text(row.status) : "", ruled_by = articles(row.blame);
  writer_.row(Id::recipients,
              {id, row.message.value, plan_.addresses.text(row.address), text(ledger.fate({id})), text_or_null(status),
               row.copies, row.attempts, row.ndr, row.delay, first_copy(row), text_or_null(ruled_by)});
}

void ResultsFile::write_report(std::uint32_t id, const World& world) {
  const StoredMessage& m = world.messages()[id];
  const Ledger& ledger = world.ledger();
  std::string name = world.name_of(m);
  const LedgerRow& row = ledger.row({m.first_row});
  std::string ruled_by = articles(row.blame);
  writer_.row(Id::reports,
              {id, name, m.kind == mail::ReportKind::failure ? "failure" : "delay", m.about.value,
               node_name(m.submitted_to), m.submitted.ns, plan_.addresses.text(row.address), m.size,
               text(ledger.fate({m.first_row})), row.copies, row.attempts, first_copy(row), text_or_null(ruled_by)});
}

void ResultsFile::write_lineage(const Contents& contents) {
  std::uint64_t id = 0;
  for (const LineageRow& row : contents.lineage()) {
    std::string client = row.client.valid() ? plan_.addresses.text(row.client) : "",
                ruled_by = articles(row.step.blame);
    writer_.row(Id::lineage, {++id, plan_.mail[row.mail].name, row.at.ns, node_name(row.node), text_or_null(client),
                              row.step.property, text_or_null(row.step.other), text_or_null(row.step.row),
                              content::text(row.step.fate), text_or_null(row.step.value), text_or_null(row.step.why),
                              text_or_null(ruled_by)});
  }
}

void ResultsFile::write_logged(const std::vector<LoggedEvent>& logged) {
  std::uint64_t id = 0;
  for (const LoggedEvent& e : logged)
    writer_.row(Id::logged, {++id, e.at.ns, node_name(e.node), e.source, e.id, e.message.value, e.text});
}

void ResultsFile::write_queues(sim::Instant end) {
  for (std::size_t i = 0; i < queues_.size(); ++i) {
    QueueRow& row = queues_[i];
    row.pass(end);
    writer_.row(Id::queues, {i, node_name(row.node), row.next_hop, "link", row.entered, row.peak, row.peak_at.ns,
                             row.size, row.occupied_ns, row.retry_ns, row.waited_ns});
  }
}

void ResultsFile::write_queue_depth(sim::Instant end) {
  for (std::size_t i = 0; i < queues_.size(); ++i) {
    queues_[i].depth.close(end);
    for (const DepthSeries::Row& row : queues_[i].depth.rows())
      writer_.row(Id::queue_depth, {i, row.at.ns, row.level.depth, row.level.in_retry});
  }
}

void ResultsFile::finish(const World& world, const Result& result) {
  write_run(result);
  for (std::uint32_t id = 0; id < world.messages().size(); ++id)
    world.messages()[id].report() ? write_report(id, world) : write_message(id, world);
  for (std::uint32_t id = 0; id < world.ledger().size(); ++id)
    if (!world.ledger().row({id}).report) write_recipient(id, world.ledger());
  write_lineage(world.contents());
  write_logged(world.logged());
  if (level_ == RecordLevel::events) {
    write_queues(world.now());
    write_queue_depth(world.now());
  }
  writer_.finish(result.complete ? TableWriter::Ending::whole : TableWriter::Ending::partial);
}

}  // namespace deadletter::experiments
