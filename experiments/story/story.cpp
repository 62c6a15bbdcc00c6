#include "experiments/story/story.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <utility>

#include "experiments/story/normal_form.h"
#include "sim/time.h"

namespace deadletter::experiments {
namespace {

bool part_of_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' || c == '-' || c == '@' || c == '#';
}

// "s12" at the beginning of a line that belongs to a session; else empty.
std::string session_of(const TraceLine& line) {
  std::string word = line.words.substr(0, line.words.find(' '));
  bool number = word.size() > 1 && word[0] == 's' &&
                std::all_of(word.begin() + 1, word.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
  return number ? word : "";
}

// "s1 to mx.fabrikam.com for m1", "s1 MTA to ex1.plant.contoso.com for signed"
std::string peer_of(const TraceLine& connect) {
  std::size_t at = connect.words.find(" to ");
  if (at == std::string::npos) return "";
  std::size_t end = connect.words.find(" for ", at);
  return connect.words.substr(at + 4, end == std::string::npos ? end : end - at - 4);
}

bool follows_an_attempt(const TraceLine& line) {
  return line.kind == "ruling" || line.kind == "defer" || line.kind == "return" || line.kind == "log" ||
         line.kind == "hand-over";
}

// What an attempt that goes over no session begins with. A notice or a report in between is not a part of it.
bool leads_to_an_attempt(const TraceLine& line) {
  return line.kind == "scan" || line.kind == "convert" || line.kind == "connect" || line.kind == "log" ||
         line.kind == "deliver" || line.kind == "hand-over";
}

// The inverse of sim::elapsed: "2d 03:04:05.678".
std::optional<std::int64_t> read_elapsed(std::string_view text) {
  std::size_t at = 0;
  auto number = [&](char end) -> std::optional<std::int64_t> {
    std::int64_t value = 0;
    std::size_t begin = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9' && at - begin < 9)
      value = value * 10 + text[at++] - '0';
    if (at == begin || (end != 0 && (at == text.size() || text[at++] != end))) return std::nullopt;
    return value;
  };
  std::int64_t days = 0;
  if (std::size_t d = text.find("d "); d != text.npos) {
    auto read = number('d');
    if (!read) return std::nullopt;
    days = *read;
    ++at;
  }
  auto hours = number(':'), minutes = hours ? number(':') : hours, seconds = minutes ? number(0) : minutes;
  if (!seconds) return std::nullopt;
  std::int64_t ns = 0;
  if (at < text.size() && text[at] == '.') {
    std::int64_t unit = 100'000'000;
    for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, unit /= 10) ns += (text[at] - '0') * unit;
  }
  if (at != text.size()) return std::nullopt;
  return (((days * 24 + *hours) * 60 + *minutes) * 60 + *seconds) * 1'000'000'000 + ns;
}

struct Numbered {
  std::uint64_t number;
  TraceLine line;
};

// A session since it was opened, or since the last attempt in it.
struct Session {
  std::string peer;
  std::vector<Numbered> lines;
};

struct Kept {
  std::uint64_t number;  // of its first line
  Round round;
};

// Takes the last one into the one before it when they are attempts in a row that went alike.
bool fold_last(std::vector<Kept>& rounds) {
  if (rounds.size() < 2) return false;
  const Round& last = rounds.back().round;
  Round& previous = rounds[rounds.size() - 2].round;
  if (previous.first == 0 || previous.last + 1 != last.first || normal_form(previous) != normal_form(last))
    return false;
  previous.last = last.last;
  previous.last_began_ns = last.last_began_ns;
  rounds.pop_back();
  return true;
}

}  // namespace

struct Storyteller::Impl {
  explicit Impl(std::string name) : message(std::move(name)) {}

  void line(const TraceLine& line);
  void attempt(const TraceLine& line, const std::string& session);
  // What no attempt will claim, from the first line about the message on: the session is over, or has turned to
  // another.
  void give_up(const std::string& name, Session& session);
  void flush();
  void keep(std::vector<Numbered> lines, Round round);

  std::string message;
  std::uint64_t number = 0;
  std::map<std::string, Session> sessions;
  std::map<std::string, std::uint64_t> attempts;  // by node
  std::vector<Numbered> pending;                  // about the message, not yet in a round
  std::vector<Kept> rounds;                       // in the order in which they ended
  bool ended = false;                             // the last round's attempt; what it led to may still come
};

Storyteller::Storyteller(std::string message) : impl_(std::make_shared<Impl>(std::move(message))) {}
void Storyteller::line(const TraceLine& line) { impl_->line(line); }

bool Storyteller::about(std::string_view words, std::string_view message) {
  if (message.empty()) return false;
  for (std::size_t at = words.find(message); at != words.npos; at = words.find(message, at + 1)) {
    std::size_t end = at + message.size();
    bool begins = at == 0 || !part_of_name(words[at - 1]);
    // A full stop behind a name ends a sentence, unless more of a name follows it.
    bool ends = end == words.size() || !part_of_name(words[end]) ||
                (words[end] == '.' && (end + 1 == words.size() || !part_of_name(words[end + 1])));
    if (begins && ends) return true;
  }
  return false;
}

