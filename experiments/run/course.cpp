#include "experiments/run/course.h"

namespace deadletter::experiments {
namespace {

template <class Behaviour>
std::string identity(char side, const Behaviour& behaviour) {
  std::string octets(1, side);
  Behaviour::each(behaviour, [&](const auto& item) { item.identify(octets); });
  return octets;
}

}  // namespace

std::uint32_t BehaviourNumbers::of_client(NodeId node, const smtp::ClientBehaviour& behaviour) {
  auto [found, fresh] = clients_.try_emplace(node);
  if (fresh) found->second = by_identity_.try_emplace(identity('c', behaviour), by_identity_.size()).first->second;
  return found->second;
}

std::uint32_t BehaviourNumbers::of_server(NodeId node, const smtp::ServerBehaviour& behaviour) {
  auto [found, fresh] = servers_.try_emplace(node);
  if (fresh) found->second = by_identity_.try_emplace(identity('s', behaviour), by_identity_.size()).first->second;
  return found->second;
}

}  // namespace deadletter::experiments
