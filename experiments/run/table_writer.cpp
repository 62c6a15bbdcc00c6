#include "experiments/run/table_writer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sqlite3.h>

#include <array>
#include <cassert>
#include <cstring>
#include <deque>
#include <filesystem>
#include <fstream>
#include <memory_resource>
#include <utility>
#include <vector>

#include "experiments/run/cannot_write.h"

namespace deadletter::experiments {
namespace fs = std::filesystem;
namespace {

// Rows in one transaction: enough that its end costs nothing, little enough that the changed pages fit the cache.
constexpr std::uint64_t kBatch = 50'000;

// Rows in one statement: to begin and end a statement costs as much as to insert half a row. More gain nothing.
constexpr std::size_t kTogether = 16;

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

std::string insert_statement(const ResultsTable& table, std::size_t rows) {
  std::string row = fmt::format("({})", fmt::join(std::vector<std::string>(table.columns.size(), "?"), ","));
  return fmt::format("INSERT INTO {} VALUES {}", table.name, fmt::join(std::vector(rows, row), ","));
}

void bind(sqlite3_stmt* insert, int mark, const Cell& cell) {
  if (cell.kind() == Cell::Kind::number)
    sqlite3_bind_int64(insert, mark, cell.number());
  else if (cell.kind() == Cell::Kind::text)
    sqlite3_bind_text(insert, mark, cell.text().data(), static_cast<int>(cell.text().size()), SQLITE_STATIC);
  else
    sqlite3_bind_null(insert, mark);
}

// The rows of a table, of which the last few wait for more to go into the file with them. Every function but close()
// says whether SQLite did what it was asked for.
class Rows {
 public:
  explicit Rows(const ResultsTable& table) : table_(table) {}

  bool open(sqlite3* file) {
    file_ = file;
    return prepare(kTogether, insert_);
  }
  void close() { sqlite3_finalize(std::exchange(insert_, nullptr)); }
  bool takes(std::size_t cells) const { return insert_ != nullptr && cells == table_.columns.size(); }

  bool add(std::initializer_list<Cell> cells) {
    for (const Cell& cell : cells) cells_.push_back(kept(cell));
    return cells_.size() < kTogether * table_.columns.size() || write(insert_);
  }
  // What still waits goes into the file, too.
  bool flush() {
    if (cells_.empty()) return true;
    sqlite3_stmt* rest = nullptr;
    bool written = prepare(cells_.size() / table_.columns.size(), rest) && write(rest);
    sqlite3_finalize(rest);
    return written;
  }

 private:
  bool prepare(std::size_t rows, sqlite3_stmt*& statement) const {
    return sqlite3_prepare_v2(file_, insert_statement(table_, rows).c_str(), -1, &statement, nullptr) == SQLITE_OK;
  }
  // Who gave a text may be gone when it is written.
  Cell kept(const Cell& cell) {
    if (cell.kind() != Cell::Kind::text) return cell;
    std::size_t size = cell.text().size();
    auto* copy = static_cast<char*>(texts_.allocate(std::max<std::size_t>(size, 1), 1));
    std::memcpy(copy, cell.text().data(), size);
    return std::string_view(copy, size);
  }
  bool write(sqlite3_stmt* insert) {
    int mark = 0;
    for (const Cell& cell : cells_) bind(insert, ++mark, cell);
    bool done = sqlite3_step(insert) == SQLITE_DONE;
    done &= sqlite3_reset(insert) == SQLITE_OK;
    cells_.clear();
    texts_.release();
    return done;
  }

  const ResultsTable& table_;
  sqlite3* file_ = nullptr;
  sqlite3_stmt* insert_ = nullptr;
  std::vector<Cell> cells_;
  std::array<char, 8192> room_{};  // for texts; those that find no room in it are allocated
  std::pmr::monotonic_buffer_resource texts_{room_.data(), room_.size()};
};

}  // namespace

struct TableWriter::State {
  std::string path, partial;
  sqlite3* file = nullptr;
  std::deque<Rows> rows;  // by table; not open where the level leaves it out
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
      rows.emplace_back(table);
      if (written(table) && !rows.back().open(file)) fail();
    }
  }
  void index() const {
    for (const ResultsTable& table : results_tables())
      if (written(table))
        for (const ResultsIndex& index : table.indexes)
          run(fmt::format("CREATE INDEX {0}_by_{1} ON {0} ({1}){2}{3}", table.name, index.columns,
                          *index.where == '\0' ? "" : " WHERE ", index.where));
  }
  // False when the file could not be closed as it should be.
  bool close() {
    closed = true;
    for (Rows& table : rows) table.close();
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
  Rows& rows = state.rows[static_cast<std::size_t>(table)];
  assert(rows.takes(cells.size()));
  if (!rows.add(cells)) state.fail();
  if (++state.in_batch < kBatch) return;
  state.in_batch = 0;
  state.run("COMMIT; BEGIN");
}

void TableWriter::finish(Ending ending) {
  State& state = *state_;
  for (Rows& rows : state.rows)
    if (!rows.flush()) state.fail();
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
