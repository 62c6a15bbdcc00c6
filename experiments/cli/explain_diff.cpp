#include "experiments/cli/explain_diff.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "experiments/cli/commands.h"
#include "experiments/story/normal_form.h"
#include "sim/json/parse.h"
#include "sim/json/utf8.h"

namespace deadletter::cli {
namespace {

using experiments::Aligned;
using experiments::Round;
using experiments::TraceLine;

constexpr std::size_t kLeastWidth = 160;  // of two columns; else one side stands below the other
constexpr experiments::Columns kNarrow{15, 12};

struct DiffSide {
  std::string folder;
  json::Value mail;
  std::vector<Round> rounds;
};

std::string text_of(const json::Value& value, std::string_view key) {
  const json::Value* found = value.find(key);
  if (found == nullptr || found->is(json::Kind::null)) return "";
  return found->is(json::Kind::string) ? found->as_string() : found->dump(0);
}

void complain(const std::string& folder, std::string message, json::Problems& problems) {
  json::Problem problem;
  problem.file = folder;
  problem.message = std::move(message);
  problems.add(problem);
}

std::string experiment_of(const DiffSide& side, json::Problems& problems) {
  auto source =
      experiments::read_source((std::filesystem::path(side.folder) / "run.json").string(), "the run", problems);
  auto run = source == nullptr ? std::nullopt : json::parse(source, problems);
  const json::Value* name = run ? run->find_pointer("/result/experiment") : nullptr;
  return name == nullptr || !name->is(json::Kind::string) ? "" : name->as_string();
}

void check_comparable(const DiffSide& one, const DiffSide& other, json::Problems& problems) {
  std::string here = experiment_of(one, problems), there = experiment_of(other, problems);
  if (here != there)
    complain(other.folder, fmt::format("a run of {}; expected one of {}, as {} is", there, here, one.folder), problems);
  for (const DiffSide* side : {&one, &other})
    if (side->rounds.empty()) complain(side->folder, "events are not recorded; run it with --record events", problems);
}

std::optional<DiffSide> side_of(const MessageQuestion& question, json::Problems& problems) {
  auto mails = mails_with(question, problems);
  if (!mails) return std::nullopt;
  DiffSide side{question.folder, {}, rounds_of(question.folder, question.message)};
  for (const json::Value& m : mails->items())
    if (text_of(m, "id") == question.message) side.mail = m;
  return side;
}

// Of the terminal; 0 when there is none.
std::size_t width() {
  if (const char* columns = std::getenv("COLUMNS"))
    if (int n = std::atoi(columns); n > 0) return static_cast<std::size_t>(n);
  winsize size{};
  if (isatty(STDOUT_FILENO) == 0 || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

std::string fitted(const std::string& text, std::size_t columns) {
  std::size_t length = json::count_code_points(text);
  if (length > columns) return json::shorten(text, columns - 1);
  return text + std::string(columns - length, ' ');
}

// Two columns and what stands between them; where there is no room, lines marked "<" above lines marked ">".
class TwoColumns {
 public:
  TwoColumns() : width_(width()) {}

  void row(const std::string& one, const char* mark, const std::string& other) const {
    if (narrow()) {
      bool alike = std::string_view(mark) == "=";
      below(alike ? "=" : "<", one);
      if (!alike) below(">", other);
      return;
    }
    std::size_t each = (width_ - 3) / 2;
    std::string line = fitted(one, each) + " " + mark + " " + fitted(other, each);
    fmt::print("{}\n", line.substr(0, line.find_last_not_of(' ') + 1));
  }
  void rows(const std::vector<std::string>& one, const std::vector<std::string>& other) const {
    if (narrow()) {
      for (const std::string& line : one) below("<", line);
      for (const std::string& line : other) below(">", line);
      return;
    }
    for (std::size_t i = 0; i < std::max(one.size(), other.size()); ++i)
      row(i < one.size() ? one[i] : "", "|", i < other.size() ? other[i] : "");
  }

 private:
  bool narrow() const { return width_ < kLeastWidth; }
  static void below(const char* mark, const std::string& line) {
    if (!line.empty()) fmt::print("{} {}\n", mark, line);
  }

  std::size_t width_;
};

// What became of each recipient, and what each of the properties that were looked at, in words.
std::map<std::string, std::string> fates(const json::Value& mail) {
  std::map<std::string, std::string> all;
  if (const json::Value* recipients = mail.find("recipients"))
    for (const json::Value& r : recipients->items()) {
      std::string status = text_of(r, "status"), copies = text_of(r, "copies"), shown = text_of(r, "shown");
      all["to " + text_of(r, "address")] =
          fmt::format("{}{}, attempts {}, copies {}{}", text_of(r, "fate"), status.empty() ? "" : " " + status,
                      text_of(r, "attempts"), copies, shown.empty() ? "" : ", shown above it: " + shown);
    }
  return all;
}

std::map<std::string, std::string> properties(const json::Value& mail) {
  std::map<std::string, std::string> all;
  if (const json::Value* lineage = mail.find("lineage"))
    for (const json::Value& step : lineage->items()) {
      std::string row = text_of(step, "row");
      std::string key =
          fmt::format("{}{} at {}", text_of(step, "property"), row.empty() ? "" : " of " + row, text_of(step, "where"));
      all[key] = fmt::format("{} {}", text_of(step, "fate"), text_of(step, "value"));
    }
  return all;
}

struct Differing {
  std::string what, one, other;
};
std::vector<Differing> differing(const std::map<std::string, std::string>& one,
                                 const std::map<std::string, std::string>& other, bool also_alike) {
  std::vector<Differing> all;
  auto value = [](const auto& map, const std::string& key) {
    auto found = map.find(key);
    return found == map.end() ? std::string("(not there)") : found->second;
  };
  for (const auto& [key, text] : one)
    if (also_alike || value(other, key) != text) all.push_back({key, text, value(other, key)});
  for (const auto& [key, text] : other)
    if (!one.contains(key)) all.push_back({key, value(one, key), text});
  return all;
}

// The first line in which the stories differ in more than times and numbers; null where one side has ended.
std::pair<const TraceLine*, const TraceLine*> first_difference(const DiffSide& one, const DiffSide& other) {
  std::vector<const TraceLine*> a, b;
  for (const Round& round : one.rounds)
    for (const TraceLine& line : round.lines) a.push_back(&line);
  for (const Round& round : other.rounds)
    for (const TraceLine& line : round.lines) b.push_back(&line);
  for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    const TraceLine* x = i < a.size() ? a[i] : nullptr;
    const TraceLine* y = i < b.size() ? b[i] : nullptr;
    if (x == nullptr || y == nullptr || normal_form(*x) != normal_form(*y)) return {x, y};
  }
  return {nullptr, nullptr};
}

std::string told(const TraceLine* line) {
  return line == nullptr ? "(nothing more)"
                         : fmt::format("{} {} {} {}", sim::elapsed({line->at_ns}), line->node, line->kind, line->words);
}

void print_list(const TwoColumns& columns, const char* title, const std::vector<Differing>& list) {
  if (list.empty()) return;
  fmt::print("\n{}\n", title);
  for (const Differing& d : list) {
    fmt::print("  {}\n", d.what);
    columns.row("    " + d.one, d.one == d.other ? "=" : "|", "    " + d.other);
  }
}

void print_text(const std::string& message, const DiffSide& one, const DiffSide& other) {
  TwoColumns columns;
  fmt::print("{}\n", message);
  columns.row(one.folder, "|", other.folder);
  print_list(columns, "recipients", differing(fates(one.mail), fates(other.mail), true));
  if (auto [x, y] = first_difference(one, other); x == nullptr && y == nullptr) {
    fmt::print("\nway: the same but for times\n");
  } else {
    fmt::print("\nthe first that differs\n");
    columns.row("  " + told(x), "|", "  " + told(y));
    fmt::print("\nway\n");
    std::vector<std::string> left, right;
    for (const Aligned& a : align(one.rounds, other.rounds)) {
      auto text = [](const Round& round) { return experiments::story_text({round}, kNarrow); };
      if (a.one && a.other) {
        columns.rows(std::exchange(left, {}), std::exchange(right, {}));
        auto here = text(one.rounds[*a.one]), there = text(other.rounds[*a.other]);
        for (std::size_t i = 0; i < here.size(); ++i) columns.row(here[i], "=", i < there.size() ? there[i] : "");
        continue;
      }
      auto& side = a.one ? left : right;
      for (std::string& line : text(a.one ? one.rounds[*a.one] : other.rounds[*a.other]))
        side.push_back(std::move(line));
    }
    columns.rows(left, right);
  }
  print_list(columns, "properties", differing(properties(one.mail), properties(other.mail), false));
}

void print_json(const std::string& message, const DiffSide& one, const DiffSide& other) {
  auto list = [](const std::vector<Differing>& all) {
    json::Value value = json::Value::array();
    for (const Differing& d : all)
      value.push_back(json::Value::object().set("what", d.what).set("one", d.one).set("other", d.other));
    return value;
  };
  json::Value rounds = json::Value::array();
  json::Value here = experiments::rounds_json(one.rounds), there = experiments::rounds_json(other.rounds);
  for (const Aligned& a : align(one.rounds, other.rounds))
    rounds.push_back(json::Value::object()
                         .set("one", a.one ? here.items()[*a.one] : json::Value())
                         .set("other", a.other ? there.items()[*a.other] : json::Value()));
  auto [x, y] = first_difference(one, other);
  json::Value first;
  if (x != nullptr || y != nullptr) first = json::Value::object().set("one", told(x)).set("other", told(y));
  fmt::print("{}\n", json::Value::object()
                         .set("message", message)
                         .set("one", one.folder)
                         .set("other", other.folder)
                         .set("recipients", list(differing(fates(one.mail), fates(other.mail), true)))
                         .set("first", first)
                         .set("rounds", rounds)
                         .set("properties", list(differing(properties(one.mail), properties(other.mail), false)))
                         .dump(2));
}

}  // namespace

int explain_diff(const MessageQuestion& question, const std::string& other_folder) {
  json::Problems problems;
  auto one = side_of(question, problems);
  auto other = side_of({other_folder, question.message}, problems);
  if (one && other) check_comparable(*one, *other, problems);
  if (!problems.empty() || !one || !other) return report_problems(problems, question.format);
  question.format == Format::json ? print_json(question.message, *one, *other)
                                  : print_text(question.message, *one, *other);
  return kHeld;
}

}  // namespace deadletter::cli
