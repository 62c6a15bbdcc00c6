// deadletter: the program. Parses the command line and hands over to one command.
#include <fmt/format.h>

#include <clocale>
#include <exception>

#include "experiments/cli/commands.h"
#include "experiments/cli/version.h"
#include "experiments/run/cannot_write.h"
#include "sim/large_pages.h"

namespace {

constexpr const char* kMainFooter = R"(Examples:
  deadletter run experiments/articles/kb912341_multiline_354.json --variant all
  deadletter explain experiments/articles/kb912341_multiline_354.json EX1

Exit status: 0 everything held, 1 an expectation or an oracle failed, 2 usage or configuration, 4 a run was not
deterministic, 5 a resource limit (a full disk), 70 a bug of deadletter, 130 interrupted.)";

int run(int argc, char** argv) {
  CLI::App app{"Deadletter: a deterministic simulator of mixed-version mail organizations", "deadletter"};
  app.footer(kMainFooter);
  app.require_subcommand(1);
  app.set_version_flag("--version", deadletter::cli::version_text());
  deadletter::cli::Chosen chosen;
  for (auto* add : {deadletter::cli::add_run, deadletter::cli::add_compare, deadletter::cli::add_check,
                    deadletter::cli::add_replay, deadletter::cli::add_capsule, deadletter::cli::add_report,
                    deadletter::cli::add_explain, deadletter::cli::add_draw, deadletter::cli::add_generate,
                    deadletter::cli::add_import, deadletter::cli::add_schedule, deadletter::cli::add_list,
                    deadletter::cli::add_schema, deadletter::cli::add_sweep})
    add(app, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    int status = app.exit(error);
    return status == 0 ? deadletter::cli::kHeld : deadletter::cli::kUsage;
  }
  return chosen();
}

}  // namespace

int main(int argc, char** argv) {
  std::setlocale(LC_ALL, "C");
  deadletter::sim::use_large_pages();
  try {
    return run(argc, argv);
  } catch (const deadletter::experiments::CannotWrite& error) {
    fmt::print(stderr, "deadletter: {}\nThe run is not whole; nothing that was there has been overwritten.\n",
               error.what());
    return deadletter::cli::kResource;
  } catch (const std::exception& error) {
    fmt::print(stderr, "deadletter: {}\nThis is a bug of deadletter. Nothing that was there has been overwritten.\n",
               error.what());
    return deadletter::cli::kBug;
  }
}
