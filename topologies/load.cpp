#include "topologies/load.h"

#include "sim/json/schema.h"
#include "topologies/bind.h"

namespace deadletter::topologies {

std::optional<Organization> load(std::shared_ptr<const json::Source> source, json::Problems& problems) {
  auto read = json::read_text<File>(file_reader(), std::move(source), problems);
  if (!read) return std::nullopt;
  std::size_t before = problems.count();
  bind(*read, problems);
  if (problems.count() > before) return std::nullopt;
  return static_cast<Organization&&>(std::move(*read));
}

json::Value topology_schema() {
  return json::schema<File>(file_reader(), "topology.schema.json", "Deadletter topology");
}

}  // namespace deadletter::topologies
