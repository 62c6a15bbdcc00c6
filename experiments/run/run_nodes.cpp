#include "experiments/run/run_nodes.h"

namespace deadletter::experiments {

json::Value run_nodes(const Plan& plan) {
  json::Value list = json::Value::object();
  for (const PlannedNode& node : plan.nodes) {
    json::Value quirks = json::Value::array();
    for (const auto& standing : node.resolved.quirks)
      if (standing.in_force) quirks.push_back(standing.quirk->kb);
    list.set(node.name,
             json::Value::object().set("host", node.host).set("build", node.build.text).set("quirks", quirks));
  }
  return list;
}

}  // namespace deadletter::experiments
