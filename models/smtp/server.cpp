#include "models/smtp/server.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace deadletter::smtp {
namespace {

// What an idle server says before it leaves. (RFC 5321 4.5.3.2.7)
constexpr const char* kIdleReply = "421 4.4.2 Connection timed out\r\n";

// The first three digits of the last line of `octets`, 0 when it has none.
std::uint16_t code_of_last_line(std::string_view octets) {
  while (!octets.empty() && (octets.back() == '\n' || octets.back() == '\r')) octets.remove_suffix(1);
  const void* end = memrchr(octets.data(), '\n', octets.size());  // std::string_view::rfind takes an octet at a time
  std::string_view line = octets;
  if (end != nullptr) line.remove_prefix(static_cast<std::size_t>(static_cast<const char*>(end) - octets.data()) + 1);
  if (line.size() < 3) return 0;
  std::uint16_t code = 0;
  for (char c : line.substr(0, 3)) {
    if (c < '0' || c > '9') return 0;
    code = static_cast<std::uint16_t>(code * 10 + (c - '0'));
  }
  return code;
}

bool is(std::uint16_t code, int digit) { return code / 100 == digit; }

}  // namespace

const ScriptRule* Script::find(Stage stage, mail::AddressId recipient, std::uint32_t accepted) const {
  const ScriptRule* best = nullptr;
  int best_rank = -1;
  for (const ScriptRule& rule : rules) {
    if (rule.stage != stage || stage == Stage::body) continue;
    if (rule.recipient.valid() && rule.recipient != recipient) continue;
    if (rule.beyond && accepted < *rule.beyond) continue;
    // The more particular rule wins: one recipient, then a number of recipients, then the bare command.
    int rank = rule.recipient.valid() ? 2 : rule.beyond ? 1 : 0;
    if (rank > best_rank) best = &rule, best_rank = rank;
  }
  return best;
}

ServerSession::ServerSession(const ServerBehaviour& behaviour, const std::string& host, const Mailboxes& mailboxes,
                             const Script* script, NormalReplies* replies)
    : behaviour_(&behaviour), mailboxes_(&mailboxes), script_(script), replies_(replies) {
  if (replies != nullptr) return;
  own_replies_ = std::make_shared<NormalReplies>(host, capabilities(behaviour, script));
  replies_ = own_replies_.get();
}

const std::vector<std::string>& ServerSession::capabilities(const ServerBehaviour& behaviour, const Script* script) {
  bool scripted = script != nullptr && script->capabilities.has_value();
  return scripted ? *script->capabilities : *behaviour.capabilities;
}

void ServerSession::reuse(ServerSession fresh) {
  inputs_.clear(), unsent_.clear(), sent_.clear(), recipients_.clear();
  fresh.inputs_ = std::move(inputs_);
  fresh.unsent_ = std::move(unsent_);
  fresh.sent_ = std::move(sent_);
  fresh.recipients_ = std::move(recipients_);
  *this = std::move(fresh);
}

std::vector<std::uint64_t> ServerSession::marks() const {
  std::vector<std::uint64_t> marks;
  if (script_ == nullptr) return marks;
  for (const ScriptRule& rule : script_->rules)
    if (rule.stage == Stage::body) marks.push_back(rule.mark);
  std::ranges::sort(marks);
  return marks;
}

void ServerSession::take(Input::Kind kind, const Command& command, std::uint64_t octets, Actions& out) {
  if (over_ || running_ == Running::hang) return;
  inputs_.push({kind, command, octets});
  work(out);
}

void ServerSession::work(Actions& out) {
  while (!over_ && running_ == Running::nothing && !busy_ && !inputs_.empty()) begin(out);
  if (over_) return;
  if (running_ == Running::nothing) {
    bool waiting_for_command = !expecting_body_;
    arm(waiting_for_command ? *behaviour_->idle : Duration{}, out);
  }
}

