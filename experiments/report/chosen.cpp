#include "experiments/report/chosen.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "sim/json/fields.h"

namespace deadletter::experiments::report {
namespace {

using json::Value;

double in_seconds(std::int64_t ns) { return static_cast<double>(ns) / 1e9; }

enum class Kind : std::uint8_t { named, failed, lost, doubled, delayed, other };

struct Candidate {
  Kind kind;
  std::int64_t faster = 0;  // of others: minus the time that they took
  std::int64_t id = 0;
  friend auto operator<=>(const Candidate&, const Candidate&) = default;
};

// One pass over all recipients; no more than kMostMessages are held at a time.
std::set<Candidate> choose(const Tables& tables) {
  std::set<Candidate> chosen;
  const char* query =
      "SELECT m.id, m.name IS NOT NULL, max(r.fate = 'returned'), max(r.fate IN ('lost', 'discarded', 'waiting')), "
      "max(r.copies > 1), max(r.delay > 0), max(r.delivered_ns) - m.submitted_ns "
      "FROM messages m LEFT JOIN recipients r ON r.message = m.id GROUP BY m.id";
  for (Tables::Rows rows = tables.ask(query); rows.next();) {
    Candidate one{.kind = Kind::named, .faster = 0, .id = rows.number(0)};
    int column = 1;
    while (one.kind != Kind::other && rows.number(column) == 0)
      one.kind = static_cast<Kind>(static_cast<int>(one.kind) + 1), ++column;
    if (one.kind == Kind::other) one.faster = -rows.number(6);
    chosen.insert(one);
    if (chosen.size() > kMostMessages) chosen.erase(std::prev(chosen.end()));
  }
  return chosen;
}

using Seen = std::map<std::pair<std::string, std::string>, std::string>;  // by message and address

Seen seen_by_senders(const Value& result) {
  Seen seen;
  for (const Value& mail : items_at(result, "/mail"))
    for (const Value& recipient : items_at(mail, "/recipients"))
      if (std::string words = text_at(recipient, "/sender_sees"); !words.empty())
        seen[{text_at(mail, "/id"), text_at(recipient, "/address")}] = words;
  return seen;
}

Value words_of(std::string_view text) {
  Value words = Value::array();
  while (!text.empty()) {
    std::size_t end = std::min(text.find(' '), text.size());
    if (end > 0) words.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

Value read_recipient(const Tables::Rows& row, const std::string& message, const Seen& seen) {
  std::string address(row.text(0));
  auto sees = seen.find({message, address});
  return Value::object()
      .set("address", address)
      .set("fate", row.text(1))
      .set("status", row.text(2))
      .set("copies", row.number(3))
      .set("attempts", row.number(4))
      .set("ndr", row.number(5))
      .set("delay", row.number(6))
      .set("delivered_s", row.null(7) ? Value() : Value(in_seconds(row.number(7))))
      .set("ruled_by", words_of(row.text(8)))
      .set("sender_sees", sees == seen.end() ? "" : sees->second);
}

constexpr std::array<bool, 256> kPartOfName = [] {
  std::array<bool, 256> part{};
  for (char c = 'a'; c <= 'z'; ++c) part[static_cast<unsigned char>(c)] = true;
  for (char c = 'A'; c <= 'Z'; ++c) part[static_cast<unsigned char>(c)] = true;
  for (char c : std::string_view("0123456789_.-@#")) part[static_cast<unsigned char>(c)] = true;
  return part;
}();

// Who gets a line of the events: those whose name stands in it, and those who were sent in its session.
class Listeners {
 public:
  explicit Listeners(std::vector<MessageData>& messages, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      tellers_.emplace_back(messages[i].id);
      ids_.push_back(messages[i].id);
      bool plain = std::ranges::all_of(messages[i].id, part_of_name) && !messages[i].id.ends_with('.');
      (plain ? by_name_[messages[i].id] : unusual_).push_back(i);
      if (plain) begins_a_name_[static_cast<unsigned char>(messages[i].id[0])] = true;
    }
  }
  void in_session(std::size_t teller, std::int64_t session) {
    auto& own = by_session_["s" + std::to_string(session)];
    if (own.empty() || own.back() != teller) own.push_back(teller);
  }
  void line(const Tables::Rows& row) {
    std::string_view words = row.text(3);
    hearing_.clear();
    if (auto session = by_session_.find(words.substr(0, words.find(' '))); session != by_session_.end())
      hearing_ = session->second;
    for (std::size_t at = 0; at < words.size();) {
      std::size_t end = at;
      while (end < words.size() && part_of_name(words[end])) ++end;
      if (end > at && begins_a_name_[static_cast<unsigned char>(words[at])]) named(words.substr(at, end - at));
      at = end + 1;
    }
    for (std::size_t i : unusual_)
      if (Storyteller::about(words, ids_[i])) hearing_.push_back(i);
    if (hearing_.empty()) return;
    std::ranges::sort(hearing_);
    TraceLine line{row.number(0), std::string(row.text(1)), std::string(row.text(2)), std::string(words)};
    for (auto i = hearing_.begin(); i != hearing_.end(); ++i)
      if (i == hearing_.begin() || *i != *std::prev(i)) tellers_[*i].line(line);
  }
  std::vector<Round> tell(std::size_t teller) const { return tellers_[teller].tell(); }

 private:
  void named(std::string_view word) {
    while (word.ends_with('.')) word.remove_suffix(1);
    if (auto found = by_name_.find(word); found != by_name_.end())
      hearing_.insert(hearing_.end(), found->second.begin(), found->second.end());
  }
  // As Storyteller::about takes it.
  static bool part_of_name(char c) { return kPartOfName[static_cast<unsigned char>(c)]; }
  using Table = std::map<std::string, std::vector<std::size_t>, std::less<>>;

  std::vector<Storyteller> tellers_;
  std::vector<std::string> ids_;
  Table by_name_, by_session_;
  std::array<bool, 256> begins_a_name_{};
  std::vector<std::size_t> unusual_, hearing_;
};

}  // namespace

std::vector<MessageData> read_messages(const Tables& tables, const Value& result) {
  std::vector<MessageData> messages;
  Seen seen = seen_by_senders(result);
  Tables::Rows message =
      tables.ask("SELECT name, sender, subject, size, node, submitted_ns, recipients FROM messages WHERE id = ?");
  Tables::Rows recipient = tables.ask(
      "SELECT address, fate, status, copies, attempts, ndr, delay, delivered_ns, ruled_by FROM recipients "
      "WHERE message = ?1 ORDER BY (SELECT count(*) > 100 FROM recipients WHERE message = ?1) "
      "AND fate IN ('delivered', 'expanded'), id LIMIT 100");
  static_assert(kMostRecipients == 100);
  for (const Candidate& one : choose(tables)) {
    if (!message.bind(1, one.id).next()) continue;
    MessageData data{.row = one.id, .id = std::string(message.text(0))};
    if (data.id.empty()) data.id = "#" + std::to_string(one.id);
    data.about.set("sender", message.text(1)).set("subject", message.text(2)).set("size", message.number(3));
    data.about.set("node", message.text(4)).set("submitted_s", in_seconds(message.number(5)));
    if (message.number(6) > static_cast<std::int64_t>(kMostRecipients))
      data.about.set("recipients_total", message.number(6));
    for (recipient.bind(1, one.id); recipient.next();)
      data.recipients.push_back(read_recipient(recipient, data.id, seen));
    messages.push_back(std::move(data));
  }
  return messages;
}

void tell_stories(const Tables& tables, std::vector<MessageData>& messages) {
  if (!tables.has("events")) return;
  std::size_t told = std::min(messages.size(), kMostStories);
  Listeners listeners(messages, told);
  if (tables.has("attempts")) {
    Tables::Rows sessions = tables.ask("SELECT DISTINCT session FROM attempts WHERE message = ? ORDER BY session");
    for (std::size_t i = 0; i < told; ++i)
      for (sessions.bind(1, messages[i].row); sessions.next();)
        if (sessions.number(0) > 0) listeners.in_session(i, sessions.number(0));
  }
  for (Tables::Rows rows = tables.ask("SELECT time_ns, node, kind, text FROM events ORDER BY id"); rows.next();)
    listeners.line(rows);
  for (std::size_t i = 0; i < messages.size(); ++i) {
    if (i < told) messages[i].story = listeners.tell(i);
    messages[i].story_cut = i >= told;
  }
}

}  // namespace deadletter::experiments::report
