// Distribution list expansion: what a categorizer makes of a group, level by level.
//
// Lists are read from the top to the bottom; where a list has a list as its member, that one is read there and then. A
// mailbox that is reached over several lists is there once; a list that is met again is not opened again; a list that
// contains itself, over whatever others, ends.
//
// NOT MODELLED: members that have no address, a list's restrictions, its own reverse-path, expansion servers.
// Source: Exchange 2000 categorizer; technet bb124375 (EXPAND, DUPLICATEDELIVER).
#pragma once
#include <cstdint>
#include <vector>

#include "models/directory/directory.h"

namespace deadletter::directory {

struct Expansion {
  std::vector<ObjectId> recipients;  // users, contacts and folders, each once, in the order in which they were met
  std::vector<ObjectId> lists;       // groups that were opened, each once, the first one included
  std::uint32_t again = 0;           // recipients that were met once more
  std::uint32_t circles = 0;         // lists that were met inside themselves
  std::vector<ObjectId> unheld;      // each once: lists whose members the controller does not hold: they lead nowhere
};
// `group` is a group.
Expansion expand(const Directory& directory, ObjectId group, const View& view);

}  // namespace deadletter::directory
