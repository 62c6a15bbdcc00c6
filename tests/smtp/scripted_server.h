// One table for all that a scripted server can do to a sender: a row says what the server does and what becomes of the
// mail. Each file scripted_servers_*_test.cpp holds the rows of one outcome; scripted_servers_test.cpp runs them all.
//
// The sender is reference-mta (every 30 min for 2 days), so that the number of attempts is arithmetic: tries().
#pragma once
#include <gtest/gtest.h>

#include <iosfwd>
#include <string>
#include <tuple>
#include <vector>

namespace deadletter::testing {

// What becomes of one recipient; `of` is bob@fabrikam.com, the only one of most rows, unless it is named.
struct Want {
  std::string fate, status;  // no status: none is reported
  int copies = 0, attempts = 0, failure_reports = 0;
  std::string of = "bob@fabrikam.com";
};
Want delivered(int attempts = 1);
// Tried until the lifetime was over: the sender is told 4.4.7, whatever has arrived.
Want expired(int attempts, int copies = 0);
Want refused(const std::string& status, int attempts = 1, int copies = 0);
Want discarded(int attempts = 1);
Want lost(int attempts = 1);
// For carl@fabrikam.com: of("carl", delivered()).
Want of(const std::string& name, Want want);

// How often reference-mta tries when each attempt takes so many seconds and a little: the n-th begins at
// (n - 1) * (30 min + seconds), the last one before 2 days are over.
constexpr int tries(int seconds_each = 0) {
  constexpr int kLifetime = 2 * 24 * 3600, kRetry = 1800;
  return (kLifetime + kRetry + seconds_each - 1) / (kRetry + seconds_each);
}

// How replies travel and whether commands are grouped; fate and copies must not depend on it.
enum class Wire : std::uint8_t { as_is, octet_segments, no_pipelining };

struct Row {
  const char* name;
  std::string peer;  // mx.fabrikam.com as an experiment has it
  std::vector<Want> want;
  std::string more = "";  // further members of the experiment, without braces
  std::vector<Wire> wires = {Wire::as_is, Wire::octet_segments, Wire::no_pipelining};
};

// The peer whose script answers so: on(R"("DATA": ["350 Go ahead"])").
std::string on(const std::string& commands);
// The same for its first connections only.
std::string at_first(int connections, const std::string& commands);
std::string script(const std::string& members);
std::string listen(const std::string& how);
// Members for `more`.
std::string sender_with(const std::string& attributes);
std::string peer_with(const std::string& attributes);
// Mail m1 to these names at fabrikam.com.
std::string mail_to(const std::vector<std::string>& names);
std::string mail_of(const std::string& size);
// The steps that send `octets` (as in a JSON text) one by one, `pause` apart.
std::string one_by_one(const std::string& octets, const std::string& pause);

struct Case {
  Row row;
  Wire wire;
};
void PrintTo(const Case& one, std::ostream* out);
std::vector<Case> on_each_wire(const std::vector<Row>& rows);
std::string name_of(const ::testing::TestParamInfo<Case>& info);

class ScriptedServer : public ::testing::TestWithParam<Case> {};

}  // namespace deadletter::testing
