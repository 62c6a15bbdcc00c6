// Reports as messages: what each product's looks like, that a reader gets back what was put in, and that nothing but
// the value decides the octets.
#include "models/content/dsn.h"

#include <gtest/gtest.h>

#include <clocale>
#include <cstdlib>
#include <ctime>

#include "tests/models/content/testing.h"

namespace deadletter::content {
namespace {

using namespace testing;

TEST(Dsn, WindowsSmtpLooksAsItAlwaysDid) {
  expect_golden(make_dsn(failure(), ReportShape::windows_smtp), "windows_smtp_failure");
  expect_golden(make_dsn(expiry(), ReportShape::windows_smtp), "windows_smtp_expiry");
  expect_golden(make_dsn(delay(), ReportShape::windows_smtp), "windows_smtp_delay");
}

TEST(Dsn, TheOthersLookAsTheyAlwaysDid) {
  expect_golden(make_dsn(failure(), ReportShape::exchange_2007), "exchange_2007_failure");
  expect_golden(make_dsn(expiry(), ReportShape::exchange_2007), "exchange_2007_expiry");
  expect_golden(make_dsn(failure(), ReportShape::postfix), "postfix_failure");
  expect_golden(make_dsn(delay(), ReportShape::postfix), "postfix_delay");
  expect_golden(make_dsn(foreign_subject(), ReportShape::exchange_2007), "exchange_2007_delay");
  expect_golden(make_dsn(failure(), ReportShape::rfc3464), "rfc3464_failure");
}

TEST(Dsn, EachShapeHasItsStructure) {
  auto of = [](ReportShape shape) { return structure(read(make_dsn(failure(), shape)).get()); };
  EXPECT_EQ(of(ReportShape::windows_smtp), "multipart/report(text/plain message/delivery-status message/rfc822)");
  EXPECT_EQ(of(ReportShape::exchange_2007),
            "multipart/report(multipart/alternative(text/plain text/html) message/delivery-status message/rfc822)");
  EXPECT_EQ(of(ReportShape::postfix), "multipart/report(text/plain message/delivery-status text/rfc822-headers)");
  EXPECT_EQ(of(ReportShape::rfc3464), "multipart/report(text/plain message/delivery-status text/rfc822-headers)");
  EXPECT_EQ(of(ReportShape::exchange_2003), "multipart/report(text/plain message/delivery-status message/rfc822)");
  EXPECT_EQ(of(ReportShape::x400_report), "multipart/report(text/plain message/delivery-status message/rfc822)");
}

TEST(Dsn, EachShapeHasItsHeadersInTheProductsOrder) {
  auto of = [](ReportShape shape) { return field_names(read(make_dsn(failure(), shape)).get()); };
  EXPECT_EQ(of(ReportShape::windows_smtp), "From To Date MIME-Version Content-Type X-DSNContext Message-ID Subject");
  EXPECT_EQ(of(ReportShape::exchange_2007),
            "MIME-Version From To Date Content-Type Content-Language Message-ID Subject");
  EXPECT_EQ(of(ReportShape::postfix), "Date From Subject To Auto-Submitted MIME-Version Content-Type Message-ID");
  EXPECT_EQ(of(ReportShape::rfc3464), "From To Date Subject Message-ID Auto-Submitted MIME-Version Content-Type");
  for (ReportShape shape : {ReportShape::exchange_2003, ReportShape::x400_report})
    EXPECT_EQ(of(shape), "content-class MIME-Version Content-Type Subject Date Message-ID From To");
}

TEST(Dsn, WindowsSmtpNamesTheReasonInItsContext) {
  auto context = [](const mail::Report& report) {
    return field(read(make_dsn(report, ReportShape::windows_smtp)).get(), "X-DSNContext");
  };
  mail::Report local = failure();
  local.recipients[0].reply.clear();
  EXPECT_EQ(context(failure()), "7ce717b1 - 1196 - 00000002 - 00000000");
  EXPECT_EQ(context(expiry()), "7ce717b1 - 1386 - 00000002 - C00402D1");
  EXPECT_EQ(context(delay()), "7ce717b1 - 1413 - 00000004 - C00402D1");
  EXPECT_EQ(context(local), "335a7efd - 4523 - 00000001 - 80040546");
}

// A '+' begins a shift in UTF-7: written as itself, a reader would lose it.
TEST(Dsn, WindowsSmtpTextIsUtf7) {
  mail::Report report = failure();
  report.recipients[0].address = "bob+offers~1@fabrikam.com";
  std::string octets = make_dsn(report, ReportShape::windows_smtp);
  EXPECT_NE(octets.find("       bob+-offers+AH4-1@fabrikam.com\r\n"), std::string::npos);
  EXPECT_NE(octets.find("Final-Recipient: rfc822;bob+offers~1@fabrikam.com\r\n"), std::string::npos);
}

TEST(Dsn, WindowsSmtpKeepsTheRemoteReplyOfAnExpiredMessageToItself) {
  mail::Report report = expiry();
  report.recipients[0].reply = "451 4.3.0 try later";
  EXPECT_EQ(make_dsn(report, ReportShape::windows_smtp).find("Diagnostic-Code"), std::string::npos);
}

TEST(Dsn, TheOriginalIsShownByItsHeaders) {
  mail::Report report = failure();
  report.original.to = {"bob@fabrikam.com", "eve@contoso.com"};
  report.original.subject = "Angebot f\xc3\xbcr M\xc3\xa4rz";
  for (ReportShape shape : kShapes) {
    Entity message = read(make_dsn(report, shape));
    GMimeObject* third = part(message, 2);
    Entity headers;
    GMimeObject* original = nullptr;
    if (GMIME_IS_MESSAGE_PART(third)) {
      original = GMIME_OBJECT(g_mime_message_part_get_message(GMIME_MESSAGE_PART(third)));
    } else {
      headers = read(content(third) + "\n");
      original = headers.get();
    }
    EXPECT_EQ(field_names(original).substr(0, 31), "Message-ID From To Subject Date");
    EXPECT_EQ(field(original, "Subject"), report.original.subject);
    EXPECT_EQ(field(original, "To"), "bob@fabrikam.com, eve@contoso.com");
    EXPECT_EQ(field(original, "Message-ID"), "<0a1b2c@client7.contoso.com>");
    EXPECT_EQ(field(original, "Date"), "Wed, 01 Mar 2006 08:00:00 +0000");
  }
}

std::vector<mail::Report> reports_of_every_kind() {
  std::vector<mail::Report> reports = {failure(), expiry(), delay()};
  for (int kind = 0; kind < 3; ++kind) {
    mail::Report report = reports[kind];
    report.recipients.push_back({"carol.o'neil+x@a.example", {5, 7, 1}, "550-5.7.1 one 550 5.7.1 two", "mx.a.example"});
    report.recipients.push_back({"dave@b.example", {}, "", ""});
    for (int i = 0; i < 40; ++i) {
      report.recipients.push_back({"user" + std::to_string(i) + "@c.example", mail::kTooLarge, "552 5.3.4 big", ""});
    }
    reports.push_back(report);
  }
  return reports;
}

TEST(Dsn, AReaderGetsBackWhatWasPutIn) {
  for (const mail::Report& report : reports_of_every_kind()) {
    for (ReportShape shape : kShapes) {
      std::optional<ParsedDsn> parsed = parse_dsn(make_dsn(report, shape));
      ASSERT_TRUE(parsed);
      EXPECT_EQ(parsed->kind, report.kind);
      EXPECT_EQ(parsed->reporting_mta, report.reporting_host);
      ASSERT_EQ(parsed->recipients.size(), report.recipients.size());
      bool own_words = report.expired || report.kind == mail::ReportKind::delay;
      for (std::size_t i = 0; i < report.recipients.size(); ++i) {
        const mail::ReportRecipient& in = report.recipients[i];
        const ParsedRecipient& out = parsed->recipients[i];
        EXPECT_EQ(out.address, in.address);
        EXPECT_EQ(out.action, report.kind == mail::ReportKind::delay ? "delayed" : "failed");
        mail::Status general = own_words ? mail::kExpired : mail::Status{5, 0, 0};
        EXPECT_EQ(out.status, in.status.known() ? in.status : general);
        bool shows_reply = shape == ReportShape::postfix || shape == ReportShape::rfc3464 || !own_words;
        if (shows_reply && !in.reply.empty()) {
          EXPECT_EQ(out.diagnostic, in.reply);
        }
      }
    }
  }
}

TEST(Dsn, IsWellFormedOnTheWire) {
  for (const mail::Report& report : reports_of_every_kind()) {
    for (ReportShape shape : kShapes) EXPECT_EQ(line_problem(make_dsn(report, shape)), "");
  }
}

TEST(Dsn, TwoCallsGiveTheSameOctets) {
  for (const mail::Report& report : reports_of_every_kind()) {
    for (ReportShape shape : kShapes) EXPECT_EQ(make_dsn(report, shape), make_dsn(report, shape));
  }
}

// Each in a child process that has not made a report before: the libraries below meet the locale when they start.
TEST(DsnDeathTest, NeitherLocaleNorTimeZoneDecidesTheOctets) {
  auto compare = [&](const char* zone, const char* locale) {
    setenv("TZ", zone, 1), setenv("LC_ALL", locale, 1);
    tzset(), std::setlocale(LC_ALL, "");
    bool same = make_dsn(foreign_subject(), ReportShape::exchange_2007) == golden("exchange_2007_delay") &&
                make_dsn(delay(), ReportShape::windows_smtp) == golden("windows_smtp_delay") &&
                make_dsn(delay(), ReportShape::postfix) == golden("postfix_delay") &&
                make_dsn(failure(), ReportShape::rfc3464) == golden("rfc3464_failure") &&
                make_dsn(foreign_subject(), ReportShape::exchange_2003) == golden("exchange_2003_delay");
    std::exit(same ? 0 : 1);
  };
  EXPECT_EXIT(compare("UTC", "C"), ::testing::ExitedWithCode(0), "");
  EXPECT_EXIT(compare("Asia/Tokyo", "C.UTF-8"), ::testing::ExitedWithCode(0), "");
  EXPECT_EXIT(compare("America/St_Johns", "de_DE.ISO-8859-1"), ::testing::ExitedWithCode(0), "");
  EXPECT_EXIT(compare("Europe/Istanbul", "tr_TR.UTF-8"), ::testing::ExitedWithCode(0), "");
}

TEST(Dsn, ReportsOfOneRunDifferInMessageIdAndBoundary) {
  mail::Report first = failure(), second = failure();
  second.serial = first.serial + 1;
  for (ReportShape shape : kShapes) {
    Entity a = read(make_dsn(first, shape)), b = read(make_dsn(second, shape));
    EXPECT_NE(field(a.get(), "Message-ID"), field(b.get(), "Message-ID"));
    EXPECT_NE(field(a.get(), "Content-Type"), field(b.get(), "Content-Type"));
  }
}

}  // namespace
}  // namespace deadletter::content
