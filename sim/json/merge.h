// One JSON value laid over another: RFC 7386, JSON Merge Patch, but that null stays a value.
//
// Objects merge member by member, everything else replaces. Places stay those of the values.
#pragma once

#include "sim/json/value.h"

namespace deadletter::json {

Value merged(Value target, const Value& patch);

}  // namespace deadletter::json
