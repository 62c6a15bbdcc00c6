// The as-designed answers of a store.
#include "models/store/behaviour.h"

namespace deadletter::store {
namespace {

constexpr PointInfo kDeliveryDone{
    "store.delivery_done",       "verdict of the scanner, stored, a message filter is installed",
    "confirm | no_confirmation", "The delivery is confirmed whatever the scanner did with the message.",
    "VSAPI 2.5; KB883522",       Evidence::inferred};

DeliveryDone always_confirmed(const DeliveryDoneFacts&) { return DeliveryDone::confirm; }

constexpr AttributeInfo kDeliveryLadder{
    "store.delivery_ladder", "waiting times between attempts of local delivery; the last one repeats",
    "preset name or list of durations > 0", "KB843242 says only that it is retried continually: as the server's queues",
    Evidence::inferred};
constexpr AttributeInfo kDeliveryLifetime{
    "store.delivery_lifetime", "how long local delivery is tried", "duration > 0",
    "2 d, the local expiration of the SMTP virtual server; that of the transfer agent would be 7 d (KB178539)",
    Evidence::inferred};
constexpr AttributeInfo kFilter{"store.filter", "whether a message filter is installed beside the scanner", "on | off",
                                "Intelligent Message Filter, KB883522", Evidence::documented};
constexpr AttributeInfo kDiagnostics{"store.diagnostics",
                                     "whether failed calls into the store are logged (diagnostics logging at maximum)",
                                     "on | off", "KB938650", Evidence::documented};

}  // namespace

StoreBehaviour::StoreBehaviour()
    : delivery_done(kDeliveryDone, always_confirmed),
      delivery_ladder(kDeliveryLadder, transport::ladder_preset("esm")),
      delivery_lifetime(kDeliveryLifetime, sim::Duration::days(2)),
      filter(kFilter, smtp::Switch::off),
      diagnostics(kDiagnostics, smtp::Switch::off) {}

}  // namespace deadletter::store
