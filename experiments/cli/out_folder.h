// The folder for results. Each prints a message when there can be none.
#pragma once
#include <string>

namespace deadletter::cli {

// runs/<stem>-<n>, new; empty when it cannot be made.
std::string fresh_folder(const std::string& stem);

// The folder of --out: new, or empty.
bool claim_folder(const std::string& path);

}  // namespace deadletter::cli
