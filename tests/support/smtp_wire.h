// A client session and a server session joined without an engine: the server's octets are cut into segments as the test
// says, and the test decides which end moves next. A message that is left when a connection ends goes over a new one,
// as a queue would have it.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "models/smtp/client.h"
#include "models/smtp/server.h"

namespace deadletter::smtp {

// What can move on a wire.
enum class Move : std::uint8_t { to_server, body_sent, to_client };

// How a wire behaves: which of the possible moves comes next, and how many of the octets under way make up the next
// segment.
struct Pace {
  std::function<Move(const std::vector<Move>&)> move = [](const auto& possible) { return possible.front(); };
  std::function<std::size_t(std::size_t)> segment = [](std::size_t octets) { return octets; };
};

struct Conversation {
  std::vector<std::string> outcomes;  // "m3 DOT 354 temporary", in the order in which messages were concluded
  std::vector<std::string> ends;      // "m3/0 delivered", by recipient
  std::vector<std::string> commands;  // as the client sent them, a connection's first one is "connect"
  std::vector<std::string> accepted;  // messages for which the server took responsibility
  std::vector<std::string> names;     // of the articles blamed at the end
  // Reply lines by connection, as "354-" or "250 ": what the server wrote and what the client took as replies.
  struct Lines {
    std::vector<std::string> written, taken;
    std::uint64_t replies_taken = 0;
  };
  std::vector<Lines> lines;
};

// Sends `messages` messages with `recipients` recipients each; the server says to DATA what `reply_to_data` holds.
Conversation converse(ClientBehaviour behaviour, int messages, int recipients, const std::string& reply_to_data,
                      const Pace& pace);

}  // namespace deadletter::smtp
