// The page of a report: one HTML file, a part of this program, into which the data is put.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace deadletter::experiments::report {

// As web/ builds it. Empty when this program was built without it.
std::string_view report_page();

// Where the data goes; once in a page.
inline constexpr std::string_view kDataMarker = "/*DEADLETTER-DATA*/null";
// What `made_here` knows a page by: its last line.
inline constexpr std::string_view kSignature = "<!-- made by deadletter report -->\n";

// JSON that says the same within a script element: what would end it ("</"), open a comment or another one in it, or
// be a line's end to some, is escaped. All these stand in strings only. What is escaped already stays as it is.
std::string within_script(std::string_view json);

// The page with `json` in it, as within_script() makes it. Nothing when the marker is not there exactly once.
std::optional<std::string> filled_page(std::string_view page, std::string_view json);

// The file holds a page or data that `deadletter report` wrote.
bool made_here(const std::string& path);

// Writes under another name in the same folder, then renames: whoever reads the file sees the old or the new one.
// Throws CannotWrite.
void write_whole(const std::string& path, std::string_view text);

}  // namespace deadletter::experiments::report
