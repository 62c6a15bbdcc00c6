// A TNEF stream of anything: it is read or refused, and what was read comes back from what is written.
//
// Checksums would keep a fuzzer from getting anywhere, so the input is tried twice: as it is, and as attributes whose
// sums are made right (level, id, a length of two octets, data).
#include <algorithm>
#include <cstdint>
#include <string>

#include "models/content/tnef.h"
#include "tests/fuzz/require.h"

using namespace deadletter;

namespace {

void put(std::string& out, std::uint32_t number, int octets) {
  for (int i = 0; i < octets; ++i) out += static_cast<char>(number >> 8 * i & 0xff);
}

// The input as a stream that the first checks let through.
std::string with_sums(std::string_view input) {
  std::string stream;
  put(stream, 0x223e9f78, 4), put(stream, 1, 2);
  while (input.size() >= 7) {
    auto octet = [&](std::size_t at) { return static_cast<std::uint8_t>(input[at]); };
    std::size_t size = std::min<std::size_t>(octet(5) | octet(6) << 8, input.size() - 7);
    std::string_view data = input.substr(7, size);
    stream += static_cast<char>(1 + octet(0) % 2);
    stream += input.substr(1, 4);
    put(stream, static_cast<std::uint32_t>(size), 4);
    stream += data;
    std::uint32_t sum = 0;
    for (char c : data) sum += static_cast<std::uint8_t>(c);
    put(stream, sum, 2);
    input.remove_prefix(7 + size);
  }
  return stream;
}

void try_out(std::string_view stream) {
  content::ReadTnef read = content::read_tnef(stream);
  REQUIRE(read.message.has_value() == read.reason.empty());
  if (!read.message) return;
  content::ReadTnef again = content::read_tnef(content::write_tnef(*read.message, 1));
  REQUIRE(again.message && *again.message == *read.message);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view input(reinterpret_cast<const char*>(data), size);
  try_out(input);
  try_out(with_sums(input));
  return 0;
}
