// Why an X.400 system did not deliver: reason and diagnostic codes, what a user reads, and the same as an RFC 3463
// status.
//
// Codes and names are those of X.411 as the product lists them (facts 4.4). Sentences: documented where the product's
// text is known together with its code; inferred where the text is known and the code is not, or where neither is and a
// plain general sentence stands for it. Statuses are assumed throughout: each by the meaning that RFC 3463 gives it.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "models/behaviour/point.h"
#include "models/mail/status.h"

namespace deadletter::x400 {

enum class Reason : std::uint8_t {
  transfer_failure = 0,
  unable_to_transfer = 1,
  conversion_not_performed = 2,
  physical_rendition_not_performed = 3,
  physical_delivery_not_performed = 4,
  restricted_delivery = 5,
  directory_operation_unsuccessful = 6
};

enum class Diagnostic : std::uint8_t {
  unrecognized_or_name = 0,
  ambiguous_or_name = 1,
  mts_congestion = 2,
  loop_detected = 3,
  recipient_unavailable = 4,
  maximum_time_expired = 5,
  encoded_types_unsupported = 6,
  content_too_long = 7,
  conversion_impractical = 8,
  implicit_conversion_prohibited = 9,
  implicit_conversion_not_subscribed = 10,
  invalid_arguments = 11,
  content_syntax_error = 12,
  size_constraint_violation = 13,
  protocol_violation = 14,
  content_type_not_supported = 15,
  too_many_recipients = 16,
  no_bilateral_agreement = 17,
  unsupported_critical_function = 18,
  conversion_with_loss_prohibited = 19,
  line_too_long = 20,
  page_split = 21,
  pictorial_symbol_loss = 22,
  punctuation_symbol_loss = 23,
  alphabetic_character_loss = 24,
  multiple_information_loss = 25,
  recipient_reassignment_prohibited = 26,
  redirection_loop_detected = 27,
  dl_expansion_prohibited = 28,
  no_dl_submit_permission = 29,
  dl_expansion_failure = 30,
  physical_rendition_attributes_not_supported = 31,
  // What a postal service gives back.
  physical_address_incorrect = 32,
  physical_office_incorrect = 33,
  physical_address_incomplete = 34,
  recipient_unknown = 35,
  recipient_deceased = 36,  // a public store refuses with it
  organization_expired = 37,
  recipient_refused = 38,
  recipient_did_not_claim = 39,
  address_changed_permanently = 40,
  address_changed_temporarily = 41,
  temporary_address_changed = 42,
  new_address_unknown = 43,
  forwarding_not_wanted = 44,
  forwarding_prohibited = 45,
  secure_messaging_error = 46,
  unable_to_downgrade = 47,
  // The product's own.
  no_report_required = 253,
  per_recipient_failure = 254,
  omitted = 255  // there is a reason and no diagnostic
};

struct NonDelivery {
  Reason reason = Reason::transfer_failure;
  Diagnostic diagnostic = Diagnostic::omitted;
  friend bool operator==(const NonDelivery&, const NonDelivery&) = default;
};

inline constexpr NonDelivery kTimeExpired{Reason::unable_to_transfer, Diagnostic::maximum_time_expired};
// The association could not be opened as often as x400.open_retries says (facts 2.2).
inline constexpr NonDelivery kOpensExhausted{Reason::unable_to_transfer, Diagnostic::mts_congestion};

// Nothing when X.411 and the product have no such number.
std::optional<Reason> reason_of(std::uint32_t number);
std::optional<Diagnostic> diagnostic_of(std::uint32_t number);

std::string_view name(Reason reason);          // "unable-to-transfer"
std::string_view name(Diagnostic diagnostic);  // "maximum-time-expired"

// "reason 1 diagnostic 5"; without the diagnostic when it is omitted.
std::string text(NonDelivery why);
std::optional<NonDelivery> parse_non_delivery(std::string_view text);

struct Sentence {
  std::string_view text;
  Evidence evidence;
};
Sentence sentence(NonDelivery why);

struct MappedStatus {
  mail::Status status;
  Evidence evidence;
};
MappedStatus status(NonDelivery why);

// What an MTA says where only a status is known: the lowest diagnostic with that status that is no postal one.
// [assumed]
std::optional<NonDelivery> non_delivery_of(mail::Status status);

}  // namespace deadletter::x400
