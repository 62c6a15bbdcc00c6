// explain TOPOLOGY FROM TO: the way of a message server by server, and at each why this way.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "experiments/cli/common.h"
#include "sim/json/place.h"

namespace deadletter::cli {

struct RouteQuestion {
  std::string from, to;  // a server; a server, an address or a domain
  std::string size;      // of the message: "10MB"
  std::string down;      // connectors: "Seattle-to-Munich,Internet-SMTP"
  bool all = false;      // a table of all pairs of servers in place of one question
  Format format = Format::text;
};

// Whichever kind of file more of the keys belong to: so that a topology that lacks something is not taken for an
// experiment.
bool is_topology(const std::shared_ptr<const json::Source>& source);

int explain_route(const std::shared_ptr<const json::Source>& source, const RouteQuestion& question);

}  // namespace deadletter::cli
