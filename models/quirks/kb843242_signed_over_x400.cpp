// KB843242: You receive a time-out NDR when you send a signed S/MIME e-mail message to a mailbox that is stored on a
// computer that is running Exchange Server 2003 Service Pack 1.
//
// CAUSE, as the article has it: the message is still in its envelope, under the class
// ENVELOPE.IPM.Note.SMIME.MultipartSigned, when the antivirus software scans it; store and IMAIL recognize the class as
// a signed message, but the top level is not signed, a signed message is embedded in it, and the conversion fails. Read
// here as: the layout follows from the end of the class, whatever is in front of it.
// All else follows: the scan is put off, local delivery is tried again until its time is over, and since the message
// came by X.400 the report is one of the transfer agent.
#include "models/quirks/quirk.h"

namespace deadletter::quirks {
namespace {

content::Layout by_the_end_of_the_class(const content::SignedLayoutFacts& facts, const content::Layout& below) {
  constexpr std::string_view kEnvelope = "ENVELOPE.";
  if (!facts.message_class.starts_with(kEnvelope)) return below;
  content::SignedLayoutFacts inside = facts;
  inside.message_class.remove_prefix(kEnvelope.size());
  content::Layout layout = content::layout_by_class(inside);
  return layout == content::Layout::clear_signed ? layout : below;
}

}  // namespace

Quirk kb843242_signed_over_x400() {
  return {
      .kb = "KB843242",
      .title =
          "You receive a time-out NDR when you send a signed S/MIME e-mail message to a mailbox that is stored on a "
          "computer that is running Exchange Server 2003 Service Pack 1",
      .source = "KB843242, last reviewed 1 June 2006; MS-OXOSMIME note 1",
      .changes = {{.what = "A class that ends in SMIME.MultipartSigned is taken for clear-signed in its envelope, too.",
                   .evidence = Evidence::documented,
                   .affects = {"exchange-2003-sp1"},
                   .lay = [](builds::NodeBehaviour& b,
                             Blame kb) { b.content.signed_layout.deviate(by_the_end_of_the_class, kb); },
                   .remedies = {{.updates = {"KB843242"}, .text = "hotfix KB843242 (Store.exe 6.5.7232.7)"}}}},
      .packages = {{.update = "KB843242",
                    .branch = "exchange-2003-sp1",
                    .file = "Store.exe 6.5.7232.7",
                    .restarts = {"event-service", "information-store"},
                    .date = "2004-06-30",
                    .source = "KB843242"}},
      .workarounds = {"No antivirus software scans the message in its envelope: it is switched off, or the class is "
                      "excluded."},
  };
}

}  // namespace deadletter::quirks
