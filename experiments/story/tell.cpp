// Stories as people and programs read them.
#include <fmt/format.h>

#include <map>

#include "experiments/story/normal_form.h"
#include "sim/time.h"

namespace deadletter::experiments {
namespace {

// Rounds of a side that are aligned; more are told one side after the other.
constexpr std::size_t kLongestCommon = 3000;

// "s1 > DATA" within the round of s1 is "> DATA".
std::string words_in(const Round& round, const TraceLine& line) {
  bool own = !round.session.empty() && line.words.starts_with(round.session + " ");
  return own ? line.words.substr(round.session.size() + 1) : line.words;
}

bool spoken(const TraceLine& line) { return line.kind == "command" || line.kind == "reply" || line.kind == "body"; }

std::string attempts(const Round& round) {
  return round.times() == 1 ? fmt::format("attempt {}", round.first)
                            : fmt::format("attempts {} to {}", round.first, round.last);
}

std::string head(const Round& round) {
  std::string text = attempts(round);
  if (!round.peer.empty()) text += fmt::format(" to {} ({})", round.peer, round.session);
  if (round.times() > 1)
    text += fmt::format(", same answer; the last began at {}", sim::elapsed({round.last_began_ns}));
  return text;
}

}  // namespace

std::vector<std::string> story_text(const std::vector<Round>& rounds, Columns columns) {
  auto place = [&](const std::string& time, const std::string& node) {
    return fmt::format("{:<{}} {:<{}} ", time.substr(0, columns.time), columns.time, node, columns.node);
  };
  std::vector<std::string> text;
  std::map<std::string, std::string> told;  // by normal form: which attempts
  for (const Round& round : rounds) {
    std::string indent;
    if (round.first > 0) {
      auto [like, fresh] = told.try_emplace(normal_form(round), attempts(round));
      text.push_back(place(sim::elapsed({round.began_ns}), round.lines.back().node) + head(round) +
                     (fresh ? "" : ": as " + like->second));
      if (!fresh) continue;
      indent = "  ";
    }
    std::int64_t shown = round.first > 0 ? round.began_ns : -1;
    for (const TraceLine& line : round.lines) {
      std::string time = line.at_ns == shown ? "" : sim::elapsed({line.at_ns});
      shown = line.at_ns;
      text.push_back(place(time, line.node) + indent + (spoken(line) ? "" : fmt::format("{:<12} ", line.kind)) +
                     words_in(round, line));
      while (text.back().ends_with(' ')) text.back().pop_back();
    }
  }
  return text;
}

json::Value rounds_json(const std::vector<Round>& rounds) {
  json::Value list = json::Value::array();
  for (const Round& round : rounds) {
    json::Value lines = json::Value::array();
    for (const TraceLine& line : round.lines)
      lines.push_back(json::Value::object()
                          .set("at_ns", line.at_ns)
                          .set("node", line.node)
                          .set("kind", line.kind)
                          .set("words", line.words));
    list.push_back(json::Value::object()
                       .set("first", round.first)
                       .set("last", round.last)
                       .set("session", round.session)
                       .set("peer", round.peer)
                       .set("began_ns", round.began_ns)
                       .set("last_began_ns", round.last_began_ns)
                       .set("lines", lines));
  }
  return list;
}

std::vector<Aligned> align(const std::vector<Round>& one, const std::vector<Round>& other) {
  std::vector<Aligned> aligned;
  std::vector<std::string> a, b;
  for (const Round& round : one) a.push_back(normal_form(round));
  for (const Round& round : other) b.push_back(normal_form(round));
  std::size_t n = a.size() > kLongestCommon ? 0 : a.size(), m = b.size() > kLongestCommon ? 0 : b.size();
  // common[i][j]: of what follows i and j.
  std::vector<std::vector<std::uint32_t>> common(n + 1, std::vector<std::uint32_t>(m + 1));
  for (std::size_t i = n; i-- > 0;)
    for (std::size_t j = m; j-- > 0;)
      common[i][j] = a[i] == b[j] ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
  std::size_t i = 0, j = 0;
  while (i < n && j < m) {
    if (a[i] == b[j])
      aligned.push_back({i++, j++});
    else if (common[i + 1][j] >= common[i][j + 1])
      aligned.push_back({i++, std::nullopt});
    else
      aligned.push_back({std::nullopt, j++});
  }
  while (i < a.size()) aligned.push_back({i++, std::nullopt});
  while (j < b.size()) aligned.push_back({std::nullopt, j++});
  return aligned;
}

}  // namespace deadletter::experiments