void Storyteller::Impl::line(const TraceLine& line) {
  ++number;
  bool ours = about(line.words, message);
  std::string session = session_of(line);
  if (line.kind == "attempt") {
    if (ours) return attempt(line, session);
    if (!session.empty()) give_up(session, sessions[session]);
    return;
  }
  if (ended && ours && follows_an_attempt(line)) {
    std::vector<TraceLine>& last = rounds.back().round.lines;
    if (line.node == last.back().node && line.at_ns == last.back().at_ns) return last.push_back(line);
  }
  if (line.kind == "closed") {
    if (auto open = sessions.find(session); open != sessions.end()) {
      give_up(session, open->second);
      sessions.erase(open);
    }
    return;
  }
  if (!session.empty()) {
    Session& open = sessions[session];
    if (line.kind == "connect") {
      give_up(session, open);
      open.peer = peer_of(line);
    }
    open.lines.push_back({number, line});
    return;
  }
  if (!ours) return;
  if (!pending.empty() && pending.back().line.node != line.node && pending.back().line.kind != "deliver") flush();
  pending.push_back({number, line});
}

// The dialogue of its session, and what its own node and the mailbox behind it said meanwhile.
void Storyteller::Impl::attempt(const TraceLine& line, const std::string& session) {
  std::vector<Numbered> lines;
  Round round;
  std::string server;  // where the content came to; a foreign one goes by its host's name
  if (!session.empty()) {
    Session& open = sessions[session];
    round.session = session;
    round.peer = server = open.peer;
    lines = std::exchange(open.lines, {});
    for (const Numbered& l : lines)
      if (l.line.kind == "body-arrived") server = l.line.node;
  }
  std::uint64_t from = lines.empty() ? number : lines.front().number;
  if (session.empty())
    for (std::size_t i = pending.size(); i-- > 0 && leads_to_an_attempt(pending[i].line);) from = pending[i].number;
  std::vector<Numbered> before, after;
  for (Numbered& p : pending) {
    bool own = leads_to_an_attempt(p.line) &&
               (session.empty() || p.line.node == line.node || (p.line.kind == "deliver" && p.line.node == server));
    (p.number < from ? before : own ? lines : after).push_back(std::move(p));
  }
  pending = std::move(before);
  flush();
  lines.push_back({number, line});
  round.first = round.last = ++attempts[line.node];
  keep(std::move(lines), std::move(round));
  pending = std::move(after);
  ended = true;
}

void Storyteller::Impl::give_up(const std::string& name, Session& session) {
  std::vector<Numbered> lines = std::exchange(session.lines, {});
  auto first = std::ranges::find_if(lines, [&](const Numbered& l) { return about(l.line.words, message); });
  lines.erase(lines.begin(), first);
  if (lines.empty()) return;
  Round round;
  round.session = name;
  round.peer = session.peer;
  keep(std::move(lines), std::move(round));
}

void Storyteller::Impl::flush() {
  if (!pending.empty()) keep(std::exchange(pending, {}), {});
}

void Storyteller::Impl::keep(std::vector<Numbered> lines, Round round) {
  std::ranges::sort(lines, {}, &Numbered::number);
  std::uint64_t first = lines.front().number;
  for (Numbered& l : lines) round.lines.push_back(std::move(l.line));
  round.began_ns = round.last_began_ns = round.lines.front().at_ns;
  // What went before can only now be laid beside its like: what it led to came after it.
  fold_last(rounds);
  rounds.push_back({first, std::move(round)});
  ended = false;
}

// Rounds end in another order than they begin: a server goes on with a message before the answer is with the client.
std::vector<Round> Storyteller::tell() const {
  Impl copy = *impl_;
  for (auto& [name, session] : copy.sessions) copy.give_up(name, session);
  copy.flush();
  std::ranges::sort(copy.rounds, {}, &Kept::number);
  std::vector<Kept> folded;
  for (Kept& kept : copy.rounds) {
    folded.push_back(std::move(kept));
    fold_last(folded);
  }
  std::vector<Round> told;
  for (Kept& kept : folded) told.push_back(std::move(kept.round));
  return told;
}

std::optional<TraceLine> parse_trace_line(std::string_view line) {
  auto word = [&line] {
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    std::string found(line.substr(0, line.find(' ')));
    line.remove_prefix(found.size());
    return found;
  };
  TraceLine parsed;
  std::string time = word();
  if (time.ends_with('d')) time += " " + word();
  auto ns = read_elapsed(time);
  if (!ns) return std::nullopt;
  parsed.at_ns = *ns;
  parsed.node = word();
  if (parsed.node == "-") parsed.node.clear();
  parsed.kind = word();
  if (parsed.kind.empty()) return std::nullopt;
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  parsed.words = line;
  return parsed;
}

}  // namespace deadletter::experiments
