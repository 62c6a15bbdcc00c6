// Session fidelity: dialogues whose course is known are not stepped, and nobody's mail is the wiser.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "sim/random.h"
#include "tests/support/run_experiment.h"

namespace deadletter::testing {
namespace {

std::string with_fidelity(const std::string& experiment, const char* fidelity) {
  return patched(experiment, std::string(R"({"record": "messages", "fidelity": ")") + fidelity + "\"}");
}

// What must be the same: fates, their times, reports, and how often was tried.
std::string told(const Outcome& run) {
  if (!run.problems.empty()) return run.problems;
  std::string words;
  for (const char* at : {"/fingerprint_parts/fates", "/fingerprint_parts/reports"}) words += run.text(at) + " ";
  for (const char* at : {"/attempts", "/retries", "/hops", "/messages"}) words += std::to_string(run.number(at)) + " ";
  return words;
}

std::string file(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

// Experiments of a few servers with limits, refusals, chance, failures and changes drawn for each.
class Drawn {
 public:
  explicit Drawn(std::uint64_t seed) : chance_(seed) {}

  std::string experiment() {
    std::string groups = one_of({"hub_sites", "routing_groups"});
    std::string text = R"({"id": "drawn", "question": "Which course?", "generate": {"kind": ")" + groups +
                       R"(", "servers": 5, "mailboxes": 2, "sharing": ")" + one_of({"shared", "shared", "latency"}) +
                       R"("}, "horizon": "4d", "under_study": ["all"], "seed": )" + std::to_string(below(1000)) +
                       R"(, "chance": {"message_failure": )" + one_of({"0", "0.05", "0.2"}) +
                       R"(, "session_failure": )" + one_of({"0", "0", "0.05"}) + "}";
    text += R"(, "traffic": [{"uniform": {"messages": 60, "over": ")" + one_of({"10s", "10m", "2h"}) +
            R"(", "median": "20KB"}}])";
    text += ", \"mail\": [" + mails() + "], \"attributes\": {" + attributes() + "}";
    text += ", \"faults\": [" + faults() + "], \"changes\": [" + changes() + "]";
    return text + R"(, "variants": {"base": {}}})";
  }

 private:
  std::uint64_t below(std::uint64_t bound) { return chance_.below(bound, sim::Purpose("test"), 0, n_++); }
  std::string one_of(std::initializer_list<const char*> words) { return words.begin()[below(words.size())]; }
  std::string server() { return "S" + std::to_string(below(5)); }

  std::string mails() {
    std::string all;
    for (int i = 0; i < 12; ++i) {
      std::string to;
      for (std::uint64_t r = 0; r <= below(6); ++r)
        to += std::string(r == 0 ? "" : ", ") + '"' + one_of({"s0", "s1", "s2-1", "s3", "s4", "s4-1", "nobody"}) +
              "@relay.example\"";
      all += std::string(i == 0 ? "" : ", ") + R"({"id": "m)" + std::to_string(i) + R"(", "at": ")" +
             std::to_string(below(20)) + one_of({"s", "m"}) + R"(", "from": "s)" + std::to_string(below(5)) +
             R"(@relay.example", "size": ")" + one_of({"900", "20KB", "1MB", "3MB"}) + R"(", "body": ")" +
             one_of({"7bit", "7bit", "8bit"}) + R"(", "to": [)" + to + "]}";
    }
    return all;
  }
  std::string attributes() {
    std::string all = R"("all": {"queue.messages_per_connection": )" + one_of({"0", "1", "3", "20"}) +
                      R"(, "queue.per_domain": )" + one_of({"1", "2", "10"}) + R"(, "transport.processing_time": ")" +
                      one_of({"0s", "5ms", "50ms"}) + R"(", "queue.ladder": ["1m", "10m", "1h"], )" +
                      R"("transport.lifetime": "2d", "smtp.client.pipelining": ")" + one_of({"on", "on", "off"}) +
                      "\"}";
    for (int s = 0; s < 5; ++s) {
      if (below(2) == 0) continue;
      all += ", \"S" + std::to_string(s) + "\": {" +
             one_of({R"("smtp.server.back_pressure": "medium")", R"("smtp.server.back_pressure": "high")",
                     R"("smtp.server.recipient_limit": 2)", R"("smtp.server.recipient_limit": 1)",
                     R"("smtp.server.message_limit": 1000000)", R"("smtp.server.capabilities": [])",
                     R"("smtp.server.capabilities": ["SIZE 2000000"])", R"("smtp.client.pipelining": "off")",
                     R"("smtp.client.read_window": "5ms")"}) +
             "}";
    }
    return all;
  }
  std::string faults() {
    std::string all;
    for (const char* what : {"host", "link"}) {
      if (below(2) == 0) continue;
      all += std::string(all.empty() ? "" : ", ") + R"({"at": ")" + std::to_string(below(6000)) + R"(00ms", "for": ")" +
             one_of({"10ms", "1s", "20m"}) + "\", \"" + what + R"(": ")" + one_of({"S1", "S2", "S4"}) + "\"}";
    }
    return all;
  }
  std::string changes() {
    if (below(2) == 0) return "";
    return R"({"at": ")" + std::to_string(1 + below(600)) + R"(s", "on": ")" + server() +
           R"(", "attributes": {"smtp.server.back_pressure": ")" + one_of({"normal", "medium", "high"}) + "\"}}";
  }

  sim::Chance chance_;
  std::uint64_t n_ = 0;
};

