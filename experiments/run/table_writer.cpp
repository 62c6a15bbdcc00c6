#include "experiments/run/table_writer.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cassert>
#include <filesystem>
#include <fstream>
#include <vector>

#include "experiments/run/cannot_write.h"

namespace deadletter::experiments {
namespace fs = std::filesystem;
namespace {

// Rows in one transaction: enough that its end costs nothing, little enough that the changed pages fit the cache.
constexpr std::uint64_t kBatch = 50'000;

// Nothing is read or undone, and a run that breaks off leaves its file under a name that says so: no journal, no
// waiting for the disk.
constexpr const char* kSettings =
    "PRAGMA page_size=4096; PRAGMA encoding='UTF-8'; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
    "PRAGMA locking_mode=EXCLUSIVE; PRAGMA cache_size=-16384;"
    "PRAGMA application_id=0x444C5452; PRAGMA user_version=1;";

// Where the header holds the version of the library that wrote it, for information only: 3.40.1, whichever it was.
constexpr std::streamoff kVersionField = 96;
constexpr char kVersion[] = {0x00, 0x2e, 0x63, 0x01};

std::string create_statement(const ResultsTable& table) {
  std::string sql = fmt::format("CREATE TABLE {} ( -- {}", table.name, table.meaning);
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const ResultsColumn& column = table.columns[i];
    bool last = i + 1 == table.columns.size();
    sql += fmt::format("\n  {} {}{} -- {}", column.name, column.type, last ? "" : ",", column.meaning);
  }
  return sql + "\n)";
}

std::string insert_statement(const ResultsTable& table) {
  std::string marks = "?";
  for (std::size_t i = 1; i < table.columns.size(); ++i) marks += ",?";
  return fmt::format("INSERT INTO {} VALUES ({})", table.name, marks);
}

}  // namespace

struct TableWriter::State {
  std::string path, partial;
  sqlite3* file = nullptr;
  std::vector<sqlite3_stmt*> inserts;  // by table; null where the level leaves it out
  RecordLevel level;
  std::uint64_t in_batch = 0;
  bool closed = false;

  [[noreturn]] void fail() const {
    throw CannotWrite(path, file == nullptr ? "no memory" : std::string(sqlite3_errmsg(file)));
  }
  void run(const std::string& sql) const {
    if (sqlite3_exec(file, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) fail();
  }
  bool written(const ResultsTable& table) const { return table.from <= level; }

  void create() {
    for (const ResultsTable& table : results_tables())
      if (written(table)) run(create_statement(table));
    for (const ResultsTable& table : results_tables()) {
      inserts.push_back(nullptr);
      if (written(table) &&
          sqlite3_prepare_v2(file, insert_statement(table).c_str(), -1, &inserts.back(), nullptr) != SQLITE_OK)
        fail();
    }
  }
  void index() const {
    for (const ResultsTable& table : results_tables())
      if (written(table))
        for (std::string_view columns : table.indexes)
          run(fmt::format("CREATE INDEX {}_by_{} ON {} ({})", table.name, columns, table.name, columns));
  }
  // False when the file could not be closed as it should be.
  bool close() {
    closed = true;
    for (sqlite3_stmt* statement : inserts) sqlite3_finalize(statement);
    inserts.clear();
    return sqlite3_close(file) == SQLITE_OK;
  }
  void drop() {
    close();
    std::error_code ignored;
    fs::remove(partial, ignored);
  }
};

TableWriter::TableWriter(const std::string& path, RecordLevel level) : state_(std::make_unique<State>()) {
  state_->path = path;
  state_->partial = path + ".partial";
  state_->level = level;
  constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  try {
    if (sqlite3_open_v2(state_->partial.c_str(), &state_->file, flags, nullptr) != SQLITE_OK) state_->fail();
    state_->run(kSettings);
    state_->run("BEGIN");
    state_->create();
  } catch (...) {
    state_->drop();
    throw;
  }
}

TableWriter::~TableWriter() {
  if (!state_->closed) state_->drop();
}

void TableWriter::row(ResultsTableId table, std::initializer_list<Cell> cells) {
  State& state = *state_;
  sqlite3_stmt* insert = state.inserts[static_cast<std::size_t>(table)];
  assert(insert != nullptr && cells.size() == results_tables()[static_cast<std::size_t>(table)].columns.size());
  int column = 0;
  for (const Cell& cell : cells) {
    ++column;
    if (cell.kind() == Cell::Kind::number)
      sqlite3_bind_int64(insert, column, cell.number());
    else if (cell.kind() == Cell::Kind::text)
      sqlite3_bind_text(insert, column, cell.text().data(), static_cast<int>(cell.text().size()), SQLITE_STATIC);
    else
      sqlite3_bind_null(insert, column);
  }
  int done = sqlite3_step(insert);
  if (sqlite3_reset(insert) != SQLITE_OK || done != SQLITE_DONE) state.fail();
  if (++state.in_batch < kBatch) return;
  state.in_batch = 0;
  state.run("COMMIT; BEGIN");
}

void TableWriter::finish(Ending ending) {
  State& state = *state_;
  state.index();
  state.run("COMMIT");
  bool whole = state.close();
  std::fstream header(state.partial, std::ios::binary | std::ios::in | std::ios::out);
  header.seekp(kVersionField).write(kVersion, sizeof kVersion);
  header.close();
  if (!whole || !header) throw CannotWrite(state.path, "the disk is full, or the file is gone");
  std::error_code error;
  if (ending == Ending::whole) fs::rename(state.partial, state.path, error);
  if (error) throw CannotWrite(state.path, error.message());
}

}  // namespace deadletter::experiments
