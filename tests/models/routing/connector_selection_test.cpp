// Which of two competing connectors a server sends through: every combination of scope, place of the source, address
// space and cost, held against the rule in words, which is written down here a second time (best_of).
//
//   1. A connector counts when it has an address space for the recipient, is enabled, may be used from here, and lets
//      so large a message through.
//   2. Of those that count the one with the most particular space is taken;
//   3. of those the cheaper one: by link state the cost of the space and of the way there together; by sites the cost
//      of the space, then that of the way (decision-points.md, transport.choose_route);
//   4. then the one with fewer connectors or site links on the way, then the one whose name is lower.
//   Nobody left: mail is returned when one in scope was too small, else it waits. No space for it: nothing_matches.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <map>
#include <utility>

#include "tests/support/routing_sketch.h"

namespace deadletter::testing {
namespace {

using namespace routing;

// ---- The organization: `me` asks, `mate` is in its routing group or site, `near` and `far` are in others.
constexpr std::uint32_t kWayToNear = 5, kWayToFar = 20;
constexpr const char* kGroups =
    "group M me mate; group N near; group F far; foreign x1;"
    "rgc M N 5 from me; rgc N M 5; rgc M F 20 from me; rgc F M 20";
constexpr const char* kSites = "site M me mate; site N near; site F far; foreign x1; link M N 5; link M F 20";

enum class Place : std::uint8_t { here, same, other };
enum class Space : std::uint8_t { exact, narrow, wide, all, other_type };
enum class State : std::uint8_t { fine, disabled, too_small };
constexpr Place kPlaces[] = {Place::here, Place::same, Place::other};
constexpr Space kSpaces[] = {Space::exact, Space::narrow, Space::wide, Space::all, Space::other_type};
constexpr std::uint64_t kSize = 6, kSmall = 5;

// One of the two: `first` is a gateway and its other place is near, the second has a smart host and its is far.
struct One {
  bool first = true, scoped = false;
  Place place = Place::here;
  Space space = Space::all;
  std::uint32_t cost = 30;
  State state = State::fine;
  std::string name{};
};

struct Questioned {
  bool by_sites, fax;
};

std::string pattern(const One& one, bool fax) {
  switch (one.space) {
    case Space::exact:
      return fax ? "+498912345" : "a.mail.x.com";
    case Space::narrow:
      return fax ? "+4989*" : "*.mail.x.com";
    case Space::wide:
      return fax ? "+49*" : "*.x.com";
    default:
      return "*";
  }
}

std::string source(const One& one) {
  if (one.place == Place::here) return "me";
  if (one.place == Place::same) return "mate";
  return one.first ? "near" : "far";
}

// ---- The rule in words

std::uint32_t way(const One& one) {
  if (one.place != Place::other) return 0;
  return one.first ? kWayToNear : kWayToFar;
}
bool in_scope(const One& one) { return !one.scoped || one.place != Place::other; }
bool counts(const One& one) { return one.state == State::fine && in_scope(one); }

bool better(const One& a, const One& b, bool by_sites) {
  if (a.space != b.space) return a.space < b.space;
  auto cost = [&](const One& o) {
    return by_sites ? std::pair(o.cost, way(o)) : std::pair(o.cost + way(o), std::uint32_t{0});
  };
  if (cost(a) != cost(b)) return cost(a) < cost(b);
  auto links = [](const One& o) { return o.place == Place::other ? 1 : 0; };
  if (links(a) != links(b)) return links(a) < links(b);
  return a.name == "a";  // without case before "B"
}

std::string nothing_matches(const Questioned& q) {
  if (q.by_sites) return "unreachable";
  return q.fax ? "none: no route" : "by DNS";
}

std::string hop_to(const One& one, bool by_sites) {
  if (one.place == Place::here) return one.first ? "gateway of " + one.name : "connector " + one.name + ": x1";
  if (one.place == Place::same) return "server mate";
  if (by_sites) return one.first ? "site N: near" : "site F: far";
  return one.first ? "connector M-N: near" : "connector M-F: far";
}

std::string best_of(const One& a, const One& b, const Questioned& q) {
  const One* best = nullptr;
  bool any = false, too_small = false;
  for (const One* one : {&a, &b}) {
    if (one->space == Space::other_type) continue;
    any = true;
    too_small |= one->state == State::too_small && in_scope(*one);
    if (counts(*one) && (best == nullptr || better(*one, *best, q.by_sites))) best = one;
  }
  if (best != nullptr) return hop_to(*best, q.by_sites) + ", for " + best->name;
  if (!any) return nothing_matches(q);
  return too_small ? "none: too large" : "unreachable";
}

// ---- The router

class Organization {
 public:
  explicit Organization(Questioned q) : q_(q), sketch_(q.by_sites ? kSites : kGroups) {}

