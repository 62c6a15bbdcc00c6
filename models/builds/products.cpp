#include "models/builds/product.h"

#include <algorithm>

namespace deadletter::builds {

const char* text(Known known) { return known == Known::documented ? "documented" : "recalled"; }

const char* text(Kind kind) { return kind == Kind::server ? "server" : "client"; }

const std::vector<Product>& products() {
  static const std::vector<Product> all = [] {
    std::vector<Product> list;
    for (auto part :
         {windows_products(), exchange_products(), outlook_products(), foreign_products(), reference_products()})
      list.insert(list.end(), part.begin(), part.end());
    std::ranges::sort(list, {}, &Product::name);
    return list;
  }();
  return all;
}

FoundRelease find_release(std::string_view name) {
  for (const Product& product : products())
    for (const Release& release : product.releases)
      if (release.name == name) return {&product, &release};
  return {};
}

}  // namespace deadletter::builds
