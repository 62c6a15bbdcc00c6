// A calendar object that a person holds: a file as it was saved, an .ics or a whole message.
//
// A message gives its first text/calendar part; when it has none, its first attachment that calls itself .ics or
// application/ics. It may be encoded as it likes and lie at any depth. Other objects in it that differ are told of.
//
// Problems tell lines of the file that was given. Where a part is encoded (base64, quoted-printable) a line of the file
// would help nobody: the line is the part's, and the reason says so.
//
// Octets of a part that are no UTF-8 are taken as Latin-1, or all of them where its charset says so; of other charsets
// than UTF-8 and these a problem tells.
//
// NOT MODELLED: UTF-16 and other charsets; an object that a TNEF part holds (tnef.h reads those).
#pragma once
#include <string_view>

#include "models/content/calendar.h"

namespace deadletter::content {

ReadCalendar read_held_calendar(std::string_view octets);

}  // namespace deadletter::content
