// Octets in a JSON string: characters U+0000 to U+00FF, an octet each.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace deadletter::json {

// Nothing when the text holds a larger character.
std::optional<std::string> octets_of(std::string_view text);
std::string characters_of(std::string_view octets);
bool is_utf8(std::string_view octets);

}  // namespace deadletter::json