TEST(SessionFidelity, TenThousandDrawnDialoguesEndAsTheyDoInSteps) {
  std::int64_t dialogues = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    std::string experiment = Drawn(seed).experiment();
    Outcome stepped = run_experiment(with_fidelity(experiment, "dialogue"));
    Outcome known = run_experiment(with_fidelity(experiment, "session"));
    ASSERT_EQ(stepped.problems, "") << experiment;
    ASSERT_EQ(told(known), told(stepped)) << "seed " << seed << "\n" << experiment;
    dialogues += stepped.number("/attempts");
  }
  EXPECT_GE(dialogues, 10'000);
}

TEST(SessionFidelity, EveryVariantOfEveryArticleEndsAsItDoesInSteps) {
  std::filesystem::path folder = std::filesystem::path(DEADLETTER_SOURCE_DIR) / "experiments/articles";
  int compared = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::string experiment = file(entry.path());
    const json::Value whole = parse_json(experiment);
    for (const json::Member& variant : whole.find("variants")->members()) {
      Outcome stepped = run_experiment(with_fidelity(experiment, "dialogue"), variant.key);
      Outcome known = run_experiment(with_fidelity(experiment, "session"), variant.key);
      EXPECT_EQ(told(known), told(stepped)) << entry.path() << " " << variant.key;
      ++compared;
    }
  }
  EXPECT_GE(compared, 30);
}

// The comparison can fail: another course has another end.
TEST(SessionFidelity, AnotherDialogueIsToldApart) {
  std::string experiment = Drawn(7).experiment();
  Outcome one = run_experiment(with_fidelity(experiment, "session"));
  Outcome other =
      run_experiment(with_fidelity(patched(experiment, R"({"chance": {"message_failure": 0.4}})"), "session"));
  EXPECT_NE(told(one), told(other));
}

TEST(SessionFidelity, DoesLess) {
  std::string experiment = patched(Drawn(3).experiment(), R"({"faults": [], "changes": []})");
  Outcome stepped = run_experiment(with_fidelity(experiment, "dialogue"));
  Outcome known = run_experiment(with_fidelity(experiment, "session"));
  EXPECT_LT(known.number("/events") * 2, stepped.number("/events"));
}

}  // namespace
}  // namespace deadletter::testing