bool ServerSession::rests_like(const ServerSession& other) const {
  return !busy() && !other.busy() && !over_ && !other.over_ && greeted_ == other.greeted_ && !transaction_ &&
         !other.transaction_ && !expecting_body_ && !other.expecting_body_ && blame_ == other.blame_;
}

void ServerSession::go_on_as(const ServerBehaviour& behaviour, const Mailboxes& mailboxes, NormalReplies& replies) {
  behaviour_ = &behaviour;
  mailboxes_ = &mailboxes;
  replies_ = &replies;
}

Stage ServerSession::stage() const {
  const Input& input = inputs_.front();
  switch (input.kind) {
    case Input::Kind::body_mark:
      return Stage::body;
    case Input::Kind::body_end:
      return expecting_body_ ? Stage::dot : Stage::other;
    case Input::Kind::bad_syntax:
      return Stage::other;
    case Input::Kind::command:
      break;
  }
  return input.command.verb;
}

void ServerSession::begin(Actions& out) {
  busy_ = true;
  step_ = 0;
  last_code_ = 0;
  sent_.clear();
  store_.reset();
  const ScriptRule* rule = nullptr;
  Stage at = stage();
  if (script_ != nullptr && at == Stage::body) {
    auto found = std::ranges::find_if(
        script_->rules, [&](const ScriptRule& r) { return r.stage == at && r.mark == inputs_.front().octets; });
    rule = found == script_->rules.end() ? nullptr : &*found;
  } else if (script_ != nullptr) {
    rule = script_->find(at, inputs_.front().command.address, static_cast<std::uint32_t>(recipients_.size()));
  }
  if (rule != nullptr) {
    steps_ = rule->steps;
    return run_steps(out);
  }
  if (const Reply* reply = normal_reply()) {
    out.add(ServerAction::Kind::write).reply = reply;
    last_code_ = reply->lines.back().code;
  }
  replied(out);
}

void ServerSession::run_steps(Actions& out) {
  running_ = Running::nothing;
  while (step_ < steps_.size())
    if (!run(steps_[step_++], out)) return;
  flush(out);
  replied(out);
}

void ServerSession::replied(Actions& out) {
  bool quit = stage() == Stage::quit;
  finish(out);
  if (quit) end(ServerAction::Kind::close, out);
}

// True when the next step may follow at once.
bool ServerSession::run(const Step& step, Actions& out) {
  switch (step.kind) {
    case Step::Kind::write:
      unsent_ += step.octets;
      sent_ += step.octets;  // a line may be cut into several writes
      last_code_ = code_of_last_line(sent_);
      return true;
    case Step::Kind::code:
      last_code_ = step.code;
      return true;
    case Step::Kind::store:
      store_ = true;
      return true;
    case Step::Kind::discard:
      store_ = false;
      return true;
    case Step::Kind::wait:
    case Step::Kind::stall:
      if (step.time.ns == 0) return true;  // no wait: the writes on both sides of it are one
      flush(out);
      running_ = step.kind == Step::Kind::wait ? Running::wait : Running::stall;
      if (running_ == Running::stall) out.add(ServerAction::Kind::stall);
      arm(step.time, out);
      return false;
    case Step::Kind::hang:
      flush(out);
      finish(out);
      running_ = Running::hang;
      inputs_.clear();
      arm({}, out);
      return false;
    case Step::Kind::close:
    case Step::Kind::reset:
      flush(out);
      finish(out);
      end(step.kind == Step::Kind::close ? ServerAction::Kind::close : ServerAction::Kind::reset, out);
      return false;
  }
  return true;
}

void ServerSession::timed_out(Actions& out) {
  if (over_) return;
  if (running_ == Running::wait || running_ == Running::stall) {
    if (running_ == Running::stall) out.add(ServerAction::Kind::resume);
    run_steps(out);
    return work(out);
  }
  unsent_ = kIdleReply;
  flush(out);
  end(ServerAction::Kind::close, out);
}

