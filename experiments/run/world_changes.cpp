// What is done to servers while the run goes on: updates, registry values, attributes, virus signatures, restarts.
//
// While all services of a server restart it answers nobody, as a host that is down [assumed: the installer stops them
// one by one]. Its queues are on disk: when it is up again every message is tried at once, under what is installed
// then. While its information store alone restarts, its clients are cut off; mail for its mailboxes is still taken
// [assumed].
#include "experiments/run/world.h"

namespace deadletter::experiments {

using mail::What;

void World::plan_changes(const std::map<std::string, sim::HostId>& hosts) {
  for (const PlannedChange& c : plan_.changes)
    if (c.stops == Restart::all) engine_.fail_host(hosts.at(plan_.nodes[c.node.value].name), c.at, c.up - c.at);
}

void World::change_begins(std::uint32_t index) {
  const PlannedChange& change = plan_.changes[index];
  constexpr const char* stops[] = {"", ": the information store stops", ": its services stop"};
  record(What::change, change.node, {.detail = static_cast<std::uint16_t>(change.stops), .subject = index},
         [&] { return change.what + stops[static_cast<std::size_t>(change.stops)]; });
  // The engine takes down the hosts whose services all stop.
  if (change.stops == Restart::information_store) cut_off_clients(change.node, true);
  if (change.stops == Restart::none) return lay_anew(change.node, change.after->behaviour);
  if (change.stops == Restart::information_store)
    engine_.post(change.up, sim::Priority::normal, {kChangeEnds, index, 0});
}

// The host is up again: what it does now is under the new tables.
void World::changes_end(NodeId node) {
  for (std::uint32_t i = 0; i < plan_.changes.size(); ++i) {
    const PlannedChange& c = plan_.changes[i];
    if (c.node == node && c.stops == Restart::all && c.up == engine_.now()) change_ends(i);
  }
}

void World::change_ends(std::uint32_t index) {
  const PlannedChange& change = plan_.changes[index];
  record(What::change, change.node, {.detail = 3, .subject = index}, [&] {
    return std::string(change.stops == Restart::all ? "its services start" : "the information store has started");
  });
  types_.erase(change.node);
  store_started_[change.node] = engine_.now();
  std::erase_if(acls_, [&](const auto& acl) { return acl.first.first == change.node; });
  if (change.stops == Restart::all) return lay_anew(change.node, change.after->behaviour);
  behaviours_.lay_store(change.node, change.after->behaviour);
  cut_off_clients(change.node, false);
}

// Components hold references: the new values come to where the old ones were. A scanner that has had nothing to do yet
// must know which signatures its store was scanned with.
void World::lay_anew(NodeId id, const builds::NodeBehaviour& after) {
  forget_courses();
  Node& node = nodes_[id.value];
  bool newer = *after.scanner.signatures > *behaviour_of(id).scanner.signatures;
  if (newer && node.scanner == nullptr && plan_.organization.hosts[id.value].roles.mailbox)
    node.scanner = std::make_unique<scanner::Scanner>(behaviour_of(id).scanner, scanner::Site::store);
  behaviours_.lay(id, after);
  forget_ways(id);
  if (node.mailbox_queue != nullptr) *node.mailbox_queue = mailbox_queue(after);
  if (node.local_queue != nullptr) *node.local_queue = laid_queue(after, false);
  if (node.mta_queue != nullptr) *node.mta_queue = laid_queue(after, true);
  if (node.scanner == nullptr) return;
  scanner::Scanner::Actions actions;
  node.scanner->signatures_updated(*after.scanner.signatures, engine_.now(), {}, actions);
  node.scanner->look_again(engine_.now(), actions);
  perform(id, actions);
}

}  // namespace deadletter::experiments
