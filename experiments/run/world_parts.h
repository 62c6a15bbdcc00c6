// The values that a world keeps for what is under way: mail on its way into a server, calls into stores, deliveries,
// clients at work, what is on a wire.
#pragma once
#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <tuple>
#include <vector>

#include "experiments/config/plan.h"
#include "experiments/run/course.h"
#include "experiments/run/stored.h"
#include "models/client/outlook.h"
#include "models/routing/router.h"
#include "models/smtp/client.h"
#include "models/smtp/server.h"
#include "models/transport/queue.h"
#include "sim/engine.h"
#include "sim/random.h"

namespace deadletter::experiments {

using Recipients = transport::Few<mail::RecipientId>;
using AddressedRow = std::pair<mail::AddressId, mail::RecipientId>;

using Undeliverable = std::map<transport::ReturnReason, std::vector<transport::ReportedRecipient>>;

inline constexpr std::uint32_t kNone = 0xffffffff;
inline constexpr std::uint16_t kNoHop = 0xffff;
inline constexpr std::uint32_t kStoreToken = 0x80000000;  // of transfers that are no connection's
inline constexpr std::uint32_t kMtaToken = 0x40000000;
inline constexpr sim::Purpose kSessionFailure{"session_failure"}, kMessageFailure{"message_failure"};

// How a queue of a service other than SMTP behaves.
struct LaidQueue {
  transport::QueueBehaviour queue;
  transport::TransportBehaviour transport;
};
// Where a node sends something next.
struct NextHop {
  routing::Hop hop;
  mail::DomainId domain{};      // of hops by DNS
  std::uint32_t queue = kNone;  // into queues_, made when it is first used
  auto key() const { return std::tie(hop.kind, hop.id, domain, hop.hosts); }
};
struct Way {
  const sim::Path* there = nullptr;
  const sim::Path* back = nullptr;
};
// One of the hosts that a queue sends to.
struct QueueHost {
  NodeId node{};
  CourseWay course{};  // looked up with the first dialogue that is not stepped
  Way way{};           // with the first connection
};
// A queue of a node for one of its next hops.
struct Queue {
  NodeId node{};
  std::uint32_t next_hop = kNone;  // of the node
  enum class By : std::uint8_t { smtp, store_driver, x400, local } by = By::smtp;
  bool probing = false;
  bool unreachable = false;  // mail only waits in it
  mail::DomainId domain{};   // whose exchangers the hosts are
  boost::container::small_vector<QueueHost, 1> hosts{};
  transport::LinkQueue link{};
  std::vector<std::uint32_t> idle{};  // associations that have nothing to send
};
// Mail that waits for a server's processor.
struct Intake {
  NodeId node;
  mail::MessageId message;
  std::uint16_t hops;
  Recipients recipients;
  ContentId content;
};
// A message that the own store is asked for, or asked to take.
struct StoreCall {
  std::uint32_t queue = 0;
  transport::SessionId session{};
  transport::EntryId entry{};
  smtp::Outcome outcome{};
  Blame blame{};
};
// News of links on its way.
struct Packet {
  NodeId from, to;
  std::shared_ptr<const routing::LinkStates> states;
};
// A message on its way into or out of another server's store.
struct Delivery {
  std::uint32_t queue = 0;
  transport::SessionId session{};
  transport::EntryId entry{};
  NodeId to{};
  const sim::Path* path = nullptr;
  bool broken = false;  // one of the two hosts has gone down
  sim::Instant began{};
  ContentId content{};  // as it goes over
};
// A transfer under way, which may outlive the connection that started it.
struct Transfer {
  std::uint32_t connection, generation;
};
// Somebody who sends made-up mail, or all who send by a profile at a server.
struct Sender {
  std::uint32_t traffic, person;  // person: or a source of the mix
  NodeId node{};
  std::uint32_t sent = 0;
};
// What has come into a mailbox and not yet to its owner's client.
struct Arrived {
  NodeId node{};
  mail::MessageId message{};
  mail::RecipientId recipient{};
  ContentId content{};
};
// A client at work.
struct ClientState {
  mail::AddressId person{};
  std::uint32_t planned = 0;  // into the plan's clients
  client::Outlook outlook;
  std::shared_ptr<const client::AddressTypeList> list{};  // kept in the profile
  sim::Instant list_fetched{};
  std::vector<Arrived> inbox{};  // on the server
  std::uint32_t cut_off = 0;     // reasons for which its network is not there
};
// Something on its way to the server: a command, with `more` of the same write behind it, or the client's FIN.
struct ToServer {
  smtp::Command command;
  bool more = false, fin = false;
};
// Something on its way to the client: a segment, FIN or RST; with `more` what follows comes at the same instant.
struct ToClient {
  const smtp::Reply* reply = nullptr;  // the segment, when it is a whole one
  std::uint32_t octets = 0;            // of other segments, in octets_to_client
  bool fin = false, reset = false, more = false;
};

}  // namespace deadletter::experiments
