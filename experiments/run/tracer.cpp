#include "experiments/run/tracer.h"

namespace deadletter::experiments {

void Tracer::write(sim::Instant at, mail::What what, NodeId node, const std::string& words) {
  std::string_view name = node.valid() ? std::string_view(plan_.nodes[node.value].name) : "-";
  line_(fmt::format("{:<22} {:<16} {:<14} {}", sim::elapsed(at - sim::Instant{}), name, mail::text(what), words));
}

std::string visible(std::string_view octets) {
  std::string out;
  for (unsigned char c : octets) {
    if (c == '\r')
      out += "\\r";
    else if (c == '\n')
      out += "\\n";
    else if (c == '\\')
      out += "\\\\";
    else if (c >= 0x20 && c < 0x7f)
      out.push_back(static_cast<char>(c));
    else
      out += fmt::format("\\x{:02x}", c);
  }
  return out;
}

}  // namespace deadletter::experiments
