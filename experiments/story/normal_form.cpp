#include "experiments/story/normal_form.h"

#include <cctype>

namespace deadletter::experiments {
namespace {

bool digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

// Takes ", copy 3" and the like away: `what` and the number behind it.
void drop_counted(std::string& words, std::string_view what) {
  for (std::size_t at = words.find(what); at != words.npos; at = words.find(what, at)) {
    std::size_t end = at + what.size();
    while (end < words.size() && digit(words[end])) ++end;
    words.erase(at, end - at);
  }
}

}  // namespace

std::string normal_form(const TraceLine& line) {
  std::string words = line.words;
  std::size_t end = 1;
  while (end < words.size() && digit(words[end])) ++end;
  if (words.size() > 1 && words[0] == 's' && end > 1 && (end == words.size() || words[end] == ' '))
    words.erase(1, end - 1);
  if (line.kind == "defer") words.resize(std::min(words.size(), words.find(" until ")));
  drop_counted(words, ", copy ");
  drop_counted(words, " on thread ");
  return line.node + " " + line.kind + " " + words;
}

std::string normal_form(const Round& round) {
  std::string form;
  for (const TraceLine& line : round.lines) form += normal_form(line) + "\n";
  return form;
}

}  // namespace deadletter::experiments
