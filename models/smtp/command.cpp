#include "models/smtp/command.h"

#include <algorithm>
#include <charconv>

namespace deadletter::smtp {
namespace {

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}

bool take_prefix(std::string_view& line, std::string_view prefix) {
  if (line.size() < prefix.size() || upper(line.substr(0, prefix.size())) != prefix) return false;
  line.remove_prefix(prefix.size());
  return true;
}

// "<address>" and what follows it; RFC 5321 allows no space before it, real clients send one.
std::optional<mail::AddressId> take_path(std::string_view& line, mail::AddressBook& addresses, bool null_allowed) {
  while (!line.empty() && line.front() == ' ') line.remove_prefix(1);
  if (line.empty() || line.front() != '<') return std::nullopt;
  std::size_t end = line.find('>');
  if (end == line.npos) return std::nullopt;
  std::string_view address = line.substr(1, end - 1);
  line.remove_prefix(end + 1);
  if (address.empty()) return null_allowed ? std::optional(mail::kNullPath) : std::nullopt;
  if (!mail::valid_address(address)) return std::nullopt;
  return addresses.intern(address);
}

bool take_parameters(std::string_view line, Command& command) {
  while (!line.empty()) {
    if (line.front() != ' ') return false;
    line.remove_prefix(1);
    std::string word = upper(line.substr(0, line.find(' ')));
    line.remove_prefix(word.size());
    if (word.starts_with("SIZE=")) {
      const char* end = word.data() + word.size();
      auto [stop, error] = std::from_chars(word.data() + 5, end, command.size);
      if (error != std::errc{} || stop != end) return false;
      command.with_size = true;
    } else if (word == "BODY=8BITMIME") {
      command.eight_bit = true;
    } else if (!word.empty() && word != "BODY=7BIT") {
      return false;
    }
  }
  return true;
}

std::optional<Command> parse_path_command(std::string_view line, Stage verb, mail::AddressBook& addresses) {
  Command command{.verb = verb};
  auto path = take_path(line, addresses, verb == Stage::mail);
  if (!path || !take_parameters(line, command)) return std::nullopt;
  command.address = *path;
  return command;
}

}  // namespace

void render(const Command& command, const mail::AddressBook& addresses, std::string_view host, std::string& line) {
  switch (command.verb) {
    case Stage::ehlo:
    case Stage::helo:
      line.append(text(command.verb)).append(" ").append(host);
      break;
    case Stage::mail:
      line.append("MAIL FROM:<").append(addresses.text(command.address)).append(">");
      if (command.with_size) {
        char digits[20];
        char* end = std::to_chars(digits, digits + sizeof digits, command.size).ptr;
        line.append(" SIZE=").append(digits, end);
      }
      if (command.eight_bit) line.append(" BODY=8BITMIME");
      break;
    case Stage::rcpt:
      line.append("RCPT TO:<").append(addresses.text(command.address)).append(">");
      break;
    case Stage::dot:
      line.append(".");
      break;
    default:
      line.append(text(command.verb));
  }
  line.append("\r\n");
}

std::optional<Command> parse_command(std::string_view line, mail::AddressBook& addresses) {
  std::string_view rest = line;
  if (take_prefix(rest, "MAIL FROM:")) return parse_path_command(rest, Stage::mail, addresses);
  if (take_prefix(rest, "RCPT TO:")) return parse_path_command(rest, Stage::rcpt, addresses);
  std::string verb = upper(line.substr(0, line.find(' ')));
  for (Stage stage : {Stage::ehlo, Stage::helo, Stage::starttls, Stage::data, Stage::rset, Stage::noop, Stage::quit})
    if (verb == text(stage)) return Command{.verb = stage};
  return Command{.verb = Stage::other};
}

}  // namespace deadletter::smtp
