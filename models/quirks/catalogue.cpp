// All quirks of the folder, in the order in which they are laid.
#include <algorithm>
#include <charconv>

#include "models/quirks/quirk.h"
#include "quirk_list.h"  // made by cmake/quirks.cmake

namespace deadletter::quirks {
namespace {

long article_number(const Quirk& quirk) {
  std::string digits = quirk.kb.substr(quirk.kb.find_first_of("0123456789"));
  long number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

}  // namespace

const std::vector<Quirk>& catalogue() {
  static const std::vector<Quirk> all = [] {
    std::vector<Quirk> list = quirk_list();
    std::ranges::sort(list, {}, article_number);
    return list;
  }();
  return all;
}

const Quirk* find_quirk(std::string_view kb) {
  auto found = std::ranges::find(catalogue(), kb, &Quirk::kb);
  return found == catalogue().end() ? nullptr : &*found;
}

}  // namespace deadletter::quirks
