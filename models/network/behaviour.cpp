#include "models/network/behaviour.h"

namespace deadletter::network {
namespace {

constexpr AttributeInfo kSegmentSize{"network.segment_size",
                                     "octets a segment carries; a write is cut by it, writes without a wait are joined",
                                     "octets; 0 = not cut", "RFC 879; 1460 on Ethernet", Evidence::assumed};

}  // namespace

NetworkBehaviour::NetworkBehaviour() : segment_size(kSegmentSize, 1460) {}

}  // namespace deadletter::network
