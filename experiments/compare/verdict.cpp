#include "experiments/compare/verdict.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace deadletter::experiments {
namespace {

constexpr std::size_t kExamples = 3;

auto key_of(const RecipientOutcome& r) { return std::tie(r.message, r.address); }

// The row of each recipient in both runs; null where a run does not have it.
struct Pair {
  const RecipientOutcome* before = nullptr;
  const RecipientOutcome* after = nullptr;
};

// Both lists are ascending by their keys.
std::vector<Pair> pairs_of(const RunOutcome& baseline, const RunOutcome& variant) {
  std::vector<Pair> pairs;
  auto a = baseline.recipients.begin(), b = variant.recipients.begin();
  while (a != baseline.recipients.end() || b != variant.recipients.end()) {
    bool first = b == variant.recipients.end() || (a != baseline.recipients.end() && key_of(*a) < key_of(*b));
    bool second = a == baseline.recipients.end() || (b != variant.recipients.end() && key_of(*b) < key_of(*a));
    pairs.push_back({second ? nullptr : &*a, first ? nullptr : &*b});
    if (!second) ++a;
    if (!first) ++b;
  }
  return pairs;
}

std::string who(const RecipientOutcome& r) { return r.message + " to " + r.address; }

std::string shown_words(const RecipientOutcome& r) {
  std::string words = state_of(r);
  if (!r.shown.empty()) words += fmt::format(", shown above it: {}", r.shown);
  if (r.signature == "invalid") words += ", signature invalid";
  return words;
}

bool differs(const RecipientOutcome& a, const RecipientOutcome& b) {
  return state_of(a) != state_of(b) || a.shown != b.shown || a.signature != b.signature;
}

std::string plural(std::uint64_t n, const char* words) {
  return fmt::format("{} {} {}.", n, n == 1 ? "is" : "are", words);
}

Verdict verdict_on(const VariantVerdict& v, const VariantFacts& facts) {
  if (!facts.refused.empty()) return Verdict::refused;
  if (facts.installs_more && v.same_run) return Verdict::inert;
  if (v.worse > 0) return Verdict::worse;
  if (v.failed > 0 && v.cured == v.failed) return Verdict::cured;
  return v.cured + v.improved > 0 ? Verdict::partly : Verdict::not_cured;
}

// The verdict from the counts, and what there is to say about it.
void conclude(VariantVerdict& v, const VariantFacts& facts) {
  v.verdict = verdict_on(v, facts);
  v.sentences.clear();
  for (const builds::Refusal& r : facts.refused)
    v.sentences.push_back(fmt::format("{} could not be installed: {}.", r.update, r.reason));
  if (v.verdict == Verdict::inert)
    v.sentences.push_back(
        fmt::format("What it installs changes nothing; still in force: {}.",
                    facts.still_there.empty() ? "no article" : fmt::format("{}", fmt::join(facts.still_there, "; "))));
  v.sentences.push_back(
      v.failed == 0 ? "Nothing had failed that could be cured."
                    : fmt::format("{} of {} that failed {} cured.", v.cured, v.failed, v.cured == 1 ? "is" : "are"));
  if (v.improved > 0) v.sentences.push_back(plural(v.improved, "better off, and not cured"));
  if (v.worse > 0) v.sentences.push_back(plural(v.worse, "worse off"));
  v.sentences.push_back(v.unintended_count == 0 ? "Nothing else changed."
                                                : fmt::format("Unintended: {} more changed.", v.unintended_count));
  if (v.only_baseline + v.only_variant > 0)
    v.sentences.push_back(
        fmt::format("Not in both: {} only in the baseline, {} only here.", v.only_baseline, v.only_variant));
}

class Judge {
 public:
  Judge(const RunOutcome& baseline, const RunOutcome& variant, const VariantFacts& facts)
      : baseline_(baseline), variant_(variant), facts_(facts), pairs_(pairs_of(baseline, variant)) {
    result_.name = facts.name;
  }

  VariantVerdict judge() {
    find_intended();
    for (const Pair& pair : pairs_) look_at(pair);
    for (auto& [states, transition] : transitions_) result_.transitions.push_back(std::move(transition));
    result_.same_run = baseline_.fingerprint == variant_.fingerprint;
    conclude(result_, facts_);
    return std::move(result_);
  }

 private:
  void find_intended() {
    bool any = std::ranges::any_of(baseline_.recipients,
                                   [](const RecipientOutcome& r) { return severity(r) > 0 && !r.ruled_by.empty(); });
    for (const RecipientOutcome& r : baseline_.recipients)
      if (severity(r) > 0 && (!any || !r.ruled_by.empty())) intended_.insert(&r);
    result_.failed = intended_.size();
  }

  void look_at(const Pair& pair) {
    if (pair.before == nullptr) return look_at_new(*pair.after);
    if (pair.after == nullptr) {
      ++result_.only_baseline;
      return;
    }
    ++result_.paired;
    const RecipientOutcome &before = *pair.before, &after = *pair.after;
    std::uint32_t was = severity(before), is = severity(after);
    if (is > was) ++result_.worse;
    bool intended = intended_.contains(pair.before);
    if (intended && is == 0) ++result_.cured;
    if (intended && is > 0 && is < was) ++result_.improved;
    note(state_of(before), state_of(after), after);
    // What was to be cured and is has changed as it should; all else has not.
    bool as_it_should = intended && is == 0 && after.shown.empty();
    if (differs(before, after) && !as_it_should) add_unintended(before, after);
  }

