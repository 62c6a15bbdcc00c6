// What a run keeps of every message, counts and writes down.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "experiments/config/plan.h"
#include "models/mail/ids.h"
#include "models/mail/report.h"
#include "models/transport/behaviour.h"
#include "models/transport/entry.h"

namespace deadletter::experiments {

using transport::ContentForm;
using transport::ContentId;

struct Counters {
  std::uint64_t messages = 0;  // submitted, reports left out
  std::uint64_t attempts = 0, retries = 0, hops = 0, connections = 0, ndr = 0, delay = 0;
  std::int64_t scanner_ns = 0;                 // how long threads of scanners worked
  std::map<std::string, std::uint64_t> ruled;  // by article: recipients that it had a hand in, counted at the end
};

// A message as it is stored once, whoever queues it.
struct StoredMessage {
  std::uint32_t number = 0;  // in order of submission: its place unless places are used again
  std::uint32_t size = 0;    // octets
  sim::Instant submitted{};
  std::uint32_t first_row = 0, rows = 0;
  mail::AddressId sender{};
  std::uint32_t mail = 0xffffffff;  // index into the plan's mail; of a report its number among those of its kind
  NodeId submitted_to{};
  mail::MessageId about{};  // of a report: the message that it is about, and what it says
  mail::ReportKind kind = mail::ReportKind::failure;
  bool eight_bit = false;
  std::uint16_t held = 0;  // by what refers to it beyond its queues
  ContentId content{};     // as it was submitted; none: nobody looks inside

  bool report() const { return about.valid(); }
};
static_assert(sizeof(StoredMessage) <= 48);

// What a service wrote into the application log of its server.
struct LoggedEvent {
  sim::Instant at{};
  NodeId node{};
  std::string source;  // "MSExchangeTransport"
  std::uint32_t id = 0;
  std::string text;
  mail::MessageId message{};
  std::uint64_t count = 1;  // of those that are told as one
};

// Gets each report as a message of its own, with the name it goes by.
using ReportSink = std::function<void(const std::string& name, const mail::Report&, transport::ReportShape)>;

}  // namespace deadletter::experiments
