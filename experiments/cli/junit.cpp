#include "experiments/cli/junit.h"

#include <fmt/format.h>

#include <fstream>
#include <map>

#include "sim/json/utf8.h"

namespace deadletter::cli {
namespace {

using experiments::Judged;
using experiments::Result;

std::string attribute(const char* name, std::string_view text) {
  return fmt::format(" {}=\"{}\"", name, xml_text(text));
}

// The cases of one suite.
class Cases {
 public:
  explicit Cases(const Result& result) : suite_(fmt::format("{}.{}", result.experiment, result.variant)) {}

  void add(const char* kind, const Judged& judged) {
    for (const std::string& text : judged.held_texts) one(kind, text, "");
    for (const auto& f : judged.failed) {
      ++failures_;
      one(kind, f.text,
          fmt::format("<failure{}>expected: {}\nfound: {}</failure>", attribute("message", f.why), xml_text(f.text),
                      xml_text(f.why)));
    }
  }
  void interrupted() {
    ++errors_;
    one("run", "comes to its end",
        "<error message=\"interrupted\">The run was interrupted: no expectation was judged.</error>");
  }
  std::string suite(const Result& result) const {
    std::string seconds = fmt::format("{:.3f}", result.wall_s);
    return fmt::format("<testsuite{} tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"{}\">\n{}</testsuite>\n",
                       attribute("name", suite_), count_, failures_, errors_, seconds, properties(result) + text_);
  }

 private:
  static std::string properties(const Result& result) {
    return fmt::format(
        "<properties>\n<property name=\"seed\" value=\"{}\"/>\n<property name=\"fingerprint\" value=\"{}\"/>\n"
        "<property name=\"results\"{}/>\n</properties>\n",
        result.seed, result.fingerprint.whole, attribute("value", result.out));
  }
  // Two of a kind that say the same (an expectation of several recipients) are numbered: readers go by the name.
  void one(const char* kind, const std::string& text, const std::string& inside) {
    ++count_;
    int number = ++named_[std::string(kind) + text];
    std::string name = number == 1 ? text : fmt::format("{} ({})", text, number);
    text_ += fmt::format("<testcase{}{}", attribute("classname", fmt::format("{}.{}", suite_, kind)),
                         attribute("name", name));
    text_ += inside.empty() ? "/>\n" : ">" + inside + "</testcase>\n";
  }

  std::string suite_, text_;
  int count_ = 0, failures_ = 0, errors_ = 0;
  std::map<std::string, int> named_;
};

// What stands for a character that XML gives a meaning; white space that a reader would take for a blank, too.
const char* entity(char32_t c) {
  constexpr std::pair<char32_t, const char*> entities[] = {
      {'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\t', "&#9;"}, {'\n', "&#10;"}, {'\r', "&#13;"}};
  for (const auto& [meant, text] : entities)
    if (c == meant) return text;
  return nullptr;
}

bool allowed(char32_t c) { return c >= 0x20 && c != 0xFFFE && c != 0xFFFF; }

}  // namespace

std::string xml_text(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    json::CodePoint c = json::decode(text, at);
    std::string_view octets = text.substr(at, c.size);
    at += c.size;
    if (!c.valid) {
      out += '?';
    } else if (const char* stands = entity(c.value)) {
      out += stands;
    } else if (allowed(c.value)) {
      out += octets;
    }
  }
  return out;
}

std::string junit_suite(const Result& result) {
  Cases cases(result);
  cases.add("expectation", result.expectations);
  cases.add("oracle", result.oracles);
  if (!result.complete) cases.interrupted();
  return cases.suite(result);
}

std::string junit_error(const std::string& experiment, const std::string& variant, const std::string& why) {
  std::string name = variant.empty() ? experiment : fmt::format("{}.{}", experiment, variant);
  std::string first = why.substr(0, why.find('\n'));
  return fmt::format(
      "<testsuite{} tests=\"1\" failures=\"0\" errors=\"1\" time=\"0\">\n<testcase{} name=\"can run\"><error{}>{}"
      "</error></testcase>\n</testsuite>\n",
      attribute("name", name), attribute("classname", name + ".run"), attribute("message", first), xml_text(why));
}

bool write_junit(const std::string& path, const std::vector<std::string>& suites) {
  std::ofstream file(path, std::ios::binary);
  file << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"deadletter\">\n";
  for (const std::string& suite : suites) file << suite;
  file << "</testsuites>\n";
  file.close();
  if (!file) fmt::print(stderr, "--junit {}: cannot be written\n", path);
  return static_cast<bool>(file);
}

}  // namespace deadletter::cli
