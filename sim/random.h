// Named chance: every draw is a pure function of (seed, purpose, entity, n).
//
// Adding a draw anywhere changes no other draw, so two variants of an experiment share their luck. The generator is
// Philox4x32-10 (Random123: Salmon, Moraes, Dror, Shaw, SC'11). Probabilities are exact fractions: no floating point,
// so every compiler and processor draws alike.
#pragma once
#include <cstdint>
#include <string_view>

namespace deadletter::sim {

class Fingerprint;

// What a draw is for. The text is part of the key: renaming a purpose changes its draws.
struct Purpose {
  std::uint64_t key;
  explicit constexpr Purpose(std::string_view name) : key(14695981039346656037ULL) {
    for (char c : name) key = (key ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  }
};

// A probability as an exact fraction; denominator > 0, numerator <= denominator.
struct Probability {
  std::uint32_t numerator = 0, denominator = 1;
};

class Chance {
 public:
  // Draws are recorded in the `chance` ingredient of `fingerprint` when it is given.
  explicit Chance(std::uint64_t seed, Fingerprint* fingerprint = nullptr) : seed_(seed), fingerprint_(fingerprint) {}

  std::uint64_t draw(Purpose purpose, std::uint64_t entity, std::uint64_t n) const;

  // Uniform in [0, bound); bound > 0. Multiply-shift: the bias is below bound / 2^64.
  std::uint64_t below(std::uint64_t bound, Purpose purpose, std::uint64_t entity, std::uint64_t n) const;

  // True with probability p. A certain answer is never drawn: asking whether a fault is on costs no chance.
  bool happens(Probability p, Purpose purpose, std::uint64_t entity, std::uint64_t n) const;

 private:
  std::uint64_t seed_;
  Fingerprint* fingerprint_;
};

}  // namespace deadletter::sim
