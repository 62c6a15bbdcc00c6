// reference-mta: a mail server without any quirk, as designed in everything. The measuring stick of tables and tests.
#include "models/builds/product.h"

namespace deadletter::builds {

std::vector<Product> reference_products() {
  return {{.name = "reference-mta",
           .title = "Reference MTA (RFC 5321, as real servers agree to read it)",
           .releases = {{.name = "reference-mta", .title = "Reference MTA", .file = ""}},
           .profile = [](NodeBehaviour&) {}}};
}

}  // namespace deadletter::builds
