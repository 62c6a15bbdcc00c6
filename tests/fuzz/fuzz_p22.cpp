// Octets taken for an X.400 envelope and for an interpersonal message: read or refused, and what was read comes back
// from what is written.
#include <cstdint>

#include "models/content/p22.h"
#include "tests/fuzz/require.h"

using namespace deadletter;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view input(reinterpret_cast<const char*>(data), size);
  content::ReadX400 transferred = content::read_x400(input);
  REQUIRE(transferred.message.has_value() == transferred.reason.empty() && transferred.offset <= size);
  if (transferred.message) {
    content::ReadX400 again = content::read_x400(content::write_x400(*transferred.message), 128);
    REQUIRE(again.message && *again.message == *transferred.message);
  }
  content::ReadP22 interpersonal = content::read_p22(input);
  REQUIRE(interpersonal.message.has_value() == interpersonal.reason.empty() && interpersonal.offset <= size);
  if (interpersonal.message) {
    content::ReadP22 again = content::read_p22(content::write_p22(*interpersonal.message), 128);
    REQUIRE(again.message && *again.message == *interpersonal.message);
  }
  return 0;
}
