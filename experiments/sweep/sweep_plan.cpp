// The shape of a sweep's file: one declaration that reads it and is its schema.
#include "experiments/sweep/sweep_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <set>

#include "experiments/config/load.h"
#include "experiments/sweep/factor_range.h"
#include "sim/fingerprint.h"
#include "sim/json/object_reader.h"
#include "sim/json/schema.h"
#include "sim/json/unit_readers.h"

namespace deadletter::experiments {
namespace fs = std::filesystem;
namespace {

using Seed = json::Located<std::int64_t>;
using Values = std::vector<json::Located<json::Value>>;

// As it is written; what more than one way to write comes to is settled in settle().
struct Written {
  std::string id, question, record = "summary";
  std::variant<Name, std::vector<Name>> experiment;
  std::variant<std::string, std::vector<Name>> variants = std::string("all");
  std::variant<Name, std::vector<Seed>> seeds;
  Map<std::variant<Values, FactorRange>> factors;
  bool pairwise = false;
  json::Fraction check_share{1, 20};
};

struct SeedRange {
  std::uint64_t first, last;
};

// "1..100"
std::optional<SeedRange> parse_seed_range(std::string_view text) {
  std::size_t dots = text.find("..");
  if (dots == text.npos) return std::nullopt;
  auto number = [](std::string_view word) -> std::optional<std::uint64_t> {
    std::int64_t n = 0;
    auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), n);
    if (word.empty() || error != std::errc() || end != word.data() + word.size() || n < 0) return std::nullopt;
    return static_cast<std::uint64_t>(n);
  };
  auto first = number(text.substr(0, dots)), last = number(text.substr(dots + 2));
  if (!first || !last || *first > *last || *last - *first >= kMostCells) return std::nullopt;
  return SeedRange{*first, *last};
}

json::Reader<std::string> identifier() {
  auto good = [](std::string_view text) {
    return !text.empty() && text.size() <= 100 && text[0] != '.' && text[0] != '-' &&
           std::ranges::all_of(text, [](unsigned char c) {
             return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                    c == '_' || c == '.';
           });
  };
  return json::pattern("identifier", good, "^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$",
                       "a name of letters, digits, \".\", \"-\" and \"_\" (neither \".\" nor \"-\" first)");
}

json::Reader<Name> line(const std::string& title, const std::string& expected) {
  auto good = [](std::string_view t) { return !t.empty() && t.find_first_of("\r\n") == t.npos; };
  return json::located(json::pattern(title, good, "^[^\\r\\n]+$", expected));
}

json::Reader<std::variant<Name, std::vector<Seed>>> seeds() {
  auto range = json::pattern(
      "seeds", [](std::string_view text) { return parse_seed_range(text).has_value(); }, "^[0-9]+\\.\\.[0-9]+$",
      fmt::format("seeds such as \"1..100\", the smaller one first, {} at the most", kMostCells));
  auto each = json::list(json::located(json::integer(0)), {1, kMostCells});
  return json::one_of("seeds such as \"1..100\", or a list of them", json::located(range), each);
}

