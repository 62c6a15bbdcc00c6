// What several commands share: their options, printing problems, the stop signal.
#pragma once
#include <CLI/CLI.hpp>

#include <atomic>
#include <string>
#include <vector>

#include "experiments/config/load.h"
#include "sim/json/problem.h"

namespace deadletter::cli {

enum class Format { text, json };
void add_format(CLI::App& command, Format& format);

// Problems go to standard error as text, or to standard output as JSON. Returns the exit status for them.
int report_problems(const json::Problems& problems, Format format);

// The words of --set; false, and a message, when one is not PATH=VALUE.
bool read_sets(const std::vector<std::string>& words, std::vector<experiments::Set>& sets);

// A result into the file that a person named; says what was written. The exit status.
int write_result(const std::string& path, const std::string& text);

// Set by SIGINT and SIGTERM once catch_signals() was called, in this process and those that it started since: who
// interrupts one of them interrupts all.
const std::atomic<bool>& stop_flag();
void catch_signals();

// Standard output is a terminal that wants colour.
bool colour();

}  // namespace deadletter::cli
