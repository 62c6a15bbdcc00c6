// How the directory makes and compares names: distinguished names, those of Exchange 5.5's directory, capitals.
#pragma once
#include <string>
#include <string_view>

namespace deadletter::directory {

// With the capitals A to Z made small: names, types and addresses that differ only there are the same.
std::string folded(std::string_view text);
bool same(std::string_view one, std::string_view other);
inline char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// "CN=Doe\, Ann,CN=Users,DC=contoso,DC=com" (RFC 2253 2.4).
std::string distinguished_name(std::string_view name, std::string_view container, std::string_view domain);

// "/o=contoso/ou=First Administrative Group/cn=Recipients/cn=ann", for an organization in the forest of that root. A
// solidus of the name becomes "_": it would begin another part.
std::string legacy_name(std::string_view name, std::string_view root);

}  // namespace deadletter::directory
