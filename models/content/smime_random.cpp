#include "models/content/smime_random.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <cassert>

namespace deadletter::content::smime {
namespace {

thread_local SeededOctets* seeded = nullptr;

std::mutex& one_at_a_time() {
  static std::mutex mutex;
  return mutex;
}

// Deprecated since 3.0 in favour of providers, which cannot be put in place for one call.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
int draw(unsigned char* out, int size) {
  if (seeded == nullptr) return RAND_OpenSSL()->bytes(out, size);
  std::ranges::copy(seeded->take(static_cast<std::size_t>(size)), out);
  return 1;
}

int ready() { return 1; }

constexpr RAND_METHOD kSeeded = {nullptr, draw, nullptr, nullptr, draw, ready};

const void* generator() { return RAND_get_rand_method(); }
void use_generator(const void* method) { RAND_set_rand_method(static_cast<const RAND_METHOD*>(method)); }
#pragma GCC diagnostic pop

}  // namespace

std::string sha256(std::string_view octets) {
  std::string digest(32, '\0');
  [[maybe_unused]] int done = EVP_Digest(octets.data(), octets.size(), reinterpret_cast<unsigned char*>(digest.data()),
                                         nullptr, EVP_sha256(), nullptr);
  assert(done == 1);
  return digest;
}

SeededOctets::SeededOctets(std::string_view seed) : seed_(sha256(seed)) {}

std::string SeededOctets::take(std::size_t size) {
  while (block_.size() < size) block_ += sha256(seed_ + std::to_string(blocks_++));
  std::string taken = block_.substr(0, size);
  block_.erase(0, size);
  return taken;
}

SeededRandom::SeededRandom(std::string_view seed) : only_one_(one_at_a_time()), octets_(seed), before_(generator()) {
  seeded = &octets_;
  use_generator(&kSeeded);
}

SeededRandom::~SeededRandom() {
  use_generator(before_);
  seeded = nullptr;
}

}  // namespace deadletter::content::smime
