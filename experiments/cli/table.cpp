#include "experiments/cli/table.h"

#include <fmt/color.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "experiments/cli/common.h"
#include "sim/json/utf8.h"
#include "sim/time.h"

namespace deadletter::cli {
using experiments::Fate;
using experiments::Result;
namespace {

std::string count(std::uint64_t n, const char* one, const char* many) {
  return fmt::format("{} {}", n, n == 1 ? one : many);
}

std::string fates(const experiments::Tally& tally) {
  std::vector<std::string> parts;
  for (Fate fate : experiments::kFates)
    if (std::uint64_t n = tally.fates[static_cast<std::size_t>(fate)]; n > 0)
      parts.push_back(fmt::format("{} {}", n, text(fate)));
  return parts.empty() ? "none" : fmt::format("{}", fmt::join(parts, ", "));
}

void print_judged(const char* what, const experiments::Judged& judged) {
  if (judged.failed.empty()) {
    fmt::print("{:<14}{} held\n", what, judged.held);
    return;
  }
  std::string failed = fmt::format("{} failed", judged.failed.size());
  fmt::print("{:<14}{} held, {}\n", what, judged.held,
             colour() ? fmt::format(fg(fmt::terminal_color::red), "{}", failed) : failed);
  for (const auto& f : judged.failed) fmt::print("  {}\n    expected: {}\n", f.why, f.text);
}

// Of a report its words about the recipient, in a line: what comes behind the recipient's own.
std::string about_recipient(const std::string& report) {
  std::string words;
  std::size_t lines = 0;
  for (std::size_t begin = report.find("recipient(s)"); begin != std::string::npos && begin < report.size();) {
    std::size_t end = std::min(report.find('\n', begin), report.size());
    std::string line = report.substr(begin, end - begin);
    line.erase(0, std::min(line.find_first_not_of(' '), line.size()));
    if (!line.empty() && ++lines > 2) words += (words.empty() ? "" : " ") + line;
    begin = end + 1;
  }
  return words;
}

void print_mail(const experiments::MailResult& mail) {
  for (const auto& r : mail.recipients) {
    fmt::print("  {} to {}: {}{}, {}, {}", mail.id, r.address, text(r.fate), r.status.empty() ? "" : " " + r.status,
               count(r.copies, "copy", "copies"), count(r.attempts, "attempt", "attempts"));
    if (r.delivered_s >= 0) fmt::print(", first copy after {} s", r.delivered_s);
    if (r.ndr + r.delay > 0)
      fmt::print(", {} and {}", count(r.ndr, "report", "reports"), count(r.delay, "delay notice", "delay notices"));
    if (!r.ruled_by.empty()) fmt::print(", ruled by {}", fmt::join(r.ruled_by, ", "));
    fmt::print("\n");
    if (!r.shown.empty()) fmt::print("    shown above it: {}\n", r.shown);
    if (!r.sender_sees.empty()) fmt::print("    sender sees: {}\n", about_recipient(r.sender_sees));
  }
}

// What IMAP clients were told, and what stands in application logs.
void print_observations(const Result& result) {
  for (const auto& f : result.fetches)
    fmt::print("{:<14}{} reads {}: {}\n", "fetched", f.id, count(f.messages, "message", "messages"), f.response);
  std::map<std::string, std::uint64_t> logged;
  for (const auto& e : result.logged) ++logged[fmt::format("{} on {}", e.event, e.node)];
  for (const auto& [event, n] : logged) fmt::print("{:<14}{}, {}\n", "logged", event, count(n, "time", "times"));
}

std::uint64_t number(const json::Value& run, std::string_view pointer) {
  const json::Value* value = run.find_pointer(pointer);
  return value == nullptr || !value->is(json::Kind::integer) ? 0 : static_cast<std::uint64_t>(value->as_integer());
}

std::string held(const json::Value& run) {
  std::size_t failed = run.find_pointer("/expectations/failed")->size() + run.find_pointer("/oracles/failed")->size();
  if (!run.find("complete")->as_bool()) return "incomplete";
  if (failed > 0) return fmt::format("{} FAILED", failed);
  return number(run, "/expectations/held") == 0 ? "nothing asked" : "as expected";
}

}  // namespace

void print_result(const experiments::Plan& plan, const Result& result) {
  fmt::print("{}, variant {}, seed {}\n{}\n\n", result.experiment, result.variant, result.seed, plan.question);
  fmt::print("{:<14}{} to {}: {}\n", "messages", result.messages,
             count(result.tally.recipients, "recipient", "recipients"), fates(result.tally));
  constexpr std::size_t most = 20;
  for (std::size_t i = 0; i < std::min(most, result.mail.size()); ++i) print_mail(result.mail[i]);
  if (result.mail.size() > most) fmt::print("  … and {} more in run.json\n", result.mail.size() - most);
  fmt::print("{:<14}{}, {} of them again; {} too many\n", "attempts", result.counters.attempts, result.counters.retries,
             count(result.tally.extra_copies, "copy", "copies"));
  fmt::print("{:<14}{}, {}\n", "reports", count(result.counters.ndr, "non-delivery report", "non-delivery reports"),
             count(result.counters.delay, "delay notice", "delay notices"));
  std::vector<std::string> ruled;
  for (const auto& [article, n] : result.counters.ruled)
    ruled.push_back(fmt::format("{} over {}", article, count(n, "recipient", "recipients")));
  fmt::print("{:<14}{}\n", "ruled by", ruled.empty() ? "no article" : fmt::format("{}", fmt::join(ruled, ", ")));
  print_observations(result);
  for (const auto& refusal : result.refusals) fmt::print("{:<14}{}: {}\n", "refused", refusal.update, refusal.reason);
  print_judged("expectations", result.expectations);
  print_judged("oracles", result.oracles);
  fmt::print("{:<14}{}\n", "fingerprint", result.fingerprint.whole);
  fmt::print("{:<14}{} simulated, {} events, {:.2f} s\n", "run",
             sim::elapsed({static_cast<std::int64_t>(result.simulated_s * 1e9)}), result.events, result.wall_s);
  if (!result.out.empty()) fmt::print("\n{:<14}{}\n", "results", result.out);
  if (!result.complete)
    fmt::print("INTERRUPTED: what was written is marked as incomplete, and no expectation was judged.\n");
  else if (!result.out.empty())
    fmt::print("{:<14}deadletter replay {}\n", "again", result.out);
}

void print_table(const json::Value& runs) {
  std::vector<std::vector<std::string>> rows{{"experiment", "variant", "delivered", "returned", "waiting",
                                              "extra copies", "attempts", "NDRs", "delays", "outcome", "fingerprint"}};
  for (const json::Value& run : runs.items())
    rows.push_back({run.find("experiment")->as_string(), run.find("variant")->as_string(),
                    fmt::format("{}", number(run, "/fates/delivered")),
                    fmt::format("{}", number(run, "/fates/returned")), fmt::format("{}", number(run, "/fates/waiting")),
                    fmt::format("{}", number(run, "/copies/extra")), fmt::format("{}", number(run, "/attempts")),
                    fmt::format("{}", number(run, "/reports/ndr")), fmt::format("{}", number(run, "/reports/delay")),
                    held(run), run.find("fingerprint")->as_string()});
  fmt::print("{}", in_columns(rows, "<<>>>>>>><<"));
  for (const json::Value& run : runs.items())
    for (const char* what : {"/expectations/failed", "/oracles/failed"})
      for (const json::Value& f : run.find_pointer(what)->items())
        fmt::print("\n{} {}: {}\n  expected: {}\n", run.find("experiment")->as_string(),
                   run.find("variant")->as_string(), f.find("why")->as_string(), f.find("text")->as_string());
  if (runs.size() == 0) return;
  fmt::print("\nresults:\n");
  for (const json::Value& run : runs.items()) fmt::print("  {}\n", run.find("out")->as_string());
}

std::string in_columns(const std::vector<std::vector<std::string>>& rows, std::string_view sides) {
  std::vector<std::size_t> width(sides.size());
  for (const auto& row : rows)
    for (std::size_t i = 0; i < width.size(); ++i) width[i] = std::max(width[i], json::count_code_points(row[i]));
  std::string lines;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < width.size(); ++i) {
      std::string room(width[i] - json::count_code_points(row[i]), ' ');
      line += (sides[i] == '<' ? row[i] + room : room + row[i]) + "  ";
    }
    lines += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return lines;
}

}  // namespace deadletter::cli
