#include "experiments/run/tracer.h"

namespace deadletter::experiments {

void Tracer::tell(const sim::Record& record, const std::string& words) {
  if (observer_ != nullptr) observer_->event(record, words);
  if (line_ != nullptr) line_(transcript_line(plan_, record, words));
}

std::string transcript_line(const Plan& plan, const sim::Record& record, std::string_view words) {
  NodeId node{record.node};
  std::string_view name = node.valid() ? std::string_view(plan.nodes[node.value].name) : "-";
  return fmt::format("{:<22} {:<16} {:<14} {}", sim::elapsed(record.at - sim::Instant{}), name,
                     mail::text(static_cast<mail::What>(record.kind)), words);
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