void ServerSession::flush(Actions& out) {
  if (unsent_.empty()) return;
  ServerAction& write = out.add(ServerAction::Kind::write);
  write.reply = nullptr;
  std::swap(write.text, unsent_);
  unsent_.clear();
}

void ServerSession::end(ServerAction::Kind how, Actions& out) {
  over_ = true;
  inputs_.clear();
  out.add(how);
}

void ServerSession::finish(Actions& out) {
  Stage at = stage();
  mail::AddressId address = inputs_.front().command.address;
  // A dot alone ends an empty message, which is nobody's mail (RFC 2920 3.1).
  bool empty = inputs_.front().kind == Input::Kind::command;
  inputs_.pop();
  busy_ = false;
  switch (at) {
    case Stage::ehlo:
    case Stage::helo:
      greeted_ = greeted_ || is(last_code_, 2);
      break;
    case Stage::mail:
      if (!is(last_code_, 2)) break;
      end_transaction();
      transaction_ = true;
      sender_ = address;
      break;
    case Stage::rcpt:
      if (is(last_code_, 2) && transaction_) recipients_.push_back(address);
      break;
    case Stage::data:
      expecting_body_ = is(last_code_, 3);
      break;
    case Stage::dot:
      empty ? end_transaction() : finish_dot(out);
      break;
    case Stage::rset:
      end_transaction();
      break;
    default:
      break;
  }
}

void ServerSession::finish_dot(Actions& out) {
  bool accepted = store_.value_or(is(last_code_, 2));
  // The same mailbox named twice gets one copy. (observed)
  std::ranges::sort(recipients_);
  recipients_.erase(std::unique(recipients_.begin(), recipients_.end()), recipients_.end());
  bool discarded = is(last_code_, 2) && !accepted;
  if ((accepted || discarded) && !recipients_.empty()) {
    ServerAction& action = out.add(ServerAction::Kind::accepted);
    action.sender = sender_;
    std::swap(action.recipients, recipients_);
    action.stored = accepted;
    action.blame = blame_;
  }
  end_transaction();
}

void ServerSession::end_transaction() {
  transaction_ = expecting_body_ = false;
  recipients_.clear();
}

Refusal ServerSession::refusal() {
  Stage at = stage();
  const Command& command = inputs_.front().command;
  auto count = static_cast<std::uint32_t>(recipients_.size());
  bool mail = at == Stage::mail;
  auto ruling = behaviour_->accept_command.rule({at, greeted_, transaction_, count, *behaviour_->back_pressure,
                                                 mail && mailboxes_->internal(), mail && mailboxes_->busy()});
  blame_ = join(blame_, ruling.blame);
  if (ruling.outcome.code != 0) return ruling.outcome;
  std::uint64_t limit = *behaviour_->message_limit;
  std::uint64_t size = at == Stage::mail ? command.size : at == Stage::dot ? inputs_.front().octets : 0;
  if (limit != 0 && size > limit) return {552, mail::kTooLarge};
  if (at != Stage::rcpt) return {};
  Mailboxes::Found found = mailboxes_->find(command.address);
  auto recipient = behaviour_->accept_recipient.rule({count, static_cast<std::uint32_t>(*behaviour_->recipient_limit),
                                                      static_cast<std::uint16_t>(*behaviour_->recipient_limit_code),
                                                      found.local_domain, found.known});
  blame_ = join(blame_, recipient.blame);
  return recipient.outcome;
}

// Null when nothing is to be said.
const Reply* ServerSession::normal_reply() {
  Stage at = stage();
  if (at == Stage::body) return nullptr;
  if (inputs_.front().kind == Input::Kind::bad_syntax) return &NormalReplies::bad_syntax();
  Refusal no = refusal();
  return no.code != 0 ? &replies_->refusing(no) : &replies_->accepting(at);
}

}  // namespace deadletter::smtp
