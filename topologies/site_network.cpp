#include "topologies/site_network.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <numbers>
#include <set>

#include "sim/json/excerpt.h"
#include "sim/json/units.h"
#include "sim/time.h"

namespace deadletter::topologies {
namespace {

constexpr double kKilometresAMillisecond = 200;
// What a topology's links may have (topologies/read.cpp).
constexpr std::uint64_t kNarrowestBand = 1'000, kWidestBand = 1'000'000'000'000;
constexpr std::int64_t kLongestLatency = sim::Duration::hours(1).ns;

std::optional<double> number(std::string_view text) {
  double value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

// Letters, digits, ".", "-", "_", as names in topologies are; accents and spaces become "-".
std::string name_of(std::string_view label) {
  std::string name;
  for (char c : label) {
    bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_';
    if (good)
      name += c;
    else if (!name.empty() && name.back() != '-')
      name += '-';
    if (name.size() == 60) break;
  }
  while (!name.empty() && name.back() == '-') name.pop_back();
  return name;
}

struct Point {
  double latitude, longitude;
};

// Names that nothing has yet. Of the same one asked for a thousand times the thousandth is found as soon as the second.
class FreshNames {
 public:
  void take(const std::string& name) { taken_.insert(name); }
  std::string fresh(const std::string& name) {
    std::string unique = name;
    for (int& next = next_.try_emplace(name, 2).first->second; !taken_.insert(unique).second; ++next)
      unique = fmt::format("{}-{}", name, next);
    return unique;
  }

 private:
  std::set<std::string> taken_;
  std::map<std::string, int> next_;
};

class Mapper {
 public:
  Mapper(const Graphml& from, const SiteNetworkOptions& options, json::Problems& problems)
      : from_(from), options_(options), problems_(problems) {}

  NetworkMap read() {
    if (from_.nodes.empty()) problem(1, "expected nodes: the graph has none");
    std::string network = name_of(from_.data.text("Network"));
    map_.id = network.empty() ? "network" : network;
    map_.description = fmt::format("The network {}, from {}.", network.empty() ? "of a map" : network,
                                   from_.source->name.substr(from_.source->name.rfind('/') + 1));
    for (const GraphmlNode& n : from_.nodes) place(n);
    for (const GraphmlEdge& e : from_.edges) link(e);
    say();
    return std::move(map_);
  }

 private:
  void problem(int line, std::string message) { problems_.add(graphml_problem(from_, line, std::move(message))); }

  void place(const GraphmlNode& n) {
    std::string label = name_of(n.data.text("label"));
    if (label.empty()) label = name_of("node-" + n.id), ++nameless_;
    map_.places.push_back(names_.fresh(label));
    points_.push_back(point(n));
    if (!points_.back()) ++nowhere_;
  }
  std::optional<Point> point(const GraphmlNode& n) {
    auto coordinate = [&](const char* key, double most) -> std::optional<double> {
      const GraphmlDatum* datum = n.data.find(key);
      if (datum == nullptr || datum->text.empty()) return std::nullopt;
      auto value = number(datum->text);
      if (value && std::abs(*value) <= most) return value;
      problem(datum->line,
              fmt::format("expected a {} from -{} to {}, found {}", key, most, most, json::show(datum->text)));
      return std::nullopt;
    };
    auto latitude = coordinate("Latitude", 90), longitude = coordinate("Longitude", 180);
    if (!latitude || !longitude) return std::nullopt;
    return Point{*latitude, *longitude};
  }

  void link(const GraphmlEdge& e) {
    if (e.from == e.to) {
      ++loops_;
      return;
    }
    std::string name = map_.places[e.from] + "-" + map_.places[e.to];
    map_.links.push_back({names_.fresh(name.substr(0, 90)), e.from, e.to, bandwidth(e), latency(e)});
  }
  std::uint64_t bandwidth(const GraphmlEdge& e) {
    if (const GraphmlDatum* said = e.data.find("bandwidth")) {
      auto value = json::parse_bandwidth(said->text);
      if (!value) value = speed_in(said->text);
      if (value && *value >= kNarrowestBand && *value <= kWidestBand) return *value;
      problem(said->line, fmt::format("expected a bandwidth of 1kbps to 1000Gbps such as \"10Mbps\", found {}",
                                      json::show(said->text)));
    }
    std::optional<std::uint64_t> speed;
    if (const GraphmlDatum* raw = e.data.find("LinkSpeedRaw")) {
      auto value = number(raw->text);
      if (!value || *value < kNarrowestBand || *value > kWidestBand)
        problem(raw->line,
                fmt::format("expected a LinkSpeedRaw of 1000 to 10^12 bits a second, found {}", json::show(raw->text)));
      else
        speed = static_cast<std::uint64_t>(std::llround(*value));
    }
    if (!speed) speed = speed_in(e.data.text("LinkLabel"));
    if (!speed) ++no_speed_;
    return std::clamp(speed.value_or(options_.bandwidth_bps), kNarrowestBand, kWidestBand);
  }
  std::int64_t latency(const GraphmlEdge& e) {
    if (const GraphmlDatum* said = e.data.find("latency")) {
      auto value = json::parse_duration(said->text);
      if (value && *value >= 0 && *value <= kLongestLatency) return *value;
      problem(said->line,
              fmt::format("expected a latency of at most an hour such as \"5ms\", found {}", json::show(said->text)));
    }
    const auto &one = points_[e.from], &other = points_[e.to];
    if (!one || !other) {
      ++no_distance_;
      return options_.latency_ns;
    }
    double km = great_circle_km(one->latitude, one->longitude, other->latitude, other->longitude);
    // To ten microseconds, two kilometres: no more is known, and so every machine rounds alike.
    return std::max<std::int64_t>(1, std::llround(km / kKilometresAMillisecond * 100)) * 10'000;
  }

  void note(std::size_t count, const char* one, const char* several, const std::string& then) {
    if (count != 0) map_.notes.push_back(fmt::format("{} {}: {}", count, count == 1 ? one : several, then));
  }
  void say() {
    note(nameless_, "node has no label", "nodes have no label", "named by id");
    // Where every link tells how long it is, nobody asks where its ends are.
    if (no_distance_ != 0)
      note(nowhere_, "node has no coordinates", "nodes have no coordinates", "how long links there are cannot be told");
    note(no_speed_, "link tells no speed", "links tell no speed",
         json::format_bandwidth(options_.bandwidth_bps) + " is assumed (--bandwidth)");
    note(no_distance_, "link has no length", "links have no length",
         json::format_duration(options_.latency_ns) + " is assumed (--latency)");
    note(loops_, "edge joins a node to itself", "edges join a node to itself", "left out");
    for (const std::string& what : from_.ignored) map_.notes.push_back(what + " are left out");
  }

  const Graphml& from_;
  const SiteNetworkOptions& options_;
  json::Problems& problems_;
  NetworkMap map_;
  FreshNames names_;                          // of places and links
  std::vector<std::optional<Point>> points_;  // by node
  std::size_t nameless_ = 0, nowhere_ = 0, no_speed_ = 0, no_distance_ = 0, loops_ = 0;
};

class Builder {
 public:
  Builder(NetworkMap map, const SiteNetworkOptions& options) : map_(std::move(map)), options_(options) {}

  SiteNetwork build() {
    graph_.facts.set("id", map_.id);
    graph_.facts.set("description", map_.description);
    for (const std::string& place : map_.places) {
      names_.take(place);
      places_.push_back(graph_.add({VertexKind::place, place}));
    }
    for (const NetworkMap::Link& l : map_.links) {
      Edge edge{EdgeKind::link, places_[l.one], places_[l.other]};
      edge.facts.set("name", l.name)
          .set("bandwidth", json::format_bandwidth(l.bandwidth_bps))
          .set("latency", json::format_duration(l.latency_ns));
      names_.take(l.name);
      graph_.add(std::move(edge));
    }
    if (!options_.server_build.empty()) servers();
    say_parts();
    return {std::move(graph_), std::move(map_.notes)};
  }

 private:
  // One at each place, named after it; the first one receives for the domain.
  void servers() {
    VertexIndex first = 0;
    for (std::size_t i = 0; i < places_.size(); ++i) {
      Vertex server{VertexKind::server, names_.fresh("EX-" + map_.places[i])};
      std::string name = server.name;
      server.facts.set("host", fmt::format("ex{}.{}", i + 1, options_.domain))
          .set("build", options_.server_build)
          .set("mailboxes", json::Value::array({fmt::format("user{}@{}", i + 1, options_.domain)}));
      VertexIndex index = graph_.add(std::move(server));
      if (i == 0) first = index;
      Edge lan{EdgeKind::link, index, places_[i]};
      lan.facts.set("name", names_.fresh(name + "-lan")).set("bandwidth", "1Gbps").set("latency", "100us");
      lan.facts.set("sharing", "latency");
      graph_.add(std::move(lan));
    }
    VertexIndex domain = graph_.add({VertexKind::domain, options_.domain});
    graph_.add(Edge{EdgeKind::receives, domain, first});
  }
  void say_parts() {
    auto part = graph_.parts();
    std::set<std::uint32_t> parts;
    for (VertexIndex place : places_) parts.insert(part[place]);
    if (parts.size() > 1)
      map_.notes.push_back(
          fmt::format("the network is in {} parts that no link joins: servers of different parts cannot "
                      "reach each other, and check will say so",
                      parts.size()));
  }

  NetworkMap map_;
  const SiteNetworkOptions& options_;
  Graph graph_;
  FreshNames names_;
  std::vector<VertexIndex> places_;
};

}  // namespace

std::optional<NetworkMap> network_map(const Graphml& graphml, const SiteNetworkOptions& options,
                                      json::Problems& problems) {
  const std::size_t before = problems.count();
  NetworkMap map = Mapper(graphml, options, problems).read();
  if (problems.count() > before) return std::nullopt;
  return map;
}

std::optional<SiteNetwork> site_network(const Graphml& graphml, const SiteNetworkOptions& options,
                                        json::Problems& problems) {
  auto map = network_map(graphml, options, problems);
  if (!map) return std::nullopt;
  return Builder(std::move(*map), options).build();
}

std::optional<std::uint64_t> speed_in(std::string_view label) {
  std::size_t begin = label.find_first_of("0123456789");
  if (begin == label.npos) return std::nullopt;
  double value = 0;
  auto [end, error] = std::from_chars(label.data() + begin, label.data() + label.size(), value);
  if (error != std::errc{}) return std::nullopt;
  std::string_view unit = label.substr(static_cast<std::size_t>(end - label.data()));
  while (unit.starts_with(' ')) unit.remove_prefix(1);
  if (unit.empty()) return std::nullopt;
  char prefix = unit[0] >= 'a' && unit[0] <= 'z' ? static_cast<char>(unit[0] - 'a' + 'A') : unit[0];
  double factor = prefix == 'K' ? 1e3 : prefix == 'M' ? 1e6 : prefix == 'G' ? 1e9 : prefix == 'T' ? 1e12 : 0;
  double bits = value * factor;
  if (!(bits >= kNarrowestBand && bits <= kWidestBand)) return std::nullopt;
  return static_cast<std::uint64_t>(std::llround(bits));
}

double great_circle_km(double latitude_1, double longitude_1, double latitude_2, double longitude_2) {
  constexpr double kRadius = 6371, kRadians = std::numbers::pi / 180;
  double north = std::sin((latitude_2 - latitude_1) * kRadians / 2),
         east = std::sin((longitude_2 - longitude_1) * kRadians / 2);
  double h = north * north + std::cos(latitude_1 * kRadians) * std::cos(latitude_2 * kRadians) * east * east;
  return 2 * kRadius * std::asin(std::min(1.0, std::sqrt(h)));
}

}  // namespace deadletter::topologies
