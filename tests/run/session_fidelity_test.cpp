// Session fidelity: dialogues whose course is known are not stepped, and nobody's mail is the wiser.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "sim/random.h"
#include "tests/support/command.h"
#include "tests/support/run_experiment.h"
#include "tests/support/sanitizers.h"

namespace deadletter::testing {
namespace {

// The runs of these files, all variants.
std::vector<Outcome> runs(const std::vector<std::string>& files, const std::string& fidelity) {
  std::vector<std::string> words{"run"};
  words.insert(words.end(), files.begin(), files.end());
  for (const char* word : {"--variant", "all", "--record", "summary", "-q", "--format", "json", "--set"})
    words.push_back(word);
  words.push_back("/fidelity=" + fidelity);
  TemporaryFolder folder;
  Said said = deadletter(words, {folder.path()});
  EXPECT_LE(said.status, 1) << said.err;
  std::vector<Outcome> all;
  const json::Value whole = parse_json(said.out);
  const json::Value* several = whole.find("runs");
  if (several == nullptr) return {{.result = whole}};
  for (const json::Value& run : several->items()) all.push_back({.result = run});
  return all;
}

// What must be the same: fates, their times, reports, and how often was tried.
std::string told(const Outcome& run) {
  std::string words;
  for (const char* at : {"/fingerprint_parts/fates", "/fingerprint_parts/reports"}) words += run.text(at) + " ";
  for (const char* at : {"/attempts", "/retries", "/hops", "/messages"}) words += std::to_string(run.number(at)) + " ";
  return words;
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

std::vector<Outcome> drawn_runs(const std::vector<std::string>& experiments, const std::string& fidelity) {
  TemporaryFolder folder;
  std::vector<std::string> files;
  for (std::size_t i = 0; i < experiments.size(); ++i) {
    files.push_back(folder / (std::to_string(i) + ".json"));
    write_file(files.back(), experiments[i]);
  }
  return runs(files, fidelity);
}

// Under the sanitizers a part of them: CI runs all with the program as people build it.
TEST(SessionFidelity, TenThousandDrawnDialoguesEndAsTheyDoInSteps) {
  const bool part = kSanitized && std::getenv("DEADLETTER_PROGRAM") == nullptr;
  std::vector<std::string> experiments;
  for (std::uint64_t seed = 1; seed <= (part ? 10 : 60); ++seed) experiments.push_back(Drawn(seed).experiment());
  auto stepped = drawn_runs(experiments, "dialogue"), known = drawn_runs(experiments, "session");
  ASSERT_EQ(stepped.size(), experiments.size());
  ASSERT_EQ(known.size(), experiments.size());
  std::int64_t dialogues = 0;
  for (std::size_t i = 0; i < experiments.size(); ++i) {
    ASSERT_EQ(told(known[i]), told(stepped[i])) << experiments[i];
    dialogues += stepped[i].number("/attempts");
  }
  EXPECT_GE(dialogues, part ? 1'000 : 10'000);
}

TEST(SessionFidelity, EveryVariantOfEveryArticleEndsAsItDoesInSteps) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(source_path("experiments/articles")))
    if (entry.path().extension() == ".json") files.push_back(entry.path().string());
  auto stepped = runs(files, "dialogue"), known = runs(files, "session");
  ASSERT_EQ(known.size(), stepped.size());
  ASSERT_GE(stepped.size(), 30U);
  for (std::size_t i = 0; i < stepped.size(); ++i) {
    std::string name = stepped[i].text("/experiment") + " " + stepped[i].text("/variant");
    EXPECT_EQ(known[i].text("/experiment") + " " + known[i].text("/variant"), name);
    EXPECT_EQ(told(known[i]), told(stepped[i])) << name;
  }
}

// The comparison can fail: another course has another end.
TEST(SessionFidelity, AnotherDialogueIsToldApart) {
  std::string experiment = Drawn(7).experiment();
  auto both = drawn_runs({experiment, patched(experiment, R"({"chance": {"message_failure": 0.4}})")}, "session");
  ASSERT_EQ(both.size(), 2U);
  EXPECT_NE(told(both[0]), told(both[1]));
}

TEST(SessionFidelity, DoesLess) {
  std::string experiment = patched(Drawn(3).experiment(), R"({"faults": [], "changes": []})");
  auto stepped = drawn_runs({experiment}, "dialogue"), known = drawn_runs({experiment}, "session");
  ASSERT_EQ(stepped.size() + known.size(), 2U);
  EXPECT_LT(known[0].number("/events") * 2, stepped[0].number("/events"));
}

}  // namespace
}  // namespace deadletter::testing
