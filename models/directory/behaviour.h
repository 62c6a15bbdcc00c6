// What follows from a directory's answers, each with its as-designed answer.
#pragma once
#include <cstdint>

#include "models/behaviour/point.h"
#include "models/directory/directory.h"
#include "models/mail/status.h"

namespace deadletter::directory {

// ---- directory.lookup_failed
enum class Purpose : std::uint8_t { acl, restriction, recipient, expansion, route };
struct LookupFailedFacts {
  Purpose purpose;
  Lookup result;  // none, many or error; of `one` nothing follows: ignore
};
struct LookupFailed {
  enum class Kind : std::uint8_t { ignore, refuse, retry };
  Kind kind = Kind::ignore;
  mail::Status status{};  // of refuse
  friend bool operator==(const LookupFailed&, const LookupFailed&) = default;
};

struct DirectoryBehaviour {
  DirectoryBehaviour();

  DecisionPoint<LookupFailedFacts, LookupFailed> lookup_failed;
  Attribute<SearchScope> search_scope;

  template <class Self, class Visitor>
  static void each(Self& self, Visitor&& visit) {
    visit(self.lookup_failed), visit(self.search_scope);
  }
};

}  // namespace deadletter::directory
