// Asks a results.sqlite.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace deadletter::testing {

// The rows that a query gives, each with its values as text and "|" between them; null is "-".
std::vector<std::string> ask(const std::string& file, const std::string& query);
// The one number that it gives.
std::int64_t number(const std::string& file, const std::string& query);

}  // namespace deadletter::testing
