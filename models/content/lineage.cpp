#include "models/content/lineage.h"

namespace deadletter::content {

const char* text(Fate fate) {
  constexpr const char* names[] = {"set", "kept", "defaulted", "substituted", "omitted", "absent", "refused"};
  return names[static_cast<std::size_t>(fate)];
}

}  // namespace deadletter::content
