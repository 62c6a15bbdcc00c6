// Domains that match the same address spaces have the same ways out, at every server: a search for one of them holds
// for all. Not so where the exchangers of the domain itself come next; that is for who asks to see (Hop::Kind::domain).
#pragma once
#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "models/routing/network.h"

namespace deadletter::routing {

class AlikeDomains {
 public:
  explicit AlikeDomains(const Network& network) : network_(&network) {}

  // `number` is the caller's own of that SMTP domain, small and dense. Equal answers: alike.
  std::uint32_t of(std::uint32_t number, std::string_view domain);

 private:
  const Network* network_;
  std::vector<std::uint32_t> known_;  // by number, one more than the answer
  std::map<std::vector<std::uint32_t>, std::uint32_t> by_matches_;
};

}  // namespace deadletter::routing
