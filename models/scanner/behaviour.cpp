// The as-designed answers of a scanner, each under the text that describes it.
#include "models/scanner/behaviour.h"

namespace deadletter::scanner {
namespace {

constexpr PointInfo kWhen{
    "scanner.when",
    "site (store, transport), event (arrival, open, signature_update), scanner on, proactive on, background on, "
    "scanned with the present signatures, excluded, others waiting at low priority, scanner.low_queue",
    "now | low_priority | background | not",
    "Never what is excluded or has the present stamp. Store: at open now; at arrival at low priority if proactive is "
    "on and the low queue has room, else not until opened; after a signature update in the background when that is on. "
    "Transport: at arrival now.",
    "facts 1.2 (MS/285667; vendors' manuals: 30 items, first in first out, the overflow is stored unscanned); of a "
    "transport inferred",
    Evidence::documented};

When as_vsapi(const WhenFacts& facts) {
  if (!facts.on || facts.current || facts.excluded) return When::not_now;
  if (facts.site == Site::transport) return facts.event == Event::arrival ? When::now : When::not_now;
  switch (facts.event) {
    case Event::open:
      return When::now;
    case Event::arrival:
      return facts.proactive && facts.waiting < facts.low_queue ? When::low_priority : When::not_now;
    case Event::signature_update:
      return facts.background ? When::background : When::not_now;
  }
  return When::not_now;
}

constexpr PointInfo kScanFailed{"scanner.scan_failed",
                                "site (store, transport), error code, attempts, timed out",
                                "retry_later | release_unscanned | refuse",
                                "The item is not given out and the scan is tried again later, however often it failed.",
                                "MS/842801 (event 348 on a transport); for a store inferred",
                                Evidence::inferred};

ScanFailed always_later(const ScanFailedFacts&) { return ScanFailed::retry_later; }

constexpr AttributeInfo kEnabled{"scanner.enabled", "whether a scanner is registered and scans at all", "on | off",
                                 "facts 1.2: VirusScan\\Enabled; none is installed by itself", Evidence::documented};
constexpr AttributeInfo kProactive{"scanner.proactive", "whether items are scanned when they arrive in the store",
                                   "on | off", "facts 1.2: VirusScan\\ProactiveScanning; its default is assumed",
                                   Evidence::assumed};
constexpr AttributeInfo kBackground{
    "scanner.background", "whether the whole store is scanned anew after a signature update", "on | off",
    "facts 1.2: VirusScan\\BackgroundScanning; its default is assumed", Evidence::assumed};
constexpr AttributeInfo kTransport{"scanner.transport", "whether a transport scans what passes", "on | off",
                                   "facts 1.2; its default is assumed", Evidence::assumed};
constexpr AttributeInfo kThreads{"scanner.threads", "items scanned at a time",
                                 "count; 0 = 2 for each of scanner.processors and one", "facts 1.2: aa997059",
                                 Evidence::documented};
constexpr AttributeInfo kProcessors{"scanner.processors", "processors of the host, for scanner.threads", "count", "",
                                    Evidence::assumed};
constexpr AttributeInfo kLowQueue{"scanner.low_queue", "items that may wait at low priority",
                                  "count; 0 = none is scanned ahead of being opened", "facts 1.2: MS/285667",
                                  Evidence::documented};
constexpr AttributeInfo kTimePerItem{"scanner.time_per_item", "what the scan of any item takes", "duration >= 0",
                                     "none found", Evidence::assumed};
constexpr AttributeInfo kTimePerMb{"scanner.time_per_mb", "what the scan takes for each 1,048,576 octets besides",
                                   "duration >= 0", "none found", Evidence::assumed};
constexpr AttributeInfo kTimeout{"scanner.timeout", "when a scan that has not ended is given up", "duration; 0 = never",
                                 "a vendor's manual: 180 s; of the interface itself recalled", Evidence::observed};
constexpr AttributeInfo kExclusions{"scanner.exclusions", "what is not scanned",
                                    "list of message classes and of attachment endings such as \".zip\"",
                                    "facts 1.2: TransportExclusion; how it matches is assumed", Evidence::assumed};
constexpr AttributeInfo kInfected{"scanner.infected", "what is done with an item in which something is found",
                                  "clean_or_delete | clean_or_block | delete | block",
                                  "facts 1.2: an item can be deleted since the third interface; the default is assumed",
                                  Evidence::assumed};
constexpr AttributeInfo kSignatures{"scanner.signatures", "version of the signatures; new ones have come when it rises",
                                    "number; a later one is higher", "", Evidence::assumed};
constexpr AttributeInfo kBackgroundThreads{
    "scanner.background_threads", "threads that may go through the store at a time, one for each database",
    "count; 0 = as many as scanner.threads",
    "a vendor's manual: one thread of low priority for each database; MS/285667", Evidence::documented};
constexpr AttributeInfo kStoreItems{"scanner.store_items", "items that lie in the store at the start", "count", "",
                                    Evidence::assumed};
constexpr AttributeInfo kStoreItemSize{"scanner.store_item_size", "how large each of them is", "octets",
                                       "facts 7: the mean size of a message in planning texts", Evidence::assumed};
constexpr AttributeInfo kOpensPerHour{
    "scanner.opens_per_hour", "items that clients open in an hour, in all mailboxes of the store together",
    "count; 0 = none; 10 a mailbox is a working day of 81 reads", "facts 7: LoadSim's MMB profile", Evidence::assumed};

}  // namespace

ScannerBehaviour::ScannerBehaviour()
    : when(kWhen, as_vsapi),
      scan_failed(kScanFailed, always_later),
      enabled(kEnabled, Switch::off),
      proactive(kProactive, Switch::on),
      background(kBackground, Switch::off),
      transport(kTransport, Switch::off),
      threads(kThreads, 0),
      processors(kProcessors, 1),
      low_queue(kLowQueue, 30),
      time_per_item(kTimePerItem, Duration::milliseconds(20)),
      time_per_mb(kTimePerMb, Duration::milliseconds(100)),
      timeout(kTimeout, Duration::minutes(3)),
      exclusions(kExclusions, {}),
      infected(kInfected, Infected::clean_or_delete),
      signatures(kSignatures, 1),
      background_threads(kBackgroundThreads, 1),
      store_items(kStoreItems, 0),
      store_item_size(kStoreItemSize, 50'000),
      opens_per_hour(kOpensPerHour, 0) {}

}  // namespace deadletter::scanner
