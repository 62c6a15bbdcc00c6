// What a user of Exchange reads for an enhanced status code in a non-delivery report, whoever shows it.
//
// The words are those of articles that show such a report (938650, 870585, 885419, 817425) and of the list of codes
// (284204; facts 4.1). [assumed]: that a status without a sentence of its own has the general one, that of 5.0.0.
// NOT MODELLED: languages other than English. The sentences of an MTA go by reason and diagnostic: see
// models/x400/diagnostics.h.
#pragma once
#include <string_view>

#include "models/mail/status.h"

namespace deadletter::mail {

std::string_view sentence(Status status);

}  // namespace deadletter::mail
