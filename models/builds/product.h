// Products and their releases: the only place, with quirks/, where version names stand.
//
// A product's profile lays its own documented answers and values over the standard's. It is no quirk.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "models/builds/node_behaviour.h"
#include "models/builds/package.h"

namespace deadletter::builds {

struct Release {
  std::string name;                     // "windows-2003-sp1"
  std::string title;                    // "Windows Server 2003 Service Pack 1"
  std::string file;                     // file build that tells it, may be empty: "smtpsvc.dll 6.0.3790.1830"
  std::string date{};                   // "2005-03-30", or as much of it as is known
  Known known = Known::recalled;        // file and date
  std::string source{};                 // of the same
  std::vector<std::string> contains{};  // updates that it brings along; those on the release before it are gone
  std::string note{};                   // what a reader of the catalogue should know
};

struct RegistryValue {
  std::string name;  // by the product's own name
  std::string purpose;
  std::uint64_t lo = 0, hi = 0;
  void (*apply)(NodeBehaviour&, std::uint64_t value, const Laid& laid) = nullptr;
};

enum class Kind : std::uint8_t { server, client };
const char* text(Kind kind);

struct Product {
  std::string name;  // "windows-2003"
  std::string title;
  Kind kind = Kind::server;
  std::vector<Release> releases{};     // oldest first
  std::vector<std::string> runs_on{};  // products or single releases; empty: stands alone
  std::string platform_note{};         // on which of its platforms are missing here
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
std::vector<Product> outlook_products();
std::vector<Product> foreign_products();
std::vector<Product> reference_products();

}  // namespace deadletter::builds
