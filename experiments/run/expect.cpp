#include "experiments/run/expect.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

namespace deadletter::experiments {
namespace {

std::string show(const std::vector<std::string>& list) {
  return list.empty() ? "nothing" : fmt::format("{}", fmt::join(list, ", "));
}

// One recipient against one expectation; every difference is told.
class Check {
 public:
  explicit Check(const std::string& subject) : subject_(subject) {}

  void equal(std::string_view what, const std::string& expected, const std::string& found) {
    ++asked_;
    if (expected != found) differ(fmt::format("{} is {}, expected {}", what, found, expected));
  }
  void within(std::string_view what, const Comparison& expected, std::uint64_t found) {
    ++asked_;
    if (!expected.holds(static_cast<std::int64_t>(found)))
      differ(fmt::format("{} {}, expected {}", found, what, expected.text));
  }
  // The expected words are part of what is shown; nothing is expected exactly.
  void shows(const std::string& expected, const std::string& found) {
    ++asked_;
    bool as_expected = expected.empty() ? found.empty() : found.find(expected) != std::string::npos;
    if (!as_expected)
      differ(fmt::format("shows {}, expected {}", found.empty() ? "nothing" : "\"" + found + "\"",
                         expected.empty() ? "nothing" : "\"" + expected + "\""));
  }
  void ruled_by(std::vector<std::string> expected, const std::vector<std::string>& found) {
    ++asked_;
    std::ranges::sort(expected);
    if (expected != found) differ(fmt::format("ruled by {}, expected {}", show(found), show(expected)));
  }
  void differ(std::string why) { why_.push_back(std::move(why)); }
  void asked() { ++asked_; }

  const std::string& subject() const { return subject_; }
  std::size_t asked_count() const { return asked_; }
  std::string why() const { return fmt::format("{}: {}", subject_, fmt::join(why_, "; ")); }
  bool held() const { return why_.empty(); }

