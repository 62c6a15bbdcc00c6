// A scripted server: for each command the steps that take the place of the normal reply.
//
// The server reads on during a `wait`, not during a `stall`; a client's FIN does not end the steps; the last code is
// the first three digits of the last line written, or what a `code` step says. A body is taken when the last code at
// DATA is 3yz, a message counts as accepted when the last code at the dot is 2yz, unless `store` or `discard` says
// otherwise.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/mail/address.h"
#include "models/smtp/stage.h"
#include "sim/time.h"

namespace deadletter::smtp {

struct Step {
  enum class Kind : std::uint8_t { write, wait, stall, code, close, reset, hang, store, discard };
  Kind kind = Kind::write;
  std::string octets{};  // write: as they go out, line end included
  sim::Duration time{};  // wait, stall
  std::uint16_t code = 0;
};

// When a rule applies: at `stage`; for RCPT only for `recipient`, or only from recipient `beyond` + 1 on; for BODY when
// `mark` octets have come.
struct ScriptRule {
  Stage stage = Stage::connect;
  mail::AddressId recipient{};
  std::optional<std::uint32_t> beyond{};
  std::uint64_t mark = 0;
  std::vector<Step> steps{};
};

struct Script {
  std::optional<std::vector<std::string>> capabilities;
  std::vector<ScriptRule> rules;
  std::uint64_t until_connection = 0;  // 0 = every connection

  const ScriptRule* find(Stage stage, mail::AddressId recipient, std::uint32_t accepted) const;
};

// What meets a client that connects.
enum class Listen : std::uint8_t { accept, refuse, blackhole, full };

}  // namespace deadletter::smtp
