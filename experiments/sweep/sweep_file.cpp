#include "experiments/sweep/sweep_file.h"

#include <sqlite3.h>

#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <variant>

#include "experiments/run/cannot_write.h"

namespace deadletter::experiments {
namespace {

// The draft is this process's own and is thrown away when it comes to no end: no journal, no waiting for the disk.
constexpr const char* kTables = R"(
PRAGMA page_size=4096; PRAGMA encoding='UTF-8'; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;
PRAGMA locking_mode=EXCLUSIVE; PRAGMA application_id=0x444C5357; PRAGMA user_version=1;
CREATE TABLE sweep ( -- one row
  id TEXT, -- of the plan
  question TEXT,
  build TEXT -- of the program that made the cells
);
CREATE TABLE experiments ( -- in the order of the sweep
  experiment TEXT,
  baseline TEXT -- the variant that the others are laid beside: as the experiment says it, whether or not it has cells
);
CREATE TABLE cells ( -- one run each
  cell INTEGER PRIMARY KEY, -- counted from 1, in the order of the sweep
  key TEXT, -- its folder is cells/KEY
  experiment TEXT,
  variant TEXT,
  seed INTEGER,
  state TEXT, -- done, failed, running, missing
  status INTEGER, -- done: 0 held, 1 an expectation or oracle failed; failed: 2, 4, 5 or 70; else null
  twice INTEGER, -- 1: it runs a second time with other memory, and counts as done when both are alike
  fingerprint TEXT, -- of a done cell
  why TEXT -- of a failed cell, the first line that it said
);
CREATE TABLE factors ( -- what was set in a cell
  cell INTEGER REFERENCES cells,
  name TEXT, -- a parameter, or a JSON Pointer
  value TEXT
);
CREATE TABLE metrics ( -- figures of a done cell
  cell INTEGER REFERENCES cells,
  name TEXT, -- those that expectations may ask for, and those of compare: delay.p50 in seconds …
  value REAL
);
CREATE TABLE failures ( -- expectations and oracles that did not hold in a done cell
  cell INTEGER REFERENCES cells,
  text TEXT
);
BEGIN;
)";
constexpr const char* kIndexes = R"(
COMMIT;
CREATE INDEX factors_by_cell ON factors(cell);
CREATE INDEX metrics_by_cell ON metrics(cell);
CREATE INDEX metrics_by_name ON metrics(name);
)";

// Where the header holds the version of the library that wrote it, for information only: always the same.
constexpr std::streamoff kVersionField = 96;
constexpr char kVersion[] = {0x00, 0x2e, 0x63, 0x01};

using Value = std::variant<std::nullptr_t, std::int64_t, double, std::string>;

}  // namespace

struct SweepFile::State {
  std::string path, draft;
  sqlite3* file = nullptr;
  std::int64_t cells = 0;

  [[noreturn]] void fail() const { throw CannotWrite(path, sqlite3_errmsg(file)); }
  void run(const char* sql) const {
    if (sqlite3_exec(file, sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail();
  }
  // A statement for each table, made when it is first wanted.
  void row(int table, const char* sql, std::initializer_list<Value> values) {
    sqlite3_stmt*& statement = statements[table];
    if (statement == nullptr && sqlite3_prepare_v2(file, sql, -1, &statement, nullptr) != SQLITE_OK) fail();
    int column = 0;
    for (const Value& value : values) bind(statement, ++column, value);
    if (sqlite3_step(statement) != SQLITE_DONE) fail();
    sqlite3_reset(statement);
  }
  static void bind(sqlite3_stmt* statement, int column, const Value& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value))
      sqlite3_bind_int64(statement, column, *number);
    else if (const auto* real = std::get_if<double>(&value))
      sqlite3_bind_double(statement, column, *real);
    else if (const auto* text = std::get_if<std::string>(&value))
      sqlite3_bind_text(statement, column, text->c_str(), static_cast<int>(text->size()), SQLITE_TRANSIENT);
    else
      sqlite3_bind_null(statement, column);
  }
  void close() {
    for (sqlite3_stmt*& statement : statements) sqlite3_finalize(statement), statement = nullptr;
    sqlite3_close(file);
    file = nullptr;
  }

  static constexpr int kTablesWithRows = 6;
  sqlite3_stmt* statements[kTablesWithRows] = {};
};

SweepFile::SweepFile(const std::string& path, const Sweep& sweep) : state_(std::make_unique<State>()) {
  state_->path = path, state_->draft = draft_of(path);
  if (sqlite3_open(state_->draft.c_str(), &state_->file) != SQLITE_OK) state_->fail();
  state_->run(kTables);
  state_->row(0, "INSERT INTO sweep VALUES (?,?,?)", {sweep.plan.id, sweep.plan.question, sweep.build});
  for (const SweptExperiment& e : sweep.experiments)
    state_->row(5, "INSERT INTO experiments VALUES (?,?)", {e.id, e.baseline});
}

SweepFile::~SweepFile() {
  if (state_->file == nullptr) return;
  state_->close();
  std::error_code error;
  std::filesystem::remove(state_->draft, error);
}

void SweepFile::add(const SweepCell& cell, bool twice, const CellResult& result) {
  const std::int64_t n = ++state_->cells;
  bool done = result.state == CellState::done, ended = done || result.state == CellState::failed;
  auto or_null = [](bool there, Value value) { return there ? value : Value(nullptr); };
  state_->row(1, "INSERT INTO cells VALUES (?,?,?,?,?,?,?,?,?,?)",
              {n, cell.key, cell.experiment, cell.variant, static_cast<std::int64_t>(cell.seed),
               std::string(text(result.state)), or_null(ended, std::int64_t{result.status}), std::int64_t{twice},
               or_null(done, result.fingerprint), or_null(ended && !done, result.why)});
  for (const FactorValue& f : cell.factors) state_->row(2, "INSERT INTO factors VALUES (?,?,?)", {n, f.name, f.value});
  for (const auto& [name, value] : result.metrics)
    state_->row(3, "INSERT INTO metrics VALUES (?,?,?)", {n, name, value});
  for (const std::string& text : result.failed) state_->row(4, "INSERT INTO failures VALUES (?,?)", {n, text});
}

void SweepFile::finish() {
  state_->run(kIndexes);
  state_->close();
  std::fstream header(state_->draft, std::ios::in | std::ios::out | std::ios::binary);
  header.seekp(kVersionField);
  header.write(kVersion, sizeof kVersion);
  header.close();
  if (!header) throw CannotWrite(state_->path, "its header");
  rename_draft(state_->draft, state_->path);
}

}  // namespace deadletter::experiments
