// What servers ask the directory: lists are opened, restrictions are looked at, and a store decides who may post into a
// public folder.
#include <algorithm>

#include "experiments/run/world.h"
#include "models/directory/expand.h"

namespace deadletter::experiments {

using mail::What;
using transport::ReturnReason;

// A mailbox server leaves it to a hub; an edge server stands outside.
bool World::asks_directory(NodeId node) const {
  const routing::Server& server = plan_.organization.routing.servers[node.value];
  return plan_.directory != nullptr && !server.foreign && !server.edge && !leaves_to_hubs(node);
}

// Whether the categorizer has something to do with it: open it, or look who has sent.
bool World::to_be_looked_up(NodeId node, mail::AddressId address) const {
  return addresses_.of(address).looked_up && asks_directory(node);
}

directory::View World::view(NodeId node) const { return {plan_.directory->controllers[node.value], engine_.now()}; }

// The user who has sent a message from within the organization; nobody when it has come from outside.
std::optional<directory::ObjectId> World::authenticated_sender(NodeId node, mail::MessageId id) const {
  const StoredMessage& message = messages_[id.value];
  bool inside = message.submitted_to.valid() && colleagues(message.submitted_to, node);
  return inside ? plan_.directory->id_of(message.sender) : std::nullopt;
}

Recipients World::open_lists(NodeId node, mail::MessageId id, const Recipients& recipients) {
  const PlannedDirectory& directory = *plan_.directory;
  Recipients opened;
  std::vector<transport::ReportedRecipient> refused;
  for (mail::RecipientId r : recipients) {
    mail::AddressId address = ledger_.row(r).address;
    if (!addresses_.of(address).looked_up) {
      opened.push_back(r);
      continue;
    }
    auto object = directory.id_of(address);
    if (!permitted(node, id, r, *object, refused)) continue;
    bool list = directory.forests.object(*object).kind == directory::Kind::group;
    auto only = list ? directory.expansion_servers.find(*object) : directory.expansion_servers.end();
    if (!list || (only != directory.expansion_servers.end() && only->second != node))
      opened.push_back(r);
    else
      open_list(node, id, r, *object, opened);
  }
  if (!refused.empty()) give_back(node, id, ReturnReason::restricted, refused, {}, {});
  return opened;
}

// Members that the message has already are not added again, unless the server makes copies.
void World::open_list(NodeId node, mail::MessageId id, mail::RecipientId list, directory::ObjectId object,
                      Recipients& opened) {
  const PlannedDirectory& directory = *plan_.directory;
  directory::Expansion expansion = directory::expand(directory.forests, object, view(node));
  auto [found, fresh] = reached_.try_emplace(id);
  auto& reached = found->second;
  const StoredMessage message = messages_[id.value];
  if (fresh)
    for (std::uint32_t i = 0; i < message.rows; ++i)
      ++reached[own_address(ledger_.row({message.first_row + i}).address)];
  Blame blame = ledger_.row(list).blame;
  bool report = ledger_.row(list).report;
  std::uint32_t added = 0;
  for (directory::ObjectId member : expansion.recipients) {
    mail::AddressId address = directory.addresses[member.value];
    if (!address.valid()) continue;
    std::uint32_t times = ++reached[address];
    if (times > 1) {
      auto ruling = behaviour_of(node).transport.merge_recipients.rule({times});
      if (ruling.outcome == transport::Merge::one_copy) continue;
      blame = join(blame, ruling.blame);
    }
    mail::RecipientId row = ledger_.add(id, std::array{address}, report);
    ledger_.row(row).blame = blame;
    expanded_[id].push_back(row);
    opened.push_back(row);
    ++added;
  }
  ledger_.expanded(list, {});
  record(What::expand, node, {.subject = number(id), .a = number(list), .b = added}, [&] {
    return fmt::format(
        "{} <{}>: {} list{} opened, {} recipient{} added{}", describe(id),
        plan_.addresses.text(ledger_.row(list).address), expansion.lists.size(), expansion.lists.size() == 1 ? "" : "s",
        added, added == 1 ? "" : "s",
        expansion.unheld.empty() ? "" : fmt::format(", {} without members here", expansion.unheld.size()));
  });
}

// The address that a mailbox is known by, whichever of its addresses is given.
mail::AddressId World::own_address(mail::AddressId address) const {
  auto object = plan_.directory->id_of(address);
  return object ? plan_.directory->addresses[object->value] : address;
}

bool World::permitted(NodeId node, mail::MessageId id, mail::RecipientId recipient, directory::ObjectId object,
                      std::vector<transport::ReportedRecipient>& refused) {
  const PlannedDirectory& directory = *plan_.directory;
  auto rule = directory.rules.find(object);
  if (rule == directory.rules.end()) return true;
  auto sender = authenticated_sender(node, id);
  bool listed = false, known = true;
  for (directory::ObjectId who : rule->second.only_from) {
    if (!sender || listed) break;
    listed = who == *sender;
    if (directory.forests.object(who).kind != directory::Kind::group) continue;
    auto members = directory::expand(directory.forests, who, view(node));
    listed = listed || std::ranges::find(members.recipients, *sender) != members.recipients.end();
    known = known && members.unheld.empty();
  }
  auto ruling = behaviour_of(node).transport.recipient_restriction.rule(
      {sender.has_value(), rule->second.authenticated_only, !rule->second.only_from.empty(), listed, known});
  if (ruling.outcome.allowed) return true;
  mail::Status status = ruling.outcome.status;
  if (!known) {
    auto failed =
        behaviour_of(node).directory.lookup_failed.rule({directory::Purpose::restriction, directory::Lookup::none});
    if (failed.outcome.kind == directory::LookupFailed::Kind::refuse) status = failed.outcome.status;
    ruling.blame = join(ruling.blame, failed.blame);
  }
  mail::AddressId address = ledger_.row(recipient).address;
  ledger_.row(recipient).blame = join(ledger_.row(recipient).blame, ruling.blame);
  refused.push_back({recipient, address, status, ""});
  return false;
}

const store::UpgradedAcl& World::acl_of(NodeId node, directory::ObjectId folder) {
  const PlannedFolder& planned = plan_.directory->folders.at(folder);
  const auto& behaviour = behaviour_of(node);
  auto [found, fresh] = acls_.try_emplace({node, folder});
  if (!fresh && found->second.whole) return found->second;
  found->second =
      store::upgrade(planned.acl, behaviour.store, {&plan_.directory->forests, view(node), &behaviour.directory});
  for (const store::AclEvent& e : found->second.events)
    log(node, "MSExchangeIS", e.id,
        fmt::format("The access control list of the folder {} could not be upgraded for {} (rights {:#x}).",
                    planned.path, e.legacy_dn, e.rights),
        {});
  return found->second;
}

// Whether a store takes what has come for a public folder; if not, the sender is told.
bool World::posted(NodeId node, mail::MessageId id, mail::RecipientId recipient, directory::ObjectId folder) {
  const auto& behaviour = behaviour_of(node);
  const store::UpgradedAcl& acl = acl_of(node, folder);
  store::PostAnswer answer = store::may_post(acl, {authenticated_sender(node, id)}, behaviour.store,
                                             {&plan_.directory->forests, view(node), &behaviour.directory});
  bool allowed = answer.kind == store::PostAnswer::Kind::allow;
  record(What::post, node,
         {.detail = static_cast<std::uint16_t>(answer.kind), .subject = number(id), .a = number(recipient)}, [&] {
           std::string words = fmt::format("{} into {}: {}", describe(id), plan_.directory->folders.at(folder).path,
                                           allowed ? "allowed" : "refused " + mail::text(answer.status));
           return answer.why.empty() ? words : words + ", " + answer.why;
         });
  if (allowed) {
    ledger_.row(recipient).blame = join(ledger_.row(recipient).blame, answer.blame);
    return true;
  }
  if (answer.blame) record_ruling(node, id, 0, answer.blame);
  ledger_.taken_over(recipient, answer.blame);
  give_back(node, id, ReturnReason::store, {{recipient, ledger_.row(recipient).address, answer.status, ""}}, {},
            answer.blame);
  return false;
}

}  // namespace deadletter::experiments
