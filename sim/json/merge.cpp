#include "sim/json/merge.h"

namespace deadletter::json {

Value merged(Value target, const Value& patch) {
  if (!patch.is(Kind::object) || !target.is(Kind::object)) return patch;
  for (const Member& m : patch.members()) {
    Value* below = target.find(m.key);
    target.set(m.key, below == nullptr ? m.value : merged(*below, m.value));
  }
  return target;
}

}  // namespace deadletter::json
