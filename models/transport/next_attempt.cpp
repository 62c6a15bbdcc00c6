#include "models/transport/next_attempt.h"

namespace deadletter::transport {

Wait next_wait(const QueueBehaviour& behaviour, FailureKind kind, Climb& climb) {
  const GlitchStages& stages = *behaviour.glitch_stages;
  bool glitch = kind == FailureKind::connect ? stages.connect
                : kind == FailureKind::busy  ? stages.busy
                                             : stages.message;
  Blame blame = join(behaviour.glitch_stages.blame(), behaviour.glitch.blame());
  if (glitch && climb.glitches < behaviour.glitch->count) {
    ++climb.glitches;
    return {behaviour.glitch->interval, blame};
  }
  if (kind == FailureKind::message) {
    // The ladder of a message that failed while its host is well.
    blame = join(blame, behaviour.message_ladder.blame());
    if (!behaviour.message_ladder->steps.empty()) return {behaviour.message_ladder->step(climb.steps++), blame};
  }
  return {behaviour.ladder->step(climb.steps++), join(blame, behaviour.ladder.blame())};
}

}  // namespace deadletter::transport
