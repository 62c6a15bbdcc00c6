// How text is written: content.write_line by table, and that the converter asks it.
#include <gtest/gtest.h>

#include "models/content/convert.h"

namespace deadletter::content {
namespace {

std::string written(const std::string& body, const ContentBehaviour& behaviour) {
  Message note;
  note.properties.set(tag::kMessageClass, std::string("IPM.Note"));
  note.properties.set(tag::kSenderAddress, std::string("ann@contoso.com"));
  note.properties.set(tag::kBody, body);
  return to_mime(note, behaviour, {}, "b").octets;
}

std::string encoding(const std::string& octets) {
  for (const char* name : {"quoted-printable", "base64"})
    if (octets.find("Content-Transfer-Encoding: " + std::string(name)) != std::string::npos) return name;
  return "as it is";
}

TEST(WriteLine, WhatIsShortAndOfSevenBitsGoesAsItIs) {
  ContentBehaviour b;
  for (std::uint64_t longest : {0, 997, 998, 999})
    for (bool eight_bit : {false, true})
      for (bool bare_lf : {false, true}) {
        bool plain = longest <= 998 && !eight_bit && !bare_lf;
        EXPECT_EQ(b.write_line.rule({longest, eight_bit, bare_lf, 998}).outcome,
                  plain ? WriteLine::as_is : WriteLine::quoted_printable)
            << longest << eight_bit << bare_lf;
      }
}

TEST(WriteLine, TheConverterMeasuresItsText) {
  ContentBehaviour b;
  std::string limit(998, 'x');
  EXPECT_EQ(encoding(written("short\r\n" + limit + "\r\nshort", b)), "as it is");
  EXPECT_EQ(encoding(written(limit + "x", b)), "quoted-printable");
  EXPECT_EQ(encoding(written("caf\xc3\xa9", b)), "quoted-printable");
  EXPECT_EQ(encoding(written("one\ntwo", b)), "quoted-printable");
  b.line_limit.set(76, {});
  EXPECT_EQ(encoding(written(std::string(77, 'x'), b)), "quoted-printable");
  EXPECT_EQ(encoding(written(std::string(76, 'x'), b)), "as it is");
}

TEST(WriteLine, ADeviationEncodesOtherwiseAndIsBlamed) {
  ContentBehaviour b;
  b.write_line.deviate([](const WriteLineFacts&, const WriteLine&) { return WriteLine::base64; }, blame_of("KB100001"));
  Message note;
  note.properties.set(tag::kMessageClass, std::string("IPM.Note"));
  note.properties.set(tag::kBody, std::string("short"));
  ToMime out = to_mime(note, b, {}, "b");
  EXPECT_EQ(encoding(out.octets), "base64");
  EXPECT_EQ(names(out.blame), std::vector<std::string>{"KB100001"});
}

// What cannot stand in a message is encoded whatever is ruled.
TEST(WriteLine, NoRulingPutsALineOver998OctetsIntoAMessage) {
  ContentBehaviour b;
  b.write_line.deviate([](const WriteLineFacts&, const WriteLine&) { return WriteLine::as_is; }, blame_of("KB100001"));
  EXPECT_EQ(encoding(written(std::string(5000, 'x'), b)), "quoted-printable");
}

}  // namespace
}  // namespace deadletter::content
