#include "topologies/dot_style.h"

#include <fmt/format.h>

#include <algorithm>

namespace deadletter::topologies::dot {

// Light fills with a darker line of the same hue: they stay apart when printed in grey, by their lines and labels.
const std::vector<Generation>& generations() {
  static const std::vector<Generation> all = {
      {"exchange-5.5", "Exchange 5.5", "#e8e0d5", "#7a6a53"},
      {"exchange-2000", "Exchange 2000", "#fde3c8", "#b8651b"},
      {"exchange-2003", "Exchange 2003", "#d6e6f7", "#2f6ca8"},
      {"exchange-2007", "Exchange 2007", "#d9f0d3", "#3b8132"},
      {"windows", "Windows SMTP", "#e6e0f3", "#6a51a3"},
      {"", "other mail server", "#f2f2f2", "#6b6b6b"},
      {"foreign", "mail exchanger outside", "#ffffff", "#6b6b6b"},
  };
  return all;
}

const Generation& generation(const Server& server) {
  const auto& all = generations();
  if (server.foreign) return all.back();
  for (const Generation& g : all)
    if (server.build.value.starts_with(g.product) || *g.product == '\0') return g;
  return all.back();
}

std::string short_build(std::string_view build) {
  std::string_view top = build.substr(0, build.find(" on "));
  std::size_t plus = top.find('+');
  std::string text;
  for (std::string_view rest = top.substr(0, plus); !rest.empty();) {
    std::size_t dash = rest.find('-');
    std::string word(rest.substr(0, dash));
    rest = dash == rest.npos ? "" : rest.substr(dash + 1);
    if (word == "rtm") continue;
    bool service_pack = word.starts_with("sp") || word == "mta";
    for (std::size_t i = 0; i < word.size(); ++i)
      if ((i == 0 || service_pack) && word[i] >= 'a' && word[i] <= 'z')
        word[i] = static_cast<char>(word[i] - 'a' + 'A');
    text += (text.empty() ? "" : " ") + word;
  }
  if (plus == top.npos) return text;
  auto updates = std::ranges::count(top, '+');
  return text + " " + (updates == 1 ? std::string(top.substr(plus)) : fmt::format("+{} updates", updates));
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string html(std::string_view text) {
  std::string out;
  for (char c : text) switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  return out;
}

std::string small(const std::string& text) {
  return "<FONT POINT-SIZE=\"9\" COLOR=\"#404040\">" + html(text) + "</FONT>";
}
std::string on_ground(const std::string& lines) {
  std::string text = html(lines);
  for (std::size_t at; (at = text.find('\n')) != text.npos;) text.replace(at, 1, "<BR/>");
  return "<<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLPADDING=\"1\" CELLSPACING=\"0\"><TR><TD BGCOLOR=\"#ffffffd0\">" +
         text + "</TD></TR></TABLE>>";
}
std::string bold(const std::string& text) { return "<B>" + html(text) + "</B>"; }

}  // namespace deadletter::topologies::dot
