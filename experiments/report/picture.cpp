#include "experiments/report/picture.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <map>

namespace deadletter::experiments::report {
namespace {

using json::Value;
using topologies::Connector;
using topologies::Organization;
using topologies::Server;

struct Point {
  double x = 0, y = 0;
};
struct Node {
  std::string name, kind, group;
};
struct Link {
  std::size_t from, to;
  std::string kind, name;
};

std::string group_of(const Server& server) {
  for (const auto* group : {&server.routing_group, &server.site, &server.organization})
    if (*group) return (*group)->value;
  return "";
}

class Sketch {
 public:
  explicit Sketch(const Organization& organization) {
    for (const Server& s : organization.hosts) add({s.name.value, s.foreign ? "exchanger" : "server", group_of(s)});
    for (const auto& place : organization.places) add({place.value, "place", ""});
    for (const auto& l : organization.links) link(l.between[0].value, l.between[1].value, "network", l.name.value);
    for (const Connector& c : organization.connectors) add(c, organization);
  }

  std::vector<Node> nodes;
  std::vector<Link> links;

 private:
  void add(Node node) {
    if (numbers_.emplace(node.name, nodes.size()).second) nodes.push_back(std::move(node));
  }
  // A connector joins its sources with its smart hosts and remote bridgeheads; else with a server of the group it
  // leads to. One that goes by the exchangers of its domains has no other end to draw.
  void add(const Connector& c, const Organization& organization) {
    std::string kind = std::string(topologies::text(c.type)) + " connector";
    std::vector<std::string> ends;
    for (const auto* names : {&c.target_servers, &c.smart_hosts})
      for (const auto& name : *names) ends.push_back(name.value);
    if (ends.empty() && c.to)
      for (const Server& s : organization.hosts)
        if (ends.empty() && s.routing_group && s.routing_group->value == c.to->value) ends.push_back(s.name.value);
    for (const auto& source : c.source_servers)
      for (const std::string& end : ends) link(source.value, end, kind, c.name.value);
  }
  void link(const std::string& from, const std::string& to, std::string kind, const std::string& name) {
    auto a = numbers_.find(from), b = numbers_.find(to);
    if (a != numbers_.end() && b != numbers_.end()) links.push_back({a->second, b->second, std::move(kind), name});
  }

  std::map<std::string, std::size_t> numbers_;
};

// Links on the shortest way between each two; those without a way are a little further apart than all others.
std::vector<std::vector<double>> distances(const Sketch& sketch) {
  std::size_t n = sketch.nodes.size();
  std::vector<std::vector<std::size_t>> beside(n);
  for (const Link& l : sketch.links) beside[l.from].push_back(l.to), beside[l.to].push_back(l.from);
  std::vector<std::vector<double>> all(n, std::vector<double>(n, -1));
  double longest = 1;
  for (std::size_t from = 0; from < n; ++from) {
    auto& far = all[from];
    far[from] = 0;
    for (std::deque<std::size_t> next{from}; !next.empty(); next.pop_front())
      for (std::size_t to : beside[next.front()])
        if (far[to] < 0) longest = std::max(longest, far[to] = far[next.front()] + 1), next.push_back(to);
  }
  for (auto& far : all)
    for (double& d : far)
      if (d < 0) d = longest + 1;
  return all;
}

// Stress majorization: each node goes where the others, at their distances, want it; near ones count most.
std::vector<Point> laid_out(const Sketch& sketch) {
  constexpr int kRounds = 120;
  std::size_t n = sketch.nodes.size();
  auto wanted = distances(sketch);
  std::vector<Point> points(n);
  // To begin with on a spiral without two nodes in one place or all in one line.
  for (std::size_t i = 0; i < n; ++i) {
    auto k = static_cast<double>(i);
    double radius = 1 + k / 4;
    constexpr Point kRays[] = {{1, 0}, {0.6, 0.8}, {-0.28, 0.96}, {-1, 0.1}, {-0.8, -0.6}, {0.1, -1}, {0.8, -0.6}};
    points[i] = {kRays[i % 7].x * radius, kRays[i % 7].y * radius};
  }
  for (int round = 0; round < kRounds; ++round)
    for (std::size_t i = 0; i < n; ++i) {
      Point sum;
      double weights = 0;
      for (std::size_t j = 0; j < n; ++j) {
        if (j == i) continue;
        double dx = points[i].x - points[j].x, dy = points[i].y - points[j].y;
        double is = std::max(std::sqrt(dx * dx + dy * dy), 1e-6), should = wanted[i][j];
        double weight = 1 / (should * should);
        sum.x += weight * (points[j].x + dx * should / is);
        sum.y += weight * (points[j].y + dy * should / is);
        weights += weight;
      }
      if (weights > 0) points[i] = {sum.x / weights, sum.y / weights};
    }
  return points;
}

// Into 0 to 1 in both directions, in ten-thousandths; a direction without extent is 0.5.
void normalise(std::vector<Point>& points, double Point::*axis) {
  double least = points[0].*axis, most = least;
  for (const Point& p : points) least = std::min(least, p.*axis), most = std::max(most, p.*axis);
  for (Point& p : points) {
    double share = most - least < 1e-9 ? 0.5 : (p.*axis - least) / (most - least);
    p.*axis = std::round(share * 10'000) / 10'000;
  }
}

}  // namespace

Value picture_of(const Organization& organization) {
  Sketch sketch(organization);
  if (sketch.nodes.empty() || sketch.nodes.size() > kMostNodes) return {};
  std::vector<Point> points = laid_out(sketch);
  normalise(points, &Point::x);
  normalise(points, &Point::y);
  Value nodes = Value::array(), links = Value::array();
  for (std::size_t i = 0; i < points.size(); ++i)
    nodes.push_back(Value::object()
                        .set("name", sketch.nodes[i].name)
                        .set("kind", sketch.nodes[i].kind)
                        .set("group", sketch.nodes[i].group)
                        .set("x", points[i].x)
                        .set("y", points[i].y));
  for (const Link& l : sketch.links)
    links.push_back(Value::object()
                        .set("from", sketch.nodes[l.from].name)
                        .set("to", sketch.nodes[l.to].name)
                        .set("kind", l.kind)
                        .set("name", l.name));
  return Value::object().set("nodes", nodes).set("links", links);
}

}  // namespace deadletter::experiments::report
