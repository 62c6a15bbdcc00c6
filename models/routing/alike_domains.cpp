#include "models/routing/alike_domains.h"

namespace deadletter::routing {

std::uint32_t AlikeDomains::of(std::uint32_t number, std::string_view domain) {
  if (number >= known_.size()) known_.resize(number + 1, 0);
  if (known_[number] == 0) {
    std::vector<std::uint32_t> matches;  // of each space of each connector
    for (const Connector& connector : network_->connectors)
      for (const AddressSpace& space : connector.spaces) matches.push_back(match(space, "SMTP", domain));
    auto next = static_cast<std::uint32_t>(by_matches_.size());
    known_[number] = by_matches_.emplace(std::move(matches), next).first->second + 1;
  }
  return known_[number] - 1;
}

}  // namespace deadletter::routing
