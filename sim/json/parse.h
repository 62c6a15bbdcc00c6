// Reads a JSON text into a value in which everything keeps its place.
//
// Accepts JSON with `//` and `/* */` comments and a UTF-8 byte order mark. Rejects, each with line and column: invalid
// UTF-8, syntax errors, keys that repeat within an object, numbers that do not fit, more than 64 levels of nesting.
// Promises: no input makes it crash, hang, throw or recurse; the time is linear in the text, apart from sorting keys.
#pragma once

#include <memory>
#include <optional>

#include "sim/json/place.h"
#include "sim/json/problem.h"
#include "sim/json/value.h"

namespace deadletter::json {

inline constexpr int kDeepestNesting = 64;

// Nothing when there was any problem.
std::optional<Value> parse(std::shared_ptr<const Source> source, Problems& problems);

// As parse, but gives a value as long as the structure is clear (after repeated keys, or numbers out of range), so that
// a reader can report what else is wrong. Only for callers that look at `problems` before they use the value.
std::optional<Value> parse_tolerantly(std::shared_ptr<const Source> source, Problems& problems);

}  // namespace deadletter::json
