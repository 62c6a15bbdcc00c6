// The shape of traffic: traces, uniform mail, mail by a profile, bursts.
#pragma once
#include "experiments/config/experiment.h"

namespace deadletter::experiments {

json::Reader<Traffic> traffic_reader();

}  // namespace deadletter::experiments
