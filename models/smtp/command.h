// Commands as values, and as the octets that go over a wire.
//
// In the simulation commands travel as values and only their length is computed; transcripts, protocol logs and real
// sockets use the text. parse(render(c)) == c for every command that a client makes.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "models/mail/address.h"
#include "models/smtp/stage.h"

namespace deadletter::smtp {

struct Command {
  Stage verb = Stage::other;
  mail::AddressId address{};  // MAIL: reverse-path, RCPT: forward-path
  std::uint64_t size = 0;     // MAIL: SIZE= when with_size
  bool with_size = false;     // MAIL: SIZE= is given
  bool eight_bit = false;     // MAIL: BODY=8BITMIME
  friend bool operator==(const Command&, const Command&) = default;
};

// Appends the line with its CRLF; "." for the dot alone. `host` is what EHLO and HELO say.
void render(const Command& command, const mail::AddressBook& addresses, std::string_view host, std::string& line);

// A line without its line end, as a server reads it: any octets are allowed and give at worst Stage::other. Addresses
// are interned; an address that is not one gives nothing (the server answers 501).
std::optional<Command> parse_command(std::string_view line, mail::AddressBook& addresses);

}  // namespace deadletter::smtp
