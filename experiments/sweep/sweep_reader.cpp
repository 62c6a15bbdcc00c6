#include "experiments/sweep/sweep_reader.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

namespace deadletter::experiments {
namespace {

// As experiments/sweep/sweep_file.cpp sets them.
constexpr std::int64_t kApplication = 0x444C5357, kForm = 1;
// SQLite takes a shorter file for one without tables.
constexpr std::uintmax_t kSmallestPage = 512;
// The difference of two figures is finite, too.
constexpr double kLargest = std::numeric_limits<double>::max() / 2;

template <typename... Words>
[[noreturn]] void refuse(fmt::format_string<Words...> text, Words&&... words) {
  throw SweepUnreadable(fmt::format(text, std::forward<Words>(words)...));
}

// The path as a URI whose file nobody changes (it comes by a rename): no lock is taken, no journal looked for.
std::string immutable_uri(const std::string& path) {
  std::string uri = "file:";
  for (char c : std::filesystem::absolute(path).string())
    uri += c == '%' || c == '?' || c == '#' ? fmt::format("%{:02X}", static_cast<unsigned>(c)) : std::string(1, c);
  return uri + "?immutable=1";
}

class OpenedSweep {
 public:
  explicit OpenedSweep(const std::string& path) {
    sqlite3* file = nullptr;
    constexpr int how = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX;
    int status = sqlite3_open_v2(immutable_uri(path).c_str(), &file, how, nullptr);
    file_.reset(file);
    if (status != SQLITE_OK) fail(status);
    sqlite3_db_config(file, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(file, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  }

  [[noreturn]] void fail(int status) const {
    const char* said = file_ == nullptr ? "no memory" : sqlite3_errmsg(file_.get());
    if ((status & 0xff) == SQLITE_NOTADB) refuse("this is no SQLite file, let alone a sweep's");
    bool damaged = (status & 0xff) == SQLITE_CORRUPT || (status & 0xff) == SQLITE_ERROR;
    refuse("{}: {}", damaged ? "the file is damaged" : "it cannot be read", said);
  }
  sqlite3* file() const { return file_.get(); }

 private:
  std::unique_ptr<sqlite3, int (*)(sqlite3*)> file_{nullptr, sqlite3_close};
};

// for (SweepRows rows(opened, "SELECT …"); rows.next();) … Columns count from 0. A value of another kind than it must
// be is refused.
class SweepRows {
 public:
  SweepRows(const OpenedSweep& opened, const char* query) : opened_(opened) {
    sqlite3_stmt* statement = nullptr;
    int status = sqlite3_prepare_v2(opened.file(), query, -1, &statement, nullptr);
    statement_.reset(statement);
    if (status != SQLITE_OK) opened.fail(status);
  }
  bool next() {
    int status = sqlite3_step(statement_.get());
    if (status != SQLITE_ROW && status != SQLITE_DONE) opened_.fail(status);
    return status == SQLITE_ROW;
  }

  bool null(int column) const { return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL; }
  std::int64_t number(int column) const {
    need(column, SQLITE_INTEGER, "an integer");
    return sqlite3_column_int64(statement_.get(), column);
  }
  double real(int column) const {
    need(column, SQLITE_FLOAT, "a real number");
    double value = sqlite3_column_double(statement_.get(), column);
    if (!std::isfinite(value) || std::abs(value) > kLargest) wrong(column, "a figure of this world");
    return value;
  }
  std::string text(int column) const {
    need(column, SQLITE_TEXT, "a text");
    auto octets = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
    if (octets == nullptr) opened_.fail(SQLITE_NOMEM);
    return {octets, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
  }
  [[noreturn]] void wrong(int column, const char* expected) const {
    refuse("the file is damaged: column {} of table {} holds something else than {}", name(column), table(), expected);
  }

 private:
  void need(int column, int kind, const char* expected) const {
    if (sqlite3_column_type(statement_.get(), column) != kind) wrong(column, expected);
  }
  std::string_view name(int column) const { return sqlite3_column_name(statement_.get(), column); }
  std::string_view table() const {
    std::string_view query = sqlite3_sql(statement_.get());
    std::size_t from = query.find("FROM ");
    if (from == query.npos) return "";
    query.remove_prefix(from + 5);
    return query.substr(0, query.find(' '));
  }

  const OpenedSweep& opened_;
  std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> statement_{nullptr, sqlite3_finalize};
};

std::int64_t pragma(const OpenedSweep& opened, const char* query) {
  SweepRows rows(opened, query);
  return rows.next() ? rows.number(0) : 0;
}

// A view may ask for more than there is time for; a sweep's file has none.
void check_what_it_is(const OpenedSweep& opened, std::set<std::string>& tables) {
  std::int64_t application = pragma(opened, "PRAGMA application_id"), form = pragma(opened, "PRAGMA user_version");
  if (application != kApplication)
    refuse("this SQLite file is no sweep's: its application id is 0x{:08X}, expected 0x{:08X}",
           static_cast<std::uint32_t>(application), kApplication);
  if (form != kForm) refuse("it is a sweep's file of form {}; this program knows form {}", form, kForm);
  for (SweepRows rows(opened, "SELECT type, name FROM sqlite_schema"); rows.next();) {
    if (std::string kind = rows.text(0); kind == "table")
      tables.insert(rows.text(1));
    else if (kind != "index")
      refuse("it holds a {}, which no sweep writes", kind);
  }
  for (const char* table : {"sweep", "cells", "factors", "metrics", "failures"})
    if (!tables.contains(table)) refuse("the file is damaged: it has no table {}", table);
}

// SQLite takes what is missing of the last page for zeros.
void check_whole(const OpenedSweep& opened, std::uintmax_t octets) {
  std::int64_t said = pragma(opened, "PRAGMA page_count") * pragma(opened, "PRAGMA page_size");
  if (said < 0 || octets != static_cast<std::uintmax_t>(said))
    refuse("the file is damaged: it has {} octets, and says {}", octets, said);
  SweepRows rows(opened, "PRAGMA quick_check(1)");
  std::string found = rows.next() ? rows.text(0) : "nothing";
  if (found == "ok") return;
  if (found.starts_with("***")) found.erase(0, found.find('\n') + 1);  // which database it is about
  refuse("the file is damaged: {}", found.substr(0, found.find('\n')));
}

std::optional<CellState> state_named(std::string_view word) {
  for (CellState state : {CellState::done, CellState::failed, CellState::running, CellState::missing})
    if (word == text(state)) return state;
  return std::nullopt;
}

int status_of(const SweepRows& rows, int column, CellState state) {
  constexpr std::array<std::int64_t, 4> kOfFailed{2, 4, 5, 70};
  bool done = state == CellState::done;
  if (!done && state != CellState::failed) return 0;
  std::int64_t status = rows.number(column);
  if (done ? status != 0 && status != 1 : std::ranges::find(kOfFailed, status) == kOfFailed.end())
    rows.wrong(column, "an exit status of such a cell");
  return static_cast<int>(status);
}

void read_cells(const OpenedSweep& opened, std::vector<CollectedCell>& cells) {
  SweepRows rows(opened, "SELECT cell, key, experiment, variant, seed, state, status FROM cells ORDER BY cell");
  while (rows.next()) {
    if (rows.number(0) != static_cast<std::int64_t>(cells.size()) + 1) rows.wrong(0, "the numbers from 1 on");
    auto state = state_named(rows.text(5));
    if (!state) rows.wrong(5, "a state");
    if (rows.number(4) < 0) rows.wrong(4, "a seed");
    cells.push_back({.key = rows.text(1),
                     .experiment = rows.text(2),
                     .variant = rows.text(3),
                     .seed = static_cast<std::uint64_t>(rows.number(4)),
                     .state = *state,
                     .status = status_of(rows, 6, *state)});
  }
}

// Of the cell that a row of another table is about: its index.
std::size_t cell_of(const SweepRows& rows, const CollectedSweep& sweep) {
  std::int64_t cell = rows.number(0);
  if (cell < 1 || cell > static_cast<std::int64_t>(sweep.cells.size())) rows.wrong(0, "a cell");
  return static_cast<std::size_t>(cell - 1);
}

void read_figures(const OpenedSweep& opened, CollectedSweep& sweep) {
  for (SweepRows rows(opened, "SELECT cell, name, value FROM factors ORDER BY rowid"); rows.next();)
    sweep.cells[cell_of(rows, sweep)].factors.push_back({rows.text(1), rows.text(2)});
  for (SweepRows rows(opened, "SELECT cell, name, value FROM metrics ORDER BY rowid"); rows.next();) {
    std::vector<double>& figures = sweep.metrics[rows.text(1)];
    figures.resize(sweep.cells.size());
    std::size_t cell = cell_of(rows, sweep);
    if (sweep.cells[cell].state != CellState::done) rows.wrong(0, "a cell that is done");
    figures[cell] = rows.real(2);
  }
  for (SweepRows rows(opened, "SELECT cell, text FROM failures ORDER BY rowid"); rows.next();)
    sweep.cells[cell_of(rows, sweep)].failed.push_back(rows.text(1));
}

// Two files of one id in a plan make cells that this file cannot tell apart.
void check_each_once(const CollectedSweep& sweep) {
  std::set<std::string> seen;
  for (const CollectedCell& cell : sweep.cells) {
    std::string name = fmt::format("{}\n{}\n{}", cell.experiment, cell.variant, cell.seed);
    for (const FactorValue& f : cell.factors) name += fmt::format("\n{}={}", f.name, f.value);
    if (!seen.insert(name).second)
      refuse("two of its runs are of {} {}, seed {}, with the same factors: two experiments of the sweep have one id",
             cell.experiment, cell.variant, cell.seed);
  }
}

}  // namespace

CollectedSweep read_sweep_file(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) refuse("there is no such file");
  const std::uintmax_t octets = std::filesystem::file_size(path, error);
  if (error || octets < kSmallestPage) refuse("this is no SQLite file, let alone a sweep's");
  OpenedSweep opened(path);
  std::set<std::string> tables;
  check_what_it_is(opened, tables);
  check_whole(opened, octets);
  CollectedSweep sweep;
  if (SweepRows rows(opened, "SELECT id, question, build FROM sweep LIMIT 1"); rows.next())
    sweep.id = rows.text(0), sweep.question = rows.text(1), sweep.build = rows.text(2);
  else
    refuse("the file is damaged: table sweep is empty");
  if (tables.contains("experiments"))
    for (SweepRows rows(opened, "SELECT experiment, baseline FROM experiments ORDER BY rowid"); rows.next();)
      sweep.baselines.emplace(rows.text(0), rows.text(1));
  read_cells(opened, sweep.cells);
  read_figures(opened, sweep);
  check_each_once(sweep);
  return sweep;
}

}  // namespace deadletter::experiments
