#include "experiments/run/record_size.h"

namespace deadletter::experiments {
namespace {

// Measured on email_eu_edge without its failures: 17,166 messages to 24,599 recipients.
struct Weight {
  std::uint64_t message, recipient;
};
constexpr Weight kMessages{80, 70};
constexpr Weight kEvents{2500, 1500};

}  // namespace

std::uint64_t octets_at_least(const Plan& plan, RecordLevel level) {
  if (level == RecordLevel::summary) return 0;
  const Weight& weight = level == RecordLevel::events ? kEvents : kMessages;
  std::uint64_t octets = 0;
  for (const PlannedMail& mail : plan.mail) octets += weight.message + weight.recipient * mail.to.size();
  for (const PlannedTraffic& t : plan.traffic) octets += (weight.message + weight.recipient) * t.messages();
  return octets;
}

}  // namespace deadletter::experiments
