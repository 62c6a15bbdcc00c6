#include "experiments/cli/explain_message.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "experiments/cli/commands.h"
#include "sim/json/parse.h"
#include "sim/time.h"

namespace deadletter::cli {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kShownRepeats = 2;  // lines of one kind before they are counted instead

const json::Value& at(const json::Value& value, std::string_view key) {
  static const json::Value none;
  const json::Value* found = value.find(key);
  return found == nullptr ? none : *found;
}

double seconds(const json::Value& step) {
  const json::Value& at_s = at(step, "at_s");
  return at_s.is(json::Kind::integer) ? static_cast<double>(at_s.as_integer()) : at_s.as_real();
}

std::string word(const json::Value& value, std::string_view key) {
  const json::Value& found = at(value, key);
  if (found.is(json::Kind::string)) return found.as_string();
  return found.is(json::Kind::null) ? "" : found.dump(0);
}

std::vector<std::string> words(const json::Value& list) {
  std::vector<std::string> all;
  if (list.is(json::Kind::array))
    for (const json::Value& item : list.items()) all.push_back(item.as_string());
  return all;
}

// Lists of address types that were made under one of the articles: a client has acted on one of them since.
std::vector<std::string> lists_under(const std::string& folder, const std::set<std::string>& articles) {
  std::vector<std::string> lines;
  std::ifstream transcript(fs::path(folder) / "transcript.txt", std::ios::binary);
  for (std::string line; std::getline(transcript, line);) {
    bool made = line.find(" types ") != std::string::npos && line.find(" is left out [") != std::string::npos;
    auto named = [&](const std::string& a) { return line.find("[" + a) != std::string::npos; };
    if (made && std::ranges::any_of(articles, named)) lines.push_back(line);
  }
  return lines;
}

// Without its date: what repeats.
std::string kind_of(const std::string& line) {
  std::string kind = line.substr(std::min<std::size_t>(23, line.size()));
  if (std::size_t until = kind.find(" until "); until != std::string::npos) kind.resize(until);
  return kind;
}

void print_way(const std::vector<std::string>& lines) {
  std::map<std::string, std::size_t> seen;
  std::size_t left_out = 0;
  auto tell = [&] {
    if (left_out > 0) fmt::print("  … {} more like these\n", left_out);
    left_out = 0;
  };
  for (const std::string& line : lines) {
    if (++seen[kind_of(line)] > kShownRepeats) {
      ++left_out;
      continue;
    }
    tell();
    fmt::print("  {}\n", line);
  }
  tell();
}

// What the sender reads in the report that came.
void print_report(const json::Value& recipient) {
  std::string report = word(recipient, "sender_sees");
  if (report.empty()) return;
  fmt::print("\nsender sees, about {}:\n", word(recipient, "address"));
  for (std::size_t begin = 0; begin < report.size();) {
    std::size_t end = std::min(report.find('\n', begin), report.size());
    fmt::print("  {}\n", report.substr(begin, end - begin));
    begin = end + 1;
  }
}

struct Step {
  std::string message;
  const json::Value* value;
};

void print_step(const Step& s) {
  const json::Value& v = *s.value;
  std::int64_t ns = static_cast<std::int64_t>(seconds(v) * 1e9);
  std::string row = word(v, "row"), other = word(v, "other"), value = word(v, "value"), why = word(v, "why");
  fmt::print("  {:<12} {:<18} {:<10} {}{}{}\n", sim::elapsed({ns}), word(v, "where"), s.message, word(v, "property"),
             other.empty() ? "" : " (" + other + ")", row.empty() ? "" : " of " + row);
  fmt::print("  {:<43}{}{}{}", "", word(v, "fate"), value.empty() ? "" : " " + value, why.empty() ? "" : ": " + why);
  auto articles = words(at(v, "ruled_by"));
  fmt::print("{}\n", articles.empty() ? "" : fmt::format("  [{}]", fmt::join(articles, ", ")));
}

bool matters(const json::Value& step) { return word(step, "fate") != "kept" || !words(at(step, "ruled_by")).empty(); }

bool shares(const json::Value& step, const std::set<std::string>& articles) {
  auto own = words(at(step, "ruled_by"));
  return std::any_of(own.begin(), own.end(), [&](const std::string& a) { return articles.contains(a); });
}

struct Story {
  const json::Value* mail = nullptr;
  std::vector<Step> own, rests_on;
  std::set<std::string> articles;
};

// Earlier steps of other messages under an article that had a hand in this one.
Story story_of(const json::Value& mails, const std::string& message, bool all) {
  Story story;
  std::set<std::string>& articles = story.articles;
  double last = 0;
  for (const json::Value& m : mails.items()) {
    if (word(m, "id") != message) continue;
    story.mail = &m;
    for (const json::Value& r : at(m, "recipients").items())
      for (const std::string& a : words(at(r, "ruled_by"))) articles.insert(a);
    if (at(m, "lineage").is(json::Kind::array))
      for (const json::Value& step : at(m, "lineage").items()) {
        last = std::max(last, seconds(step));
        if (all || matters(step)) story.own.push_back({message, &step});
      }
  }
  for (const json::Value& m : mails.items()) {
    if (word(m, "id") == message || !at(m, "lineage").is(json::Kind::array)) continue;
    for (const json::Value& step : at(m, "lineage").items())
      if (seconds(step) <= last && shares(step, articles)) story.rests_on.push_back({word(m, "id"), &step});
  }
  std::ranges::stable_sort(story.rests_on, {}, [](const Step& s) { return seconds(*s.value); });
  return story;
}

void print_text(const Story& story, const MessageQuestion& question) {
  fmt::print("{} in {}\n", question.message, question.folder);
  for (const json::Value& r : at(*story.mail, "recipients").items()) {
    auto articles = words(at(r, "ruled_by"));
    std::string status = word(r, "status"), shown = word(r, "shown");
    std::string attempts = word(r, "attempts");
    fmt::print("  to {}: {}{}, {} {}{}\n", word(r, "address"), word(r, "fate"), status.empty() ? "" : " " + status,
               attempts, attempts == "1" ? "attempt" : "attempts",
               articles.empty() ? "" : fmt::format(", ruled by {}", fmt::join(articles, ", ")));
    if (!shown.empty()) fmt::print("    shown above it: {}\n", shown);
  }
  for (const json::Value& r : at(*story.mail, "recipients").items()) print_report(r);
  fmt::print("\nway\n");
  auto rounds = rounds_of(question.folder, question.message);
  if (rounds.empty())
    fmt::print("  not recorded; `deadletter replay {} --message {}` brings it\n", question.folder, question.message);
  for (const std::string& line : experiments::story_text(rounds)) fmt::print("  {}\n", line);
  auto lists = lists_under(question.folder, story.articles);
  if (!story.rests_on.empty() || !lists.empty()) fmt::print("\nwhat it rests on\n");
  print_way(lists);
  for (const Step& s : story.rests_on) print_step(s);
  fmt::print("\nits properties\n");
  if (story.own.empty()) fmt::print("  {}\n", "nobody has looked inside, or all were kept");
  for (const Step& s : story.own) print_step(s);
}

void print_json(const Story& story, const MessageQuestion& question) {
  auto steps = [](const std::vector<Step>& all) {
    json::Value list = json::Value::array();
    for (const Step& s : all) {
      json::Value step = *s.value;
      list.push_back(step.set("message", s.message));
    }
    return list;
  };
  auto lines = [](const std::vector<std::string>& all) {
    json::Value list = json::Value::array();
    for (const std::string& line : all) list.push_back(line);
    return list;
  };
  fmt::print("{}\n", json::Value::object()
                         .set("run", question.folder)
                         .set("message", question.message)
                         .set("recipients", at(*story.mail, "recipients"))
                         .set("rounds", experiments::rounds_json(rounds_of(question.folder, question.message)))
                         .set("lists", lines(lists_under(question.folder, story.articles)))
                         .set("rests_on", steps(story.rests_on))
                         .set("lineage", steps(story.own))
                         .dump(2));
}

}  // namespace

