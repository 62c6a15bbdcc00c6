// Messages as parts: what a reader finds in them, where it lies, and that what is written is read again.
#include "models/content/mime.h"

#include <gtest/gtest.h>

#include "tests/models/content/mime_samples.h"
#include "tests/models/content/testing.h"
#include "tests/support/command.h"

namespace deadletter::content {
namespace {

using namespace testing;
using content::Entity;
using deadletter::testing::run_command;
using deadletter::testing::Said;
using deadletter::testing::TemporaryFolder;
using deadletter::testing::write_file;

constexpr std::string_view kBoundary = "=_";

const std::string kOffer =
    "Received: from client7.contoso.com by ex-bridge1.contoso.com;\r\n"
    "\tWed, 01 Mar 2006 08:00:00 +0000\r\n"
    "From: ann@contoso.com\r\n"
    "subject : =?iso-8859-1?Q?Gr=FC=DFe?=\r\n"
    "MIME-Version: 1.0\r\n"
    "Content-Type: Multipart/Mixed; Boundary=\"outer\"; x-mark=\"a;b\"\r\n"
    "\r\n"
    "For readers without MIME.\r\n"
    "--outer\r\n"
    "Content-Type: text/plain; charset=iso-8859-1\r\n"
    "Content-Transfer-Encoding: Quoted-Printable\r\n"
    "\r\n"
    "Our offer: 5 =\r\n"
    "=80 each=\r\n"
    "\r\n"
    "--outer  \r\n"
    "Content-Type: message/rfc822\r\n"
    "\r\n"
    "Subject: inside\r\n"
    "\r\n"
    "old text\r\n"
    "--outer\r\n"
    "Content-Type: application/octet-stream; name*0*=utf-8''%E2%82%AC; name*1=\".dat\"\r\n"
    "Content-Transfer-Encoding: base64\r\n"
    "\r\n"
    "AAEC/w==\r\n"
    "--outer--\r\n"
    "Nobody reads this.\r\n";

Entity read_whole(std::string_view octets) {
  std::optional<Entity> entity = read_mime(octets);
  EXPECT_TRUE(entity);
  return entity.value_or(Entity{});
}

std::string_view octets_of(const Entity& entity, std::string_view source) {
  return source.substr(entity.begin, entity.end - entity.begin);
}

TEST(Mime, AMessageIsItsFieldsAndItsParts) {
  Entity message = read_whole(kOffer);
  EXPECT_EQ(structure(message), "multipart/mixed(text/plain message/rfc822(text/plain) application/octet-stream)");
  EXPECT_EQ(message.fields, (std::vector<Field>{{"Received",
                                                 "from client7.contoso.com by ex-bridge1.contoso.com;\t"
                                                 "Wed, 01 Mar 2006 08:00:00 +0000"},
                                                {"From", "ann@contoso.com"},
                                                {"subject", "=?iso-8859-1?Q?Gr=FC=DFe?="},
                                                {"MIME-Version", "1.0"}}));
  EXPECT_EQ(message.field("SUBJECT"), "=?iso-8859-1?Q?Gr=FC=DFe?=");
  EXPECT_EQ(message.field("Date"), "");
  EXPECT_EQ(message.parameter("X-Mark"), "a;b");
  EXPECT_EQ(message.parts[0].content, "Our offer: 5 \x80 each");
  EXPECT_EQ(message.parts[1].parts[0].field("Subject"), "inside");
  EXPECT_EQ(message.parts[1].parts[0].content, "old text");
  EXPECT_EQ(message.parts[2].parameter("name"), "\xe2\x82\xac.dat");
  EXPECT_EQ(message.parts[2].content, std::string("\0\1\2\xff", 4));
}

TEST(Mime, EachPartKnowsWhereItLies) {
  Entity message = read_whole(kOffer);
  EXPECT_EQ(octets_of(message, kOffer), kOffer);
  EXPECT_EQ(octets_of(message.parts[1], kOffer), "Content-Type: message/rfc822\r\n\r\nSubject: inside\r\n\r\nold text");
  EXPECT_EQ(octets_of(message.parts[1].parts[0], kOffer), "Subject: inside\r\n\r\nold text");
}

// Line ends that a store has turned into LF, parts that are empty, delimiters at the edges.
TEST(Mime, ThePlaceOfAPartIsWithoutTheLineEndBeforeTheDelimiter) {
  const std::string head = "Content-Type: multipart/mixed; boundary=b\r\n\r\n";
  const struct {
    std::string body;
    std::vector<std::string> parts;
  } cases[] = {
      {"--b\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--\r\n", {"\r\none", "\r\ntwo"}},
      {"--b\n\none\n\n--b--", {"\none\n"}},
      {"--b\r\n--b\r\n\r\n--b--\r\n", {"", ""}},
      {"--b\r\nX: y\r\n--b--\r\n", {"X: y"}},
      {"--b\r\n\r\nnobody closes this\r\n", {"\r\nnobody closes this\r\n"}},
      {"--b--\r\n", {}},
      {"--b\r\n\r\n--bb\r\n --b\r\n--b-\r\n--b--\r\n--b\r\n\r\nlate", {"\r\n--bb\r\n --b\r\n--b-"}},
  };
  for (const auto& [body, parts] : cases) {
    Entity message = read_whole(head + body);
    std::vector<std::string> found;
    for (const Entity& part : message.parts) found.emplace_back(octets_of(part, head + body));
    EXPECT_EQ(found, parts) << body;
    EXPECT_EQ(message.type, "multipart/mixed") << body;
  }
}

TEST(Mime, WhatIsMalformedIsText) {
  const struct {
    const char *octets, *type, *content;
  } cases[] = {
      {"", "text/plain", ""},
      {"no field here\r\n\r\nbody", "text/plain", "no field here\r\n\r\nbody"},
      {"A: b\r\nbody at once\r\n", "text/plain", "body at once\r\n"},
      {": no name\r\n", "text/plain", ": no name\r\n"},
      {"Content-Type: text\r\n\r\nold", "text/plain", "old"},
      {"Content-Type: ; charset=x\r\n\r\nold", "text/plain", "old"},
      {"Content-Type: text/html\r\nContent-Type: image/png\r\n\r\nx", "text/html", "x"},
      {"Content-Type: multipart/mixed\r\n\r\n--\r\nx", "text/plain", "--\r\nx"},
      {"Content-Type: multipart/mixed; boundary=b\r\n\r\n--c\r\nx", "text/plain", "--c\r\nx"},
      {"Content-Transfer-Encoding: x-own\r\n\r\n=41", "text/plain", "=41"},
      {"Content-Transfer-Encoding: base64\r\n\r\nQU!JD\r\n*", "text/plain", "ABC"},
      {"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\nQUJD", "message/rfc822", "ABC"},
      {"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 a\r\n#86)C\r\n`\r\nend\r\n", "text/plain", "abc"},
  };
  for (const auto& [octets, type, content] : cases) {
    Entity message = read_whole(octets);
    EXPECT_EQ(structure(message), type) << octets;
    EXPECT_EQ(message.content, content) << octets;
  }
  EXPECT_EQ(structure(read_whole(
                "Content-Type: multipart/digest; boundary=b\r\n\r\n--b\r\n\r\nSubject: x\r\n\r\ny\r\n--b--")),
            "multipart/digest(message/rfc822(text/plain))");
}

TEST(Mime, ALeafIsWrittenInTheEncodingItNeeds) {
  const std::string kTop = "Content-Type: text/plain; charset=utf-8\r\n";
  EXPECT_EQ(write_mime(text("plain\r\n"), kBoundary), kTop + "\r\nplain\r\n");
  EXPECT_EQ(write_mime(text("5 \xe2\x82\xac \r\n1=1\n"), kBoundary),
            kTop + "Content-Transfer-Encoding: quoted-printable\r\n\r\n5 =E2=82=AC=20\r\n1=3D1=0A");
  EXPECT_EQ(write_mime(leaf("image/png", "\x89PNG"), kBoundary),
            "Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw==\r\n");
}

TEST(Mime, PartsStandBetweenBoundariesThatCountUp) {
  Entity message = parent("multipart/mixed", {parent("multipart/alternative", {text("a")}), leaf("text/html", "b")});
  message.fields = {{"Subject", "two"}, {"Content-Type", "is/mine"}};
  EXPECT_EQ(write_mime(message, kBoundary),
            "Subject: two\r\n"
            "Content-Type: multipart/mixed; boundary=\"=_1_\"\r\n\r\n"
            "--=_1_\r\n"
            "Content-Type: multipart/alternative; boundary=\"=_2_\"\r\n\r\n"
            "--=_2_\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n\r\n"
            "a\r\n"
            "--=_2_--\r\n\r\n"
            "--=_1_\r\n"
            "Content-Type: text/html\r\n\r\n"
            "b\r\n"
            "--=_1_--\r\n");
}

TEST(Mime, ABoundaryIsNeverALineOfTheContent) {
  Entity message = parent("multipart/mixed", {text("--=_1_\r\n--=_2_--\r\n--=_4"), text("x")});
  std::string octets = write_mime(message, kBoundary);
  EXPECT_NE(octets.find("boundary=\"=_3_\""), octets.npos) << octets;
  EXPECT_TRUE(same_value(read_whole(octets), message));
}

TEST(Mime, LongFieldsAreFoldedWhereABlankIs) {
  Entity message = text("");
  message.fields = {{"Subject", "one " + std::string(70, 'x') + " two  three"},
                    {"References", std::string(300, 'r') + " " + std::string(880, 's')},
                    {std::string(128, 'N'), std::string(899, 'v')}};
  std::string octets = write_mime(message, kBoundary);
  EXPECT_TRUE(octets.starts_with("Subject: one\r\n " + std::string(70, 'x') + " two \r\n three\r\n")) << octets;
  EXPECT_EQ(line_problem(octets), "");
  EXPECT_TRUE(same_value(read_whole(octets), message));
}

TEST(Mime, WhatIsWrittenIsReadAgain) {
  for (unsigned seed = 0; seed < 1000; ++seed) {
    Entity made = Generator(seed).entity();
    std::string octets = write_mime(made, kBoundary);
    ASSERT_TRUE(same_value(read_whole(octets), made)) << "seed " << seed << "\n" << octets;
    ASSERT_EQ(write_mime(made, kBoundary), octets);
  }
}

TEST(Mime, WordsAreDecoded) {
  const struct {
    const char *value, *utf8;
  } cases[] = {
      {"no words", "no words"},
      {"=?utf-8?Q?a_b?= =?UTF-8?q?=C3=BC?= c", "a b\xc3\xbc c"},
      {"x  =?iso-8859-1?B?/A==?=  ", "x  \xc3\xbc  "},
      {"=?utf-8?b?4oI=?=\t=?utf-8?b?rA==?=", "\xe2\x82\xac"},  // one character in two words
      {"=?windows-1252?Q?=80?=", "\xe2\x82\xac"},
      {"=?us-ascii*en?Q?language?=", "language"},
      {"=?x-nobodys?Q?=FC?=", "\xc3\xbc"},
      {"raw \xfc, raw \xe2\x82\xac", "raw \xc3\xbc, raw \xc3\xa2\xc2\x82\xc2\xac"},
      {"=?utf-8?Q?\x66=FC?=", "f\xef\xbf\xbd"},
      {"=?utf-8?Q?no end", "=?utf-8?Q?no end"},
      {"=?utf-8?Q?a blank?=", "=?utf-8?Q?a blank?="},
      {"=?utf-8?Z?x?= =??Q?x?= =?=?utf-8?Q?y?=", "=?utf-8?Z?x?= =??Q?x?= =?y"},
  };
  for (const auto& [value, utf8] : cases) EXPECT_EQ(decode_words(value), utf8) << value;
}

TEST(Mime, WordsAreEncodedWhereTheyMustBeAndComeBack) {
  EXPECT_EQ(encode_words("Offer for March"), "Offer for March");
  EXPECT_EQ(encode_words("Gr\xc3\xbc\xc3\x9f"
                         "e an alle"),
            "=?utf-8?Q?Gr=C3=BC=C3=9Fe_an_alle?=");
  EXPECT_EQ(encode_words("\xe2\x82\xac\xe2\x82\xac"), "=?utf-8?B?4oKs4oKs?=");
  EXPECT_EQ(encode_words("a\r\nBcc: eve"), "=?utf-8?Q?a=0D=0ABcc=3A_eve?=");
  EXPECT_EQ(encode_words("\xff"), "=?utf-8?B?77+9?=");
  Generator generator(2047);
  for (int round = 0; round < 3000; ++round) {
    std::string utf8 = generator.utf8(generator.below(300));
    std::string words = encode_words(utf8);
    ASSERT_EQ(decode_words(words), utf8) << words;
    Entity message = text("");
    message.fields = {{"Subject", words}};
    std::string octets = write_mime(message, kBoundary);
    ASSERT_EQ(line_problem(octets), "");
    ASSERT_EQ(decode_words(read_whole(octets).field("Subject")), utf8);
  }
}

// Another reader, with other authors: python's.
TEST(Mime, PythonReadsTheSame) {
  Entity message = parent("multipart/mixed", {text("5 \xe2\x82\xac\r\n"), leaf("image/png", "\x89PNG\r\n\x1a\n"),
                                              parent("message/rfc822", {text("inside\r\n")})});
  message.fields = {{"Subject", encode_words("Gr\xc3\xbc\xc3\x9f"
                                             "e \xe2\x82\xac" +
                                             std::string(80, 'x') + " and more")},
                    {"MIME-Version", "1.0"}};
  message.parts[1].parameters = {{"name", "\xe2\x82\xac \"quoted\" " + std::string(90, 'n') + ".png"}};
  message.parts[2].parts[0].fields = {{"Subject", "inside"}};
  TemporaryFolder folder;
  write_file(folder / "message.eml", write_mime(message, kBoundary));
  constexpr const char* script = R"(
import sys, email, email.policy
message = email.message_from_bytes(open(sys.argv[1], 'rb').read(), policy=email.policy.SMTP)
print(ascii(message['Subject']))
for part in message.walk():
    print(part.get_content_type(), ascii(part.get_param('name') and part.get_filename()), part.defects)
    if not part.is_multipart(): print(ascii(part.get_payload(decode=True)))
)";
  Said said = run_command({"python3", "-c", script, folder / "message.eml"});
  EXPECT_EQ(said.out, "'Gr\\xfc\\xdfe \\u20ac" + std::string(80, 'x') +
                          " and more'\n"
                          "multipart/mixed None []\n"
                          "text/plain None []\n"
                          "b'5 \\xe2\\x82\\xac\\r\\n'\n"
                          "image/png '\\u20ac \"quoted\" " +
                          std::string(90, 'n') +
                          ".png' []\n"
                          "b'\\x89PNG\\r\\n\\x1a\\n'\n"
                          "message/rfc822 None []\n"
                          "text/plain None []\n"
                          "b'inside\\r\\n'\n")
      << said.err;
}

}  // namespace
}  // namespace deadletter::content
