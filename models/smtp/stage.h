// The stages of an SMTP session, as both ends name them.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace deadletter::smtp {

// A stage is named by what was said last: at `greeting` the connection stands and the server is to speak, at `dot` the
// end of data has been sent.
enum class Stage : std::uint8_t {
  connect,
  greeting,
  ehlo,
  helo,
  starttls,
  mail,
  rcpt,
  data,
  bdat,
  body,
  dot,
  rset,
  noop,
  quit,
  other
};

// "CONNECT", "EHLO", … "DOT"; the greeting is the reply to CONNECT.
const char* text(Stage stage);
std::optional<Stage> parse_stage(std::string_view text);

}  // namespace deadletter::smtp
