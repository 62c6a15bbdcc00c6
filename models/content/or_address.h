// Originator/recipient addresses and domains of X.400: as text and as octets (X.411 8.5.5).
//
// An address as text is attributes "key=value" with ';' between them, in this order (reading gives it, writing takes
// any):
//   c country   a administrative domain   p private domain   x X.121 address   t terminal   o organization
//   n numeric user   s surname   g given name   i initials   q generation   ou1, ou2 …   cn common name
//   dda:TYPE domain-defined attribute, any number of them
// Before ';' and '\' in a value (and '=' in a TYPE) stands '\'. A text that is no such list is written as a single
// domain-defined attribute of type "x-text" and read back as it is, so every text comes back, a list in its order and
// without needless '\'.
//
// As octets, values are PrintableString, and what is no ASCII is UTF-8: where the string's type is seen it is
// UTF8String, elsewhere (organization, personal name, units) it stands for itself under the attribute's own tag.
//
// NOT MODELLED: directory names, extension attributes other than common name. Reading passes them over.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "models/content/ber.h"

namespace deadletter::content {

// ORName, [APPLICATION 0] or, in a place that says so, another tag.
std::string write_or_name(std::string_view address, ber::Tag tag = ber::application(0));
std::string read_or_name(const ber::Element& element);

// GlobalDomainIdentifier: "c=us;a= ;p=contoso", `p` only when there is one. A text that is none is written as a private
// domain in no country and read back as it is; nothing is an empty text.
std::string write_domain(std::string_view domain);
std::string read_domain(const ber::Element& element);

}  // namespace deadletter::content
