// Organizations as tests write them down: a few words a group or site, and the rest is made up.
//
//   Organization world;
//   world.group("A", {"A1", "A2"}).group("B", {"B1"}).wan("A", "B").connectors("A", "B");
//   Outcome run = world.run({letter("m1", "a1", "b1")});
//
// Servers have a mailbox of their name (A1 has a1@contoso.com) and stand at the place of their group or site: a link
// "A1-A" of 1 Gbit/s and 1 ms leads there, a WAN link "A-B" of 8 Mbit/s (1 MB a second) and 10 ms joins two places.
#pragma once
#include <string>
#include <vector>

#include "tests/support/run_experiment.h"

namespace deadletter::testing {

// A mail as an experiment has it. A name without "@" lives in contoso.com; several recipients: "b1 b2".
std::string letter(const std::string& id, const std::string& from, const std::string& to, const std::string& at = "0s",
                   const std::string& size = "20KB");
// Something that fails: fault("host", "B1", "1h", "6h").
std::string fault(const std::string& what, const std::string& name, const std::string& at, const std::string& lasting);

// Members of an X.400 connector between the first servers of two groups, named "X-A-B"; `more` members behind a comma.
std::string x400(const std::string& from, const std::string& to, const std::string& more = "");

class Organization {
 public:
  // Which organization the servers and domains that follow belong to; without it there is one, with contoso.com.
  Organization& of(const std::string& organization, const std::string& domain);

  // Exchange 2003 in a routing group; Exchange 2007 in a site, all of it in one routing group. "M1 mailbox" and
  // "E1 edge" have that role only.
  Organization& group(const std::string& name, const std::vector<std::string>& servers);
  Organization& site(const std::string& name, const std::vector<std::string>& servers, bool hub = false,
                     const std::string& sharing = "latency");
  // A domain outside whose exchangers ("mx1.fabrikam.com 20" has a preference) stand at a place.
  Organization& foreign(const std::string& domain, const std::vector<std::string>& exchangers, const std::string& place,
                        const std::vector<std::string>& recipients = {});
  // Who receives for the own domain from outside, instead of the first server.
  Organization& receivers(const std::vector<std::string>& exchangers);

  Organization& place(const std::string& name);
  // "shared" or "latency" instead of flows through SimGrid.
  Organization& wan(const std::string& one, const std::string& other, const std::string& sharing = "flow");
  Organization& site_link(const std::string& one, const std::string& other, int cost, const std::string& more = "");
  // Routing group connectors each way between the first servers of two groups, named "A-B" and "B-A".
  Organization& connectors(const std::string& one, const std::string& other, int cost = 1,
                           const std::string& more = "");
  Organization& connector(const std::string& members);

  // `members` of the experiment, without braces: "faults", "attributes", "horizon" (3 days unless given) …
  Outcome run(const std::vector<std::string>& mail, const std::string& members = "") const;
  std::string topology() const;

  // The routing group of all servers of Exchange 2007.
  static constexpr const char* kSites = "DWBGZMFD01QNBJR";

 private:
  struct Place {
    std::string name, first;  // the first server there that sends through connectors
  };
  void server(const std::string& words, const std::string& at, const std::string& build, const std::string& members,
              const std::string& sharing = "latency");
  const std::string& bridgehead(const std::string& group) const;
  std::string whose() const;

  std::string organization_, domain_ = "contoso.com";
  std::vector<std::string> organizations_, servers_, domains_, foreign_, groups_, sites_, site_links_, connectors_,
      places_, links_;
  std::vector<Place> firsts_;
  bool domain_made_ = false, sites_made_ = false;
};

}  // namespace deadletter::testing
