#include "experiments/run/record_level.h"

namespace deadletter::experiments {

const char* text(RecordLevel level) {
  constexpr const char* names[] = {"summary", "messages", "events"};
  return names[static_cast<std::size_t>(level)];
}

std::optional<RecordLevel> parse_record_level(std::string_view word) {
  for (RecordLevel level : {RecordLevel::summary, RecordLevel::messages, RecordLevel::events})
    if (word == text(level)) return level;
  return std::nullopt;
}

}  // namespace deadletter::experiments