  // A recipient that the baseline never had: a reply that was never sent, a member that was never reached.
  void look_at_new(const RecipientOutcome& after) {
    ++result_.only_variant;
    if (severity(after) > 0) ++result_.worse;
  }

  void note(const std::string& from, const std::string& to, const RecipientOutcome& example) {
    if (from == to) return;
    Transition& t = transitions_[{from, to}];
    t.from = from, t.to = to;
    if (t.count++ < kExamples) t.examples.push_back(who(example));
  }

  void add_unintended(const RecipientOutcome& before, const RecipientOutcome& after) {
    if (result_.unintended_count++ >= kMostUnintended) return;
    result_.unintended.push_back({.message = after.message,
                                  .address = after.address,
                                  .from = shown_words(before),
                                  .to = shown_words(after),
                                  .worse = severity(after) > severity(before),
                                  .better = severity(after) < severity(before),
                                  .first = divergence(before, after)});
  }

  // Of rulings about the message, or by the articles that only one of the two runs blames, the first without its like
  // in the other run; when there is none, the first about anything.
  FirstDifference divergence(const RecipientOutcome& before, const RecipientOutcome& after) const {
    std::set<std::string> articles;
    std::ranges::set_symmetric_difference(before.ruled_by, after.ruled_by, std::inserter(articles, articles.end()));
    FirstDifference near =
        divergence([&](const RulingSeen& r) { return r.message == after.message || articles.contains(r.article); });
    return near.known ? near : divergence([](const RulingSeen&) { return true; });
  }

  template <class Concerns>
  FirstDifference divergence(Concerns concerns) const {
    auto alone = [&](const std::vector<RulingSeen>& own, const std::vector<RulingSeen>& other) {
      return std::ranges::find_if(own, [&](const RulingSeen& r) {
        return concerns(r) && std::ranges::none_of(other, [&](const RulingSeen& o) {
                 return o.where == r.where && o.message == r.message && o.article == r.article && o.what == r.what;
               });
      });
    };
    auto here = alone(variant_.rulings, baseline_.rulings), there = alone(baseline_.rulings, variant_.rulings);
    bool has = here != variant_.rulings.end(), had = there != baseline_.rulings.end();
    if (!has && !had) return {};
    // What the variant does is told before what the baseline did.
    return {true, has, has ? *here : *there};
  }

  const RunOutcome& baseline_;
  const RunOutcome& variant_;
  const VariantFacts& facts_;
  std::vector<Pair> pairs_;
  std::set<const RecipientOutcome*> intended_;
  std::map<std::pair<std::string, std::string>, Transition> transitions_;
  VariantVerdict result_;
};

}  // namespace

const char* text(Verdict verdict) {
  constexpr const char* words[] = {"CURED", "PARTLY", "NOT CURED", "WORSE", "INERT", "REFUSED"};
  return words[static_cast<std::size_t>(verdict)];
}

std::uint32_t severity(const RecipientOutcome& r) {
  switch (r.fate) {
    case Fate::lost:
      return 5;
    case Fate::discarded:
      return 4;
    case Fate::returned:
    case Fate::waiting:
      return 3;
    case Fate::delivered:
      if (r.copies > 1 || r.ndr > 0) return 2;
      return r.delay > 0 ? 1 : 0;
    case Fate::expanded:
      return 0;
  }
  return 0;
}

std::string state_of(const RecipientOutcome& r) {
  switch (r.fate) {
    case Fate::waiting:
      return r.copies > 0 ? fmt::format("stuck after {} copies", r.copies) : "stuck";
    case Fate::returned: {
      std::string words = r.status.empty() ? "returned" : "returned " + r.status;
      return r.copies > 0 ? words + " after copies" : words;
    }
    case Fate::delivered:
      if (r.copies > 1) return r.copies == 2 ? "delivered twice" : "delivered many times";
      if (r.ndr > 0) return "delivered and returned";
      return r.delay > 0 ? "delivered late" : "delivered";
    default:
      return text(r.fate);
  }
}

VariantVerdict judge(const RunOutcome& baseline, const RunOutcome& variant, const VariantFacts& facts) {
  return Judge(baseline, variant, facts).judge();
}

VariantVerdict joined(std::vector<VariantVerdict> pairs, const VariantFacts& facts) {
  VariantVerdict all = std::move(pairs.front());
  std::map<std::pair<std::string, std::string>, Transition> transitions;
  auto add = [&](std::vector<Transition>& from) {
    for (Transition& t : from) {
      Transition& into = transitions.try_emplace({t.from, t.to}, Transition{t.from, t.to, 0, {}}).first->second;
      into.count += t.count;
      for (std::string& example : t.examples)
        if (into.examples.size() < kExamples && std::ranges::find(into.examples, example) == into.examples.end())
          into.examples.push_back(std::move(example));
    }
  };
  add(all.transitions);
  for (std::size_t i = 1; i < pairs.size(); ++i) {
    VariantVerdict& v = pairs[i];
    all.failed += v.failed, all.cured += v.cured, all.improved += v.improved, all.worse += v.worse;
    all.paired += v.paired, all.only_baseline += v.only_baseline, all.only_variant += v.only_variant;
    all.same_run = all.same_run && v.same_run;
    add(v.transitions);
    all.unintended_count += v.unintended_count;
    for (Unintended& u : v.unintended)
      if (all.unintended.size() < kMostUnintended) all.unintended.push_back(std::move(u));
  }
  all.transitions.clear();
  for (auto& [states, transition] : transitions) all.transitions.push_back(std::move(transition));
  conclude(all, facts);
  return all;
}

}  // namespace deadletter::experiments
