#include "topologies/dot_writer.h"

namespace deadletter::topologies::dot {
namespace {

std::string shown(const std::string& value) { return value.starts_with('<') ? value : quoted(value); }

std::string list(const Attributes& attributes) {
  std::string text;
  for (const auto& [name, value] : attributes)
    text += (text.empty() ? "" : ", ") + std::string(name) + "=" + shown(value);
  return " [" + text + "]";
}

}  // namespace

void Writer::open(const std::string& what, const Attributes& attributes) {
  line(what + " {");
  ++depth_;
  for (const auto& [name, value] : attributes) line(std::string(name) + "=" + shown(value) + ";");
}

void Writer::close() {
  --depth_;
  line("}");
}

void Writer::defaults(const char* what, const Attributes& attributes) { line(what + list(attributes) + ";"); }
void Writer::node(const std::string& id, const Attributes& attributes) { line(quoted(id) + list(attributes) + ";"); }

void Writer::edge(const std::string& from, const std::string& to, const Attributes& attributes) {
  line(quoted(from) + " -> " + quoted(to) + list(attributes) + ";");
}

}  // namespace deadletter::topologies::dot
