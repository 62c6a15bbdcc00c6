// A peer's script with its keys understood. Internal to experiments/config.
#pragma once
#include "experiments/config/experiment.h"
#include "models/mail/address.h"
#include "models/smtp/script.h"
#include "sim/json/problem.h"

namespace deadletter::experiments {

smtp::Script bind_script(const PeerScript& script, mail::AddressBook& addresses, json::Problems& problems);

}  // namespace deadletter::experiments
