// Messages and values that fight back: nothing crashes, nothing takes more than its size is worth, nothing gets out of
// its field or part. A reader that were slower than linear would not come back from some of these.
#include <gtest/gtest.h>

#include "tests/models/content/mime_samples.h"
#include "tests/models/content/testing.h"

namespace deadletter::content {
namespace {

using namespace testing;
using content::Entity;

std::string repeated(std::string_view text, int times) {
  std::string result;
  for (int i = 0; i < times; ++i) result += text;
  return result;
}

// `levels` multiparts, each in the one before.
std::string nested_multiparts(int levels) {
  std::string octets;
  for (int i = 0; i < levels; ++i) {
    std::string number = std::to_string(i);
    octets += "Content-Type: multipart/mixed; boundary=b" + number + "\r\n\r\n--b" + number + "\r\n";
  }
  return octets + "\r\ninnermost";
}

std::string nested_messages(int levels) { return repeated("Content-Type: message/rfc822\r\n\r\n", levels) + "\r\nx"; }

TEST(MimeHostile, NestingIsReadAsDeepAsTheLimitAndNoDeeper) {
  for (auto nested : {nested_multiparts, nested_messages}) {
    EXPECT_TRUE(read_mime(nested(0), 0));
    EXPECT_FALSE(read_mime(nested(1), 0));
    EXPECT_TRUE(read_mime(nested(3), 3));
    EXPECT_FALSE(read_mime(nested(4), 3));
    EXPECT_TRUE(read_mime(nested(64)));
    EXPECT_FALSE(read_mime(nested(65)));
    EXPECT_FALSE(read_mime(nested(100'000)));
  }
}

// One boundary for all levels: the outermost takes every delimiter, what is inside has none left and is text.
TEST(MimeHostile, ABoundaryThatAllLevelsShareNestsNothing) {
  std::string octets = repeated("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n", 20'000);
  std::optional<Entity> message = read_mime(octets);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->parts.size(), 20'000U);
  EXPECT_EQ(message->parts[5].type, "text/plain");
}

TEST(MimeHostile, MuchOfAnythingIsReadInTime) {
  const std::string multipart = "Content-Type: multipart/mixed; boundary=b\r\n\r\n";
  const struct {
    const char* name;
    std::string octets;
  } cases[] = {
      {"fields", repeated("A: b\r\n", 50'000)},
      {"types", repeated("Content-Type: text/html\r\n", 50'000)},
      {"folded lines", "A: b\r\n" + repeated(" \r\n", 20'000)},
      {"carriage returns", "A: " + std::string(500'000, '\r')},
      {"blanks before no colon", repeated("A   ", 50'000)},
      {"a name without an end", std::string(500'000, 'A') + ": b"},
      {"parts", multipart + repeated("--b\r\n", 60'000)},
      {"parts with types", multipart + repeated("--b\r\nContent-Type: a/b; c=d\r\n\r\n", 20'000)},
      {"delimiters that are none", multipart + "--b\r\n" + repeated("--bb\r\n", 50'000)},
      {"delimiters with blanks", multipart + repeated("--b" + std::string(1000, ' ') + "x\r\n", 3000)},
      {"dashes", multipart + std::string(500'000, '-')},
      {"a long boundary", "Content-Type: multipart/mixed; boundary=" + std::string(50'000, 'b') + "\r\n\r\n--" +
                              std::string(50'000, 'b') + "\r\n\r\nx"},
      {"parameters", "Content-Type: text/plain" + repeated(";a=b", 20'000)},
      {"parameters of many names",
       [] {
         std::string octets = "Content-Type: text/plain";
         for (int i = 0; i < 20'000; ++i) octets += ";a" + std::to_string(i) + "*0*=utf-8''b";
         return octets;
       }()},
      {"pieces of a parameter", "Content-Type: text/plain" + repeated(";a*0=b", 50'000)},
      {"words in a parameter", "Content-Type: text/plain; a=\"" + repeated("=?utf-8?q?a", 50'000)},
      {"words in a parameter, hidden", "Content-Type: text/plain; a=\"" + repeated("=\\?utf-8\\?q\\?a", 50'000)},
      {"comments", "Content-Type: text/plain" + std::string(50'000, '(')},
      {"quotes", "Content-Type: text/plain; a=\"" + std::string(50'000, '\\')},
      {"soft line breaks", "Content-Transfer-Encoding: quoted-printable\r\n\r\n" + repeated("=\r\n", 50'000)},
      {"base64 of nothing", "Content-Transfer-Encoding: base64\r\n\r\n" + std::string(500'000, '=')},
      {"uuencoded nothing", "Content-Transfer-Encoding: x-uuencode\r\n\r\n" + repeated("begin 644 ", 60'000)},
  };
  for (const auto& [name, octets] : cases) {
    SCOPED_TRACE(name);
    std::optional<Entity> message = read_mime(octets);
    ASSERT_TRUE(message);
    std::string written = write_mime(*message, "b");
    EXPECT_TRUE(read_mime(written));
  }
}

TEST(MimeHostile, ManyWordsAreDecodedInTime) {
  for (std::string_view word : {"=?utf-8?q?a", "=?", "=?utf-8?q?a?= ", "=?utf-8?q?a?= =?iso-8859-1?b?4Q==?= ", "=?a?q?",
                                "=?x-unknown?q?a?= ", "\xe9"}) {
    decode_words(repeated(word, 50'000));
  }
  std::string text = repeated("\xe2\x82\xac", 60'000);
  EXPECT_EQ(decode_words(encode_words(text)), text);
}

// Someone who knows all boundaries to come cannot make the writer try them one after the other.
TEST(MimeHostile, ContentFullOfDelimitersCostsNoMoreThanItsSize) {
  std::string content;
  for (int i = 1; i < 100'000; ++i) content += "--=_" + std::to_string(i) + "_\r\n";
  Entity message = parent("multipart/mixed", std::vector<Entity>(10'000, parent("multipart/mixed", {})));
  message.parts.push_back(text(content));
  std::optional<Entity> read = read_mime(write_mime(message, "=_"));
  ASSERT_TRUE(read);
  EXPECT_TRUE(same_value(*read, message));
}

Entity filled_with(const std::string& evil) {
  Entity message = parent("multipart/mixed", {text(evil), leaf("application/x-evil", evil)});
  message.fields = {{"Subject", evil}, {evil, "value"}, {"X-Last", "last"}};
  message.parameters = {{"comment", evil}, {evil, "value"}};
  message.parts[1].parameters = {{"name", evil}};
  message.parts.push_back(leaf(evil, "x"));
  return message;
}

TEST(MimeHostile, NothingLeavesItsFieldOrItsPart) {
  const std::string values[] = {
      "x\r\nBcc: eve@evil.example",
      "x\nBcc: eve@evil.example\n\nbody",
      "x\r\rBcc: eve@evil.example",
      "\r\n\r\n--b1_\r\nContent-Type: text/html\r\n\r\n<script>",
      "--b1_\r\n--b2_--\r\n--b1_--",
      "x\"; boundary=\"other",
      "x; boundary=other\r\n\r\n--other",
      "Bcc: eve@evil.example",
      "text/plain\r\nBcc: eve@evil.example",
      "utf-8''%0D%0ABcc%3A",
      std::string("nul\0in the middle", 17),
      "\xff\xfe\x80 no utf-8 \xc3",
      "\xe2\x80\xa8\xc2\x85\x0b\x0c\x1b[31m\x7f",
      std::string(5000, 'x'),
      std::string(5000, ' ') + "x",
      "x" + std::string(5000, ' ') + "x",
      std::string(3000, '-'),
      std::string(5000, '\\'),
      std::string(5000, '"'),
      "a " + std::string(2500, 'y') + " b " + std::string(78, 'z') + " c",
  };
  for (const std::string& value : values) {
    SCOPED_TRACE(value.substr(0, 40));
    std::string octets = write_mime(filled_with(value), "b");
    std::optional<Entity> message = read_mime(octets);
    ASSERT_TRUE(message);
    ASSERT_EQ(message->type, "multipart/mixed") << octets;
    ASSERT_EQ(message->parts.size(), 3U);
    ASSERT_EQ(message->fields.size(), 3U);
    EXPECT_EQ(message->fields[0].name, "Subject");
    EXPECT_EQ(message->fields[1].value, "value");
    EXPECT_EQ(message->fields[2], (Field{"X-Last", "last"}));
    EXPECT_EQ(message->field("Bcc"), "");
    EXPECT_EQ(message->parts[0].content, value);
    EXPECT_EQ(message->parts[1].content, value);
    EXPECT_EQ(message->parts[2].content, "x");
  }
}

// What is in it beyond ASCII is a caller's: fields are written as they are.
TEST(MimeHostile, LinesAreShortWhateverTheyHold) {
  for (const std::string& value :
       {std::string(5000, 'x'), std::string(5000, ' ') + "x", "x" + std::string(5000, ' ') + "x",
        std::string(128, 'x') + " " + std::string(868, 'y') + " z"}) {
    for (std::size_t extra = 0; extra < 140; extra += 9) {
      Entity message = filled_with(value);
      message.fields.push_back({std::string(1 + extra, 'n'), value});
      ASSERT_EQ(line_problem(write_mime(message, "b") + "\r\n"), "");
    }
  }
}

}  // namespace
}  // namespace deadletter::content
