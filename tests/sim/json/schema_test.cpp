// Each reader's schema, held against the reader itself: both accept the same values.
#include "sim/json/schema.h"

#include <gtest/gtest.h>

#include <random>

#include "sim/json/object_reader.h"
#include "sim/json/unit_readers.h"
#include "tests/sim/json/testing.h"
#include "tests/sim/json/tiny_schema.h"

namespace deadletter::json {
namespace {

using testing::parsed;

template <class T>
void expect_agreement(const char* name, const Reader<T>& reader, const Value& value) {
  Problems problems;
  const bool read_it = read(reader, value, problems).has_value();
  ASSERT_EQ(read_it, problems.empty());
  EXPECT_EQ(testing::accepts(reader.schema(), value), read_it) << name << " disagrees on " << value.dump();
}

// Values of all kinds, near the edges of what the readers below accept. What a schema cannot say is left out: ranges of
// quantities with units, calendar days, values without an exact representation.
const char* const kValues[] = {"null",
                               "true",
                               "false",
                               "0",
                               "1",
                               "-1",
                               "2.0",
                               "2.5",
                               "1e2",
                               "9",
                               "10",
                               "11",
                               "0.02",
                               "-0.5",
                               "1.5",
                               "[]",
                               "{}",
                               "[1]",
                               "[\"a\"]",
                               "[\"a\",1]",
                               "[[]]",
                               "{\"a\":1}",
                               "{\"a\":\"b\"}",
                               "{\"a\":\"1s\",\"b\":\"2s\"}",
                               "\"\"",
                               "\"a\"",
                               "\"ab\"",
                               "\"äöü\"",
                               "\"abcd\"",
                               "\"red\"",
                               "\"Red\"",
                               "\"1s\"",
                               "\"1.5h\"",
                               "\"-1s\"",
                               "\"1\"",
                               "\"1.s\"",
                               "\"1h30m\"",
                               "\"30m1h\"",
                               "\"1.5h30m\"",
                               "\"1h1.5m\"",
                               "\"1h 30m\"",
                               "\"5ms\"",
                               "\"1m5ms\"",
                               "\"1mm\"",
                               "\"ms\"",
                               "\"s\"",
                               "\"--1s\"",
                               "\"20KB\"",
                               "\"20kb\"",
                               "\"1.5MB\"",
                               "\"1.5B\"",
                               "\"5B\"",
                               "\"20\"",
                               "\"1.5\"",
                               "\"KB\"",
                               "\"10Mbps\"",
                               "\"9600bps\"",
                               "\"10mbps\"",
                               "\"10\"",
                               "\"1/10\"",
                               "\"1/\"",
                               "\"0.5\"",
                               "\".5\"",
                               "\"5e-1\"",
                               "\"1.\"",
                               "\"2003-09-20\"",
                               "\"2003-9-20\"",
                               "\"2006-03-01T08:00:00Z\"",
                               "\"2006-03-01T08:00:00.5+01:00\"",
                               "\"2006-03-01T08:00:00\"",
                               "\"2006-03-01T08:00:00.Z\"",
                               "\"2006-03-01 08:00:00Z\""};

enum class Colour { red, blue };

TEST(Schema, AgreesWithEachReader) {
  const auto colour = choice<Colour>({{"red", Colour::red}, {"blue", Colour::blue}});
  for (const char* text_of_value : kValues) {
    const Value value = parsed(text_of_value);
    expect_agreement("boolean", boolean(), value);
    expect_agreement("integer", integer(), value);
    expect_agreement("integer 1..10", integer(1, 10), value);
    expect_agreement("text", text(), value);
    expect_agreement("text 1..3", text({.shortest = 1, .longest = 3}), value);
    expect_agreement("choice", colour, value);
    expect_agreement("any", any(), value);
    expect_agreement("list", list(text()), value);
    expect_agreement("list of one", list(any(), {.fewest = 1}), value);
    expect_agreement("map", map(text()), value);
    expect_agreement("map of durations", map(duration()), value);
    expect_agreement("located", located(integer(1, 10)), value);
    expect_agreement("one_of", one_of("a number, a colour or texts", integer(), colour, list(text())), value);
    expect_agreement("duration", duration(), value);
    expect_agreement("duration of any sign", duration(Sign::any), value);
    expect_agreement("size", size(), value);
    expect_agreement("bandwidth", bandwidth(), value);
    expect_agreement("fraction", fraction(), value);
    expect_agreement("instant", instant(), value);
    expect_agreement("date", date(), value);
  }
}

struct Mail {
  std::string id;
  std::int64_t at = 0;
  std::vector<Mail> parts;
  std::optional<bool> signed_mail;
};

ObjectReader<Mail> mail_reader() {
  const auto part = object<Mail>("part", "A part").required("id", &Mail::id, text({.shortest = 1}), "Names it");
  return object<Mail>("mail", "A message")
      .with_schema_link()
      .required("id", &Mail::id, text({.shortest = 1}), "Names it")
      .optional("at", &Mail::at, integer(0), "When")
      .optional("signed", &Mail::signed_mail, boolean())
      .optional("parts", &Mail::parts, list(part))
      .exactly_one({"at", "signed"});
}

// One random change somewhere in the value: a member dropped, renamed or replaced.
Value mutated(const Value& value, std::mt19937_64& generator) {
  static constexpr const char* kKeys[] = {"id", "at", "signed", "parts", "Id", "$schema"};
  if (value.size() == 0 || generator() % 4 == 0) return parsed(kValues[generator() % std::size(kValues)]);
  const std::size_t chosen = generator() % value.size();
  Value result = value.is(Kind::array) ? Value::array() : Value::object();
  for (std::size_t i = 0; i < value.size(); ++i) {
    const Value& old = value.is(Kind::array) ? value.items()[i] : value.members()[i].value;
    Value part = i == chosen ? mutated(old, generator) : old;
    if (value.is(Kind::array)) {
      result.push_back(std::move(part));
    } else if (i != chosen || generator() % 5 != 0) {
      const bool renamed = i == chosen && generator() % 5 == 0;
      result.set(renamed ? kKeys[generator() % std::size(kKeys)] : value.members()[i].key, std::move(part));
    }
  }
  return result;
}

TEST(Schema, AgreesWithAnObjectUnderRandomChanges) {
  const Value good = parsed(R"({"$schema":"s","id":"m","at":5,"parts":[{"id":"p"},{"id":"q"}]})");
  const auto reader = mail_reader();
  expect_agreement("mail", reader, good);
  std::mt19937_64 generator(843242);
  int accepted = 0;
  for (int i = 0; i < 3000; ++i) {
    const Value value = mutated(i % 2 == 0 ? good : mutated(good, generator), generator);
    expect_agreement("mail", reader, value);
    accepted += testing::accepts(reader.schema(), value) ? 1 : 0;
  }
  EXPECT_GT(accepted, 100);  // else the test would say nothing about what is accepted
  EXPECT_LT(accepted, 2900);
}

TEST(Schema, WritesADocument) {
  EXPECT_EQ(schema(mail_reader(), "mail.schema.json", "Mail").dump(1), R"({
 "$schema": "https://json-schema.org/draft/2020-12/schema",
 "$id": "mail.schema.json",
 "title": "Mail",
 "description": "A message",
 "type": "object",
 "properties": {
  "$schema": {
   "type": "string"
  },
  "id": {
   "type": "string",
   "minLength": 1,
   "description": "Names it"
  },
  "at": {
   "type": "integer",
   "minimum": 0,
   "description": "When"
  },
  "signed": {
   "type": "boolean"
  },
  "parts": {
   "type": "array",
   "items": {
    "title": "part",
    "description": "A part",
    "type": "object",
    "properties": {
     "id": {
      "type": "string",
      "minLength": 1,
      "description": "Names it"
     }
    },
    "required": [
     "id"
    ],
    "additionalProperties": false
   }
  }
 },
 "required": [
  "id"
 ],
 "allOf": [
  {
   "oneOf": [
    {
     "required": [
      "at"
     ]
    },
    {
     "required": [
      "signed"
     ]
    }
   ]
  }
 ],
 "additionalProperties": false
})");
}

}  // namespace
}  // namespace deadletter::json
