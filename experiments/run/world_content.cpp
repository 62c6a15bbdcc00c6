// What messages hold, when servers and clients look inside: content is converted when a store gives it out, and read
// when it is in a mailbox.
#include <algorithm>

#include "experiments/run/world.h"

namespace deadletter::experiments {

using mail::What;

namespace {

constexpr const char* kUnableToOpen = "Unable to open for delivery";

}  // namespace

// What was written belongs to the trajectory. Signatures and cipher texts are another library's, and may change with
// it.
std::string_view World::counted(ContentId content) const {
  if (!content.valid() || contents_.described(content)) return {};
  bool sealed = contents_.message_class(content).find("SMIME") != std::string::npos;
  return sealed ? std::string_view() : std::string_view(contents_.at(content).octets);
}

void World::log(NodeId node, const char* source, std::uint32_t id, std::string text, mail::MessageId message) {
  record(What::log, node, {.detail = static_cast<std::uint16_t>(id), .subject = number(message)},
         [&] { return fmt::format("{} {}: {}", source, id, text); });
  if (forgets_) {
    auto [told, fresh] = told_.try_emplace({node, source, id}, logged_.size());
    if (!fresh) return void(++logged_[told->second].count);
  }
  logged_.push_back({engine_.now(), node, source, id, std::move(text), message});
}

// Only where the administrator wants to know (KB938650).
void World::log_store_error(NodeId node, const char* call, content::ErrorCode code, mail::MessageId message) {
  if (*behaviour_of(node).store.diagnostics == smtp::Switch::off) return;
  log(node, "MSExchangeTransport", 327,
      fmt::format(
          "The following call : {} to the store failed. Error code : {}. MDB : {}. FID : {}. MID : {:x}. File : .",
          call, code.value, plan_.nodes[node.value].name, "outbox", message.value),
      message);
}

// True when what the entry holds can go to the next hop, as `opened`; else `failed` says how not.
bool World::open_content(std::uint32_t index, transport::EntryId id, StoreCall& failed, ContentId& opened) {
  Queue& queue = queues_[index];
  const transport::Entry& entry = queue.link.entry(id);
  opened = entry.content;
  if (!opened.valid() || by_store_driver(queue)) return true;
  opened = contents_.unwrapped(opened);
  if (contents_.at(opened).form != content::Form::mapi) return true;
  mail::MessageId message = entry.message;
  const StoredMessage& stored = messages_[message.value];
  auto converted = contents_.render(opened, entry.form, queue.node, stored.mail, stored.submitted, engine_.now());
  auto code = converted.failed ? converted.failed->value : 0;
  record(
      What::convert, queue.node,
      {.detail = static_cast<std::uint16_t>(entry.form),
       .subject = number(message),
       .a = static_cast<std::uint32_t>(code)},
      [&] {
        constexpr const char* forms[] = {"as it is", "S-TNEF", "TNEF", "MIME"};
        std::string words = fmt::format("{} to {}", describe(message), forms[static_cast<std::size_t>(entry.form)]);
        return converted.failed ? fmt::format("{}: {}, error {}", words, kUnableToOpen, code) : words;
      },
      counted(converted.content));
  if (!converted.failed) {
    opened = converted.content;
    queue.link.opened(id, contents_.size(opened).value_or(entry.size), converted.blame);
    return true;
  }
  log_store_error(queue.node, "EcGetMime", *converted.failed, message);
  failed = {index,
            failed.session,
            id,
            {.stage = smtp::Stage::connect,
             .ended = smtp::Ended::reply,
             .reply = smtp::ReplyClass::temporary,
             .words = kUnableToOpen,
             .error = code},
            converted.blame};
  return false;
}

void World::conclude_not_opened(const StoreCall& call) {
  transport::LinkQueue& link = queues_[call.queue].link;
  const transport::Entry& entry = link.entry(call.entry);
  mail::MessageId message = entry.message;
  count_attempt(entry);
  record(What::attempt, queues_[call.queue].node,
         {.detail = static_cast<std::uint16_t>(static_cast<int>(call.outcome.reply) * 16),
          .subject = number(message),
          .a = static_cast<std::uint32_t>(call.outcome.error)},
         [&] { return fmt::format("{}: {}", describe(message), call.outcome.words); });
  if (Observer* observer = tracer_.observer())
    observer->attempt(engine_.now(), {.began = engine_.now(),
                                      .message = message,
                                      .node = queues_[call.queue].node,
                                      .peer = queues_[call.queue].node,
                                      .outcome = &call.outcome,
                                      .blame = call.blame});
  if (call.blame) record_ruling(queues_[call.queue].node, message, 0, call.blame);
  auto asked = queue_actions_.borrow();
  link.concluded(call.session, call.outcome, call.blame, engine_.now(), *asked);
  perform(call.queue, *asked);
}

// A session that never begins, because its message cannot be opened: the next hop is not asked.
void World::not_opened(std::uint32_t index) {
  StoreCall call = store_calls_[index];
  store_calls_.give_back(index);
  conclude_not_opened(call);
  auto asked = queue_actions_.borrow();
  queues_[call.queue].link.session_closed(call.session, engine_.now(), *asked);
  perform(call.queue, *asked);
  connection_ended(queues_[call.queue].node);
}

std::optional<std::pair<transport::EntryId, ContentId>> World::next_opened(std::uint32_t index,
                                                                           transport::SessionId session) {
  while (auto entry = queues_[index].link.next(session)) {
    StoreCall failed{index, session, *entry};
    ContentId content;
    if (open_content(index, *entry, failed, content)) return std::pair(*entry, content);
    conclude_not_opened(failed);
  }
  return std::nullopt;
}

// A categorizer that converts returns at once what it cannot convert.
std::optional<ContentId> World::convert_early(NodeId node, mail::MessageId id, ContentId content, ContentForm form,
                                              const Recipients& recipients) {
  const auto& transport = behaviour_of(node).transport;
  if (form == ContentForm::as_it_is || *transport.convert_at != transport::ConvertAt::categorizer) return content;
  const StoredMessage stored = messages_[id.value];
  auto converted = contents_.render(content, form, node, stored.mail, stored.submitted, engine_.now());
  record(
      What::convert, node, {.detail = static_cast<std::uint16_t>(form), .subject = number(id)},
      [&] { return fmt::format("{} in the categorizer{}", describe(id), converted.failed ? ": failed" : ""); },
      counted(converted.content));
  for (mail::RecipientId r : recipients) ledger_.row(r).blame = join(ledger_.row(r).blame, converted.blame);
  if (!converted.failed) return converted.content;
  std::vector<transport::ReportedRecipient> all;
  auto status = transport.report_status.rule({transport::ReturnReason::content, {}, 0, {}}).outcome;
  for (mail::RecipientId r : recipients) all.push_back({r, ledger_.row(r).address, status, ""});
  log_store_error(node, "EcGetMime", *converted.failed, id);
  give_back(node, id, transport::ReturnReason::content, all, {}, converted.blame);
  return std::nullopt;
}

// The recipient's client takes what has come; what its owner answers to it may be due.
void World::into_mailbox(NodeId node, mail::MessageId id, mail::RecipientId recipient, ContentId content) {
  if (contents_.described(content) || messages_[id.value].report()) return;
  content = contents_.unwrapped(content);
  mail::AddressId address = ledger_.row(recipient).address;
  auto taken = contents_.delivered(address, node, content, messages_[id.value].mail, engine_.now());
  record(What::read, node, {.subject = number(id), .a = address.value},
         [&] { return fmt::format("{} by the client of <{}>", describe(id), plan_.addresses.text(address)); });
  ledger_.row(recipient).blame = join(ledger_.row(recipient).blame, taken.blame);
  for (std::uint32_t mail : taken.due) engine_.post(engine_.now(), sim::Priority::normal, {kEnter, mail, 0});
}

void World::start_fetches() {
  for (std::uint32_t i = 0; i < plan_.fetches.size(); ++i)
    engine_.post(plan_.fetches[i].at, sim::Priority::timer, {kFetch, i, 0});
}

void World::fetch(std::uint32_t index) {
  const PlannedFetch& planned = plan_.fetches[index];
  FetchResult result = contents_.fetch(planned, engine_.now());
  record(What::fetch, plan_.home_of(planned.mailbox),
         {.subject = index,
          .a = static_cast<std::uint32_t>(result.messages),
          .b = static_cast<std::uint32_t>(result.failed)},
         [&] {
           return fmt::format("{} reads {} of <{}>: {}", planned.id, planned.folder,
                              plan_.addresses.text(planned.mailbox), result.response);
         });
}

}  // namespace deadletter::experiments