std::vector<experiments::Round> rounds_of(const std::string& folder, const std::string& message) {
  experiments::Storyteller teller(message);
  std::ifstream transcript(fs::path(folder) / "transcript.txt", std::ios::binary);
  for (std::string line; std::getline(transcript, line);)
    if (auto parsed = experiments::parse_trace_line(line)) teller.line(*parsed);
  return teller.tell();
}

bool is_run_folder(const std::string& path) { return fs::is_regular_file(fs::path(path) / "run.json"); }

std::optional<json::Value> mails_with(const MessageQuestion& question, json::Problems& problems) {
  auto source = experiments::read_source((fs::path(question.folder) / "run.json").string(), "the run", problems);
  auto run = source == nullptr ? std::nullopt : json::parse(source, problems);
  if (!run) return std::nullopt;
  const json::Value* mails = run->find_pointer("/result/mail");
  std::vector<std::string> names;
  if (mails != nullptr && mails->is(json::Kind::array))
    for (const json::Value& m : mails->items()) names.push_back(word(m, "id"));
  if (std::ranges::find(names, question.message) != names.end()) return *mails;
  json::Problem problem;
  problem.file = question.folder;
  problem.message = fmt::format("the run has no mail of the name \"{}\"", question.message);
  if (names.empty())
    problem.message += fmt::format(": its mail has no names; `deadletter replay {} --message '#7'` tells one by number",
                                   question.folder);
  problem.word = question.message;
  problem.choices = names;
  problems.add(problem);
  return std::nullopt;
}

int explain_message(const MessageQuestion& question) {
  json::Problems problems;
  auto mails = mails_with(question, problems);
  if (!mails) return report_problems(problems, question.format);
  Story story = story_of(*mails, question.message, question.all);
  question.format == Format::json ? print_json(story, question) : print_text(story, question);
  return kHeld;
}

}  // namespace deadletter::cli
