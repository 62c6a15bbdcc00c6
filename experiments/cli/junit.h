// Results as JUnit XML, for pipelines: a suite a run, a case an expectation and an oracle.
#pragma once
#include <string>
#include <vector>

#include "experiments/run/result.h"

namespace deadletter::cli {

// A <testsuite> element of a run that came to an end, or was interrupted.
std::string junit_suite(const experiments::Result& result);
// Of a run that there is not; `why` is one <error>.
std::string junit_error(const std::string& experiment, const std::string& variant, const std::string& why);

// The document. False, and a message, when it cannot be written.
bool write_junit(const std::string& path, const std::vector<std::string>& suites);

// As it may stand in a text or an attribute: what XML gives a meaning is escaped, characters that it does not allow are
// left out, octets that are no UTF-8 become "?".
std::string xml_text(std::string_view text);

}  // namespace deadletter::cli
