// The reports of Exchange 2003, by its SMTP transport and by its MTA: the articles' words, and that a reader other than
// ours makes the same of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/content/dsn.h"
#include "models/content/dsn_draft.h"
#include "tests/models/content/testing.h"
#include "tests/support/command.h"

namespace deadletter::content {
namespace {

using namespace testing;
using ::testing::HasSubstr;
using ::testing::Not;
using x400::Diagnostic;
using x400::NonDelivery;
using x400::Reason;

constexpr std::int64_t kSecond = 1'000'000'000;

std::string shown(const mail::Report& report, ReportShape shape) {
  Entity message = read(make_dsn(report, shape));
  std::string text = content(part(message, 0));
  std::erase(text, '\r');
  return text;
}

mail::Report by_mta(NonDelivery why = x400::kTimeExpired) {
  mail::Report report = expiry();
  report.expired = why == x400::kTimeExpired;
  report.date_unix_ns = kArrival + 7 * 24 * kHour;
  report.mts_id = "c=us;a= ;p=contoso;l=EX-BRIDGE1-060301080000Z-1";
  report.site = "HQ";
  report.recipients = {{.address = "bob@fabrikam.com", .x400 = why}};
  return report;
}

// The sample of article 938650.
mail::Report meeting_update() {
  mail::Report report = expiry();
  report.reporting_host = "server.domain.com";
  report.original.subject = "test message";
  report.original.date_unix_ns = report.arrival_unix_ns = 1'219'232'640 * kSecond;
  report.date_unix_ns = 1'219'275'240 * kSecond;
  report.recipients = {{"user@domain.com", mail::kExpired, "", ""}};
  return report;
}

TEST(DsnExchange2003, LooksAsItAlwaysDid) {
  expect_golden(make_dsn(failure(), ReportShape::exchange_2003), "exchange_2003_failure");
  expect_golden(make_dsn(meeting_update(), ReportShape::exchange_2003), "exchange_2003_expiry");
  expect_golden(make_dsn(foreign_subject(), ReportShape::exchange_2003), "exchange_2003_delay");
  expect_golden(make_dsn(by_mta(), ReportShape::x400_report), "x400_report_expiry");
  expect_golden(
      make_dsn(by_mta({Reason::unable_to_transfer, Diagnostic::unrecognized_or_name}), ReportShape::x400_report),
      "x400_report_unknown");
}

TEST(DsnExchange2003, SaysWhatTheArticleShows) {
  EXPECT_EQ(shown(meeting_update(), ReportShape::exchange_2003),
            "Your message did not reach some or all of the intended recipients.\n"
            "\n"
            "Subject: test message\n"
            "Sent: 8/20/2008 11:44 AM\n"
            "\n"
            "The following recipient(s) could not be reached:\n"
            "\n"
            "user@domain.com on 8/20/2008 11:34 PM\n"
            "Could not deliver the message in the time limit specified. Please retry or contact your administrator.\n"
            "<server.domain.com #4.4.7>\n");
}

TEST(DsnExchange2003, TheMtaSaysWhatTheArticleShows) {
  EXPECT_EQ(shown(by_mta(), ReportShape::x400_report),
            "Your message did not reach some or all of the intended recipients.\n"
            "\n"
            "Subject: Offer for March\n"
            "Sent: 3/1/2006 8:00 AM\n"
            "\n"
            "The following recipient(s) could not be reached:\n"
            "\n"
            "bob@fabrikam.com on 3/8/2006 8:00 AM\n"
            "The maximum time for delivering the message expired.\n"
            "\n"
            "The MTS-ID of the original message is: c=us;a= ;p=contoso;l=EX-BRIDGE1-060301080000Z-1\n"
            "MSEXCH:MSExchangeMTA:HQ:EX-BRIDGE1\n");
}

TEST(DsnExchange2003, EachStatusHasItsSentenceAndTrailer) {
  struct Row {
    mail::Status status;
    const char* begins;
  };
  const Row rows[] = {
      {{4, 4, 7}, "Could not deliver the message in the time limit specified."},
      {{5, 0, 0}, "The e-mail system was unable to deliver the message, but did not report a specific reason."},
      {{5, 1, 1}, "The e-mail account does not exist at the organization this message was sent to."},
      {{5, 2, 1}, "The message reached the recipient's e-mail system, but delivery was refused."},
      {{5, 5, 0}, "There was a SMTP communication problem with the recipient's email server."},
      {{5, 7, 1}, "You do not have permission to send to this recipient."},
      {{5, 4, 6}, "The e-mail system was unable to deliver the message, but did not report a specific reason."},
  };
  for (const Row& row : rows) {
    mail::Report report = failure();
    report.recipients = {{"bob@fabrikam.com", row.status, "", ""}};
    std::string text = shown(report, ReportShape::exchange_2003);
    EXPECT_THAT(text, HasSubstr(std::string{"\n"} + row.begins));
    EXPECT_THAT(text, HasSubstr("\n<ex-bridge1.contoso.com #" + mail::text(row.status) + ">\n"));
  }
}

TEST(DsnExchange2003, ARemoteReplyStandsBehindTheStatus) {
  mail::Report report = failure();
  report.recipients = {{"bob@fabrikam.com", {5, 5, 0}, "552 line too long", "mx.fabrikam.com"}};
  EXPECT_THAT(shown(report, ReportShape::exchange_2003),
              HasSubstr("\n<ex-bridge1.contoso.com #5.5.0 smtp;552 line too long>\n"));
  report.expired = true;
  EXPECT_THAT(shown(report, ReportShape::exchange_2003), HasSubstr("\n<ex-bridge1.contoso.com #5.5.0>\n"));
}

TEST(DsnExchange2003, ADelayNoticeSaysThatNothingIsToBeDone) {
  std::string octets = make_dsn(delay(), ReportShape::exchange_2003);
  EXPECT_EQ(field(read(octets).get(), "Subject"), "Delivery Status Notification (Delay): Offer for March");
  std::string text = shown(delay(), ReportShape::exchange_2003);
  EXPECT_THAT(text, HasSubstr("YOU DO NOT NEED TO RESEND YOUR MESSAGE."));
  EXPECT_THAT(text, HasSubstr("bob@fabrikam.com on 3/1/2006 8:00 PM\n<ex-bridge1.contoso.com #4.4.7>\n"));
  EXPECT_THAT(text, Not(HasSubstr("could not be reached")));
  EXPECT_THAT(octets, HasSubstr("Will-Retry-Until: Fri, 03 Mar 2006 08:00:00 +0000\r\n"));
}

TEST(DsnExchange2003, ASubjectInAnyAlphabetIsShown) {
  std::string text = shown(foreign_subject(), ReportShape::exchange_2003);
  EXPECT_THAT(text, HasSubstr("\nSubject: " + foreign_subject().original.subject + "\n"));
}

TEST(DsnExchange2003, DatesAreThoseOfTheUnitedStates) {
  auto of = [](std::int64_t minutes_after_midnight) {
    return us_date((1'141'171'200 + minutes_after_midnight * 60) * kSecond);  // 2006-03-01
  };
  EXPECT_EQ(of(0), "3/1/2006 12:00 AM");
  EXPECT_EQ(of(61), "3/1/2006 1:01 AM");
  EXPECT_EQ(of(11 * 60 + 59), "3/1/2006 11:59 AM");
  EXPECT_EQ(of(12 * 60), "3/1/2006 12:00 PM");
  EXPECT_EQ(of(23 * 60 + 59), "3/1/2006 11:59 PM");
  EXPECT_EQ(us_date(0), "1/1/1970 12:00 AM");
}

// Where the MTA's reason comes from, in this order.
TEST(X400Report, NamesReasonAndDiagnostic) {
  struct Row {
    const char* about;
    mail::ReportRecipient recipient;
    bool expired;
    mail::Status status;
    const char* diagnostic;
    std::optional<NonDelivery> x400;
  };
  constexpr NonDelivery too_long{Reason::unable_to_transfer, Diagnostic::content_too_long};
  constexpr NonDelivery critical{Reason::unable_to_transfer, Diagnostic::unsupported_critical_function};
  constexpr NonDelivery restricted{Reason::restricted_delivery, Diagnostic::omitted};
  constexpr NonDelivery unable{Reason::unable_to_transfer, Diagnostic::omitted};
  const Row rows[] = {
      {"given", {.address = "a@b", .x400 = too_long}, false, {5, 2, 3}, "reason 1 diagnostic 7", too_long},
      {"given with a status",
       {.address = "a@b", .status = {5, 3, 4}, .x400 = too_long},
       false,
       {5, 3, 4},
       "reason 1 diagnostic 7",
       too_long},
      {"given beats a reply",
       {.address = "a@b", .reply = "reason 1 diagnostic 18", .x400 = too_long},
       false,
       {5, 2, 3},
       "reason 1 diagnostic 7",
       too_long},
      {"replied",
       {.address = "a@b", .status = {5, 3, 3}, .reply = "reason 1 diagnostic 18"},
       false,
       {5, 3, 3},
       "reason 1 diagnostic 18",
       critical},
      {"expired",
       {.address = "a@b", .status = {4, 4, 7}, .reply = "451 later"},
       true,
       {4, 4, 7},
       "reason 1 diagnostic 5",
       x400::kTimeExpired},
      {"another server's words",
       {.address = "a@b", .status = {5, 1, 1}, .reply = "550 no"},
       false,
       {5, 1, 1},
       "550 no",
       std::nullopt},
      {"by the status", {.address = "a@b", .status = {5, 7, 1}}, false, {5, 7, 1}, "reason 5", restricted},
      {"by nothing", {.address = "a@b"}, false, {5, 0, 0}, "reason 1", unable},
  };
  for (const Row& row : rows) {
    mail::Report report = by_mta();
    report.expired = row.expired;
    report.recipients = {row.recipient};
    std::optional<ParsedDsn> parsed = parse_dsn(make_dsn(report, ReportShape::x400_report));
    ASSERT_TRUE(parsed) << row.about;
    EXPECT_EQ(parsed->recipients[0].status, row.status) << row.about;
    EXPECT_EQ(parsed->recipients[0].diagnostic, row.diagnostic) << row.about;
    EXPECT_EQ(parsed->recipients[0].x400, row.x400) << row.about;
  }
}

TEST(X400Report, EveryCodeIsReadBack) {
  for (unsigned reason = 0; reason < 7; ++reason)
    for (unsigned diagnostic = 0; diagnostic < 256; ++diagnostic) {
      if (!x400::diagnostic_of(diagnostic)) continue;
      NonDelivery why{*x400::reason_of(reason), *x400::diagnostic_of(diagnostic)};
      mail::Report report = by_mta(why);
      std::optional<ParsedDsn> parsed = parse_dsn(make_dsn(report, ReportShape::x400_report));
      ASSERT_TRUE(parsed);
      EXPECT_EQ(parsed->recipients[0].x400, why);
      EXPECT_EQ(parsed->recipients[0].status, x400::status(why).status);
      EXPECT_THAT(shown(report, ReportShape::x400_report), HasSubstr(std::string{x400::sentence(why).text} + "\n"));
    }
}

// Another reader: Python's.
TEST(DsnExchange2003, PythonReadsTheSame) {
  const std::string script = R"(
import email, email.policy, sys
for path in sys.argv[1:]:
    message = email.message_from_binary_file(open(path, 'rb'), policy=email.policy.default)
    parts = list(message.iter_parts())
    print(message.get_content_type(), message['content-type'].params['report-type'], message['content-class'])
    print(' '.join(part.get_content_type() for part in parts), len(message.defects))
    print(message['Subject'])
    print(parts[0].get_content().strip().splitlines()[-1])
    groups = parts[1].get_payload()
    print(len(groups), groups[0]['Reporting-MTA'], *(groups[1][f] for f in ('Final-Recipient', 'Action', 'Status')))
    print(groups[1]['Diagnostic-Code'])
    print(parts[2].get_content()['Message-ID'])
)";
  deadletter::testing::Said said =
      deadletter::testing::run_command({"/usr/bin/python3", "-c", script, golden_path("exchange_2003_failure"),
                                        golden_path("exchange_2003_delay"), golden_path("x400_report_expiry")},
                                       {.environment = {{"PYTHONIOENCODING", "utf-8"}}});
  const std::string head =
      "multipart/report delivery-status urn:content-classes:dsn\n"
      "text/plain message/delivery-status message/rfc822 0\n";
  const std::string id = "<0a1b2c@client7.contoso.com>\n";
  EXPECT_EQ(said.err, "");
  EXPECT_EQ(said.out,
            head + "Undeliverable: Offer for March\n<ex-bridge1.contoso.com #5.1.1 smtp;550 5.1.1 no such user>\n" +
                "2 dns;ex-bridge1.contoso.com rfc822;bob@fabrikam.com failed 5.1.1\nsmtp;550 5.1.1 no such user\n" +
                id + head + "Delivery Status Notification (Delay): " + foreign_subject().original.subject +
                "\n<ex-bridge1.contoso.com #4.4.7>\n" +
                "2 dns;ex-bridge1.contoso.com rfc822;bob@fabrikam.com delayed 4.4.7\nNone\n" + id + head +
                "Undeliverable: Offer for March\nMSEXCH:MSExchangeMTA:HQ:EX-BRIDGE1\n" +
                "2 dns;ex-bridge1.contoso.com rfc822;bob@fabrikam.com failed 4.4.7\nx400; reason 1 diagnostic 5\n" +
                id);
}

}  // namespace
}  // namespace deadletter::content
