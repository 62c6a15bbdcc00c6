// Local delivery where an antivirus scanner looks at mail before it is in the mailbox: a queue of its own, whose
// sessions are calls into the store.
//
// What cannot be scanned is tried again by the queue's rules; what the scanner deletes or blocks is discarded. What is
// delivered lies in the store from then on, and is scanned again when the signatures are new: for the threads that this
// takes, deliveries wait in line.
#include "experiments/run/world.h"

namespace deadletter::experiments {

using mail::What;
using scanner::ScanAction;
using scanner::Verdict;

namespace {

constexpr smtp::Outcome kTaken{
    .stage = smtp::Stage::dot, .reply = smtp::ReplyClass::success, .code = 250, .status = {2, 0, 0}};

// A call into the store is known to the scanner by its number.
scanner::ItemId item_of(std::uint32_t message) { return {message}; }

// Of a scan that has begun: of a message, or of what is in the store already.
Tracer::Fields begun(const ScanAction& a) {
  constexpr std::uint16_t kSlice = 16, kSliceCut = 17, kReopen = 18;
  if (a.item.valid()) return {.detail = 0, .subject = a.item.value, .a = a.scan.thread};
  std::uint16_t detail = a.kind == ScanAction::Kind::slice       ? kSlice
                         : a.kind == ScanAction::Kind::slice_cut ? kSliceCut
                                                                 : kReopen;
  return {.detail = detail, .subject = kNone, .a = a.scan.thread, .b = static_cast<std::uint32_t>(a.items)};
}

std::string words_of_the_store(const ScanAction& a) {
  std::uint32_t thread = a.scan.thread + 1;
  if (a.kind == ScanAction::Kind::slice)
    return fmt::format("{} items of the store begin on thread {}", a.items, thread);
  if (a.kind == ScanAction::Kind::slice_cut) return fmt::format("thread {} is free after {} of them", thread, a.items);
  return fmt::format("what a client opens begins on thread {}", thread);
}

}  // namespace

// Only what somebody looks inside is there to be scanned.
bool World::scans(NodeId node, ContentId content) const {
  return content.valid() && *behaviour_of(node).scanner.enabled == smtp::Switch::on;
}

void World::open_local(std::uint32_t index, const transport::Opening& opening) {
  Queue& queue = queues_[index];
  NodeId id = queue.node;
  const auto& behaviour = behaviour_of(id);
  auto& scanner = nodes_[id.value].scanner;
  if (scanner == nullptr) scanner = std::make_unique<scanner::Scanner>(behaviour.scanner, scanner::Site::store);
  const transport::Entry& entry = queue.link.entry(opening.entry);
  content::ForScan opened =
      contents_.open_for_scan(entry.content, id, messages_[entry.message.value].mail, engine_.now());
  std::uint32_t call = store_calls_.take();
  store_calls_[call] = {index, opening.session, opening.entry, {}, opened.blame};
  scans_.insert({{id, entry.message}, call});
  scanner::Scanner::Actions actions;
  std::string cls = contents_.message_class(entry.content);
  // Local delivery needs the content: it opens the item, and waits for the scan.
  scanner::ItemId item = item_of(entry.message.value);
  bool knew = scanner->knows(item);
  scanner->open({.id = item,
                 .size = entry.size,
                 .message_class = cls,
                 .infected = contents_.infected(entry.content),
                 .readable = opened.readable,
                 .error = opened.code.value},
                engine_.now(), actions);
  if (!knew && scanner->knows(item)) hold(entry.message);
  perform(id, actions);
}

void World::perform(NodeId id, const scanner::Scanner::Actions& actions) {
  for (const ScanAction& a : actions) {
    switch (a.kind) {
      case ScanAction::Kind::start:
      case ScanAction::Kind::slice:
      case ScanAction::Kind::slice_cut:
      case ScanAction::Kind::reopen:
        running_[{id, a.scan.serial}] = a.scan;
        counters_.scanner_ns += a.kind == ScanAction::Kind::slice_cut ? -a.sooner.ns : a.takes.ns;
        record(What::scan, id, begun(a), [&] {
          return a.item.valid() ? fmt::format("{} begins on thread {}", describe({a.item.value}), a.scan.thread + 1)
                                : words_of_the_store(a);
        });
        engine_.post(engine_.now() + a.takes, sim::Priority::arrival, {kScanned, id.value, a.scan.serial});
        break;
      case ScanAction::Kind::next_open:
        engine_.post(engine_.now() + a.takes, sim::Priority::normal, {kScanned, id.value, 0});
        break;
      case ScanAction::Kind::timer:
        engine_.post(engine_.now() + a.takes, sim::Priority::timer, {kScanTimeout, id.value, a.scan.serial});
        break;
      case ScanAction::Kind::judged:
      case ScanAction::Kind::not_scanned:
        scan_judged(id, a);
        break;
      case ScanAction::Kind::queued_low:
      case ScanAction::Kind::promoted:
        break;
    }
  }
}

void World::scan_due(NodeId id, std::uint32_t serial, bool timed_out) {
  scanner::Scanner::Actions actions;
  auto& scanner = *nodes_[id.value].scanner;
  if (serial == 0) {
    scanner.open_due(engine_.now(), actions);
    return perform(id, actions);
  }
  auto found = running_.find({id, serial});
  if (found == running_.end()) return;
  scanner::ScanId scan = found->second;
  timed_out ? scanner.timed_out(scan, engine_.now(), actions) : scanner.finished(scan, engine_.now(), actions);
  running_.erase(found);
  perform(id, actions);
}

void World::scan_judged(NodeId id, const ScanAction& a) {
  // Calls about one item share a scan.
  auto [from, to] = scans_.equal_range({id, mail::MessageId{a.item.value}});
  std::vector<std::uint32_t> calls;
  for (auto waits = from; waits != to; ++waits) calls.push_back(waits->second);
  scans_.erase(from, to);
  for (std::uint32_t call : calls) scan_judged(id, a, call);
  // What comes by another way later is another item.
  auto& scanner = *nodes_[id.value].scanner;
  bool again = a.verdict == Verdict::failed && a.failure == scanner::ScanFailed::retry_later;
  bool gone = a.verdict == Verdict::deleted || a.verdict == Verdict::blocked || a.verdict == Verdict::failed;
  if (again || !scanner.knows(a.item)) return;
  gone ? scanner.forget(a.item) : scanner.stored(a.item);
  if (!scanner.knows(a.item)) release({a.item.value});
}

void World::scan_judged(NodeId id, const ScanAction& a, std::uint32_t call) {
  // What opening it came to matters only where it was opened.
  bool opened = a.kind == ScanAction::Kind::judged;
  Blame blame = opened ? join(store_calls_[call].blame, a.blame) : a.blame;
  record(What::scan, id,
         {.detail = static_cast<std::uint16_t>(1 + static_cast<int>(a.verdict)),
          .subject = a.item.value,
          .a = static_cast<std::uint32_t>(a.error)},
         [&] {
           constexpr const char* verdicts[] = {"not scanned", "clean",   "cleaned",
                                               "deleted",     "blocked", "cannot be scanned"};
           return fmt::format("{}: {}{}", describe({a.item.value}), verdicts[static_cast<std::size_t>(a.verdict)],
                              a.timed_out    ? ", out of time"
                              : a.error != 0 ? fmt::format(", error {}", a.error)
                                             : "");
         });
  if (a.verdict != Verdict::failed) return end_local(call, kTaken, a.verdict, blame);
  if (a.failure == scanner::ScanFailed::release_unscanned) return end_local(call, kTaken, Verdict::none, blame);
  bool refuse = a.failure == scanner::ScanFailed::refuse;
  smtp::Outcome outcome{.stage = smtp::Stage::dot,
                        .ended = smtp::Ended::reply,
                        .reply = refuse ? smtp::ReplyClass::permanent : smtp::ReplyClass::temporary,
                        .words = a.timed_out ? "the scan was out of time" : "it cannot be scanned",
                        .error = a.error != 0 ? a.error : content::kCallFailed.value};
  if (!refuse) log_store_error(id, "EcLocallyDeliverMsg", {outcome.error}, {a.item.value});
  end_local(call, outcome, a.verdict, blame);
}

// A call into the store has ended: with the mail in mailboxes, without it, or for another time.
void World::end_local(std::uint32_t index, const smtp::Outcome& outcome, Verdict verdict, Blame blame) {
  StoreCall call = store_calls_[index];
  store_calls_.give_back(index);
  transport::LinkQueue& link = queues_[call.queue].link;
  NodeId node = queues_[call.queue].node;
  const transport::Entry& entry = link.entry(call.entry);
  mail::MessageId message = entry.message;
  ContentId content = entry.content;
  Recipients recipients(entry.to.recipients());
  blame = join(blame, entry.blame);
  bool whole = outcome.reply == smtp::ReplyClass::success;
  bool gone = verdict == Verdict::deleted || verdict == Verdict::blocked;
  constexpr store::Verdict verdicts[] = {store::Verdict::not_scanned, store::Verdict::clean,
                                         store::Verdict::cleaned,     store::Verdict::deleted,
                                         store::Verdict::blocked,     store::Verdict::not_scanned};
  const auto& store = behaviour_of(node).store;
  auto done = store.delivery_done.rule(
      {verdicts[static_cast<std::size_t>(verdict)], whole && !gone, *store.filter == smtp::Switch::on});
  blame = join(blame, done.blame);
  count_attempt(entry);
  record(What::attempt, node,
         {.detail = static_cast<std::uint16_t>(static_cast<int>(outcome.reply) * 16),
          .subject = number(message),
          .a = static_cast<std::uint32_t>(outcome.error)},
         [&] { return fmt::format("{} into the store: {}", describe(message), whole ? "success" : outcome.words); });
  if (blame) record_ruling(node, message, 0, blame);
  if (Observer* observer = tracer_.observer())
    observer->attempt(
        engine_.now(),
        {.began = engine_.now(), .message = message, .node = node, .peer = node, .outcome = &outcome, .blame = blame});
  auto asked = queue_actions_.borrow();
  if (whole && done.outcome == store::DeliveryDone::confirm)
    for (std::uint32_t i = 0; i < recipients.size(); ++i)
      link.recipient_ended(call.session, i, smtp::RecipientEnd::delivered, outcome, blame, *asked);
  link.concluded(call.session, outcome, blame, engine_.now(), *asked);
  for (mail::RecipientId r : recipients) {
    if (!whole) break;
    if (!gone) {
      deliver(node, message, r, blame, content);
    } else {
      ledger_.discarded(r, blame);
      record(What::discard, node, {.subject = number(message), .a = number(r)}, [&] {
        return fmt::format("{} to <{}>: {} by the scanner", describe(message),
                           plan_.addresses.text(ledger_.row(r).address),
                           verdict == Verdict::deleted ? "deleted" : "blocked");
      });
    }
  }
  perform(call.queue, *asked);
  (*asked).clear();
  queues_[call.queue].link.session_closed(call.session, engine_.now(), *asked);
  perform(call.queue, *asked);
  connection_ended(node);
}

}  // namespace deadletter::experiments
