// Writing values as JSON text: deterministic, because result files are compared octet by octet.
#include <charconv>
#include <cmath>

#include "sim/json/utf8.h"
#include "sim/json/value.h"

namespace deadletter::json {

// The shortest digits that read back as the same number, and always recognizable as a real.
std::string format_real(double number) {
  if (!std::isfinite(number)) return "null";
  char buffer[64];
  const double magnitude = std::fabs(number);
  // The shortest form would be 1e+05 for 100000.0; plain digits are what a reader of a result file expects.
  const bool plain = magnitude == 0 || (magnitude >= 1e-5 && magnitude < 1e15);
  const auto format = plain ? std::chars_format::fixed : std::chars_format::scientific;
  char* const end = std::to_chars(buffer, buffer + sizeof buffer, number, format).ptr;
  std::string text(buffer, end);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

namespace {

void append_escape(std::string& out, unsigned char control) {
  static constexpr char kHex[] = "0123456789abcdef";
  switch (control) {
    case '\b':
      out += "\\b";
      return;
    case '\t':
      out += "\\t";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\f':
      out += "\\f";
      return;
    case '\r':
      out += "\\r";
      return;
    default:
      break;
  }
  out += "\\u00";
  out += kHex[control >> 4];
  out += kHex[control & 15];
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint point = decode(text, i);
    if (!point.valid) {
      out += "\xEF\xBF\xBD";
    } else if (point.value < 0x20 || point.value == 0x7F) {
      append_escape(out, static_cast<unsigned char>(point.value));
    } else {
      if (point.value == '"' || point.value == '\\') out += '\\';
      out += text.substr(i, point.size);
    }
    i += point.size;
  }
  out += '"';
}

class Writer {
 public:
  explicit Writer(int indent) : indent_(indent) {}

  void write(const Value& value, int depth) {
    switch (value.kind()) {
      case Kind::null:
        out_ += "null";
        break;
      case Kind::boolean:
        out_ += value.as_bool() ? "true" : "false";
        break;
      case Kind::integer:
        out_ += std::to_string(value.as_integer());
        break;
      case Kind::real:
        out_ += format_real(value.as_real());
        break;
      case Kind::string:
        append_quoted(out_, value.as_string());
        break;
      case Kind::array:
        write_array(value, depth);
        break;
      case Kind::object:
        write_object(value, depth);
        break;
    }
  }

  std::string take() { return std::move(out_); }

 private:
  void write_array(const Value& value, int depth) {
    out_ += '[';
    bool first = true;
    for (const Value& item : value.items()) {
      separate(first, depth + 1);
      write(item, depth + 1);
    }
    if (!first) break_line(depth);
    out_ += ']';
  }

  void write_object(const Value& value, int depth) {
    out_ += '{';
    bool first = true;
    for (const Member& member : value.members()) {
      separate(first, depth + 1);
      append_quoted(out_, member.key);
      out_ += indent_ > 0 ? ": " : ":";
      write(member.value, depth + 1);
    }
    if (!first) break_line(depth);
    out_ += '}';
  }

  void separate(bool& first, int depth) {
    if (!first) out_ += ',';
    first = false;
    break_line(depth);
  }

  void break_line(int depth) {
    if (indent_ <= 0) return;
    out_ += '\n';
    out_.append(static_cast<std::size_t>(indent_) * static_cast<std::size_t>(depth), ' ');
  }

  int indent_;
  std::string out_;
};

}  // namespace

std::string Value::dump(int indent) const {
  Writer writer(indent);
  writer.write(*this, 0);
  return writer.take();
}

std::string quote(std::string_view text) {
  std::string out;
  append_quoted(out, text);
  return out;
}

}  // namespace deadletter::json
