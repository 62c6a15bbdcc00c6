#include "models/x400/diagnostics.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace deadletter::x400 {
namespace {

using mail::Status;

constexpr std::array<std::string_view, 7> kReasons = {"transfer-failure",
                                                      "unable-to-transfer",
                                                      "conversion-not-performed",
                                                      "physical-rendition-not-performed",
                                                      "physical-delivery-not-performed",
                                                      "restricted-delivery",
                                                      "directory-operation-unsuccessful"};

struct Row {
  Diagnostic code;
  std::string_view name;
  Status status;
};

// Statuses say what RFC 3463 says of them: x.1 the address, x.2 the mailbox, x.3 the system, x.4 the way there, x.5 the
// protocol, x.6 content and conversion, x.7 permission. Only what may pass by itself is 4.
constexpr Row kDiagnostics[] = {
    {Diagnostic::unrecognized_or_name, "unrecognized-OR-name", {5, 1, 1}},
    {Diagnostic::ambiguous_or_name, "ambiguous-OR-name", {5, 1, 4}},
    {Diagnostic::mts_congestion, "MTS-congestion", {4, 4, 5}},
    {Diagnostic::loop_detected, "loop-detected", {5, 4, 6}},
    {Diagnostic::recipient_unavailable, "recipient-unavailable", {5, 2, 1}},
    {Diagnostic::maximum_time_expired, "maximum-time-expired", mail::kExpired},
    {Diagnostic::encoded_types_unsupported, "encoded-information-types-unsupported", {5, 6, 1}},
    {Diagnostic::content_too_long, "content-too-long", {5, 2, 3}},
    {Diagnostic::conversion_impractical, "conversion-impractical", {5, 6, 3}},
    {Diagnostic::implicit_conversion_prohibited, "implicit-conversion-prohibited", {5, 6, 2}},
    {Diagnostic::implicit_conversion_not_subscribed, "implicit-conversion-not-subscribed", {5, 6, 2}},
    {Diagnostic::invalid_arguments, "invalid-arguments", {5, 5, 4}},
    {Diagnostic::content_syntax_error, "content-syntax-error", {5, 6, 0}},
    {Diagnostic::size_constraint_violation, "size-constraint-violation", mail::kTooLarge},
    {Diagnostic::protocol_violation, "protocol-violation", {5, 5, 0}},
    {Diagnostic::content_type_not_supported, "content-type-not-supported", {5, 6, 1}},
    {Diagnostic::too_many_recipients, "too-many-recipients", {5, 5, 3}},
    {Diagnostic::no_bilateral_agreement, "no-bilateral-agreement", {5, 7, 1}},
    {Diagnostic::unsupported_critical_function, "unsupported-critical-function", {5, 3, 3}},
    {Diagnostic::conversion_with_loss_prohibited, "conversion-with-loss-prohibited", {5, 6, 2}},
    {Diagnostic::line_too_long, "line-too-long", {5, 6, 3}},
    {Diagnostic::page_split, "page-split", {5, 6, 3}},
    {Diagnostic::pictorial_symbol_loss, "pictorial-symbol-loss", {5, 6, 3}},
    {Diagnostic::punctuation_symbol_loss, "punctuation-symbol-loss", {5, 6, 3}},
    {Diagnostic::alphabetic_character_loss, "alphabetic-character-loss", {5, 6, 3}},
    {Diagnostic::multiple_information_loss, "multiple-information-loss", {5, 6, 3}},
    {Diagnostic::recipient_reassignment_prohibited, "recipient-reassignment-prohibited", {5, 7, 1}},
    {Diagnostic::redirection_loop_detected, "redirection-loop-detected", {5, 4, 6}},
    {Diagnostic::dl_expansion_prohibited, "DL-expansion-prohibited", {5, 7, 2}},
    {Diagnostic::no_dl_submit_permission, "no-DL-submit-permission", {5, 7, 2}},
    {Diagnostic::dl_expansion_failure, "DL-expansion-failure", {5, 2, 4}},
    {Diagnostic::physical_rendition_attributes_not_supported, "physical-rendition-attributes-not-supported", {5, 6, 1}},
    {Diagnostic::physical_address_incorrect, "undeliverable-mail-physical-delivery-address-incorrect", {5, 1, 0}},
    {Diagnostic::physical_office_incorrect,
     "undeliverable-mail-physical-delivery-office-incorrect-or-invalid",
     {5, 1, 2}},
    {Diagnostic::physical_address_incomplete, "undeliverable-mail-physical-delivery-address-incomplete", {5, 1, 3}},
    {Diagnostic::recipient_unknown, "undeliverable-mail-recipient-unknown", {5, 1, 1}},
    {Diagnostic::recipient_deceased, "undeliverable-mail-recipient-deceased", {5, 2, 1}},
    {Diagnostic::organization_expired, "undeliverable-mail-organization-expired", {5, 1, 2}},
    {Diagnostic::recipient_refused, "undeliverable-mail-recipient-refused-to-accept", {5, 2, 1}},
    {Diagnostic::recipient_did_not_claim, "undeliverable-mail-recipient-did-not-claim", {5, 2, 0}},
    {Diagnostic::address_changed_permanently, "undeliverable-mail-recipient-changed-address-permanently", {5, 1, 6}},
    {Diagnostic::address_changed_temporarily, "undeliverable-mail-recipient-changed-address-temporarily", {5, 1, 6}},
    {Diagnostic::temporary_address_changed, "undeliverable-mail-recipient-changed-temporary-address", {5, 1, 6}},
    {Diagnostic::new_address_unknown, "undeliverable-mail-new-address-unknown", {5, 1, 6}},
    {Diagnostic::forwarding_not_wanted, "undeliverable-mail-recipient-did-not-want-forwarding", {5, 7, 1}},
    {Diagnostic::forwarding_prohibited, "undeliverable-mail-originator-prohibited-forwarding", {5, 7, 1}},
    {Diagnostic::secure_messaging_error, "secure-messaging-error", {5, 7, 0}},
    {Diagnostic::unable_to_downgrade, "unable-to-downgrade", {5, 6, 3}},
    {Diagnostic::no_report_required, "no-report-required", {}},
    {Diagnostic::per_recipient_failure, "per-recipient-failure", {}},
    {Diagnostic::omitted, "omit-diagnostic", {}},
};

const Row& row(Diagnostic diagnostic) { return *std::ranges::find(kDiagnostics, diagnostic, &Row::code); }

struct KnownSentence {
  Diagnostic diagnostic;
  Sentence sentence;
};
constexpr KnownSentence kSentences[] = {
    {Diagnostic::unrecognized_or_name, {"The recipient name is not recognized", Evidence::documented}},
    {Diagnostic::ambiguous_or_name, {"The recipient name is ambiguous.", Evidence::documented}},
    {Diagnostic::mts_congestion,
     {"The recipient could not be processed due to congestion in the message transfer service", Evidence::documented}},
    {Diagnostic::recipient_unavailable,
     {"The recipient was unable to take delivery of the message.", Evidence::inferred}},
    {Diagnostic::maximum_time_expired, {"The maximum time for delivering the message expired.", Evidence::documented}},
    {Diagnostic::content_too_long,
     {"The content length of the message is too long for the recipient to take delivery.", Evidence::inferred}},
    {Diagnostic::invalid_arguments,
     {"One or more arguments in the recipient was detected as being invalid.", Evidence::documented}},
    {Diagnostic::content_syntax_error,
     {"A syntax error was detected in the content of the message", Evidence::documented}},
    {Diagnostic::dl_expansion_prohibited,
     {"Unable to deliver the message because the originator prohibited the expansion of distribution lists",
      Evidence::documented}},
};

// Of a reason alone, and of one whose diagnostic has no sentence.
constexpr Sentence general(Reason reason) {
  if (reason == Reason::transfer_failure)
    return {"Unable to deliver the message due to a communications failure", Evidence::inferred};
  if (reason == Reason::restricted_delivery)
    return {"A restriction in the system prevented delivery of the message.", Evidence::inferred};
  return {"The message could not be delivered to the recipient.", Evidence::inferred};
}

constexpr Status status_of_reason(Reason reason) {
  constexpr Status by_reason[] = {{4, 4, 0}, {5, 4, 0}, {5, 6, 5}, {5, 6, 0}, {5, 2, 0}, {5, 7, 1}, {5, 4, 3}};
  return by_reason[static_cast<std::size_t>(reason)];
}

bool take(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

// Digits without a sign and without zeros in front.
std::optional<std::uint32_t> take_number(std::string_view& text) {
  std::uint32_t number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  std::size_t digits = static_cast<std::size_t>(end - text.data());
  if (error != std::errc{} || (digits > 1 && text[0] == '0')) return std::nullopt;
  text.remove_prefix(digits);
  return number;
}

}  // namespace

std::optional<Reason> reason_of(std::uint32_t number) {
  if (number >= kReasons.size()) return std::nullopt;
  return static_cast<Reason>(number);
}

std::optional<Diagnostic> diagnostic_of(std::uint32_t number) {
  for (const Row& row : kDiagnostics)
    if (static_cast<std::uint32_t>(row.code) == number) return row.code;
  return std::nullopt;
}

std::string_view name(Reason reason) { return kReasons[static_cast<std::size_t>(reason)]; }
std::string_view name(Diagnostic diagnostic) { return row(diagnostic).name; }

std::string text(NonDelivery why) {
  std::string reason = fmt::format("reason {}", static_cast<unsigned>(why.reason));
  if (why.diagnostic == Diagnostic::omitted) return reason;
  return fmt::format("{} diagnostic {}", reason, static_cast<unsigned>(why.diagnostic));
}

std::optional<NonDelivery> parse_non_delivery(std::string_view text) {
  if (!take(text, "reason ")) return std::nullopt;
  std::optional<std::uint32_t> number = take_number(text);
  std::optional<Reason> reason = number ? reason_of(*number) : std::nullopt;
  if (!reason) return std::nullopt;
  if (text.empty()) return NonDelivery{*reason, Diagnostic::omitted};
  if (!take(text, " diagnostic ")) return std::nullopt;
  number = take_number(text);
  std::optional<Diagnostic> diagnostic = number ? diagnostic_of(*number) : std::nullopt;
  if (!diagnostic || !text.empty()) return std::nullopt;
  return NonDelivery{*reason, *diagnostic};
}

Sentence sentence(NonDelivery why) {
  const auto* known = std::ranges::find(kSentences, why.diagnostic, &KnownSentence::diagnostic);
  return known != std::end(kSentences) ? known->sentence : general(why.reason);
}

MappedStatus status(NonDelivery why) {
  Status by_diagnostic = row(why.diagnostic).status;
  return {by_diagnostic.known() ? by_diagnostic : status_of_reason(why.reason), Evidence::assumed};
}

std::optional<NonDelivery> non_delivery_of(Status status) {
  if (status == Status{5, 7, 1}) return NonDelivery{Reason::restricted_delivery};
  for (const Row& row : kDiagnostics) {
    if (row.code >= Diagnostic::physical_rendition_attributes_not_supported) break;
    if (row.status == status) return NonDelivery{Reason::unable_to_transfer, row.code};
  }
  return std::nullopt;
}

}  // namespace deadletter::x400