json::ObjectReader<Written> reader() {
  auto file = line("path", "the path of an experiment file");
  auto variant = line("variant", "the name of a variant");
  auto all = json::convert(json::word({"all"}), [](std::size_t) { return std::string("all"); });
  auto values = json::list(json::located(json::any()), {1, 10'000});
  auto level = json::convert(json::word({"summary", "messages"}),
                             [](std::size_t i) { return std::string(i == 0 ? "summary" : "messages"); });
  return json::object<Written>("sweep", "Experiments, their variants, seeds and factors: every combination is one run")
      .with_schema_link()
      .required("id", &Written::id, identifier(), "Names the sweep's folder")
      .optional("question", &Written::question, json::text(), "What is to be found out")
      .required("experiment", &Written::experiment,
                json::one_of("the path of an experiment file, or a list of them", file, json::list(file, {1, 0})),
                "Files, relative to this one")
      .optional("variants", &Written::variants,
                json::one_of("\"all\", or a list of variants", all, json::list(variant, {1, 0})),
                "Which variants of each experiment; all unless it is given")
      .required("seeds", &Written::seeds, seeds(), "A range, or a list")
      .optional("factors", &Written::factors,
                json::map(json::one_of("a list of values, or an object with \"from\", \"to\" and \"step\"", values,
                                       factor_range_reader())),
                "What is set to one value after the other, by the name of a parameter or a JSON Pointer")
      .optional("pairwise", &Written::pairwise, json::boolean(),
                "Not every combination of variants and factors, but as many as bring every pair of values together")
      .optional("record", &Written::record, level, "How much each run keeps, as for `deadletter run`")
      .optional("check_share", &Written::check_share, json::fraction(),
                "Share of the runs that are done twice, with other memory, to see that they are the same");
}

// A value as the command line takes it: text that would be read as JSON needs its quotes.
std::string word_of(const json::Value& value) {
  if (!value.is(json::Kind::string)) return value.dump(0);
  json::Problems none;
  bool other = json::parse(std::make_shared<json::Source>(json::Source{"", value.as_string()}), none).has_value();
  return other ? value.dump(0) : value.as_string();
}

void once_each(const std::vector<Name>& names, std::string_view what, json::Problems& problems) {
  std::set<std::string> seen;
  for (const Name& name : names)
    if (!seen.insert(name.value).second)
      problems.add(json::problem_at(name.place, fmt::format("{} \"{}\" stands here twice", what, name.value)));
}

void settle_seeds(const Written& written, SweepPlan& plan, json::Problems& problems) {
  if (const Name* text = std::get_if<Name>(&written.seeds)) {
    SeedRange range = *parse_seed_range(text->value);
    for (std::uint64_t seed = range.first; seed <= range.last; ++seed) plan.seeds.push_back(seed);
    return;
  }
  std::set<std::int64_t> seen;
  for (const Seed& seed : std::get<1>(written.seeds)) {
    if (!seen.insert(seed.value).second)
      problems.add(json::problem_at(seed.place, fmt::format("seed {} stands here twice", seed.value)));
    plan.seeds.push_back(static_cast<std::uint64_t>(seed.value));
  }
}

void settle_factors(const Written& written, SweepPlan& plan, json::Problems& problems) {
  for (const auto& [key, place, given] : written.factors) {
    Factor factor{{key, place}, {}};
    if (const Values* values = std::get_if<Values>(&given)) {
      for (const auto& value : *values) factor.values.push_back({word_of(value.value), value.place});
    } else {
      factor.values = values_of(std::get<FactorRange>(given), problems);
    }
    once_each(factor.values, "the value", problems);
    plan.factors.push_back(std::move(factor));
  }
}

}  // namespace

std::string SweepPlan::folder() const { return fs::path(path).parent_path().string(); }

std::optional<SweepPlan> read_sweep_plan(const std::string& path, json::Problems& problems) {
  auto source = read_source(path, "the plan", problems);
  if (source == nullptr) return std::nullopt;
  std::size_t before = problems.count();
  auto written = json::read_text(reader(), source, problems);
  if (!written) return std::nullopt;
  SweepPlan plan{.path = fs::absolute(path).lexically_normal().string(),
                 .hash = sim::hash_octets(source->text),
                 .id = written->id,
                 .question = written->question,
                 .pairwise = written->pairwise,
                 .record = *parse_record_level(written->record),
                 .check_share = written->check_share};
  if (const Name* one = std::get_if<Name>(&written->experiment))
    plan.experiments = {*one};
  else
    plan.experiments = std::get<1>(written->experiment);
  once_each(plan.experiments, "the experiment", problems);
  if (const auto* some = std::get_if<1>(&written->variants)) {
    plan.variants = *some;
    once_each(*some, "the variant", problems);
  }
  settle_seeds(*written, plan, problems);
  settle_factors(*written, plan, problems);
  if (problems.count() > before) return std::nullopt;
  return plan;
}

json::Value sweep_schema() { return json::schema(reader(), "sweep.schema.json", "Deadletter sweep"); }

}  // namespace deadletter::experiments
