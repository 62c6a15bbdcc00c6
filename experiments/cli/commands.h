// The commands of the program. Each adds itself to the parser and, when chosen, says the exit status.
#pragma once
#include <CLI/CLI.hpp>

#include <functional>

namespace deadletter::cli {

// product: 0 all held, 1 an expectation or oracle failed, 2 usage or configuration, 3 inconclusive, 4 not
// deterministic, 5 a resource limit, 70 our own bug, 130 interrupted.
enum Exit : int {
  kHeld = 0,
  kFailed = 1,
  kUsage = 2,
  kInconclusive = 3,
  kNotDeterministic = 4,
  kResource = 5,
  kBug = 70,
  kInterrupted = 130
};

// What the chosen command does; set by its callback, called by main.
using Chosen = std::function<int()>;

void add_run(CLI::App& app, Chosen& chosen);
void add_compare(CLI::App& app, Chosen& chosen);
void add_check(CLI::App& app, Chosen& chosen);
void add_replay(CLI::App& app, Chosen& chosen);
void add_capsule(CLI::App& app, Chosen& chosen);
void add_report(CLI::App& app, Chosen& chosen);
void add_explain(CLI::App& app, Chosen& chosen);
void add_schedule(CLI::App& app, Chosen& chosen);
void add_list(CLI::App& app, Chosen& chosen);
void add_draw(CLI::App& app, Chosen& chosen);
void add_generate(CLI::App& app, Chosen& chosen);
void add_import(CLI::App& app, Chosen& chosen);
void add_schema(CLI::App& app, Chosen& chosen);
void add_sweep(CLI::App& app, Chosen& chosen);

}  // namespace deadletter::cli
