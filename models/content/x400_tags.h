// Tags of X.411 and X.420, for what reads and what writes them.
#pragma once
#include "models/content/ber.h"

namespace deadletter::content::x400 {

using ber::application;
using ber::context;

// MTS-APDU and MessageTransferEnvelope (X.411 12.2).
inline constexpr ber::Tag kMessage = context(0), kOrName = application(0), kDomain = application(3),
                          kMtsId = application(4), kContentType = application(6), kPriority = application(7),
                          kTrace = application(9), kRecipients = context(2), kExtensions = context(3);
inline constexpr ber::Tag kRecipientNumber = context(0), kRecipientIndicators = context(1);
inline constexpr ber::Tag kArrival = context(0), kAction = context(2);
inline constexpr ber::Tag kStandardExtension = context(0), kPrivateExtension = context(3), kCriticality = context(1),
                          kExtensionValue = context(2);
inline constexpr std::int32_t kInternalTrace = 38;

// Responsible; the originating MTA and the originator are told of non-delivery.
inline constexpr std::uint8_t kResponsible = 0x80, kTellOfFailure = 0x28;
inline constexpr std::uint8_t kCritical = 0x60;  // for transfer and delivery

// IPM (X.420 7).
inline constexpr ber::Tag kIpm = context(0), kIpn = context(1), kThisIpm = application(11), kOriginator = context(0),
                          kPrimary = context(2), kCopy = context(3), kSubject = context(8), kImportance = context(12);
inline constexpr ber::Tag kDescriptor = context(0), kFreeFormName = context(0);
inline constexpr ber::Tag kIa5Text = context(0), kForwarded = context(9), kBilateral = context(14),
                          kExtended = context(15);
inline constexpr ber::Tag kSingleType = context(0), kOctetAligned = context(1);  // of EXTERNAL

}  // namespace deadletter::content::x400
