// Readers: what they give, and what a person is told when they give nothing. The rendered text is compared exactly.
#include "sim/json/reader.h"

#include <gtest/gtest.h>

#include "sim/json/object_reader.h"
#include "sim/json/unit_readers.h"
#include "tests/sim/json/testing.h"

namespace deadletter::json {
namespace {

using testing::complaints;
using testing::read_as;

enum class Fate { delivered, returned, lost };

struct Mail {
  std::string id;
  std::int64_t at = -1;
  std::optional<std::uint64_t> size;
  std::vector<std::string> to;
  Located<std::string> from;
};

struct Experiment {
  std::string id;
  std::int64_t seed = 7;
  std::variant<std::string, std::vector<std::string>> under_study;
  std::vector<Mail> mail;
  std::vector<Keyed<Fate>> fates;
};

ObjectReader<Mail> mail_reader() {
  return object<Mail>("mail", "One message")
      .required("id", &Mail::id, text({.shortest = 1, .longest = 8}), "Names it")
      .optional("at", &Mail::at, duration(), "When")
      .optional("size", &Mail::size, size())
      .optional("to", &Mail::to, list(text(), {.fewest = 1}))
      .optional("from", &Mail::from, located(text()));
}

ObjectReader<Experiment> experiment_reader() {
  const auto fate = choice<Fate>({{"delivered", Fate::delivered}, {"returned", Fate::returned}, {"lost", Fate::lost}});
  return object<Experiment>("experiment")
      .with_schema_link()
      .required("id", &Experiment::id, text())
      .optional("seed", &Experiment::seed, integer(0, 1000))
      .optional("under_study", &Experiment::under_study, one_of("\"all\" or a list of articles", text(), list(text())))
      .optional("mail", &Experiment::mail, list(mail_reader()))
      .optional("fates", &Experiment::fates, map(fate));
}

TEST(Reader, ReadsAWholeDocument) {
  const auto got = read_as(experiment_reader(), R"({"$schema": "x", "id": "e", "under_study": ["KB1"],
    "mail": [{"id": "m", "size": "1KB", "to": ["b"],
              "from": "ann"}, {"id": "n", "at": "1m"}],
    "fates": {"m": "lost", "a/b": "delivered"}})");
  ASSERT_TRUE(got.has_value());
  EXPECT_EQ(got->seed, 7);
  EXPECT_EQ(std::get<1>(got->under_study), std::vector<std::string>{"KB1"});
  ASSERT_EQ(got->mail.size(), 2u);
  EXPECT_EQ(got->mail[0].at, -1);
  EXPECT_EQ(got->mail[0].size, 1024u);
  EXPECT_EQ(got->mail[1].size, std::nullopt);
  EXPECT_EQ(got->mail[1].at, 60'000'000'000);
  EXPECT_EQ(got->mail[0].from.value, "ann");
  EXPECT_EQ(got->mail[0].from.place.position, (Position{3, 23}));
  EXPECT_EQ(got->mail[0].from.place.pointer, "/mail/0/from");
  ASSERT_EQ(got->fates.size(), 2u);
  EXPECT_EQ(got->fates[1].key, "a/b");
  EXPECT_EQ(got->fates[1].value, Fate::delivered);
  EXPECT_EQ(got->fates[1].place.position, (Position{4, 28}));
  EXPECT_EQ(got->fates[1].place.pointer, "/fates/a~1b");
}

TEST(Reader, ALocatedValueOutlivesItsDocument) {
  const auto got = read_as(experiment_reader(), R"({"id":"e","mail":[{"id":"m","from":"x"}]})");
  ASSERT_TRUE(got.has_value());
  EXPECT_EQ(render(problem_at(got->mail[0].from.place, "no such mailbox", "x", {"ann", "bob"})),
            "t.json:1:36: no such mailbox\n  {\"id\":\"e\",\"mail\":[{\"id\":\"m\",\"from\":\"x\"}]}\n"
            "                                     ^\n  valid: ann, bob\n");
}

TEST(Reader, ReportsEverythingAtOnceInOrder) {
  EXPECT_EQ(complaints(experiment_reader(), R"({
  "sead": 5,
  "seed": 1001,
  "under_study": 12,
  "mail": [{"at": "15 minutes", "to": []}, 5],
  "fates": {"m": "lots", "n": true}
})"),
            R"(t.json:1:1: missing key "id", expected text
  {
  ^
t.json:2:3: unknown key "sead"
    "sead": 5,
    ^
  valid: id, seed, under_study, mail, fates
  did you mean "seed"?
t.json:3:11: expected a whole number from 0 to 1000, found 1001
    "seed": 1001,
            ^
t.json:4:18: expected "all" or a list of articles, found 12
    "under_study": 12,
                   ^
t.json:5:12: missing key "id", expected text of 1 to 8 characters
    "mail": [{"at": "15 minutes", "to": []}, 5],
             ^
t.json:5:19: expected a duration such as "15m" or "1.5h", found "15 minutes"
    "mail": [{"at": "15 minutes", "to": []}, 5],
                    ^
t.json:5:39: expected a list of at least 1 item, found an empty list
    "mail": [{"at": "15 minutes", "to": []}, 5],
                                        ^
t.json:5:44: expected an object, found 5
    "mail": [{"at": "15 minutes", "to": []}, 5],
                                             ^
t.json:6:18: unknown value "lots"
    "fates": {"m": "lots", "n": true}
                   ^
  valid: delivered, returned, lost
  did you mean "lost"?
t.json:6:31: expected "delivered", "returned" or "lost", found true
    "fates": {"m": "lots", "n": true}
                                ^
)");
}

TEST(Reader, ReportsRepeatedKeysTogetherWithTheRest) {
  EXPECT_EQ(complaints(mail_reader(), R"({"id": "m", "id": 5})"),
            R"(t.json:1:13: the key "id" is already given at line 1, column 2
  {"id": "m", "id": 5}
              ^
t.json:1:19: expected text of 1 to 8 characters, found 5
  {"id": "m", "id": 5}
                    ^
)");
}

// Of one wrong value: the message alone.
template <class T>
std::string message(const Reader<T>& reader, const std::string& text) {
  Problems problems;
  if (read_text(reader, testing::source(text), problems)) return "accepted";
  return problems.count() == 1 ? problems.sorted()[0].message : "not one problem";
}

TEST(Reader, ExplainsWrongScalars) {
  EXPECT_EQ(message(boolean(), "1"), "expected true or false, found 1");
  EXPECT_EQ(message(integer(), "1.5"), "expected a whole number, found 1.5");
  EXPECT_EQ(message(integer(), "\"1\""), R"(expected a whole number, found "1")");
  EXPECT_EQ(message(integer(1), "0"), "expected a whole number from 1, found 0");
  EXPECT_EQ(message(integer(INT64_MIN, 9), "10"), "expected a whole number up to 9, found 10");
  EXPECT_EQ(message(integer(), "1e300"), "expected a whole number, found 1e300");
  EXPECT_EQ(message(text(), "null"), "expected text, found null");
  EXPECT_EQ(message(text({.shortest = 1}), "\"\""), R"(expected text that is not empty, found "")");
  EXPECT_EQ(message(text({.longest = 2}), "\"äöü\""), R"(expected text of up to 2 characters, found "äöü")");
  EXPECT_EQ(message(list(text()), "{}"), "expected a list, found an object");
  EXPECT_EQ(message(map(text()), "[]"), "expected an object, found an empty list");
  const auto upper = pattern(
      "upper", [](std::string_view s) { return s == "A"; }, "^A$", "an upper-case letter such as \"A\"");
  EXPECT_EQ(message(upper, "\"a\""), R"(expected an upper-case letter such as "A", found "a")");
  EXPECT_EQ(message(upper, "\"A\""), "accepted");
}

TEST(Reader, ExplainsWrongQuantities) {
  EXPECT_EQ(message(duration(), "15"), R"(expected a duration such as "15m" or "1.5h", found 15)");
  EXPECT_EQ(message(duration(), "\"-1s\""), R"(expected a duration such as "15m" or "1.5h", found "-1s")");
  EXPECT_EQ(message(duration(1'000'000'000, 60'000'000'000), "\"2m\""),
            R"(expected a duration from "1s" to "1m", found "2m")");
  EXPECT_EQ(message(size(), "-1"), R"(expected a size such as "20KB" or "1.5MB" (1KB is 1024 octets), found -1)");
  EXPECT_EQ(message(size(), "1.5"), R"(expected a size such as "20KB" or "1.5MB" (1KB is 1024 octets), found 1.5)");
  EXPECT_EQ(message(size(2048), "2049"),
            R"(expected a size up to "2KB" such as "20KB" (1KB is 1024 octets), found 2049)");
  EXPECT_EQ(read_as(size(2048), "\"2KB\""), 2048u);
  EXPECT_EQ(message(bandwidth(1000, 2000), "\"999bps\""),
            R"(expected a bandwidth from "1kbps" to "2kbps", found "999bps")");
  EXPECT_EQ(read_as(bandwidth(1000, 2000), "\"2kbps\""), 2000u);
  EXPECT_EQ(message(list(any(), {.fewest = 2}), "[1]"), "expected a list of at least 2 items, found 1 item");
  EXPECT_EQ(message(list(any(), {.most = 1}), "[1, 2]"), "expected a list of at most 1 item, found 2 items");
  const auto lower = pattern(
      "name", [](std::string_view t) { return t == "a" || t == "b"; }, "^[ab]$", "\"a\" or \"b\"");
  EXPECT_EQ(message(map(any(), lower), R"({"a": 1, "c": 2})"), R"(expected "a" or "b", found "c")");
  EXPECT_EQ(message(bandwidth(), "\"0bps\""), R"(expected a bandwidth such as "10Mbps" or "56kbps", found "0bps")");
  EXPECT_EQ(message(fraction(), "1.5"), R"(expected a chance from 0 to 1 such as 0.02 or "1/50", found 1.5)");
  EXPECT_EQ(message(instant(), "\"2006-02-29T08:00:00Z\""),
            R"(expected a date and time such as "2006-03-01T08:00:00Z", found "2006-02-29T08:00:00Z")");
  EXPECT_EQ(message(date(), "\"2003-9-20\""), R"(expected a date such as "2003-09-20", found "2003-9-20")");
}

TEST(Reader, ReadsQuantities) {
  EXPECT_EQ(read_as(duration(Sign::any), "\"-1s\""), -1'000'000'000);
  EXPECT_EQ(read_as(duration(-5, 5), "\"-5ns\""), -5);
  EXPECT_EQ(read_as(size(), "20"), 20u);
  EXPECT_EQ(read_as(size(), "2e1"), 20u);
  EXPECT_EQ(read_as(integer(), "2.0"), 2);
  EXPECT_EQ(read_as(fraction(), "0.02"), (Fraction{1, 50}));
  EXPECT_EQ(read_as(fraction(), "0.3"), (Fraction{3, 10}));
  EXPECT_EQ(read_as(fraction(), "-0.0"), (Fraction{0, 1}));
  EXPECT_EQ(read_as(fraction(), "1"), (Fraction{1, 1}));
  EXPECT_EQ(read_as(fraction(), "\"1/50\""), (Fraction{1, 50}));
  EXPECT_EQ(read_as(date(), "\"2003-09-20\""), (Date{2003, 9, 20}));
  EXPECT_EQ(read_as(any(), "[1,{}]")->dump(), "[1,{}]");
}

struct Step {
  std::optional<std::string> raw;
  std::optional<std::int64_t> wait;
};

TEST(ObjectReader, WantsExactlyOneOfAGroup) {
  const auto step = object<Step>("step")
                        .optional("raw", &Step::raw, text())
                        .optional("wait", &Step::wait, duration())
                        .exactly_one({"raw", "wait"});
  EXPECT_EQ(message(step, R"({"wait":"1s"})"), "accepted");
  EXPECT_EQ(message(step, "{}"), R"(expected exactly one of the keys "raw", "wait", found none)");
  EXPECT_EQ(message(step, R"({"raw":"","wait":"1s"})"), R"(expected exactly one of the keys "raw", "wait", found 2)");
}

TEST(ObjectReader, ADerivedDeclarationLeavesItsBaseUnchanged) {
  const auto base = object<Step>("step").optional("raw", &Step::raw, text());
  const auto more = base.optional("wait", &Step::wait, duration());
  EXPECT_EQ(message(more, R"({"wait":"1s"})"), "accepted");
  EXPECT_EQ(message(base, R"({"wait":"1s"})"), R"(unknown key "wait")");
}

TEST(ObjectReader, AllowsTheSchemaLinkOnlyWhereDeclared) {
  EXPECT_EQ(message(experiment_reader(), R"({"$schema":5,"id":""})"),
            "expected the path of a JSON Schema as text, found 5");
  EXPECT_EQ(message(mail_reader(), R"({"$schema":"x","id":"m"})"), R"(unknown key "$schema")");
}

TEST(Reader, BoundsWhatItReports) {
  std::string text = "[0";
  for (int i = 1; i < 100'000; ++i) text += ",0";
  const std::string out = complaints(list(boolean()), text + "]");
  EXPECT_NE(out.find("… and 99900 more\n"), std::string::npos);
}

}  // namespace
}  // namespace deadletter::json
