#include "experiments/cli/network_file.h"

#include <fmt/format.h>

#include "experiments/config/load.h"
#include "sim/json/units.h"
#include "sim/time.h"
#include "topologies/graphviz_read.h"

namespace deadletter::cli {

void add_link_words(CLI::App& command, SiteLinkWords& words) {
  command.add_option("--bandwidth", words.bandwidth, "Of links of a map that do not tell; 10Mbps")->type_name("RATE");
  command.add_option("--latency", words.latency, "Of links of a map whose length cannot be told; 5ms")
      ->type_name("TIME");
}

bool read_link_words(const SiteLinkWords& words, topologies::SiteNetworkOptions& options, json::Problems& problems) {
  const std::size_t before = problems.count();
  auto wrong = [&](const char* option, const std::string& word, const char* expected) {
    json::Problem problem;
    problem.message = fmt::format("{} {}: expected {}", option, word, expected);
    problems.add(std::move(problem));
  };
  if (!words.bandwidth.empty()) {
    auto value = json::parse_bandwidth(words.bandwidth);
    if (!value) wrong("--bandwidth", words.bandwidth, "a bandwidth such as 10Mbps");
    options.bandwidth_bps = value.value_or(options.bandwidth_bps);
  }
  if (!words.latency.empty()) {
    auto value = json::parse_duration(words.latency);
    if (!value || *value < 0 || *value > sim::Duration::hours(1).ns)
      wrong("--latency", words.latency, "a time of at most an hour, such as 5ms");
    options.latency_ns = value.value_or(options.latency_ns);
  }
  return problems.count() == before;
}

std::optional<topologies::Graphml> read_graph(const std::string& path, MapFormat format, json::Problems& problems) {
  auto source = experiments::read_source(path, "the graph", problems);
  if (source == nullptr) return std::nullopt;
  bool dot = format == MapFormat::dot;
  if (format == MapFormat::by_ending) dot = path.ends_with(".dot") || path.ends_with(".gv");
  return dot ? topologies::read_graphviz(source, problems) : topologies::read_graphml(source, problems);
}

std::optional<topologies::NetworkMap> read_map(const std::string& path, const SiteLinkWords& words,
                                               json::Problems& problems) {
  topologies::SiteNetworkOptions options;
  bool good = read_link_words(words, options, problems);
  auto graph = read_graph(path, MapFormat::by_ending, problems);
  if (!good || !graph) return std::nullopt;
  return topologies::network_map(*graph, options, problems);
}

}  // namespace deadletter::cli
