#include "experiments/cli/compare_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "sim/time.h"

namespace deadletter::experiments {
namespace {

using json::Value;

Value to_json(const FirstDifference& d) {
  if (!d.known) return {};
  return Value::object()
      .set("in", d.in_variant ? "variant" : "baseline")
      .set("at_s", d.ruling.at_s)
      .set("where", d.ruling.where)
      .set("message", d.ruling.message)
      .set("article", d.ruling.article)
      .set("what", d.ruling.what)
      .set("points", strings(d.ruling.points));
}

Value to_json(const ComparedVariant& v) {
  Value value = Value::object().set("name", v.name);
  value.set("verdict", v.verdict ? Value(text(v.verdict->verdict)) : Value()).set("fingerprint", v.fingerprint);
  value.set("fates", *v.summary.find("fates"));
  if (!v.verdict) return value;
  return value.set("sentences", strings(v.verdict->sentences))
      .set("failed", v.verdict->failed)
      .set("cured", v.verdict->cured)
      .set("improved", v.verdict->improved)
      .set("worse", v.verdict->worse)
      .set("unintended", v.verdict->unintended_count)
      .set("pairing", Value::object()
                          .set("paired", v.verdict->paired)
                          .set("only_baseline", v.verdict->only_baseline)
                          .set("only_variant", v.verdict->only_variant));
}

}  // namespace

Value to_json(const Compared& c) {
  Value variants = Value::array(), transitions = Value::array(), metrics = Value::array(), unintended = Value::array();
  for (const ComparedVariant& v : c.variants) {
    variants.push_back(to_json(v));
    if (!v.verdict) continue;
    for (const Transition& t : v.verdict->transitions)
      transitions.push_back(Value::object()
                                .set("from", t.from)
                                .set("to", t.to)
                                .set("variant", v.name)
                                .set("count", t.count)
                                .set("examples", strings(t.examples)));
    for (const Unintended& u : v.verdict->unintended)
      unintended.push_back(Value::object()
                               .set("variant", v.name)
                               .set("message", u.message)
                               .set("recipient", u.address)
                               .set("from", u.from)
                               .set("to", u.to)
                               .set("worse", u.worse)
                               .set("first_divergence", to_json(u.first)));
  }
  for (std::size_t i = 0; i < c.metrics.size(); ++i) {
    const Interval& interval = c.judgements[i].interval;
    Value ci = Value::array(), differences = Value::array();
    for (double difference : c.metrics[i].differences) differences.push_back(difference);
    ci.push_back(interval.lo), ci.push_back(interval.hi);
    metrics.push_back(Value::object()
                          .set("name", c.metrics[i].name)
                          .set("variant", c.metrics[i].variant)
                          .set("difference", interval.mean)
                          .set("differences", differences)
                          .set("ci95", interval.known ? ci : Value())
                          .set("p", interval.known ? Value(c.judgements[i].p) : Value())
                          .set("significant", c.judgements[i].significant));
  }
  return Value::object()
      .set("experiment", c.experiment)
      .set("baseline", c.baseline)
      .set("seed", c.seed)
      .set("pairs", c.pairs)
      .set("settled", c.settled)
      .set("variants", variants)
      .set("transitions", transitions)
      .set("metrics", metrics)
      .set("unintended", unintended)
      .set("failed", strings(c.failures));
}

}  // namespace deadletter::experiments

