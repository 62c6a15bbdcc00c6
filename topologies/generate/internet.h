// What a generated organization has to do with others: mailboxes by number, the Internet, the other organization.
#pragma once
#include <cstdint>
#include <vector>

#include "sim/random.h"
#include "topologies/generate/builder.h"

namespace deadletter::topologies {

// So many mailboxes in all on the servers that are to have some, by shares between a half and one and a half of the
// average, which the seed draws. `holders` are indices into the file's servers.
void add_mailboxes(const std::vector<std::uint32_t>& holders, std::int64_t total, const sim::Chance& chance,
                   const json::Place& place, File& file);

struct Outside {
  std::uint32_t domains = 10;
  std::uint32_t exchangers = 10;
  sim::Sharing sharing = sim::Sharing::shared;
};

// The place "internet", a link to it from the middle of each organization ("internet", "internet-2": 45 Mbit/s, 5 ms),
// foreign domains d1.example, d2.example, … with the exchangers mx1.example, mx2.example, … in turn (100 Mbit/s, 10 to
// 50 ms by the seed), and connectors for everything that is not the organization's.
void add_internet(const Outside& outside, const std::vector<MadeOrganization>& organizations, const sim::Chance& chance,
                  const json::Place& place, File& file);

// Two organizations know each other: a connector each way to the other's gateway as smart host, and the link "merger"
// (10 Mbit/s, 20 ms) between their middles. The file's first two domains are theirs.
void join(const MadeOrganization& one, const MadeOrganization& other, sim::Sharing sharing, const json::Place& place,
          File& file);

}  // namespace deadletter::topologies
