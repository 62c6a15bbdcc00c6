// How much a run keeps. It changes what is written and nothing of what happens.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace deadletter::experiments {

enum class RecordLevel : std::uint8_t {
  summary,   // run.json
  messages,  // also each message, recipient and report
  events     // also every event, attempt and queue
};

std::optional<RecordLevel> parse_record_level(std::string_view text);
const char* text(RecordLevel level);

}  // namespace deadletter::experiments
