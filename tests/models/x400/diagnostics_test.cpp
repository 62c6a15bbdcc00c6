// Reason and diagnostic codes: every number, its name, its sentence and its status.
#include "models/x400/diagnostics.h"

#include <gtest/gtest.h>

#include <set>

namespace deadletter::x400 {
namespace {

struct CodeRow {
  unsigned number;
  const char* name;
  const char* status;
};

constexpr CodeRow kReasonRows[] = {
    {0, "transfer-failure", "4.4.0"},
    {1, "unable-to-transfer", "5.4.0"},
    {2, "conversion-not-performed", "5.6.5"},
    {3, "physical-rendition-not-performed", "5.6.0"},
    {4, "physical-delivery-not-performed", "5.2.0"},
    {5, "restricted-delivery", "5.7.1"},
    {6, "directory-operation-unsuccessful", "5.4.3"},
};

// The status of the last three is their reason's: here that of unable-to-transfer.
constexpr CodeRow kDiagnosticRows[] = {
    {0, "unrecognized-OR-name", "5.1.1"},
    {1, "ambiguous-OR-name", "5.1.4"},
    {2, "MTS-congestion", "4.4.5"},
    {3, "loop-detected", "5.4.6"},
    {4, "recipient-unavailable", "5.2.1"},
    {5, "maximum-time-expired", "4.4.7"},
    {6, "encoded-information-types-unsupported", "5.6.1"},
    {7, "content-too-long", "5.2.3"},
    {8, "conversion-impractical", "5.6.3"},
    {9, "implicit-conversion-prohibited", "5.6.2"},
    {10, "implicit-conversion-not-subscribed", "5.6.2"},
    {11, "invalid-arguments", "5.5.4"},
    {12, "content-syntax-error", "5.6.0"},
    {13, "size-constraint-violation", "5.3.4"},
    {14, "protocol-violation", "5.5.0"},
    {15, "content-type-not-supported", "5.6.1"},
    {16, "too-many-recipients", "5.5.3"},
    {17, "no-bilateral-agreement", "5.7.1"},
    {18, "unsupported-critical-function", "5.3.3"},
    {19, "conversion-with-loss-prohibited", "5.6.2"},
    {20, "line-too-long", "5.6.3"},
    {21, "page-split", "5.6.3"},
    {22, "pictorial-symbol-loss", "5.6.3"},
    {23, "punctuation-symbol-loss", "5.6.3"},
    {24, "alphabetic-character-loss", "5.6.3"},
    {25, "multiple-information-loss", "5.6.3"},
    {26, "recipient-reassignment-prohibited", "5.7.1"},
    {27, "redirection-loop-detected", "5.4.6"},
    {28, "DL-expansion-prohibited", "5.7.2"},
    {29, "no-DL-submit-permission", "5.7.2"},
    {30, "DL-expansion-failure", "5.2.4"},
    {31, "physical-rendition-attributes-not-supported", "5.6.1"},
    {32, "undeliverable-mail-physical-delivery-address-incorrect", "5.1.0"},
    {33, "undeliverable-mail-physical-delivery-office-incorrect-or-invalid", "5.1.2"},
    {34, "undeliverable-mail-physical-delivery-address-incomplete", "5.1.3"},
    {35, "undeliverable-mail-recipient-unknown", "5.1.1"},
    {36, "undeliverable-mail-recipient-deceased", "5.2.1"},
    {37, "undeliverable-mail-organization-expired", "5.1.2"},
    {38, "undeliverable-mail-recipient-refused-to-accept", "5.2.1"},
    {39, "undeliverable-mail-recipient-did-not-claim", "5.2.0"},
    {40, "undeliverable-mail-recipient-changed-address-permanently", "5.1.6"},
    {41, "undeliverable-mail-recipient-changed-address-temporarily", "5.1.6"},
    {42, "undeliverable-mail-recipient-changed-temporary-address", "5.1.6"},
    {43, "undeliverable-mail-new-address-unknown", "5.1.6"},
    {44, "undeliverable-mail-recipient-did-not-want-forwarding", "5.7.1"},
    {45, "undeliverable-mail-originator-prohibited-forwarding", "5.7.1"},
    {46, "secure-messaging-error", "5.7.0"},
    {47, "unable-to-downgrade", "5.6.3"},
    {253, "no-report-required", "5.4.0"},
    {254, "per-recipient-failure", "5.4.0"},
    {255, "omit-diagnostic", "5.4.0"},
};

TEST(X400Diagnostics, EveryReasonHasItsNameAndStatus) {
  for (const CodeRow& row : kReasonRows) {
    std::optional<Reason> reason = reason_of(row.number);
    ASSERT_TRUE(reason) << row.number;
    EXPECT_EQ(static_cast<unsigned>(*reason), row.number);
    EXPECT_EQ(name(*reason), row.name);
    EXPECT_EQ(mail::text(status({*reason}).status), row.status) << row.name;
  }
}

TEST(X400Diagnostics, EveryDiagnosticHasItsNameAndStatus) {
  for (const CodeRow& row : kDiagnosticRows) {
    std::optional<Diagnostic> diagnostic = diagnostic_of(row.number);
    ASSERT_TRUE(diagnostic) << row.number;
    EXPECT_EQ(static_cast<unsigned>(*diagnostic), row.number);
    EXPECT_EQ(name(*diagnostic), row.name);
    MappedStatus mapped = status({Reason::unable_to_transfer, *diagnostic});
    EXPECT_EQ(mail::text(mapped.status), row.status) << row.name;
    EXPECT_EQ(mapped.evidence, Evidence::assumed);
  }
}

TEST(X400Diagnostics, NoOtherNumberIsACode) {
  std::set<unsigned> diagnostics;
  for (const CodeRow& row : kDiagnosticRows) diagnostics.insert(row.number);
  for (unsigned number = 0; number < 70'000; ++number) {
    EXPECT_EQ(diagnostic_of(number).has_value(), diagnostics.contains(number)) << number;
    EXPECT_EQ(reason_of(number).has_value(), number < std::size(kReasonRows)) << number;
  }
}

struct SentenceRow {
  Diagnostic diagnostic;
  const char* text;
  Evidence evidence;
};

TEST(X400Diagnostics, SentencesAreTheProducts) {
  constexpr SentenceRow rows[] = {
      {Diagnostic::unrecognized_or_name, "The recipient name is not recognized", Evidence::documented},
      {Diagnostic::ambiguous_or_name, "The recipient name is ambiguous.", Evidence::documented},
      {Diagnostic::mts_congestion,
       "The recipient could not be processed due to congestion in the message transfer service", Evidence::documented},
      {Diagnostic::recipient_unavailable, "The recipient was unable to take delivery of the message.",
       Evidence::inferred},
      {Diagnostic::maximum_time_expired, "The maximum time for delivering the message expired.", Evidence::documented},
      {Diagnostic::content_too_long,
       "The content length of the message is too long for the recipient to take delivery.", Evidence::inferred},
      {Diagnostic::invalid_arguments, "One or more arguments in the recipient was detected as being invalid.",
       Evidence::documented},
      {Diagnostic::content_syntax_error, "A syntax error was detected in the content of the message",
       Evidence::documented},
      {Diagnostic::dl_expansion_prohibited,
       "Unable to deliver the message because the originator prohibited the expansion of distribution lists",
       Evidence::documented},
  };
  std::set<Diagnostic> with_own;
  for (const SentenceRow& row : rows) {
    with_own.insert(row.diagnostic);
    for (const CodeRow& reason : kReasonRows) {
      Sentence said = sentence({*reason_of(reason.number), row.diagnostic});
      EXPECT_EQ(said.text, row.text);
      EXPECT_EQ(said.evidence, row.evidence) << row.text;
    }
  }
  for (const CodeRow& row : kDiagnosticRows) {
    Diagnostic diagnostic = *diagnostic_of(row.number);
    if (with_own.contains(diagnostic)) continue;
    auto of = [&](Reason reason) { return sentence({reason, diagnostic}); };
    EXPECT_EQ(of(Reason::transfer_failure).text, "Unable to deliver the message due to a communications failure");
    EXPECT_EQ(of(Reason::restricted_delivery).text, "A restriction in the system prevented delivery of the message.");
    for (Reason reason :
         {Reason::unable_to_transfer, Reason::conversion_not_performed, Reason::directory_operation_unsuccessful})
      EXPECT_EQ(of(reason).text, "The message could not be delivered to the recipient.");
    EXPECT_EQ(of(Reason::unable_to_transfer).evidence, Evidence::inferred);
  }
}

TEST(X400Diagnostics, AStatusAloneIsSaidByTheLowestDiagnosticThatHasIt) {
  auto of = [](const char* text) { return non_delivery_of(*mail::parse_status(text)); };
  auto unable = [](Diagnostic diagnostic) { return NonDelivery{Reason::unable_to_transfer, diagnostic}; };
  EXPECT_EQ(of("5.1.1"), unable(Diagnostic::unrecognized_or_name));
  EXPECT_EQ(of("4.4.7"), kTimeExpired);
  EXPECT_EQ(of("4.4.5"), kOpensExhausted);
  EXPECT_EQ(of("5.3.4"), unable(Diagnostic::size_constraint_violation));
  EXPECT_EQ(of("5.6.1"), unable(Diagnostic::encoded_types_unsupported));
  EXPECT_EQ(of("5.7.1"), (NonDelivery{Reason::restricted_delivery, Diagnostic::omitted}));
  for (const char* text : {"5.1.2", "5.1.6", "5.0.0", "2.0.0", "5.7.0"}) EXPECT_EQ(of(text), std::nullopt) << text;
  EXPECT_EQ(non_delivery_of({}), std::nullopt);
}

TEST(X400Diagnostics, TextIsReadBack) {
  EXPECT_EQ(text(kTimeExpired), "reason 1 diagnostic 5");
  EXPECT_EQ(text(kOpensExhausted), "reason 1 diagnostic 2");
  EXPECT_EQ(text({Reason::transfer_failure, Diagnostic::omitted}), "reason 0");
  for (const CodeRow& reason : kReasonRows)
    for (const CodeRow& diagnostic : kDiagnosticRows) {
      NonDelivery why{*reason_of(reason.number), *diagnostic_of(diagnostic.number)};
      EXPECT_EQ(parse_non_delivery(text(why)), why);
    }
}

TEST(X400Diagnostics, OtherTextIsNot) {
  for (const char* text : {"", "reason", "reason ", "reason 7", "reason 1 ", "reason 1 diagnostic",
                           "reason 1 diagnostic ", "reason 1 diagnostic 48", "reason 1 diagnostic 256", "reason 01",
                           "reason 1 diagnostic 05", "reason -1", "reason +1", "reason 1 diagnostic 5 ", " reason 1",
                           "Reason 1", "reason 1  diagnostic 5", "reason 99999999999999999999", "550 5.1.1 unknown"})
    EXPECT_FALSE(parse_non_delivery(text)) << text;
}

}  // namespace
}  // namespace deadletter::x400
