// Reports whose values fight back, and messages that are no reports: nothing gets out of its field, nothing crashes.
#include <gtest/gtest.h>

#include <random>

#include "models/content/dsn.h"
#include "tests/models/content/testing.h"

namespace deadletter::content {
namespace {

using namespace testing;

// Puts `text` wherever a report has one.
mail::Report filled_with(mail::Report report, const std::string& text) {
  report.reporting_host = report.reporting_domain = report.received_from = text;
  report.original.message_id = report.original.sender = report.original.subject = text;
  report.original.to = {text, text};
  report.mts_id = report.site = text;
  report.recipients = {{text, mail::kUnknownMailbox, text, text}, {text, mail::kUnknownMailbox, text, text}};
  return report;
}

void expect_sound(const mail::Report& report, const std::string& about) {
  for (ReportShape shape : kShapes) {
    std::string octets = make_dsn(report, shape);
    SCOPED_TRACE(about + ", shape " + std::to_string(static_cast<int>(shape)));
    EXPECT_EQ(line_problem(octets), "");
    Entity message = read(octets), harmless = read(make_dsn(failure(), shape));
    ASSERT_EQ(structure(message.get()), structure(harmless.get()));
    EXPECT_EQ(field_names(message.get()), field_names(harmless.get()));
    std::optional<ParsedDsn> parsed = parse_dsn(octets);
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->recipients.size(), report.recipients.size());
    for (const ParsedRecipient& recipient : parsed->recipients) {
      EXPECT_EQ(recipient.action, report.kind == mail::ReportKind::delay ? "delayed" : "failed");
      EXPECT_TRUE(recipient.status.known());
    }
  }
}

TEST(DsnHostile, NothingLeavesItsField) {
  const std::string texts[] = {
      "x\r\nBcc: eve@evil.example",
      "x\nAction: delivered\nStatus: 2.0.0",
      "x\r\n\r\nFinal-Recipient: rfc822; eve@evil.example\r\nAction: delivered",
      "x\r\n.\r\nMAIL FROM:<>",
      std::string("nul\0in the middle", 17),
      "ann@contoso.com>, <eve@evil.example",
      "\"quoted\\\" <a@b>\" (comment",
      "group: a@b, c@d;",
      "=?utf-8?Q?=0D=0ABcc:_eve@evil.example?=",
      "<script>alert(1)</script>&amp;",
      "\xff\xfe\x80 no utf-8 \xc3",
      "\xe2\x80\xa8\xc2\x85\x0b\x0c\x1b[31m\x7f",
      "     ",
      "-- \r\n--",
      std::string(5000, 'x'),
      std::string(5000, ' '),
      std::string(3000, '-'),
      std::string(2000, '\xfc'),
      "a " + std::string(2500, 'y') + " b " + std::string(76, 'z') + " c",
  };
  for (const std::string& text : texts) {
    for (const mail::Report& report : {failure(), expiry(), delay()}) {
      expect_sound(filled_with(report, text), "text " + text.substr(0, 30));
    }
  }
}

TEST(DsnHostile, AnyOctetsMayStandInAnyText) {
  std::mt19937 random(3464);
  for (int round = 0; round < 300; ++round) {
    std::string text(1 + random() % 1500, ' ');
    unsigned modulus = round % 2 == 0 ? 256 : 16;  // 16: mostly line breaks, tabs and NULs
    for (char& c : text) c = static_cast<char>(random() % modulus);
    expect_sound(filled_with(failure(), "x" + text), "round " + std::to_string(round));
  }
}

// Whoever knows the run knows the boundary.
TEST(DsnHostile, AReplyMayHoldTheBoundary) {
  for (ReportShape shape : kShapes) {
    Entity message = read(make_dsn(failure(), shape));
    std::vector<std::string> boundaries = {g_mime_multipart_get_boundary(GMIME_MULTIPART(message.get()))};
    if (GMIME_IS_MULTIPART(part(message, 0))) {
      boundaries.emplace_back(g_mime_multipart_get_boundary(GMIME_MULTIPART(part(message, 0))));
    }
    for (const std::string& boundary : boundaries) {
      mail::Report report = failure();
      report.mts_id = report.original.subject = report.recipients[0].reply =
          "550 a\r\n--" + boundary + "--\r\n b --" + boundary;
      report.recipients[0].address = "--" + boundary + "--";
      expect_sound(report, boundary);
    }
  }
}

TEST(DsnHostile, ALongReplyIsFoldedAndReadBackWhole) {
  mail::Report report = failure();
  std::string& reply = report.recipients[0].reply;
  reply = "550 5.1.1";
  for (int i = 0; i < 400; ++i) reply += " word" + std::to_string(i);
  for (ReportShape shape : kShapes) {
    std::string octets = make_dsn(report, shape);
    EXPECT_EQ(line_problem(octets), "");
    EXPECT_EQ(parse_dsn(octets)->recipients[0].diagnostic, reply);
  }
}

TEST(DsnHostile, WhatAReplyHoldsThatIsNoAsciiIsReplaced) {
  mail::Report report = failure();
  report.recipients[0].reply = "550-5.1.1 Gr\xc3\xbc\xc3\x9f\r\n550 5.1.1\tgone\0x";
  report.recipients[0].reply.append("\0!", 2);
  EXPECT_EQ(parse_dsn(make_dsn(report, ReportShape::rfc3464))->recipients[0].diagnostic,
            "550-5.1.1 Gr???? 550 5.1.1 gone?!");
}

TEST(DsnHostile, ASubjectMayBeAnyUtf8) {
  const std::string subjects[] = {
      "R\xc3\xa9sum\xc3\xa9",
      "\xe4\xbc\x9a\xe8\xad\xb0 \xe3\x81\xae \xe6\xa1\x88\xe5\x86\x85 " + std::string(300, 'a'),
      "\xf0\x9f\x93\xa7 mail",
      "100 % = {braces} \"quotes\" (comment)",
  };
  for (const std::string& subject : subjects) {
    mail::Report report = failure();
    report.original.subject = subject;
    std::string octets = make_dsn(report, ReportShape::exchange_2007);
    EXPECT_EQ(line_problem(octets), "");
    EXPECT_EQ(field(read(octets).get(), "Subject"), "Undeliverable: " + subject);
  }
}

constexpr std::string_view kForeign =
    "From: postmaster@hotel.example\r\nTo: ann@contoso.com\r\nMIME-Version: 1.0\r\n"
    "Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"9B095B5ADSN=_01C6?h\"\r\n"
    "X-DSNContext: 7ce717b1 - 1196 - 00000002 - 00000000\r\n\r\nprologue\r\n"
    "--9B095B5ADSN=_01C6?h\r\nContent-Type: text/plain; charset=unicode-1-1-utf-7\r\n\r\nwords\r\n"
    "--9B095B5ADSN=_01C6?h\r\nContent-Type: message/delivery-status\r\n\r\n"
    "Reporting-MTA: dns;mx.hotel.example\r\nReceived-From-MTA: dns;gw\r\n"
    "Arrival-Date: Fri, 3 Mar 2006 14:17:34 -0800\r\n\r\n\r\n"
    "final-recipient: rfc822;bob@hotel.example\r\naction: Failed\r\nstatus: 5.2.2\r\n"
    "Diagnostic-Code: smtp;550 5.2.2 <bob@hotel.example>...\r\n Mailbox Full\r\nX-Display-Name: Bob\r\n\r\n\r\n"
    "--9B095B5ADSN=_01C6?h\r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\nbody\r\n"
    "--9B095B5ADSN=_01C6?h--\r\n";

TEST(DsnParse, ReadsAReportOfTheSameShapeFromElsewhere) {
  std::string unix_lines{kForeign};
  std::erase(unix_lines, '\r');
  for (std::string_view octets : {kForeign, std::string_view{unix_lines}}) {
    std::optional<ParsedDsn> parsed = parse_dsn(octets);
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->kind, mail::ReportKind::failure);
    EXPECT_EQ(parsed->reporting_mta, "mx.hotel.example");
    std::vector<ParsedRecipient> expected = {
        {"bob@hotel.example", "failed", {5, 2, 2}, "550 5.2.2 <bob@hotel.example>... Mailbox Full"}};
    EXPECT_EQ(parsed->recipients, expected);
  }
}

TEST(DsnParse, RefusesWhatIsNoReport) {
  EXPECT_FALSE(parse_dsn(""));
  EXPECT_FALSE(parse_dsn("Subject: hello\r\n\r\nbody\r\n"));
  std::string delivered{kForeign};
  delivered.replace(delivered.find("Failed"), 6, "relayed");
  EXPECT_FALSE(parse_dsn(delivered));
}

TEST(DsnParse, SurvivesAnyPrefix) {
  for (ReportShape shape : kShapes) {
    std::string octets = make_dsn(failure(), shape);
    for (std::size_t size = 0; size < octets.size(); ++size) parse_dsn(std::string_view{octets}.substr(0, size));
  }
}

}  // namespace
}  // namespace deadletter::content
