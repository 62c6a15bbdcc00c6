#include "sim/random.h"

#include <Random123/philox.h>

#include "sim/fingerprint.h"

namespace deadletter::sim {

std::uint64_t Chance::draw(Purpose purpose, std::uint64_t entity, std::uint64_t n) const {
  auto low = [](std::uint64_t v) { return static_cast<std::uint32_t>(v); };
  auto high = [](std::uint64_t v) { return static_cast<std::uint32_t>(v >> 32); };
  std::uint64_t key = seed_ ^ purpose.key * 0x9e3779b97f4a7c15ULL;
  r123::Philox4x32 philox;
  auto out = philox({{low(entity), high(entity), low(n), high(n)}}, {{low(key), high(key)}});
  std::uint64_t drawn = static_cast<std::uint64_t>(out[1]) << 32 | out[0];
  if (fingerprint_ != nullptr) fingerprint_->chance(purpose.key, entity, n, drawn);
  return drawn;
}

std::uint64_t Chance::below(std::uint64_t bound, Purpose purpose, std::uint64_t entity, std::uint64_t n) const {
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::uint64_t>((static_cast<Wide>(draw(purpose, entity, n)) * bound) >> 64);
}

bool Chance::happens(Probability p, Purpose purpose, std::uint64_t entity, std::uint64_t n) const {
  if (p.numerator == 0) return false;
  if (p.numerator >= p.denominator) return true;
  return below(p.denominator, purpose, entity, n) < p.numerator;
}

}  // namespace deadletter::sim
