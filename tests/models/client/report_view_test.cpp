// What a user reads when mail comes back: what the articles show, word by word.
#include "models/client/report_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/mail/sentences.h"
#include "tests/models/content/testing.h"

namespace deadletter::client {
namespace {

using content::testing::kShapes;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using transport::ReportShape;

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kSent = 1'219'232'640 * kSecond, kReported = 1'219'275'240 * kSecond;  // of article 938650

mail::Report report_of(const std::string& host, const mail::ReportRecipient& recipient) {
  mail::Report report;
  report.reporting_host = host;
  report.original.sender = "ann@contoso.com";
  report.original.subject = "test message";
  report.original.date_unix_ns = report.arrival_unix_ns = kSent;
  report.date_unix_ns = kReported;
  report.recipients = {recipient};
  return report;
}

mail::Report expired(const mail::ReportRecipient& recipient) {
  mail::Report report = report_of("server.domain.com", recipient);
  report.expired = true;
  return report;
}

mail::Report by_mta(x400::NonDelivery why = x400::kTimeExpired) {
  mail::Report report = report_of("ex-bridge1.contoso.com", {.address = "bob@fabrikam.com", .x400 = why});
  report.expired = why == x400::kTimeExpired;
  report.mts_id = "c=us;a= ;p=contoso;l=EX-BRIDGE1-080820114400Z-1";
  report.site = "HQ";
  return report;
}

// ---- The articles

TEST(ReportView, KB938650AMeetingUpdateThatWaitedTooLong) {
  EXPECT_EQ(report_view(expired({"user@domain.com", mail::kExpired, "", ""}), ReportShape::exchange_2003),
            "Your message did not reach some or all of the intended recipients.\n"
            "\n"
            "      Subject:  test message\n"
            "      Sent:     8/20/2008 11:44 AM\n"
            "\n"
            "The following recipient(s) could not be reached:\n"
            "\n"
            "      user@domain.com on 8/20/2008 11:34 PM\n"
            "            Could not deliver the message in the time limit specified. Please retry or contact your "
            "administrator.\n"
            "            <server.domain.com #4.4.7>\n");
}

TEST(ReportView, KB912341WhatTheOtherServerSaidLastDoesNotShowWhenMailExpires) {
  mail::Report report = expired({"user@domain.com", {}, "451 4.4.0 354-Line 1", "mx.domain.com"});
  EXPECT_EQ(report_view(report, ReportShape::exchange_2003),
            report_view(expired({"user@domain.com", mail::kExpired, "", ""}), ReportShape::exchange_2003));
}

TEST(ReportView, KB870585APublicFolderThatRefuses) {
  mail::Report report = report_of("ExchangeServerName.DomainName.com", {"folder@contoso.com", {5, 2, 1}, "", ""});
  EXPECT_THAT(report_view(report, ReportShape::exchange_2003),
              EndsWith("      folder@contoso.com on 8/20/2008 11:34 PM\n"
                       "            The message reached the recipient's e-mail system, but delivery was refused. "
                       "Attempt to resend the message. If it still fails, contact your system administrator.\n"
                       "            <ExchangeServerName.DomainName.com #5.2.1>\n"));
}

TEST(ReportView, KB842029MailThatIsSaidToHaveTooManyRecipients) {
  mail::Report report = report_of("servername.contoso.com", {"user1@contoso.com", {5, 5, 3}, "", ""});
  report.recipients.push_back({"user2@contoso.com", {5, 5, 3}, "", ""});
  EXPECT_THAT(
      report_view(report, ReportShape::exchange_2003),
      EndsWith("      user1@contoso.com on 8/20/2008 11:34 PM\n"
               "            The e-mail system limits the number of recipients that can be addressed in a single "
               "message. Send the message multiple times to fewer recipients.\n"
               "            <servername.contoso.com #5.5.3>\n"
               "\n"
               "      user2@contoso.com on 8/20/2008 11:34 PM\n"
               "            The e-mail system limits the number of recipients that can be addressed in a single "
               "message. Send the message multiple times to fewer recipients.\n"
               "            <servername.contoso.com #5.5.3>\n"));
}

TEST(ReportView, KB955778TheClientsOwnReportNamesNoServer) {
  mail::Report report = report_of("", {.address = "[FAX:0171020225]"});
  report.date_unix_ns = kSent;
  for (ReportShape shape : kShapes)
    EXPECT_EQ(report_view(report, shape),
              "Your message did not reach some or all of the intended recipients.\n"
              "\n"
              "      Subject:  test message\n"
              "      Sent:     8/20/2008 11:44 AM\n"
              "\n"
              "The following recipient(s) could not be reached:\n"
              "\n"
              "      [FAX:0171020225] on 8/20/2008 11:44 AM\n"
              "            None of your e-mail accounts could send to this recipient.\n");
}

TEST(ReportView, KB843242AnMtaNamesTheMessageInsteadOfAStatus) {
  EXPECT_EQ(report_view(by_mta(), ReportShape::x400_report),
            "Your message did not reach some or all of the intended recipients.\n"
            "\n"
            "      Subject:  test message\n"
            "      Sent:     8/20/2008 11:44 AM\n"
            "\n"
            "The following recipient(s) could not be reached:\n"
            "\n"
            "      bob@fabrikam.com on 8/20/2008 11:34 PM\n"
            "            The maximum time for delivering the message expired.\n"
            "\n"
            "            The MTS-ID of the original message is: c=us;a= ;p=contoso;l=EX-BRIDGE1-080820114400Z-1\n"
            "            MSEXCH:MSExchangeMTA:HQ:EX-BRIDGE1\n");
}

// ---- Sentences and trailers

TEST(ReportView, EachStatusHasItsSentenceAndTrailerWhoeverReports) {
  const mail::Status statuses[] = {{4, 4, 7}, {5, 0, 0}, {5, 1, 1}, {5, 2, 1},
                                   {5, 5, 0}, {5, 5, 3}, {5, 7, 1}, {5, 4, 6}};
  for (ReportShape shape : kShapes) {
    if (shape == ReportShape::x400_report) continue;
    for (mail::Status status : statuses)
      EXPECT_THAT(report_view(report_of("ex1.contoso.com", {"bob@fabrikam.com", status, "", ""}), shape),
                  EndsWith("            " + std::string(mail::sentence(status)) + "\n            <ex1.contoso.com #" +
                           mail::text(status) + ">\n"));
  }
}

TEST(ReportView, AStatusWithoutASentenceHasTheGeneralOne) {
  EXPECT_THAT(std::string(mail::sentence({5, 4, 6})),
              StartsWith("The e-mail system was unable to deliver the message"));
  EXPECT_EQ(mail::sentence({5, 4, 6}), mail::sentence({5, 0, 0}));
  EXPECT_EQ(mail::sentence({}), mail::sentence({5, 0, 0}));
  EXPECT_NE(mail::sentence({5, 1, 1}), mail::sentence({5, 0, 0}));
}

TEST(ReportView, WithoutAStatusTheGeneralOneOrThatOfExpiryShows) {
  mail::ReportRecipient bob{.address = "bob@fabrikam.com"};
  EXPECT_THAT(report_view(report_of("ex1", bob), ReportShape::postfix), HasSubstr("<ex1 #5.0.0>"));
  EXPECT_THAT(report_view(expired(bob), ReportShape::postfix), HasSubstr("<server.domain.com #4.4.7>"));
}

TEST(ReportView, ARemoteReplyStandsBehindTheStatus) {
  mail::Report report =
      report_of("ex1.contoso.com", {"bob@fabrikam.com", {5, 5, 0}, "552 line\r\ntoo long", "mx.fabrikam.com"});
  EXPECT_THAT(report_view(report, ReportShape::windows_smtp),
              HasSubstr("\n            <ex1.contoso.com #5.5.0 smtp;552 line too long>\n"));
  report.expired = true;
  EXPECT_THAT(report_view(report, ReportShape::windows_smtp), HasSubstr("\n            <ex1.contoso.com #5.5.0>\n"));
}

TEST(ReportView, AnMtaSaysWhyInItsOwnWordsAndNamesTheMessageIfItKnowsIt) {
  constexpr x400::NonDelivery unknown{x400::Reason::unable_to_transfer, x400::Diagnostic::unrecognized_or_name};
  mail::Report report = by_mta(unknown);
  report.mts_id = "";
  EXPECT_THAT(
      report_view(report, ReportShape::x400_report),
      EndsWith("      bob@fabrikam.com on 8/20/2008 11:34 PM\n            " +
               std::string(x400::sentence(unknown).text) + "\n            MSEXCH:MSExchangeMTA:HQ:EX-BRIDGE1\n"));
}

// ---- Recipients, subjects, delays

TEST(ReportView, SeveralRecipientsEachHaveTheirReason) {
  mail::Report report = report_of("ex1.contoso.com", {"bob@fabrikam.com", {5, 1, 1}, "550 5.1.1 no", "mx"});
  report.recipients.push_back({"carl@fabrikam.com", {5, 7, 1}, "", ""});
  EXPECT_THAT(report_view(report, ReportShape::exchange_2007),
              EndsWith("The following recipient(s) could not be reached:\n"
                       "\n"
                       "      bob@fabrikam.com on 8/20/2008 11:34 PM\n"
                       "            The e-mail account does not exist at the organization this message was sent to. "
                       "Check the e-mail address, or contact the recipient directly to find out the correct address.\n"
                       "            <ex1.contoso.com #5.1.1 smtp;550 5.1.1 no>\n"
                       "\n"
                       "      carl@fabrikam.com on 8/20/2008 11:34 PM\n"
                       "            You do not have permission to send to this recipient.\n"
                       "            <ex1.contoso.com #5.7.1>\n"));
}

TEST(ReportView, EveryRecipientOfAnMtasReportHasTheMessagesName) {
  mail::Report report = by_mta();
  report.recipients.push_back({.address = "carl@fabrikam.com", .x400 = x400::kOpensExhausted});
  std::string view = report_view(report, ReportShape::x400_report);
  std::size_t first = view.find("The MTS-ID"), second = view.rfind("The MTS-ID");
  EXPECT_LT(first, view.find("carl@"));
  EXPECT_LT(view.find("carl@"), second);
}

TEST(ReportView, ALongSubjectStaysOnItsLineAndInItsAlphabet) {
  mail::Report report = expired({"user@domain.com", mail::kExpired, "", ""});
  for (const std::string& subject :
       {std::string(5000, 'x'), std::string("\xd0\x9f\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82 \xe2\x82\xac")}) {
    report.original.subject = subject;
    EXPECT_THAT(report_view(report, ReportShape::exchange_2003), HasSubstr("\n      Subject:  " + subject + "\n"));
  }
  report.original.subject = "";
  EXPECT_THAT(report_view(report, ReportShape::exchange_2003), HasSubstr("\n      Subject:  \n      Sent:     "));
}

TEST(ReportView, NothingInAReportCanAddALine) {
  auto lines = [](const std::string& view) { return std::ranges::count(view, '\n'); };
  for (ReportShape shape : kShapes)
    for (bool own : {false, true}) {
      mail::Report good = by_mta();
      good.recipients[0].reply = "550 no";
      mail::Report bad = good;
      for (std::string* text : {&bad.original.subject, &bad.recipients[0].address, &bad.recipients[0].reply,
                                &bad.reporting_host, &bad.mts_id, &bad.site})
        *text += "\r\n\n      eve@fabrikam.com on 1/1/2008 1:00 AM\n\v\f";
      if (own) good.reporting_host = bad.reporting_host = "";
      EXPECT_EQ(lines(report_view(bad, shape)), lines(report_view(good, shape)));
    }
}

TEST(ReportView, AddressesOfAnyTypeAreShownAsTheyAre) {
  for (const char* address :
       {"FAX:555 0100", "c=US;a= ;p=contoso;o=HQ;s=Bob;", "/o=ORG/ou=SITE/cn=bob", "<bob>@[1.2.3.4]"})
    EXPECT_THAT(report_view(expired({address, mail::kExpired, "", ""}), ReportShape::exchange_2003),
                HasSubstr("\n      " + std::string(address) + " on 8/20/2008 11:34 PM\n"));
}

TEST(ReportView, ADelayNoticeSaysThatNothingIsToBeDone) {
  mail::Report report = report_of("ex1.contoso.com", {"bob@fabrikam.com", mail::kExpired, "451 later", "mx"});
  report.kind = mail::ReportKind::delay;
  for (ReportShape shape : {ReportShape::rfc3464, ReportShape::exchange_2003, ReportShape::exchange_2007})
    EXPECT_EQ(report_view(report, shape),
              "This is an automatically generated Delivery Status Notification.\n"
              "\n"
              "THIS IS A WARNING MESSAGE ONLY.\n"
              "\n"
              "YOU DO NOT NEED TO RESEND YOUR MESSAGE.\n"
              "\n"
              "      Subject:  test message\n"
              "      Sent:     8/20/2008 11:44 AM\n"
              "\n"
              "Delivery to the following recipient(s) has been delayed:\n"
              "\n"
              "      bob@fabrikam.com on 8/20/2008 11:34 PM\n"
              "            <ex1.contoso.com #4.4.7>\n");
  report.reporting_host = "";
  EXPECT_THAT(report_view(report, ReportShape::rfc3464), Not(HasSubstr("accounts")));
}

}  // namespace
}  // namespace deadletter::client
