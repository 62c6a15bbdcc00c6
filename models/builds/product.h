// Products and their releases: the only place, with quirks/, where version names stand.
//
// A product's profile lays its own documented answers and values over the standard's. It is no quirk.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "models/builds/node_behaviour.h"

namespace deadletter::builds {

struct Release {
  std::string name;                     // "windows-2003-sp1"
  std::string title;                    // "Windows Server 2003 Service Pack 1"
  std::string file;                     // file build that tells it, may be empty: "smtpsvc.dll 6.0.3790.1830"
  std::vector<std::string> contains{};  // updates that it brings along
};

struct RegistryValue {
  std::string name;  // by the product's own name
  std::string purpose;
  std::uint64_t lo = 0, hi = 0;
  void (*apply)(NodeBehaviour&, std::uint64_t value, const Laid& laid) = nullptr;
};

struct Product {
  std::string name;  // "windows-2003"
  std::string title;
  std::vector<Release> releases{};     // oldest first
  std::vector<std::string> runs_on{};  // products; empty: stands alone
  bool transport = true;               // sends and receives mail by itself
  void (*profile)(NodeBehaviour&) = nullptr;
  std::vector<RegistryValue> registry{};
};

// Ascending by name.
const std::vector<Product>& products();

struct FoundRelease {
  const Product* product = nullptr;
  const Release* release = nullptr;
};
FoundRelease find_release(std::string_view name);

// One function a file of products.
std::vector<Product> windows_products();
std::vector<Product> exchange_products();
std::vector<Product> foreign_products();
std::vector<Product> reference_products();

}  // namespace deadletter::builds
