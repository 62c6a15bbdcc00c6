// What a message transfer agent counts by itself: how long mail of a priority lives, and how many agents have passed it
// on.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "tests/support/organization.h"
#include "tests/support/transcript.h"

namespace deadletter::testing {
namespace {

std::string urgency(const std::string& name, const std::string& priority) {
  return fmt::format(R"({{"id": "{}", "from": "a1@contoso.com", "to": ["b1@contoso.com"], "priority": "{}"}})", name,
                     priority);
}

// The plant is down for all of the run, and opening is tried as long as mail lives.
TEST(X400Priority, UrgentMailLivesTwoDaysNormalSevenAndNonUrgentTen) {
  Outcome run = Organization()
                    .group("A", {"A1"})
                    .group("B", {"B1"})
                    .wan("A", "B")
                    .connector(x400("A", "B"))
                    .connector(x400("B", "A"))
                    .run({urgency("hurry", "urgent"), urgency("usual", "normal"), urgency("whenever", "non_urgent")},
                         R"("horizon": "12d", "faults": [)" + fault("host", "B1", "0s", "12d") +
                             R"(], "attributes": {"A1": {"x400.open_retries": {"count": 100000, "interval": "1h"}}})");
  for (auto [name, days] : {std::pair{"hurry", 2}, std::pair{"usual", 7}, std::pair{"whenever", 10}}) {
    EXPECT_EQ(run.recipient(name).fate, "returned") << name;
    EXPECT_EQ(run.recipient(name).status, "4.4.7") << name;
    EXPECT_NEAR(time_of(run, fmt::format("A1 return {} ", name)), days * 86400.0, 120) << name;
  }
}

// Agents count by x400.hop_limit; what its server would allow for SMTP does not matter.
TEST(X400Priority, WhatHasComeByX400IsHeldToTheAgentsHopLimit) {
  for (bool by_agent : {true, false}) {
    std::string low = by_agent ? R"("x400.hop_limit": 1)" : R"("transport.hop_limit": 1)";
    Outcome run = Organization()
                      .group("A", {"A1"})
                      .group("B", {"B1"})
                      .group("C", {"C1"})
                      .group("D", {"D1"})
                      .wan("A", "B")
                      .wan("B", "C")
                      .wan("C", "D")
                      .connector(x400("A", "B"))
                      .connector(x400("B", "A"))
                      .connector(x400("B", "C"))
                      .connector(x400("C", "B"))
                      .connector(x400("C", "D"))
                      .connector(x400("D", "C"))
                      .run({R"({"id": "m1", "from": "a1@contoso.com", "to": ["d1@contoso.com"], "content": "note"})"},
                           R"("attributes": {"B1": {)" + low + R"(}, "C1": {)" + low + "}}");
    EXPECT_EQ(run.recipient("m1").fate, by_agent ? "returned" : "delivered") << low;
    EXPECT_EQ(run.recipient("m1").status, by_agent ? "5.4.6" : "");
  }
}

}  // namespace
}  // namespace deadletter::testing