namespace deadletter::cli {
namespace {

using experiments::Compared;
using experiments::ComparedVariant;

constexpr std::size_t kShown = 8;  // unintended changes of a variant

void print_table(const Compared& c) {
  std::size_t width = 8;
  for (const ComparedVariant& v : c.variants) width = std::max(width, v.name.size());
  fmt::print("{:<{}}  {:<9}  {:>7}  {:>7}  {:>6}  {:>10}  {:>9}  {:>8}  {}\n", "variant", width, "verdict", "failed",
             "cured", "worse", "unintended", "delivered", "returned", "fingerprint");
  for (const ComparedVariant& v : c.variants) {
    auto fate = [&](const char* name) { return v.summary.find("fates")->find(name)->as_integer(); };
    if (v.verdict)
      fmt::print("{:<{}}  {:<9}  {:>7}  {:>7}  {:>6}  {:>10}  {:>9}  {:>8}  {}\n", v.name, width,
                 text(v.verdict->verdict), v.verdict->failed, v.verdict->cured, v.verdict->worse,
                 v.verdict->unintended_count, fate("delivered"), fate("returned"), v.fingerprint);
    else
      fmt::print("{:<{}}  {:<9}  {:>7}  {:>7}  {:>6}  {:>10}  {:>9}  {:>8}  {}\n", v.name, width, "baseline", "", "",
                 "", "", fate("delivered"), fate("returned"), v.fingerprint);
  }
}

void print_divergence(const experiments::FirstDifference& d) {
  if (!d.known) return;
  std::string points = fmt::format("{}", fmt::join(d.ruling.points, ", "));
  fmt::print("      first {} {} at {}: {}{} [{}{}]\n", d.in_variant ? "here" : "in the baseline",
             sim::elapsed({static_cast<std::int64_t>(d.ruling.at_s * 1e9)}), d.ruling.where, d.ruling.message,
             d.ruling.what.empty() ? "" : ", " + d.ruling.what, d.ruling.article, points.empty() ? "" : ": " + points);
}

void print_variant(const ComparedVariant& v) {
  fmt::print("\n{}: {}\n", v.name, text(v.verdict->verdict));
  for (const std::string& sentence : v.verdict->sentences) fmt::print("  {}\n", sentence);
  for (const auto& t : v.verdict->transitions)
    fmt::print("  {} → {}: {} ({}{})\n", t.from, t.to, t.count, fmt::join(t.examples, ", "),
               t.count > t.examples.size() ? ", …" : "");
  std::size_t shown = 0;
  for (const auto& u : v.verdict->unintended) {
    if (shown++ == kShown) break;
    fmt::print("    {} to {}: {} → {}\n", u.message, u.address, u.from, u.to);
    print_divergence(u.first);
  }
  if (v.verdict->unintended_count > kShown) fmt::print("    … {} more\n", v.verdict->unintended_count - kShown);
}

// What differs, of each variant; with several pairs with its interval.
void print_metrics(const Compared& c) {
  bool any = false;
  for (std::size_t i = 0; i < c.metrics.size(); ++i) {
    const experiments::Judgement& j = c.judgements[i];
    if (j.interval.mean == 0 && j.interval.lo == 0 && j.interval.hi == 0) continue;
    if (!std::exchange(any, true))
      fmt::print("\n{:<24}  {:<20}  {:>14}{}\n", "variant", "metric", "difference",
                 c.pairs > 1 ? "  95 % interval                   significant" : "");
    fmt::print("{:<24}  {:<20}  {:>14.6g}", c.metrics[i].variant, c.metrics[i].name, j.interval.mean);
    if (c.pairs > 1)
      fmt::print("  {:<32}  {}", fmt::format("{:.6g} to {:.6g}", j.interval.lo, j.interval.hi),
                 j.significant ? "yes" : "no");
    fmt::print("\n");
  }
  if (any && c.pairs > 1)
    fmt::print("significant: by the paired t test, Holm's procedure over all {} metrics at 5 %\n", c.metrics.size());
}

}  // namespace

void print_compared(const Compared& c) {
  fmt::print("{}: {} pair{}, seed {}{}\n\n", c.experiment, c.pairs, c.pairs == 1 ? "" : "s", c.seed,
             c.pairs > 1 ? fmt::format(" to {}", c.seed + c.pairs - 1) : "");
  print_table(c);
  for (const ComparedVariant& v : c.variants)
    if (v.verdict) print_variant(v);
  print_metrics(c);
  if (!c.settled) fmt::print("\nThe intervals did not become as narrow as asked: ask for more with --max-pairs.\n");
  if (c.failures.empty()) return;
  fmt::print("\nfailed:\n");
  for (const std::string& f : c.failures) fmt::print("  {}\n", f);
}

}  // namespace deadletter::cli