  // The connectors in that order, behind those that join groups.
  std::string answer(const One& a, const One& b) const {
    Network network = sketch_.network();
    for (const One* one : {&a, &b}) network.connectors.push_back(connector(*one));
    network.seal();
    ServerId me = sketch_.server("me");
    Router router(network, sketch_.behaviour(me), me);
    Route route = router.to_address(q_.fax ? "FAX" : "SMTP", q_.fax ? "+498912345" : "a.mail.x.com", kSize, nullptr);
    std::string text = describe(network, route.hop);
    if (route.chosen == kNoRoute) return text;
    return text + ", for " + route.candidates[static_cast<std::size_t>(route.chosen)].name;
  }

 private:
  Connector connector(const One& one) const {
    bool fax = q_.fax == (one.space != Space::other_type);
    Connector c{.name = one.name, .sources = {sketch_.server(source(one))}};
    if (!one.first) c.targets = {sketch_.server("x1")};
    c.spaces = {{.type = fax ? "FAX" : "SMTP", .pattern = pattern(one, fax), .cost = one.cost}};
    if (one.scoped) c.scope = q_.by_sites ? Scope::site : Scope::group;
    if (one.state == State::too_small) c.max_size = kSmall;
    c.enabled = one.state != State::disabled;
    c.gateway = one.first;
    return c;
  }

  Questioned q_;
  Sketch sketch_;
};

std::string words(const One& one) {
  constexpr const char* spaces[] = {"exact", "narrow pattern", "wide pattern", "*", "other type"};
  constexpr const char* states[] = {"", ", disabled", ", too small"};
  return fmt::format("{} at {}{}: {}, cost {}{}", one.name, source(one), one.scoped ? " (scoped)" : "",
                     spaces[static_cast<std::size_t>(one.space)], one.cost,
                     states[static_cast<std::size_t>(one.state)]);
}

template <class Visit>
void each_one(bool first, std::initializer_list<State> states, Visit visit) {
  for (bool scoped : {false, true})
    for (Place place : kPlaces)
      for (Space space : kSpaces)
        for (State state : states)
          visit(One{.first = first, .scoped = scoped, .place = place, .space = space, .state = state});
}

class ConnectorSelection : public ::testing::TestWithParam<Questioned> {
 protected:
  // Listed in both orders, and each of them with the lower name.
  void compare(One a, One b) {
    for (auto [name_of_a, name_of_b] : {std::pair("a", "B"), std::pair("B", "a")}) {
      a.name = name_of_a, b.name = name_of_b;
      std::string expected = best_of(a, b, GetParam());
      ++answers_[expected];
      ASSERT_EQ(organization_.answer(a, b), expected) << words(a) << "\n" << words(b);
      ASSERT_EQ(organization_.answer(b, a), expected) << words(b) << "\n" << words(a);
    }
  }

