#include "models/smtp/stage.h"

#include <array>

namespace deadletter::smtp {
namespace {
constexpr std::array kNames = {"CONNECT", "GREETING", "EHLO", "HELO", "STARTTLS", "MAIL", "RCPT", "DATA",
                               "BDAT",    "BODY",     "DOT",  "RSET", "NOOP",     "QUIT", "OTHER"};
}

const char* text(Stage stage) { return kNames[static_cast<std::size_t>(stage)]; }

std::optional<Stage> parse_stage(std::string_view text) {
  for (std::size_t i = 0; i < kNames.size(); ++i)
    if (text == kNames[i]) return static_cast<Stage>(i);
  return std::nullopt;
}

}  // namespace deadletter::smtp
