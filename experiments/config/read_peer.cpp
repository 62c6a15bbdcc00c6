#include "experiments/config/read_peer.h"

#include <fmt/format.h>

#include "sim/json/object_reader.h"
#include "sim/json/octets.h"
#include "sim/json/unit_readers.h"
#include "sim/time.h"

namespace deadletter::experiments {
namespace {

using smtp::Step;

constexpr std::int64_t kLongestWait = sim::Duration::days(365).ns;

// A step as text: one of the words, "stall 5s", or a line of a reply.
std::optional<Step> step_of(const std::string& text) {
  if (text == "close") return Step{.kind = Step::Kind::close};
  if (text == "reset") return Step{.kind = Step::Kind::reset};
  if (text == "hang") return Step{.kind = Step::Kind::hang};
  if (text == "store") return Step{.kind = Step::Kind::store};
  if (text == "discard") return Step{.kind = Step::Kind::discard};
  if (text.starts_with("stall ")) {
    auto ns = json::parse_duration(std::string_view(text).substr(6));
    if (!ns || *ns < 0 || *ns > kLongestWait) return std::nullopt;
    return Step{.kind = Step::Kind::stall, .time = {*ns}};
  }
  if (text.find_first_of("\r\n") != text.npos) return std::nullopt;
  return Step{.kind = Step::Kind::write, .octets = text + "\r\n"};
}

struct StepObject {
  std::optional<std::string> raw;
  std::optional<std::int64_t> wait;
  std::optional<std::int64_t> code;
};

json::Reader<StepObject> step_object() {
  auto raw = json::pattern(
      "raw octets", [](std::string_view t) { return json::octets_of(t).has_value(); }, "^[\\u0000-\\u00ff]*$",
      "characters U+0000 to U+00FF, one octet each");
  return json::object<StepObject>("step", "One of its keys")
      .optional("raw", &StepObject::raw, raw, "Octets as they are")
      .optional("wait", &StepObject::wait, json::duration(0, kLongestWait), "The server reads on meanwhile")
      .optional("code", &StepObject::code, json::integer(0, 999), "What the server itself thinks it answered")
      .exactly_one({"raw", "wait", "code"});
}

Step step_of(const StepObject& object) {
  if (object.raw) return {.kind = Step::Kind::write, .octets = *json::octets_of(*object.raw)};
  if (object.wait) return {.kind = Step::Kind::wait, .time = {*object.wait}};
  return {.kind = Step::Kind::code, .code = static_cast<std::uint16_t>(object.code.value_or(0))};
}

json::Reader<Step> step() {
  auto line = json::pattern(
      "step", [](std::string_view t) { return step_of(std::string(t)).has_value(); }, "^[^\\r\\n]*$",
      "a reply line without its line end, \"close\", \"reset\", \"hang\", \"stall 5s\" (up to 365d), \"store\" or "
      "\"discard\"");
  auto either = json::one_of("a reply line or a step such as {\"wait\": \"5s\"}", line, step_object());
  return json::convert(either, [](const std::variant<std::string, StepObject>& value) {
    return value.index() == 0 ? *step_of(std::get<0>(value)) : step_of(std::get<1>(value));
  });
}

json::Reader<PeerScript> script() {
  auto keyword = json::pattern(
      "EHLO keyword",
      [](std::string_view t) { return !t.empty() && t.size() < 500 && t.find_first_of("\r\n") == t.npos; },
      "^[^\\r\\n]{1,499}$", "an EHLO keyword such as \"SIZE 10485760\"");
  return json::object<PeerScript>("smtp_script",
                                  "What a foreign server answers; a command without steps gets the normal reply")
      .optional("capabilities", &PeerScript::capabilities, json::list(keyword), "Keywords of its reply to EHLO")
      .optional(
          "on", &PeerScript::on, json::map(json::list(step())),
          "Steps by command: CONNECT EHLO HELO STARTTLS MAIL RCPT DATA BDAT BODY DOT RSET NOOP QUIT, \"RCPT address\", "
          "\"RCPT>2\", \"BODY@65536\"")
      .optional("until_connection", &PeerScript::until_connection, json::integer(0, 1'000'000'000),
                "The script is for the first so many connections only; 0 = all");
}

}  // namespace

json::Reader<Peer> peer_reader() {
  auto listen = json::choice<smtp::Listen>({{"accept", smtp::Listen::accept},
                                            {"refuse", smtp::Listen::refuse},
                                            {"blackhole", smtp::Listen::blackhole},
                                            {"full", smtp::Listen::full}});
  return json::object<Peer>("peer", "A foreign server that is scripted")
      .optional("smtp_script", &Peer::smtp_script, script())
      .optional("listen", &Peer::listen, listen, "What meets who connects");
}

}  // namespace deadletter::experiments
