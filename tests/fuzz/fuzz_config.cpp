// Any text as an experiment, every variant planned. Lines "--set PATH=VALUE" at its beginning are what the command line
// adds. The topology is always one of the project's and there is no trace: no other file is opened.
#include <cstdint>

#include "experiments/config/load.h"
#include "sim/json/parse.h"
#include "tests/fuzz/require.h"

using namespace deadletter;

namespace {

constexpr const char* kTopology = DEADLETTER_SOURCE_DIR "/topologies/internet_edge.json";

std::vector<experiments::Set> take_sets(std::string_view& text) {
  std::vector<experiments::Set> sets;
  while (text.starts_with("--set ")) {
    std::size_t end = std::min(text.find('\n'), text.size());
    if (auto set = experiments::parse_set(text.substr(6, end - 6))) sets.push_back(*set);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return sets;
}

void check_plan(const experiments::Plan& plan) {
  sim::Instant last;
  for (const experiments::PlannedMail& m : plan.mail) {
    REQUIRE(last <= m.at && m.at <= plan.horizon && !m.to.empty());
    last = m.at;
  }
  for (const experiments::PlannedNode& n : plan.nodes) {
    REQUIRE(!n.build.parts.empty());
    REQUIRE(!n.resolved.behaviour.queue.ladder->steps.empty());
  }
  json::Problems none;
  auto resolved = std::make_shared<json::Source>(json::Source{"", plan.resolved.dump(2)});
  auto again = json::parse(resolved, none);
  REQUIRE(again && *again == plan.resolved);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  auto sets = take_sets(text);
  json::Problems problems;
  auto loaded = experiments::load_experiment_text("fuzz.json", std::string(text), sets, problems);
  REQUIRE(loaded.has_value() == problems.empty());
  if (loaded) {
    REQUIRE(!loaded->experiment.variants.empty());
    loaded->document.set("topology", kTopology);
    loaded->document.set("traffic", json::Value::array());
    std::size_t planned = 0;
    for (const auto& variant : loaded->experiment.variants) {
      if (++planned > 8) break;
      std::size_t before = problems.count();
      auto plan = experiments::make_plan(*loaded, variant.key, std::nullopt, problems);
      REQUIRE(plan.has_value() == (problems.count() == before));
      if (plan) check_plan(*plan);
    }
  }
  REQUIRE(json::render(problems).empty() == problems.empty());
  REQUIRE(json::to_json(problems).find("errors")->size() <= json::Problems::kKept);
  return 0;
}
