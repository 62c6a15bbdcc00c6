// Outlook 2003 and 2007. A client has no transport: it is listed, and no server can be one.
#include "models/builds/product.h"

namespace deadletter::builds {

std::vector<Product> outlook_products() {
  constexpr Known known = Known::recalled;
  return {
      {.name = "outlook-2003",
       .title = "Outlook 2003",
       .kind = Kind::client,
       .releases = {{"outlook-2003-rtm", "Outlook 2003", "11.0.5608", "2003-10-21", known, "recalled"},
                    {"outlook-2003-sp1", "Outlook 2003 Service Pack 1", "11.0.6353", "2004-07-27", known, "recalled"},
                    {"outlook-2003-sp2", "Outlook 2003 Service Pack 2", "11.0.6555", "2005-09-27", known, "recalled"},
                    {"outlook-2003-sp3", "Outlook 2003 Service Pack 3", "11.0.8173", "2007-09-17", known, "recalled"}},
       .transport = false},
      {.name = "outlook-2007",
       .title = "Outlook 2007",
       .kind = Kind::client,
       .releases = {{"outlook-2007-rtm", "Outlook 2007", "12.0.4518", "2007-01-30", known, "recalled"},
                    {"outlook-2007-sp1", "Outlook 2007 Service Pack 1", "12.0.6211", "2007-12-11", known, "recalled"},
                    {"outlook-2007-sp2", "Outlook 2007 Service Pack 2", "12.0.6423", "2009-04-28", known, "recalled"}},
       .transport = false}};
}

}  // namespace deadletter::builds
