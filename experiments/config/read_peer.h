// The shape of a scripted peer. Internal to experiments/config.
#pragma once
#include "experiments/config/experiment.h"

namespace deadletter::experiments {

json::Reader<Peer> peer_reader();

}  // namespace deadletter::experiments
