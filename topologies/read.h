// The shape of a topology file: one declaration reads it and is its published schema.
#pragma once
#include "sim/json/reader.h"
#include "topologies/organization.h"

namespace deadletter::topologies {

struct File : Organization {
  std::vector<Domain> foreign;
};

json::Reader<File> file_reader();

}  // namespace deadletter::topologies
