// Who sends and gets mail that is made up: the mailboxes of servers and domains, and addresses outside.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "experiments/config/plan.h"
#include "sim/json/problem.h"

namespace deadletter::experiments {

class TrafficPeople {
 public:
  TrafficPeople(Plan& plan, json::Problems& problems) : plan_(plan), problems_(problems) {}

  // A mailbox of the organizations, by its own address.
  bool is_person(mail::AddressId id) const;
  // All of them, or those of servers and own domains that `who` means: a domain, a server, "all", "all exchange-2003"
  // or a name with "*". A problem when there are none; `nobody` says it where the topology has no mailbox.
  std::vector<mail::AddressId> mailboxes() const;
  std::vector<mail::AddressId> mailboxes_of(const Name& who) const;
  // Foreign domains by name, or by names with "*"; all that somebody can be written to when there are no names.
  std::vector<mail::DomainId> foreign_domains(const std::vector<Name>& names) const;
  // `most` people of a foreign domain: u1@fabrikam.com, u2@…, or as often as needed those whom the topology names.
  std::vector<mail::AddressId> correspondents(mail::DomainId domain, std::size_t most);
  // What a burst goes to or comes from: an address, a foreign domain, or mailboxes as above.
  std::vector<mail::AddressId> anybody(const Name& who, bool sends);

 private:
  bool written_to(mail::DomainId domain) const;
  std::vector<std::string> names_of_domains(bool own, bool foreign) const;
  void unknown(const Name& name, std::string_view what, std::vector<std::string> choices) const;

  Plan& plan_;
  json::Problems& problems_;
};

}  // namespace deadletter::experiments
