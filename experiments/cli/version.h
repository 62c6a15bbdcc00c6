// What --version says.
#pragma once
#include <string>

namespace deadletter::cli {

std::string version_text();

}  // namespace deadletter::cli
