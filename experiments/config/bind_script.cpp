#include "experiments/config/bind_script.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "sim/json/excerpt.h"

namespace deadletter::experiments {
namespace {

using smtp::Stage;

const std::vector<std::string> kCommands = {"CONNECT", "EHLO", "HELO", "STARTTLS", "MAIL", "RCPT", "DATA",
                                            "BDAT",    "BODY", "DOT",  "RSET",     "NOOP", "QUIT"};

template <class N>
bool number(std::string_view text, N& value) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() && !text.empty();
}

struct Wrong {
  std::string message;
  bool unknown = false;  // the command itself
};

// What a key says, or what is wrong with it.
std::optional<Wrong> read_key(const std::string& key, smtp::ScriptRule& rule, mail::AddressBook& addresses) {
  std::string verb = key.substr(0, key.find_first_of(" >@"));
  if (std::ranges::find(kCommands, verb) == kCommands.end())
    return Wrong{
        fmt::format(R"(unknown command {} (also: "RCPT bob@fabrikam.com", "RCPT>2", "BODY@65536"))", json::show(key)),
        true};
  rule.stage = *smtp::parse_stage(verb);
  std::string rest = key.substr(verb.size());
  if (rest.empty()) {
    if (rule.stage == Stage::body) rule.mark = 1;  // as soon as the body begins to come
    return std::nullopt;
  }
  std::string_view operand = std::string_view(rest).substr(1);
  if (rule.stage == Stage::rcpt && rest[0] == ' ') {
    if (!mail::valid_address(operand))
      return Wrong{fmt::format(R"(expected an address behind "RCPT ", found {})", json::show(operand))};
    rule.recipient = addresses.intern(operand);
    return std::nullopt;
  }
  if (rule.stage == Stage::rcpt && rest[0] == '>') {
    if (number(operand, rule.beyond.emplace())) return std::nullopt;
    return Wrong{fmt::format(R"(expected a number of recipients behind "RCPT>", found {})", json::show(operand))};
  }
  if (rule.stage == Stage::body && rest[0] == '@') {
    if (number(operand, rule.mark) && rule.mark > 0) return std::nullopt;
    return Wrong{
        fmt::format(R"(expected a number of octets, 1 or more, behind "BODY@", found {})", json::show(operand))};
  }
  return Wrong{fmt::format(R"(nothing can stand behind {}: found {} (only "RCPT bob@fabrikam.com", "RCPT>2", )"
                           R"("BODY@65536" say more than the command))",
                           verb, json::show(rest))};
}

}  // namespace

smtp::Script bind_script(const PeerScript& script, mail::AddressBook& addresses, json::Problems& problems) {
  smtp::Script bound{.capabilities = script.capabilities, .rules = {}};
  bound.until_connection = static_cast<std::uint64_t>(script.until_connection);
  for (const auto& on : script.on) {
    smtp::ScriptRule rule{.steps = on.value};
    auto wrong = read_key(on.key, rule, addresses);
    if (!wrong)
      bound.rules.push_back(std::move(rule));
    else if (wrong->unknown)
      problems.add(
          json::problem_at(on.place, wrong->message, on.key.substr(0, on.key.find_first_of(" >@")), kCommands));
    else
      problems.add(json::problem_at(on.place, wrong->message));
  }
  return bound;
}

}  // namespace deadletter::experiments