 private:
  std::string subject_;
  std::size_t asked_ = 0;
  std::vector<std::string> why_;
};

void check(const Expectation& e, const RecipientResult& r, Check& check) {
  if (e.fate) check.equal("fate", *e.fate, text(r.fate));
  if (e.status) check.equal("status", *e.status, r.status.empty() ? "none" : r.status);
  if (e.queue) check.equal("queue", *e.queue, r.queue.empty() ? "none" : r.queue);
  if (e.queue_state) check.equal("queue state", *e.queue_state, r.queue_state.empty() ? "none" : r.queue_state);
  if (e.copies) check.within("copies", *e.copies, r.copies);
  if (e.attempts) check.within("attempts", *e.attempts, r.attempts);
  if (e.reports && e.reports->ndr) check.within("failure reports", *e.reports->ndr, r.ndr);
  if (e.reports && e.reports->delay) check.within("delay notices", *e.reports->delay, r.delay);
  if (e.within_ns) {
    check.asked();
    double limit = static_cast<double>(*e.within_ns) / 1e9;
    if (r.delivered_s < 0)
      check.differ(fmt::format("never delivered, expected within {} s", limit));
    else if (r.delivered_s > limit)
      check.differ(fmt::format("delivered after {} s, expected within {} s", r.delivered_s, limit));
  }
  if (e.shown) check.shows(*e.shown, r.shown);
  if (e.sender_sees) check.shows(*e.sender_sees, r.sender_sees);
  if (e.signature) check.equal("signature", *e.signature, r.signature.empty() ? "none" : r.signature);
  if (e.ruled_by) check.ruled_by(*e.ruled_by, r.ruled_by);
}

// Some step of a property's way is as expected; else what there is of it is told.
void check_lineage(const LineageExpected& e, const std::vector<LineageResult>& lineage, Check& check) {
  check.asked();
  std::string found;
  for (const LineageResult& l : lineage) {
    bool here = (l.step.property == e.property || l.step.other == e.property) && (!e.at || l.where == e.at->value) &&
                (!e.row || l.step.row == *e.row);
    if (!here) continue;
    std::string fate = content::text(l.step.fate);
    if ((!e.fate || fate == *e.fate) && (!e.value || l.step.value == *e.value)) return;
    found += fmt::format("{}{} {} at {}", found.empty() ? "" : ", ", fate, l.step.value, l.where);
  }
  check.differ(fmt::format("{}{} is {}, expected {}{}", e.property, e.at ? " at " + e.at->value : "",
                           found.empty() ? "not in the lineage" : found, e.fate.value_or("there"),
                           e.value ? " " + *e.value : ""));
}

std::string text_of(const Expectation& e) {
  std::vector<std::string> parts;
  if (e.mail) parts.push_back("mail " + e.mail->value + (e.recipient ? " to " + e.recipient->value : ""));
  if (e.fate) parts.push_back("fate " + *e.fate);
  if (e.status) parts.push_back("status " + *e.status);
  if (e.copies) parts.push_back("copies " + e.copies->text);
  if (e.attempts) parts.push_back("attempts " + e.attempts->text);
  if (e.within_ns) parts.push_back(fmt::format("within {} s", static_cast<double>(*e.within_ns) / 1e9));
  if (e.reports && e.reports->ndr) parts.push_back("ndr " + e.reports->ndr->text);
  if (e.reports && e.reports->delay) parts.push_back("delay " + e.reports->delay->text);
  if (e.queue) parts.push_back("queue " + *e.queue);
  if (e.queue_state) parts.push_back("queue state " + *e.queue_state);
  if (e.ruled_by) parts.push_back("ruled by " + show(*e.ruled_by));
  if (e.fetch) parts.push_back("fetch " + e.fetch->value);
  if (e.response) parts.push_back("response " + *e.response);
  if (e.shown) parts.push_back(e.shown->empty() ? "shows nothing" : "shows " + *e.shown);
  if (e.sender_sees) parts.push_back("the sender sees " + (e.sender_sees->empty() ? "nothing" : *e.sender_sees));
  if (e.signature) parts.push_back("signature " + *e.signature);
  if (e.lineage)
    parts.push_back(fmt::format("{}{} {} {}", e.lineage->property, e.lineage->at ? " at " + e.lineage->at->value : "",
                                e.lineage->fate.value_or(""), e.lineage->value.value_or("")));
  if (e.event)
    parts.push_back(fmt::format("event {}{} {}", e.event->value, e.on ? " on " + e.on->value : "", e.count->text));
  if (e.metric) parts.push_back(e.metric->value + " " + e.value->text);
  if (e.install) parts.push_back("install " + e.install->value + " refused: " + *e.refused);
  return fmt::format("{}", fmt::join(parts, ", "));
}

void judge_mail(const Expectation& e, const Result& result, Judged& judged) {
  bool met = false;
  for (const MailResult& mail : result.mail) {
    if (mail.id != e.mail->value) continue;
    for (const RecipientResult& r : mail.recipients) {
      if (e.recipient && r.address != e.recipient->value) continue;
      met = true;
      Check one(fmt::format("{} to {}", mail.id, r.address));
      check(e, r, one);
      if (e.lineage) check_lineage(*e.lineage, mail.lineage, one);
      if (one.held())
        judged.hold(text_of(e));
      else
        judged.failed.push_back({text_of(e), one.why()});
    }
  }
  if (!met) judged.failed.push_back({text_of(e), "the mail was never submitted"});
}

void judge(const Expectation& e, const Check& check, Judged& judged) {
  if (check.held())
    judged.hold(text_of(e));
  else
    judged.failed.push_back({text_of(e), check.why()});
}

void judge_fetch(const Expectation& e, const Result& result, Judged& judged) {
  Check one(e.fetch->value);
  auto found = std::ranges::find(result.fetches, e.fetch->value, &FetchResult::id);
  if (found == result.fetches.end()) {
    one.differ("it has not read anything");
    return judge(e, one, judged);
  }
  if (e.response && found->response.find(*e.response) == std::string::npos)
    one.differ(fmt::format("the response is \"{}\", expected \"{}\"", found->response, *e.response));
  if (e.shown) one.shows(*e.shown, found->shown);
  if (e.ruled_by) one.ruled_by(*e.ruled_by, found->ruled_by);
  judge(e, one, judged);
}

void judge_event(const Expectation& e, const Result& result, Judged& judged) {
  Check one(e.event->value);
  std::uint64_t count = 0;
  for (const EventResult& l : result.logged)
    if (l.event == e.event->value && (!e.on || l.node == e.on->value)) count += l.count;
  one.within("times in the log", *e.count, count);
  judge(e, one, judged);
}

}  // namespace

Judged judge_expectations(const Plan& plan, const Result& result) {
  Judged judged;
  for (const Expectation& e : plan.expectations) {
    if (e.mail) judge_mail(e, result, judged);
    if (e.fetch) judge_fetch(e, result, judged);
    if (e.event) judge_event(e, result, judged);
    if (e.metric) {
      std::uint64_t found = metric(result, e.metric->value);
      if (e.value->holds(static_cast<std::int64_t>(found)))
        judged.hold(text_of(e));
      else
        judged.failed.push_back(
            {text_of(e), fmt::format("{} is {}, expected {}", e.metric->value, found, e.value->text)});
    }
    if (e.install) {
      auto refusal = std::ranges::find(result.refusals, e.install->value, &builds::Refusal::update);
      if (refusal == result.refusals.end())
        judged.failed.push_back({text_of(e), "it was installed, or not asked for"});
      else if (refusal->reason.find(*e.refused) == std::string::npos)
        judged.failed.push_back({text_of(e), fmt::format("refused because: {}", refusal->reason)});
      else
        judged.hold(text_of(e));
    }
  }
  return judged;
}

Judged judge_oracles(const Plan& plan, const Ledger& ledger, const Result& result) {
  Judged judged;
  auto judge = [&](std::string text, bool holds, std::string why) {
    if (holds)
      judged.hold(std::move(text));
    else
      judged.failed.push_back({std::move(text), std::move(why)});
  };
  auto broken = ledger.broken_promises(plan.addresses);
  judge("every recipient has exactly one fate", broken.empty(), broken.empty() ? "" : broken.front());
  const auto& fates = result.tally.fates;
  std::uint64_t sum = std::accumulate(std::begin(fates), std::end(fates), std::uint64_t{0});
  judge("the fates add up to the recipients", sum == result.tally.recipients,
        fmt::format("{} fates, {} recipients", sum, result.tally.recipients));
  std::uint64_t reports = result.counters.ndr + result.counters.delay;
  judge("every report has a fate", reports == result.tally.reports,
        fmt::format("{} made, {} in the ledger", reports, result.tally.reports));
  std::uint64_t untold = ledger.untold();
  judge("who is returned is told", untold == 0, fmt::format("{} recipients were returned without a report", untold));
  return judged;
}

}  // namespace deadletter::experiments
