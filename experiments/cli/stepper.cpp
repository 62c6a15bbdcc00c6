#include "experiments/cli/stepper.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdio>

#include "experiments/cli/common.h"
#include "experiments/run/tracer.h"
#include "experiments/story/story.h"
#include "models/mail/record.h"
#include "sim/json/units.h"

namespace deadletter::cli {
namespace {

constexpr const char* kHelp =
    R"(  Enter      the next event              n 20   twenty events
  m update   the next about that mail    k defer  the next of that kind (deadletter list events)
  t 26h      the first at that time      q      the queues
  c          on to the end               x      end here
)";

bool known_kind(std::string_view word) {
  for (const mail::WhatInfo& info : mail::vocabulary())
    if (info.name == word) return true;
  return false;
}

// A line of standard input without its end; false at the end of it.
bool read_line(std::string& line) {
  line.clear();
  int c = 0;
  while ((c = std::getchar()) != EOF && c != '\n') line.push_back(static_cast<char>(c));
  return c != EOF || !line.empty();
}

}  // namespace

void Stepper::event(const sim::Record& record, std::string_view words) {
  if (stop_flag()) stop_ = true;
  if (stop_ || !reached(record, words)) return;
  fmt::print("{}\n", experiments::transcript_line(plan_, record, words));
  if (until_.what == Until::What::count && until_.count > 0) return;
  ask(record.at);
}

// The event is shown; when what was asked for is only this one, it is time to ask.
bool Stepper::reached(const sim::Record& record, std::string_view words) {
  switch (until_.what) {
    case Until::What::count:
      if (until_.count > 0) --until_.count;
      return true;
    case Until::What::message:
      return experiments::Storyteller::about(words, until_.word);
    case Until::What::kind:
      return mail::text(static_cast<mail::What>(record.kind)) == until_.word;
    case Until::What::time:
      return record.at >= until_.time;
    case Until::What::end:
      return false;
  }
  return false;
}

void Stepper::ask(sim::Instant now) {
  std::string line;
  for (;;) {
    fmt::print("({}) ", sim::elapsed(now - sim::Instant{}));
    std::fflush(stdout);
    if (!read_line(line)) line = "x";
    if (understand(line)) return;
  }
}

bool Stepper::understand(const std::string& line) {
  std::string word = line.substr(0, line.find(' '));
  std::string rest = word.size() < line.size() ? line.substr(word.size() + 1) : "";
  if (word == "q") {
    print_queues(plan_, *this);
    return false;
  }
  if (word == "x") return stop_ = true;
  if (word == "c") return until_ = {.what = Until::What::end}, true;
  if (word.empty()) return until_ = {}, true;
  if (word == "m" && !rest.empty()) return until_ = {.what = Until::What::message, .word = rest}, true;
  if (word == "k" && known_kind(rest)) return until_ = {.what = Until::What::kind, .word = rest}, true;
  if (auto ns = json::parse_duration(rest); word == "t" && ns)
    return until_ = {.what = Until::What::time, .time = {*ns}}, true;
  std::uint64_t count = 0;
  auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), count);
  if (word == "n" && error == std::errc() && end == rest.data() + rest.size() && count > 0)
    return until_ = {.count = count}, true;
  fmt::print("{}", kHelp);
  return false;
}

void print_queues(const experiments::Plan& plan, const experiments::QueueBoard& board) {
  std::size_t empty = 0;
  for (const auto& row : board.rows()) {
    if (row.size == 0)
      ++empty;
    else
      fmt::print("  {:<16} to {:<30} {} {}{}\n", plan.nodes[row.node.value].name, row.next_hop, row.size,
                 row.size == 1 ? "message" : "messages", row.in_retry ? ", in Retry" : "");
  }
  fmt::print("  {} of {} queues hold nothing\n", empty, board.rows().size());
}

}  // namespace deadletter::cli
