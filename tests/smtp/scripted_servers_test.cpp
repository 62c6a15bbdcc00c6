// Runs every row of the scripted servers, on every wire.
#include <fmt/format.h>

#include <ostream>

#include "sim/json/value.h"
#include "tests/smtp/scripted_server.h"
#include "tests/support/run_experiment.h"

namespace deadletter::testing {
namespace {

constexpr const char* kWires[] = {"as_is", "octet_segments", "no_pipelining"};

// The wires are variants of one experiment, as a user would write them.
std::string experiment_of(const Row& row) {
  return base_experiment(fmt::format(R"({{
      "peers": {{"mx.fabrikam.com": {}}}{}{},
      "variants": {{
        "as_is": {{}},
        "octet_segments": {{"attributes": {{"mx.fabrikam.com": {{"network.segment_size": 1}}}}}},
        "no_pipelining": {{"attributes": {{"EX1": {{"smtp.client.pipelining": "off"}}}}}}}}}})",
                                     row.peer, row.more.empty() ? "" : ", ", row.more));
}

void check(const Want& want, const Recipient& found) {
  EXPECT_EQ(found.fate, want.fate);
  EXPECT_EQ(found.status, want.status);
  EXPECT_EQ(found.copies, want.copies);
  EXPECT_EQ(found.attempts, want.attempts);
  EXPECT_EQ(found.ndr, want.failure_reports);
  EXPECT_EQ(found.delay, 0);
  EXPECT_TRUE(found.ruled_by.empty());
}

std::string at(const std::string& node, const std::string& attributes) {
  return fmt::format(R"("attributes": {{"{}": {{{}}}}})", node, attributes);
}

}  // namespace

TEST_P(ScriptedServer, EndsAsItShould) {
  const Row& row = GetParam().row;
  SCOPED_TRACE(row.peer + " " + row.more);
  Outcome run = run_experiment(experiment_of(row), kWires[static_cast<int>(GetParam().wire)]);
  ASSERT_EQ(run.problems, "");
  bool told = false, lost_one = false;
  for (const Want& want : row.want) {
    SCOPED_TRACE(want.of);
    check(want, run.recipient("m1", want.of));
    told = told || want.failure_reports > 0;
    lost_one = lost_one || want.fate == "lost";
  }
  if (!told) {
    EXPECT_EQ(run.number("/reports/ndr"), 0);
  }
  EXPECT_EQ(run.held(), !lost_one) << run.result.dump(2);
}

Want delivered(int attempts) { return {"delivered", "", 1, attempts, 0}; }
Want expired(int attempts, int copies) { return {"returned", "4.4.7", copies, attempts, 1}; }
Want refused(const std::string& status, int attempts, int copies) { return {"returned", status, copies, attempts, 1}; }
Want discarded(int attempts) { return {"discarded", "", 0, attempts, 0}; }
Want lost(int attempts) { return {"lost", "", 0, attempts, 0}; }
Want of(const std::string& name, Want want) {
  want.of = name + "@fabrikam.com";
  return want;
}

std::string script(const std::string& members) { return fmt::format(R"({{"smtp_script": {{{}}}}})", members); }
std::string on(const std::string& commands) { return script(fmt::format(R"("on": {{{}}})", commands)); }
std::string at_first(int connections, const std::string& commands) {
  return script(fmt::format(R"("until_connection": {}, "on": {{{}}})", connections, commands));
}
std::string listen(const std::string& how) { return fmt::format(R"({{"listen": "{}"}})", how); }

std::string sender_with(const std::string& attributes) { return at("EX1", attributes); }
std::string peer_with(const std::string& attributes) { return at("mx.fabrikam.com", attributes); }
std::string mail_to(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += fmt::format(R"({}"{}@fabrikam.com")", list.empty() ? "" : ", ", name);
  return fmt::format(R"("mail": [{{"id": "m1", "from": "ann@contoso.com", "to": [{}], "size": "20KB"}}])", list);
}
std::string mail_of(const std::string& size) {
  return fmt::format(R"("mail": [{{"id": "m1", "from": "ann@contoso.com", "to": ["bob@fabrikam.com"], "size": "{}"}}])",
                     size);
}

std::string one_by_one(const std::string& octets, const std::string& pause) {
  std::string steps;
  for (std::size_t i = 0; i < octets.size(); ++i) {
    std::string octet = octets.substr(i, octets[i] == '\\' ? 2 : 1);
    i += octet.size() - 1;
    steps += fmt::format(R"({}{{"raw": "{}"}}, {{"wait": "{}"}})", steps.empty() ? "" : ", ", octet, pause);
  }
  return "[" + steps + "]";
}

void PrintTo(const Case& one, std::ostream* out) {
  *out << one.row.name << " on " << kWires[static_cast<int>(one.wire)];
}

std::vector<Case> on_each_wire(const std::vector<Row>& rows) {
  std::vector<Case> cases;
  for (const Row& row : rows)
    for (Wire wire : row.wires) cases.push_back({row, wire});
  return cases;
}

std::string name_of(const ::testing::TestParamInfo<Case>& info) {
  return fmt::format("{}_{}", info.param.row.name, kWires[static_cast<int>(info.param.wire)]);
}

}  // namespace deadletter::testing
