// The identities that mail models share.
#pragma once
#include "sim/id.h"

namespace deadletter::mail {

// A recipient of a message as its sender wrote it: what has exactly one fate.
using RecipientId = sim::Id<struct RecipientTag>;
using MessageId = sim::Id<struct MessageTag>;

}  // namespace deadletter::mail
