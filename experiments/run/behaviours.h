// What each node decides at the moment: as it was planned, until a service starts with something else installed.
//
// Components hold references into this for as long as a run lasts; a service that starts anew finds its new tables at
// the same place. Nodes that decide alike share theirs, so that what a thousand of them look at stays in the
// processor's cache.
#pragma once
#include <memory>
#include <vector>

#include "experiments/config/plan.h"

namespace deadletter::experiments {

class Behaviours {
 public:
  explicit Behaviours(const Plan& plan) {
    for (const PlannedNode& node : plan.nodes) now_.push_back(&plan.nodes[node.decides_as].resolved.behaviour);
    for (const PlannedChange& change : plan.changes) {
      const builds::NodeBehaviour*& behaviour = now_[change.node.value];
      if (!own_.contains(change.node))
        behaviour = own_.emplace(change.node, std::make_unique<builds::NodeBehaviour>(*behaviour)).first->second.get();
    }
  }

  const builds::NodeBehaviour& of(NodeId node) const { return *now_[node.value]; }
  // All services of a node that changes start, or look again at what is set: their tables are laid.
  void lay(NodeId node, const builds::NodeBehaviour& after) { *own_.at(node) = after; }
  // Its information store alone starts.
  void lay_store(NodeId node, const builds::NodeBehaviour& after) {
    builds::NodeBehaviour& own = *own_.at(node);
    own.store = after.store;
    own.directory = after.directory;
    own.scanner = after.scanner;
    own.content = after.content;
  }

 private:
  std::vector<const builds::NodeBehaviour*> now_;
  std::map<NodeId, std::unique_ptr<builds::NodeBehaviour>> own_;
};

}  // namespace deadletter::experiments
