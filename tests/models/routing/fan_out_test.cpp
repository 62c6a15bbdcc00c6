// Delayed fan-out: one copy for as long as the paths are the same.
#include "models/routing/fan_out.h"

#include <gtest/gtest.h>

#include "tests/support/routing_sketch.h"

namespace deadletter::testing {
namespace {

using namespace routing;

// Where copies go from p1, each with the recipients that it is for: "Q: 0 1 | R: 2".
std::string copies(const std::string& text, const std::vector<std::string>& to) {
  Sketch sketch(text);
  ServerId from = sketch.server("p1");
  Router router(sketch.network(), sketch.behaviour(from), from);
  std::vector<Hop> hops;
  for (const std::string& name : to) hops.push_back(router.to_server(sketch.server(name), 1, nullptr).hop);
  std::string said;
  for (const Branch& branch : fan_out(sketch.network(), hops)) {
    said += (said.empty() ? "" : " | ") + describe(sketch.network(), branch.hop) + " for";
    for (std::uint32_t member : branch.members) said += " " + to[member];
  }
  return said;
}

constexpr const char* kFork =
    "site P p1; site Q q1; site R r1; site S s1; site T t1; link P Q 1; link Q R 1; link Q S 1; link P T 1";

TEST(FanOut, PathsThatForkShareOneCopyToTheFork) { EXPECT_EQ(copies(kFork, {"r1", "s1"}), "site Q: q1 for r1 s1"); }

TEST(FanOut, PathsThatPartAtOnceAreTwoCopies) {
  EXPECT_EQ(copies(kFork, {"r1", "t1"}), "site R: r1, q1 for r1 | site T: t1 for t1");
}

TEST(FanOut, OneTargetOnTheWayToTheOtherIsTheFork) {
  EXPECT_EQ(copies(kFork, {"r1", "q1"}), "site Q: q1 for r1 q1");
  EXPECT_EQ(copies(kFork, {"q1", "r1"}), "site Q: q1 for q1 r1");
}

TEST(FanOut, ThreeCopiesBecomeTwo) {
  EXPECT_EQ(copies(kFork, {"r1", "t1", "s1"}), "site Q: q1 for r1 s1 | site T: t1 for t1");
}

TEST(FanOut, TheSameSiteIsOneCopyWithItsHubsInReserve) {
  EXPECT_EQ(copies(kFork, {"r1", "r1"}), "site R: r1, q1 for r1 r1");
}

TEST(FanOut, AForkWithoutAHubIsNoPlaceToPart) {
  EXPECT_EQ(copies("site P p1; site Q; site R r1; site S s1; link P Q 1; link Q R 1; link Q S 1", {"r1", "s1"}),
            "site R: r1 for r1 | site S: s1 for s1");
}

TEST(FanOut, TheLastSharedSiteWithAHubIsTheFork) {
  EXPECT_EQ(copies("site P p1; site O o1; site Q; site R r1; site S s1; link P O 1; link O Q 1; link Q R 1; link Q S 1",
                   {"r1", "s1"}),
            "site O: o1 for r1 s1");
}

TEST(FanOut, AHubSiteComesBeforeALaterFork) {
  EXPECT_EQ(
      copies("site P p1; hub O o1; site Q q1; site R r1; site S s1; link P O 1; link O Q 1; link Q R 1; link Q S 1",
             {"r1", "s1"}),
      "site O: o1 for r1 s1");
}

TEST(FanOut, OtherKindsOfHopsStayApart) {
  EXPECT_EQ(copies("group A a1; site P p1 m1:mailbox; site R r1; link P R 1; rgc 7 A 1 from p1; rgc A 7 1",
                   {"m1", "a1", "r1"}),
            "mailbox m1 for m1 | connector 7-A: a1 for a1 | site R: r1 for r1");
}

}  // namespace
}  // namespace deadletter::testing
