// Hosts, links and what travels between them.
//
// SimGrid owns the hosts, the links, their routes, their bandwidth and whether they are up. Three ways for a link to
// carry a body (a path is carried the most detailed way that any of its links asks for):
//   latency  latency + octets / bandwidth of the narrowest link, each transfer for itself; once started it arrives;
//   shared   the transfers on the path's narrowest shared link divide it equally, in integers; breaks with that link;
//   flow     a SimGrid communication: sharing along the whole route, failure in mid-transfer.
// NOT MODELLED: TCP's slow start, congestion window and retransmission; loss of single packets. What is sent while a
// link of the path is down does not arrive. [assumed]
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "sim/id.h"
#include "sim/time.h"

namespace deadletter::sim {

using HostId = Id<struct HostTag>;
using LinkId = Id<struct LinkTag>;
using TransferId = Id<struct TransferTag>;

enum class Sharing : std::uint8_t { latency, shared, flow };

struct LinkSpec {
  std::string name;
  std::uint64_t bandwidth_bps = 0;  // > 0
  Duration latency;                 // >= 0
  Sharing sharing = Sharing::latency;
};

// What a path offers; computed once for each pair of hosts that talk.
struct Path {
  std::vector<LinkId> links;
  Duration latency;
  std::uint64_t bandwidth_bps = 0;  // of the narrowest link
  Sharing sharing = Sharing::latency;
  LinkId bottleneck;  // the narrowest link that is `shared`, when sharing == shared
  HostId from, to;

  // Time on the wire of a small write (a command, a reply): never shared. [assumed]
  Duration one_way(std::uint64_t octets) const;
};

}  // namespace deadletter::sim
