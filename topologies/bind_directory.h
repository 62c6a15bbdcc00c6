// What the names of a topology's directory refer to. Every mistake of meaning is reported.
#pragma once
#include "sim/json/problem.h"
#include "topologies/organization.h"

namespace deadletter::topologies {

// After servers, domains and mailboxes have been checked.
void bind_directory(const Organization& organization, json::Problems& problems);

// The BUILTIN group that a group of a domain stands for; null when it is an ordinary one.
const directory::BuiltinGroup* builtin_of(const Group& group);

}  // namespace deadletter::topologies
