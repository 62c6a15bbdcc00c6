// The kinds of a world's events in the calendar.
#pragma once
#include <cstdint>

namespace deadletter::experiments {

enum Kind : std::uint16_t {
  kSubmit,
  kEnter,
  kArrival,
  kConnected,
  kRefused,
  kServerStart,
  kToServer,
  kToClient,
  kClientTimer,
  kServerTimer,
  kReadDue,
  kRetry,
  kDelayNotice,
  kExpiry,
  kQueueRetry,
  kProcessed,
  kPublish,
  kLinkStates,
  kProbe,
  kReroute,
  kStoreDriver,
  kNotOpened,
  kScanned,
  kScanTimeout,
  kFetch,
  kMtaConnected,
  kMtaRefused,
  kToResponder,
  kToInitiator,
  kInitiatorTimer,
  kResponderTimer,
  kClientLife,
  kUpload,
  kDownload,
  kBookDue,
  kChangeBegins,
  kChangeEnds,
  kCourse
};

}  // namespace deadletter::experiments
