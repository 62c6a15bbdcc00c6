// What a message transfer agent decides about mail that goes by X.400, each with its as-designed answer.
//
// As designed means X.411 where it says something and otherwise the documented numbers of the product's MTA, which are
// those that an X.400 connector is set up with. How failures of an attempt are classed and how far they reach are the
// queue's points (models/transport/behaviour.h): one queue serves transport and MTA alike.
#pragma once
#include <cstdint>
#include <span>

#include "models/behaviour/point.h"
#include "models/content/p22.h"
#include "models/x400/diagnostics.h"
#include "sim/time.h"

namespace deadletter::x400 {

using content::X400Priority;
using sim::Duration;
using sim::Instant;

// ---- x400.wrap
enum class ContentKind : std::uint8_t { tnef, mime, report };
enum class PeerKind : std::uint8_t { exchange, foreign_mta };
struct WrapFacts {
  ContentKind content;
  PeerKind peer;
};
enum class Wrap : std::uint8_t { plain, enveloped };
// What the class of a message begins with while it is enveloped.
inline constexpr std::string_view kEnvelopePrefix = "ENVELOPE.";

// ---- x400.accept_transfer
enum class ItemKind : std::uint8_t { message, probe, report, routing_information };
enum class ExtensionForm : std::uint8_t { integer, oid };
struct ExtensionFacts {
  ExtensionForm form = ExtensionForm::integer;
  bool critical = false;  // for transfer
  bool known = true;      // to the receiver, in this form
  friend bool operator==(const ExtensionFacts&, const ExtensionFacts&) = default;
};
struct AcceptTransferFacts {
  std::int32_t content_type;  // kContentP22 and its like; of messages and probes only
  ItemKind item;
  std::span<const ExtensionFacts> extensions;
};
struct TransferAnswer {
  bool accepted = true;
  NonDelivery why{};  // when it is not
  friend bool operator==(const TransferAnswer&, const TransferAnswer&) = default;
};
// The as-designed answer by name, for profiles that differ from it in a case or two.
TransferAnswer as_designed_transfer_answer(const AcceptTransferFacts& facts);
// The same, but takes routing information of its own kind: between servers of one organization.
TransferAnswer transfer_answer_with_routing(const AcceptTransferFacts& facts);

// ---- attributes
struct Retries {
  std::uint32_t count = 0;
  Duration interval{};
  Duration total() const { return interval * count; }
  friend bool operator==(const Retries&, const Retries&) = default;
};
struct Lifetimes {
  Duration urgent{}, normal{}, non_urgent{};
  Duration of(X400Priority priority) const;
  friend bool operator==(const Lifetimes&, const Lifetimes&) = default;
};
struct AssociationTimes {
  Duration lifetime{};          // of an association without mail, since the last transfer
  Duration disconnect{};        // how long the answer to a release may take
  std::uint64_t threshold = 0;  // with more mail than this waiting another association is opened
  friend bool operator==(const AssociationTimes&, const AssociationTimes&) = default;
};

struct X400Behaviour {
  X400Behaviour();

  DecisionPoint<WrapFacts, Wrap> wrap;
  DecisionPoint<AcceptTransferFacts, TransferAnswer> accept_transfer;

  Attribute<Retries> open_retries;
  Attribute<Retries> transfer_retries;
  Attribute<Lifetimes> lifetime;
  Attribute<Duration> max_stamp_skew;
  Attribute<std::uint64_t> hop_limit;
  Attribute<AssociationTimes> association;
  Attribute<Duration> open_timeout;
  Attribute<Lifetimes> transfer_timeout;  // of each 1,024 octets

  // Every point and attribute, in the order of the reference.
  template <class Self, class Visitor>
  static void each(Self& self, Visitor&& visit) {
    visit(self.wrap), visit(self.accept_transfer);
    visit(self.open_retries), visit(self.transfer_retries), visit(self.lifetime), visit(self.max_stamp_skew);
    visit(self.hop_limit), visit(self.association), visit(self.open_timeout), visit(self.transfer_timeout);
  }
};

// ---- what follows from them

// When an association that has nothing to send is to be released.
Instant idle_until(const X400Behaviour& behaviour, Instant last_transfer);
// When a released association whose peer does not answer is closed all the same.
Instant disconnected_by(const X400Behaviour& behaviour, Instant released);
// Whether the mail that waits for one peer asks for an association beside the `open` ones: one for each full threshold.
bool opens_another(const X400Behaviour& behaviour, std::uint64_t waiting, std::uint64_t open);
// How long a transfer of `octets` may take until its answer is there.
Duration transfer_time(const X400Behaviour& behaviour, X400Priority priority, std::uint64_t octets);
// Whether a message is expired at once, because a stamp in its trace is too far from the local time, before or after.
bool stamp_too_far(const X400Behaviour& behaviour, std::int64_t stamp_unix_s, std::int64_t local_unix_s);

}  // namespace deadletter::x400
