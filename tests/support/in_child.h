// Runs something in a process of its own and brings back what it says: an engine lives once a process.
//
//   EXPECT_EQ(in_child([] { return run_a_scenario(); }), "what it should say");
#pragma once
#include <functional>
#include <string>

namespace deadletter::testing {

// The text that `body` returns. A child that crashes, throws or exits makes this throw and say so.
std::string in_child(const std::function<std::string()>& body);

}  // namespace deadletter::testing
