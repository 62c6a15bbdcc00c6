// Where a server sends mail next, case by case: a sketch of the organization, a question, the answer and its reason.
// What is expected comes from the documents (facts 5): Exchange 2000/2003 route over links that are up, Exchange 2007
// by the directory alone.
//
//   question   "a1 > c1" to a server, "a1 > @x.com" to a domain; then "size 6", "type X400", "down A-B B-C/b2"
//   expected   the next hop and its hosts in order; after "=>" the servers on the whole way and how it ends
#include <gtest/gtest.h>

#include <map>

#include "tests/support/routing_sketch.h"

namespace deadletter::testing {
namespace {

using namespace routing;

struct Case {
  const char* why;
  const char* sketch;
  const char* question;
  const char* expected;
};

// A triangle of Exchange 2003 groups: A-C costs 30 straight, 20 over B.
constexpr const char* kTriangle =
    "group A a1 a2; group B b1; group C c1;"
    "rgc A B 10 from a1; rgc B C 10; rgc A C 30 from a2; rgc B A 10; rgc C B 10; rgc C A 30";
// Two bridgeheads on one connector.
constexpr const char* kBridgeheads = "group A a1 a2 a3; group B b1 b2; rgc A B 10 from a1 a2 to b1 b2; rgc B A 10";
// Sites in a row, and a long way round.
constexpr const char* kRow = "site P p1; site Q q1; site R r1 r2; link P Q 10; link Q R 10; link P R 50";
constexpr const char* kRowWithHub = "site P p1; hub Q q1; site R r1 r2; link P Q 10; link Q R 10; link P R 50";
// Exchange 2007 at two sites, joined to A by both; from P's hub the way over Q costs sites.
constexpr const char* kMixed =
    "group A a1; group B b1; site P p1 m1:mailbox; site Q q1; link P Q 100;"
    "rgc A 7 10 to p1; rgc 7 A 20 from p1; rgc 7 B 15 from q1; rgc B 7 15 to q1; rgc A B 100; rgc B A 100";
constexpr const char* kEdge =
    "site P p1 m1:mailbox e1:edge; site Q q1; link P Q 10; foreign x1; out Net *!10 from e1;"
    "out Partner *.partner.com!1 from q1 to x1";

const Case kCases[] = {
    // ---- Exchange 2003: least cost over links that are up (facts 5.1)
    {"own server: the store is here", kTriangle, "a1 > a1", "=> a1 delivered"},
    {"same group: straight there", kTriangle, "a1 > a2", "server a2 => a1 a2 delivered"},
    {"least sum of costs, not fewest connectors", kTriangle, "a1 > c1", "connector A-B: b1 => a1 b1 c1 delivered"},
    {"a member goes to the bridgehead first", kTriangle, "a2 > c1", "server a1 => a2 a1 b1 c1 delivered"},
    {"first link down: the alternative", kTriangle, "a1 > c1 down A-B", "server a2 => a1 a2 c1 delivered"},
    {"a link further on is down: the alternative", kTriangle, "a2 > c1 down B-C",
     "connector A-C: c1 => a2 c1 delivered"},
    {"all down: it waits", kTriangle, "a1 > c1 down A-B A-C", "unreachable => a1 waits"},
    {"the last link of every way is down", kTriangle, "a1 > c1 down B-C A-C", "unreachable => a1 waits"},
    {"other direction is another connector", kTriangle, "a1 > c1 down C-B C-A B-A",
     "connector A-B: b1 => a1 b1 c1 delivered"},
    {"costs tie: fewest connectors", "group A a1; group B b1; group C c1; rgc A B 10; rgc B C 10; rgc A C 20",
     "a1 > c1", "connector A-C: c1"},
    {"costs and hops tie: lowest name",
     "group A a1; group Z z1; group B b1; group C c1; rgc A Z 10; rgc Z C 10; rgc A B 10; rgc B C 10", "a1 > c1",
     "connector A-B: b1"},
    {"names are compared without case",
     "group A a1; group Z z1; group b b1; group C c1; rgc A Z 10; rgc Z C 10; rgc A b 10; rgc b C 10", "a1 > c1",
     "connector A-b: b1"},
    {"too large for the cheap way: the dear one",
     "group A a1; group B b1; group C c1; rgc A B 1; rgc B C 1 max 5; rgc A C 9", "a1 > c1 size 6",
     "connector A-C: c1"},
    {"exactly the limit passes", "group A a1; group B b1; rgc A B 1 max 5", "a1 > b1 size 5", "connector A-B: b1"},
    {"too large for every way: returned", "group A a1; group B b1; rgc A B 1 max 5", "a1 > b1 size 6",
     "none: too large => a1 returned"},
    {"disabled: the alternative", "group A a1; group B b1; group C c1; rgc A B 1 off; rgc A C 5; rgc C B 5", "a1 > b1",
     "connector A-C: c1 => a1 c1 b1 delivered"},
    {"only way disabled: it waits", "group A a1; group B b1; rgc A B 1 off", "a1 > b1", "unreachable"},
    {"no connector at all: returned", "group A a1; group B b1; rgc B A 1", "a1 > b1", "none: no route"},
    // ---- bridgeheads
    {"any bridgehead that is up", kBridgeheads, "a3 > b1", "connector A-B: a1, a2 => a3 a1 b1 delivered"},
    {"one bridgehead's link down: the other", kBridgeheads, "a3 > b1 down A-B/a1", "server a2 => a3 a2 b1 delivered"},
    {"a bridgehead sends itself", kBridgeheads, "a2 > b1", "connector A-B: b1, b2"},
    {"own link down: over the other bridgehead", kBridgeheads, "a1 > b1 down A-B/a1",
     "server a2 => a1 a2 b1 delivered"},
    {"both links down: it waits", kBridgeheads, "a1 > b1 down A-B", "unreachable"},
    // ---- Exchange 2003: address spaces
    {"no connector: by DNS", kTriangle, "a1 > @x.com", "by DNS"},
    {"not SMTP and no connector: returned", kTriangle, "a1 > @x.com type X400", "none: no route"},
    {"connector without a smart host: the exchangers", "group A a1; out N *!1 from a1", "a1 > @x.com",
     "connector N => a1 x handed over"},
    {"most particular space beats cost", "group A a1; foreign x1; out N *!1 from a1; out P *.x.com!50 from a1 to x1",
     "a1 > @mail.x.com", "connector P: x1"},
    {"the domain itself beats its pattern",
     "group A a1; foreign x1 ; out N *.mail.x.com!1 from a1; out P a.mail.x.com!50 from a1 to x1", "a1 > @a.mail.x.com",
     "connector P: x1"},
    {"a pattern does not hold for the domain above", "group A a1; out N *!9 from a1; out P *.x.com!1 from a1",
     "a1 > @x.com", "connector N"},
    {"spaces are compared without case", "group A a1; foreign x1; out N *!1 from a1; out P *.X.com!9 from a1 to x1",
     "a1 > @Mail.x.COM", "connector P: x1"},
    {"one type is not another", "group A a1; foreign x1; out F FAX:*!1 from a1 to x1", "a1 > @x.com", "by DNS"},
    {"cost of the space and of the way there",
     "group A a1; group B b1; rgc A B 5; out N *!10 from a1; out P *!4 from b1", "a1 > @x.com",
     "connector A-B: b1 => a1 b1 x handed over"},
    {"scope routing group: not from outside",
     "group A a1; group B b1; rgc A B 5; out N *!10 from a1; out P *!1 from b1 scope group", "a1 > @x.com",
     "connector N"},
    {"scope routing group: from inside", "group A a1; group B b1 b2; rgc A B 5; out P *!1 from b1 scope group",
     "b2 > @x.com", "server b1"},
    {"only connector out of scope: it waits", "group A a1; group B b1; rgc A B 5; out P *!1 from b1 scope group",
     "a1 > @x.com", "unreachable"},
    {"way out down: the next one", "group A a1; out N *!1 from a1; out P *!5 from a1", "a1 > @x.com down N",
     "connector P"},
    {"way to the way out down", "group A a1; group B b1; rgc A B 5; out N *!1 from b1; out P *!50 from a1",
     "a1 > @x.com down A-B", "connector P"},
    {"too large for the way out: returned, not by DNS", "group A a1; out N *!1 from a1 max 5", "a1 > @x.com size 6",
     "none: too large"},
    {"too large for the way to the way out: returned, not by DNS",
     "group A a1; group B b1; rgc A B 5 max 5; out N *!1 from b1", "a1 > @x.com size 6", "none: too large"},
    {"several sources of the way out, one down", "group A a1 a2 a3; out N *!1 from a1 a2", "a3 > @x.com down N/a1",
     "server a2"},
    // ---- Exchange 2007: AD sites (facts 5.2)
    {"own site: into the store", "site P p1 m1:mailbox", "p1 > m1", "mailbox m1 => p1 m1 delivered"},
    {"a mailbox server hands to a hub, even for itself", "site P p1 m1:mailbox", "m1 > m1",
     "site P: p1 => m1 p1 m1 delivered"},
    {"straight to the target's site, nearer hubs behind", kRow, "p1 > r1", "site R: r1, r2, q1 => p1 r1 delivered"},
    {"a hub site on the way: mail stops there", kRowWithHub, "p1 > r1", "site Q: q1 => p1 q1 r1 delivered"},
    {"a hub site off the way does not count", "site P p1; hub Q q1; site R r1; link P Q 10; link Q R 10; link P R 20",
     "p1 > r1", "site R: r1"},
    {"sums tie: fewest links", "site P p1; site Q q1; site R r1; link P Q 10; link Q R 10; link P R 20", "p1 > r1",
     "site R: r1 => p1 r1 delivered"},
    {"sums and links tie: lowest site, from the target back",
     "site P p1; site A a1; site Z z1; site B b1; site Y y1; site T t1;"
     "link P A 1; link A Y 1; link Y T 1; link P Z 1; link Z B 1; link B T 1",
     "p1 > t1", "site T: t1, b1, z1"},
    {"state never changes a path between sites", kMixed, "p1 > q1 down 7-A 7-B", "site Q: q1"},
    {"too large for the least-cost site link: returned", "site P p1; site Q q1; link P Q 10 max 5", "p1 > q1 size 6",
     "none: too large"},
    {"no other path for what is too large", "site P p1; site Q q1; site R r1; link P R 1 max 5; link P Q 9; link Q R 9",
     "p1 > r1 size 6", "none: too large"},
    {"no site link: returned", "site P p1; site Q q1", "p1 > q1", "none: no route"},
    {"a site without a hub on the way is no place to wait", "site P p1; site Q; site R r1; link P Q 1; link Q R 1",
     "p1 > r1", "site R: r1"},
    // ---- Exchange 2007: ways out
    {"no connector for it: the unreachable queue", "site P p1; out N y.com!1 from p1", "p1 > @x.com", "unreachable"},
    {"nobody says anything of connectors: the ordinary way", "site P p1", "p1 > @x.com", "by DNS"},
    {"to the source in the own site", kEdge, "p1 > @x.com", "server e1 => p1 e1 x handed over"},
    {"to the hubs of the source's site first", kEdge, "q1 > @x.com", "site P: p1 => q1 p1 e1 x handed over"},
    {"a mailbox server hands to a hub", kEdge, "m1 > @x.com", "site P: p1"},
    {"an edge server hands in to its hubs", kEdge, "e1 > q1", "site P: p1 => e1 p1 q1 delivered"},
    {"an edge server sends out itself", kEdge, "e1 > @x.com", "connector Net"},
    {"an edge server knows of its own connectors only", kEdge, "e1 > @a.partner.com", "connector Net"},
    {"an edge server without a connector: unreachable", "site P p1 e1:edge; out N *!1 from p1", "e1 > @x.com",
     "unreachable"},
    {"most particular space, then cost", kEdge, "p1 > @a.partner.com", "site Q: q1 => p1 q1 x1 handed over"},
    {"same cost: the nearer one", "site P p1; site Q q1; link P Q 5; out A *!10 from q1; out B *!10 from p1",
     "p1 > @x.com", "connector B"},
    {"scope of a site: from outside it does not count",
     "site P p1; site Q q1; link P Q 5; out A *!1 from q1 scope site; out B *!10 from p1", "p1 > @x.com",
     "connector B"},
    {"scope of a site: inside", "site P p1 p2; site Q q1; link P Q 5; out A *!1 from p1 scope site", "p2 > @x.com",
     "server p1"},
    {"disabled does not count", "site P p1; out A *!1 from p1 off; out B *!10 from p1", "p1 > @x.com", "connector B"},
    {"a connector that is down is chosen all the same: mail waits for it",
     "site P p1; out A *!1 from p1; out B *!10 from p1", "p1 > @x.com down A", "connector A => p1 waits"},
    {"too large for one, another takes it", "site P p1; out A *!1 from p1 max 5; out B *!10 from p1",
     "p1 > @x.com size 6", "connector B"},
    {"too large for the site link to the way out", "site P p1; site Q q1; link P Q 5 max 5; out A *!1 from q1",
     "p1 > @x.com size 6", "none: too large"},
    // ---- 2003 beside 2007 (facts 5.3)
    {"(15,100) beats (20,0)",
     "group A a1; group B b1; site P p1; site Q q1; link P Q 100; rgc 7 A 20 from p1; rgc 7 B 10 from q1; rgc B A 5",
     "p1 > a1", "site Q: q1 => p1 q1 b1 a1 delivered"},
    {"legacy cost ties: least site cost",
     "group A a1; site P p1; site Q q1; link P Q 100; rgc 7 A 10 from q1; rgc 7 A 10 from p1", "p1 > a1",
     "connector 7-A: a1"},
    {"old to new", kMixed, "a1 > q1", "connector A-7: p1 => a1 p1 q1 delivered"},
    {"old to a new mailbox server: over its hub", kMixed, "a1 > m1", "connector A-7: p1 => a1 p1 m1 delivered"},
    {"new to old, the nearer group", kMixed, "p1 > a1", "connector 7-A: a1 => p1 a1 delivered"},
    {"new to old, over another site", kMixed, "p1 > b1", "site Q: q1 => p1 q1 b1 delivered"},
    {"a new mailbox server to old: over its hub", kMixed, "m1 > b1", "site P: p1 => m1 p1 q1 b1 delivered"},
    {"new does not hear that the way is down", kMixed, "p1 > a1 down 7-A", "connector 7-A: a1 => p1 waits"},
    {"new does not go round what is down further on",
     "group A a1; group B b1; group C c1; site P p1; rgc 7 B 1 from p1; rgc B A 1; rgc 7 C 5 from p1; rgc C A 5",
     "p1 > a1 down B-A", "connector 7-B: b1"},
    {"old goes round new", kMixed, "a1 > b1", "connector A-7: p1 => a1 p1 q1 b1 delivered"},
    {"old goes over the low-priority way when that is down", kMixed, "a1 > b1 down A-7", "connector A-B: b1"},
    {"too large for the site link to the bridgehead",
     "group A a1; site P p1; site Q q1; link P Q 1 max 5; rgc 7 A 1 from q1", "p1 > a1 size 6", "none: too large"},
    {"an old server uses no connector of a site's scope",
     "group A a1; site P p1; rgc A 7 1; rgc 7 A 1 from p1; out S *!1 from p1 scope site", "a1 > @x.com", "unreachable"},
    {"old out by a new server's connector", "group A a1; site P p1; rgc A 7 1; rgc 7 A 1 from p1; out S *!1 from p1",
     "a1 > @x.com", "connector A-7: p1 => a1 p1 x handed over"},
    {"new out by an old server's connector", "group A a1; site P p1; rgc A 7 1; rgc 7 A 1 from p1; out S *!1 from a1",
     "p1 > @x.com", "connector 7-A: a1 => p1 a1 x handed over"},
    // ---- two organizations
    {"another organization's server is not inside", "group A a1; other; group B b1", "a1 > b1", "by DNS"},
    {"another organization's connectors are not ours", "group A a1; other; site P p1; out N *!1 from p1", "a1 > @x.com",
     "by DNS"},
    {"nor are ours theirs", "group A a1; out N *!1 from a1; other; site P p1; out M y.com!1 from p1", "p1 > @x.com",
     "unreachable"},
};

struct Question {
  ServerId from{};
  Destination to;
  std::string type = "SMTP", down;
  std::uint64_t size = 1;
};

Question question_of(const Sketch& sketch, const std::string& text) {
  auto words = words_of(text);
  Question q{.from = sketch.server(words[0])};
  if (words[2].starts_with('@'))
    q.to.domain = words[2].substr(1);
  else
    q.to.mailbox = sketch.server(words[2]);
  for (std::size_t i = 3; i < words.size(); ++i) {
    if (words[i] == "size")
      q.size = std::stoull(words[++i]);
    else if (words[i] == "type")
      q.type = words[++i];
    else if (words[i] != "down")
      q.down += words[i] + " ";
  }
  return q;
}

std::string answer(const Case& c) {
  // "x" is the exchanger of every domain.
  Sketch sketch(std::string(c.sketch) + "; foreign x");
  Question q = question_of(sketch, c.question);
  q.to.exchangers = {sketch.server("x")};
  LinkStates states = sketch.states(q.down);
  if (q.type != "SMTP") {
    Router router(sketch.network(), sketch.behaviour(q.from), q.from);
    return describe(sketch.network(), router.to_address(q.type, q.to.domain, q.size, &states).hop);
  }
  auto behaviour = [&](ServerId id) -> const RoutingBehaviour& { return sketch.behaviour(id); };
  Journey journey = travel(sketch.network(), behaviour, q.from, q.to, q.size, &states);
  std::string text = journey.steps.empty() ? "" : describe(sketch.network(), journey.steps[0].route.hop);
  std::string expected = c.expected;
  if (expected.find("=>") == expected.npos) return text;
  text += (text.empty() ? "=>" : " =>");
  for (ServerId s : journey.servers) text += " " + sketch.network().server(s).name;
  return text + " " + routing::text(journey.end);
}

class RouterTable : public ::testing::TestWithParam<Case> {};

TEST_P(RouterTable, Answers) {
  EXPECT_EQ(answer(GetParam()), GetParam().expected)
      << GetParam().why << "\n  " << GetParam().sketch << "\n  " << GetParam().question;
}

// Of every sketch: whoever has one number is reached one way, and numbers are few.
TEST(RouterWays, ServersOfOneNumberAreReachedAlike) {
  std::size_t shared = 0;
  for (const Case& c : kCases) {
    Sketch sketch(c.sketch);
    const Network& network = sketch.network();
    LinkStates states = sketch.states(question_of(sketch, c.question).down);
    for (std::uint32_t from = 0; from < network.servers.size(); ++from) {
      if (network.servers[from].foreign) continue;
      Router router(network, sketch.behaviour({from}), {from});
      std::map<std::uint32_t, std::string> ways;
      for (std::uint32_t to = 0; to < network.servers.size(); ++to) {
        if (network.servers[to].foreign || network.servers[to].organization != network.servers[from].organization)
          continue;
        std::uint32_t number = router.way_to({to});
        EXPECT_LE(number, network.sites.size() + network.groups.size() + network.servers.size()) << c.sketch;
        std::string way = describe(network, router.to_server({to}, 1, &states).hop);
        auto [known, fresh] = ways.try_emplace(number, way);
        EXPECT_EQ(known->second, way) << c.sketch << ": from " << network.servers[from].name << " to "
                                      << network.servers[to].name;
        shared += fresh ? 0 : 1;
      }
    }
  }
  EXPECT_GT(shared, 10U);
}

INSTANTIATE_TEST_SUITE_P(Routing, RouterTable, ::testing::ValuesIn(kCases), [](const auto& info) {
  std::string name;
  for (char c : std::string(info.param.why)) name += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  return name;
});

}  // namespace
}  // namespace deadletter::testing
