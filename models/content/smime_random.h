// Octets that follow from a seed, and OpenSSL made to use them.
//
// OpenSSL has one generator for a process. While a SeededRandom lives, its thread draws from the seed and every other
// thread from OpenSSL's own; only one lives at a time, others wait for it.
#pragma once
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

namespace deadletter::content::smime {

// The first octets of what follows from `seed`: SHA-256 of the seed and a counter, block by block.
class SeededOctets {
 public:
  explicit SeededOctets(std::string_view seed);
  std::string take(std::size_t size);

 private:
  std::string seed_, block_;
  std::uint64_t blocks_ = 0;
};

std::string sha256(std::string_view octets);

class SeededRandom {
 public:
  explicit SeededRandom(std::string_view seed);
  ~SeededRandom();
  SeededRandom(const SeededRandom&) = delete;
  SeededRandom& operator=(const SeededRandom&) = delete;

 private:
  std::unique_lock<std::mutex> only_one_;
  SeededOctets octets_;
  const void* before_;  // the generator that was in place
};

}  // namespace deadletter::content::smime
