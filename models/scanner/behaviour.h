// What an antivirus scanner behind the virus-scan API of a store or a transport decides, each with its as-designed
// answer.
//
// As designed means the virus-scan API as its documentation and the manuals of scanners describe it: an item carries a
// stamp of the signatures it was scanned with; a client that opens it waits for a scan when the stamp is not the
// present one; an item that arrives is scanned ahead of that, at low priority; after an update of the signatures the
// whole store is gone through in the background. A transport scans what passes before it is routed.
#pragma once
#include <cstdint>

#include "models/behaviour/point.h"
#include "models/scanner/exclusions.h"
#include "models/smtp/behaviour.h"
#include "sim/time.h"

namespace deadletter::scanner {

using sim::Duration;
using smtp::Switch;

enum class Site : std::uint8_t { store, transport };

// ---- scanner.when
enum class Event : std::uint8_t { arrival, open, signature_update };
struct WhenFacts {
  Site site;
  Event event;
  bool on;                  // scanner.enabled, and on a transport scanner.transport too
  bool proactive;           // scanner.proactive
  bool background;          // scanner.background
  bool current;             // already scanned with the present signatures
  bool excluded;            // scanner.exclusions cover it
  std::uint64_t waiting;    // other items at low priority
  std::uint64_t low_queue;  // scanner.low_queue
};
enum class When : std::uint8_t { now, low_priority, background, not_now };

// ---- scanner.scan_failed
struct ScanFailedFacts {
  Site site;
  std::int32_t code;       // an HRESULT; a content that cannot be opened may well say 0
  std::uint32_t attempts;  // this one included
  bool timed_out;          // else the content could not be opened
};
enum class ScanFailed : std::uint8_t { retry_later, release_unscanned, refuse };

// ---- attributes
// What is done with an item in which something was found. Clean first, when that can be done; an interface that cannot
// delete messages blocks instead.
enum class Infected : std::uint8_t { clean_or_delete, clean_or_block, delete_item, block };

struct ScannerBehaviour {
  ScannerBehaviour();

  DecisionPoint<WhenFacts, When> when;
  DecisionPoint<ScanFailedFacts, ScanFailed> scan_failed;

  Attribute<Switch> enabled, proactive, background, transport;
  Attribute<std::uint64_t> threads;  // 0 = two for each processor and one
  Attribute<std::uint64_t> processors;
  Attribute<std::uint64_t> low_queue;
  Attribute<Duration> time_per_item;
  Attribute<Duration> time_per_mb;
  Attribute<Duration> timeout;  // 0 = none
  Attribute<Exclusions> exclusions;
  Attribute<Infected> infected;
  Attribute<std::uint64_t> signatures;
  Attribute<std::uint64_t> background_threads;  // 0 = as many as threads
  Attribute<std::uint64_t> store_items;
  Attribute<std::uint64_t> store_item_size;  // octets
  Attribute<std::uint64_t> opens_per_hour;

  template <class Self, class Visitor>
  static void each(Self& self, Visitor&& visit) {
    visit(self.when), visit(self.scan_failed);
    visit(self.enabled), visit(self.proactive), visit(self.background), visit(self.transport);
    visit(self.threads), visit(self.processors), visit(self.low_queue);
    visit(self.time_per_item), visit(self.time_per_mb), visit(self.timeout);
    visit(self.exclusions), visit(self.infected), visit(self.signatures);
    visit(self.background_threads), visit(self.store_items), visit(self.store_item_size), visit(self.opens_per_hour);
  }
};

}  // namespace deadletter::scanner
