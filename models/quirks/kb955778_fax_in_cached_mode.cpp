// KB955778: You receive a Non-Delivery Report (NDR) message when you send an e-mail message to a non-SMTP address in an
// Outlook client that is using Cached mode.
//
// CAUSE, as the article has it: the server misses an allowed address type for scoped send connectors; a client in
// cached mode keeps the list of allowed types, asks it before it hands a message to the server, and returns the message
// at once when the type is not there. All else follows: the store makes the list when it starts, the client fetches it
// when its session starts, and in online mode nobody asks it.
#include <algorithm>

#include "models/quirks/quirk.h"

namespace deadletter::quirks {
namespace {

// The types that nothing but scoped connectors carry.
store::AddressTypes without_scoped(const store::AddressTypesFacts& facts, const store::AddressTypes& below) {
  auto elsewhere = [&](const std::string& type) {
    return std::ranges::find(facts.built_in, type) != facts.built_in.end() ||
           std::ranges::any_of(facts.connectors, [&](const store::TypedConnector& c) {
             return c.enabled && !c.scoped && std::ranges::find(c.types, type) != c.types.end();
           });
  };
  store::AddressTypes types;
  std::ranges::copy_if(below, std::back_inserter(types), elsewhere);
  return types;
}

}  // namespace

Quirk kb955778_fax_in_cached_mode() {
  return {
      .kb = "KB955778",
      .title =
          "You receive a Non-Delivery Report (NDR) message when you send an e-mail message to a non-SMTP address in "
          "an Outlook client that is using Cached mode",
      .source = "KB955778 revision 2.0; KB959956 (what the list is made of, and when)",
      .changes = {{.what = "Scoped send connectors are left out when the list of address types is made.",
                   .evidence = Evidence::documented,
                   .affects = {"exchange-2007-sp1"},
                   .lay = [](builds::NodeBehaviour& b, Blame kb) { b.store.address_types.deviate(without_scoped, kb); },
                   .remedies = {{.updates = {"KB960384"},
                                 .text = "Update Rollup 7 for Service Pack 1, or a later one"}}}},
      .workarounds = {"The connector is not scoped.", "The client works in online mode."},
  };
}

}  // namespace deadletter::quirks