  Organization organization_{GetParam()};
  std::map<std::string, int> answers_;  // how often each was right
};

// The first one's costs: below, and such that it costs as much as the other with the way of either, and above.
TEST_P(ConnectorSelection, ByScopePlaceSpaceAndCost) {
  constexpr std::uint32_t costs[] = {10, 25, 30, 45, 50, 60};
  each_one(true, {State::fine}, [&](One a) {
    each_one(false, {State::fine}, [&](const One& b) {
      for (std::uint32_t cost : costs) {
        if (HasFatalFailure()) return;
        a.cost = cost;
        compare(a, b);
      }
    });
  });
  EXPECT_EQ(answers_.size(), GetParam().by_sites ? 11U : 12U)
      << "two connectors of two names at three places, and none";
}

TEST_P(ConnectorSelection, WhatIsDisabledOrTooSmallDoesNotCount) {
  each_one(true, {State::fine, State::disabled, State::too_small}, [&](const One& a) {
    each_one(false, {State::fine, State::disabled, State::too_small}, [&](const One& b) {
      if (HasFatalFailure() || (a.state == State::fine && b.state == State::fine)) return;
      compare(a, b);
    });
  });
  EXPECT_EQ(answers_.size(), GetParam().by_sites ? 12U : 13U);
  EXPECT_GT(answers_["none: too large"], 0);
  EXPECT_GT(answers_["unreachable"], 0);
}

INSTANTIATE_TEST_SUITE_P(Routing, ConnectorSelection,
                         ::testing::Values(Questioned{false, false}, Questioned{false, true}, Questioned{true, false},
                                           Questioned{true, true}),
                         [](const auto& info) {
                           return std::string(info.param.by_sites ? "sites" : "link_state") +
                                  (info.param.fax ? "_fax" : "_smtp");
                         });

// ---- Ways of a fax. In the sketches connectors named Gate… are gateways.

struct Way {
  const char* why;
  const char* sketch;
  const char *from, *number;
  const char* expected;  // the first hop; after "=>" the servers on the whole way and how it ends
  std::uint64_t size = 1;
};

constexpr const char* kTwoGates =
    "group A a1 a2; group B b1; rgc A B 5 from a1; rgc B A 5; out GateM FAX:+4989*!9 from a1; out GateW FAX:*!1 from "
    "b1";
constexpr const char* kGateAtP =
    "site P p1 p2 m1:mailbox; site Q q1; link P Q 10; out Net *!1 from q1; out GateP FAX:*!1 from p1 scope site";

const Way kWays[] = {
    {"a gateway is beside its source", kTwoGates, "a1", "+498912345", "gateway of GateM => a1 handed over"},
    {"elsewhere in the group: to the source", kTwoGates, "a2", "+498912345", "server a1 => a2 a1 handed over"},
    {"another group: by connectors", kTwoGates, "b1", "+498912345", "connector B-A: a1, a2 => b1 a1 handed over"},
    {"another prefix: the other gateway", kTwoGates, "a2", "+4930123", "server a1 => a2 a1 b1 handed over"},
    {"one of two sources", "group A a1 a2; out Gate FAX:*!1 from a1 a2", "a2", "+49",
     "gateway of Gate => a2 handed over"},
    {"neither of two sources: any one", "group A a1 a2 a3; out Gate FAX:*!1 from a1 a2", "a3", "+49",
     "connector Gate: a1, a2 => a3 a1 handed over"},
    {"a smart host is no gateway", "group A a1; foreign x1; out F FAX:*!1 from a1 to x1", "a1", "+49",
     "connector F: x1 => a1 x1 handed over"},
    {"sites: beside its source", kGateAtP, "p1", "+49", "gateway of GateP => p1 handed over"},
    {"sites: in scope in the own site", kGateAtP, "p2", "+49", "server p1 => p2 p1 handed over"},
    {"sites: a mailbox server hands to a hub, which knows", kGateAtP, "m1", "+49",
     "site P: p1, p2 => m1 p1 handed over"},
    {"sites: out of scope in another one, the fax waits", kGateAtP, "q1", "+49", "unreachable => q1 waits"},
    {"sites: a gateway elsewhere: to the hubs of its site first",
     "site P p1 p2; site Q q1; link P Q 10; out Gate FAX:*!1 from p2", "q1", "+49",
     "site P: p1, p2 => q1 p1 p2 handed over"},
    {"sites: costs tie: fewest site links",
     "site P p1; site Q q1; site R r1; site S s1; link P Q 10; link P R 5; link R S 5;"
     "out GateA FAX:*!1 from s1; out GateB FAX:*!1 from q1",
     "p1", "+49", "site Q: q1 => p1 q1 handed over"},
    {"disabled: the wider one",
     "group A a1; group B b1; rgc A B 5; rgc B A 5; out GateM FAX:+4989*!1 from a1 off; out GateW FAX:*!9 from b1",
     "a1", "+498912345", "connector A-B: b1 => a1 b1 handed over"},
    {"disabled and no other: it waits", "group A a1; out Gate FAX:*!1 from a1 off", "a1", "+49",
     "unreachable => a1 waits"},
    {"too small: the wider one", "group A a1; out GateM FAX:+4989*!1 from a1 max 5; out GateW FAX:*!9 from a1", "a1",
     "+498912345", "gateway of GateW => a1 handed over", 6},
    {"too small and no other: returned", "site P p1; out Gate FAX:*!1 from p1 max 5", "p1", "+49",
     "none: too large => p1 returned", 6},
    {"exactly the limit passes", "site P p1; out Gate FAX:*!1 from p1 max 5", "p1", "+49",
     "gateway of Gate => p1 handed over", 5},
    {"nothing for the prefix: returned by link state", "group A a1; out Gate FAX:+4989*!1 from a1", "a1", "+4930",
     "none: no route => a1 returned"},
    {"nothing for the prefix: waits by sites", "site P p1; out Gate FAX:+4989*!1 from p1", "p1", "+4930",
     "unreachable => p1 waits"},
    {"an old server knows no scope of a site",
     "group A a1; site P p1; rgc A 7 1; rgc 7 A 1 from p1; out Gate FAX:*!1 from p1 scope site", "a1", "+49",
     "unreachable => a1 waits"},
    {"an old server's fax by a new server's gateway",
     "group A a1; site P p1; rgc A 7 1; rgc 7 A 1 from p1; out Gate FAX:*!1 from p1", "a1", "+49",
     "connector A-7: p1 => a1 p1 handed over"},
    {"a new server's fax by an old server's gateway",
     "group A a1; site P p1 p2; rgc A 7 1; rgc 7 A 1 from p1; out Gate FAX:*!1 from a1", "p2", "+49",
     "server p1 => p2 p1 a1 handed over"},
    {"scope of a routing group: all sites are in one",
     "site P p1; site Q q1; link P Q 10; out Gate FAX:*!1 from p1 scope group", "q1", "+49",
     "site P: p1 => q1 p1 handed over"},
    {"scope of a site: of each that has a source",
     "site P p1; site Q q1 q2; site R r1; link P Q 10; link Q R 10; out Gate FAX:*!1 from p1 q1 scope site", "q2",
     "+49", "server q1 => q2 q1 handed over"},
    {"scope of a site: not of one in between",
     "site P p1; site Q q1; site R r1; link P Q 10; link Q R 10; out Gate FAX:*!1 from p1 r1 scope site", "q1", "+49",
     "unreachable => q1 waits"},
};

Network with_gateways(const Sketch& sketch) {
  Network network = sketch.network();
  for (Connector& c : network.connectors) c.gateway = c.name.starts_with("Gate");
  return network;
}

class WayOfAFax : public ::testing::TestWithParam<Way> {};

TEST_P(WayOfAFax, LeadsToTheGateway) {
  const Way& way = GetParam();
  Sketch sketch(way.sketch);
  Network network = with_gateways(sketch);
  auto behaviour = [&](ServerId id) -> const RoutingBehaviour& { return sketch.behaviour(id); };
  Destination to{.domain = way.number, .type = "FAX"};
  Journey journey = travel(network, behaviour, sketch.server(way.from), to, way.size, nullptr);
  ASSERT_FALSE(journey.steps.empty());
  std::string text = describe(network, journey.steps[0].route.hop) + " =>";
  for (ServerId s : journey.servers) text += " " + network.server(s).name;
  EXPECT_EQ(text + " " + routing::text(journey.end), way.expected) << way.why << "\n  " << way.sketch;
}

INSTANTIATE_TEST_SUITE_P(Routing, WayOfAFax, ::testing::ValuesIn(kWays), [](const auto& info) {
  std::string name;
  for (char c : std::string(info.param.why)) name += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  return name;
});

}  // namespace
}  // namespace deadletter::testing
