// The as-designed answers of those who ask a directory.
#include "models/directory/behaviour.h"

namespace deadletter::directory {
namespace {

constexpr PointInfo kLookupFailed{
    "directory.lookup_failed",
    "purpose (acl, restriction, recipient, expansion, route), result (none, many, error)",
    "ignore | refuse with a status | retry",
    "After an error it is asked again later. A recipient that is not there: refuse 5.1.1; one that is there more than "
    "once: 5.1.4, a list's member too, while a member that is not there is left out. An entry of an access control "
    "list that cannot be told: refuse 5.2.1; one of a restriction: 5.7.1; a route: 5.4.4.",
    "KB870585 (acl), KB817425 (restriction), KB284204 (codes); of a route and of an expansion inferred",
    Evidence::inferred};

// Of a lookup that brought none or many.
mail::Status status_of(const LookupFailedFacts& facts) {
  switch (facts.purpose) {
    case Purpose::acl:
      return {5, 2, 1};
    case Purpose::restriction:
      return {5, 7, 1};
    case Purpose::recipient:
      return facts.result == Lookup::none ? mail::kUnknownMailbox : mail::Status{5, 1, 4};
    case Purpose::expansion:
      return facts.result == Lookup::none ? mail::Status{} : mail::Status{5, 1, 4};
    case Purpose::route:
      return {5, 4, 4};
  }
  return {};
}

LookupFailed as_designed(const LookupFailedFacts& facts) {
  using enum LookupFailed::Kind;
  if (facts.result == Lookup::error) return {retry};
  if (facts.result == Lookup::one) return {ignore};
  mail::Status status = status_of(facts);
  return {status.known() ? refuse : ignore, status};
}

constexpr AttributeInfo kSearchScope{
    "directory.search_scope", "how far a search looks: in the domain of the controller that answers, or in its forest",
    "domain | forest",
    "a global catalog is asked about recipients and groups [recalled]; KB870585 needs several domains",
    Evidence::inferred};

}  // namespace

DirectoryBehaviour::DirectoryBehaviour()
    : lookup_failed(kLookupFailed, as_designed), search_scope(kSearchScope, SearchScope::forest) {}

}  // namespace deadletter::directory
