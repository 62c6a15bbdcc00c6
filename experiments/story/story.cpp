#include "experiments/story/story.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>

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
  return line.kind == "ruling" || line.kind == "defer" || line.kind == "return" || line.kind == "log";
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

}  // namespace

struct Storyteller::Impl {
  explicit Impl(std::string name) : message(std::move(name)) {}

  void line(const TraceLine& line);
  void attempt(const TraceLine& line, const std::string& session);
  void flush();
  void keep(Round round);

  std::string message;
  std::uint64_t number = 0;
  std::map<std::string, Session> sessions;
  std::map<std::string, std::uint64_t> attempts;  // by node
  std::vector<Numbered> pending;                  // about the message, not yet in a round
  std::vector<Round> rounds;
  bool ended = false;     // the last round's attempt; what it led to may still come
  std::string last_form;  // of the last round, once nothing more can come
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
    if (!session.empty()) sessions[session].lines.clear();
    return;
  }
  if (ended && ours && follows_an_attempt(line) && line.node == rounds.back().lines.back().node &&
      line.at_ns == rounds.back().lines.back().at_ns) {
    rounds.back().lines.push_back(line);
    return;
  }
  if (line.kind == "closed") {
    sessions.erase(session);
    return;
  }
  if (!session.empty()) {
    Session& open = sessions[session];
    if (line.kind == "connect") open = {peer_of(line), {}};
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
  if (!session.empty()) {
    Session& open = sessions[session];
    round.session = session;
    round.peer = open.peer;
    lines = std::move(open.lines);
    open.lines.clear();
  }
  std::uint64_t from = lines.empty() ? 0 : lines.front().number;
  std::vector<Numbered> before, after;
  for (Numbered& p : pending) {
    bool own = p.line.node == line.node || p.line.kind == "deliver" || p.line.kind == "hand-over";
    (p.number < from ? before : own ? lines : after).push_back(std::move(p));
  }
  // Without a session what came before it is what it was: the scan, the conversion.
  pending = std::move(before);
  flush();
  std::ranges::stable_sort(lines, {}, &Numbered::number);
  for (Numbered& l : lines) round.lines.push_back(std::move(l.line));
  round.lines.push_back(line);
  round.first = round.last = ++attempts[line.node];
  keep(std::move(round));
  pending = std::move(after);
  ended = true;
}

void Storyteller::Impl::flush() {
  if (pending.empty()) return;
  Round round;
  for (Numbered& p : pending) round.lines.push_back(std::move(p.line));
  pending.clear();
  keep(std::move(round));
}

void Storyteller::Impl::keep(Round round) {
  round.began_ns = round.last_began_ns = round.lines.front().at_ns;
  // What went before can only now be laid beside its like: what it led to came after it.
  if (rounds.size() >= 2 && rounds.back().first > 0) {
    Round& last = rounds.back();
    Round& previous = rounds[rounds.size() - 2];
    if (previous.first > 0 && previous.last + 1 == last.first && normal_form(previous) == normal_form(last)) {
      previous.last = last.last;
      previous.last_began_ns = last.began_ns;
      rounds.pop_back();
    }
  }
  rounds.push_back(std::move(round));
  ended = false;
}

std::vector<Round> Storyteller::tell() const {
  Impl copy = *impl_;
  copy.flush();
  // The last one, too, has everything now.
  copy.keep({.lines = {TraceLine{}}});
  copy.rounds.pop_back();
  return copy.rounds;
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
