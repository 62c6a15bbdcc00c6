#include "experiments/report/tables.h"

#include <sqlite3.h>

namespace deadletter::experiments::report {
namespace {

constexpr std::int64_t kNewestForm = 1;  // user_version, as experiments/run/table_writer.cpp sets it

}  // namespace

struct Tables::State {
  sqlite3* file = nullptr;
  ~State() { sqlite3_close(file); }
  [[noreturn]] void fail() const { throw Unreadable(file == nullptr ? "no memory" : sqlite3_errmsg(file)); }
};

struct Tables::Rows::State {
  const Tables::State& tables;
  sqlite3_stmt* statement = nullptr;
  ~State() { sqlite3_finalize(statement); }
};

Tables::Rows::Rows(std::unique_ptr<State> state) : state_(std::move(state)) {}
Tables::Rows::Rows(Rows&&) noexcept = default;
Tables::Rows::~Rows() = default;

Tables::Rows& Tables::Rows::bind(int mark, std::int64_t value) {
  sqlite3_reset(state_->statement);
  if (sqlite3_bind_int64(state_->statement, mark, value) != SQLITE_OK) state_->tables.fail();
  return *this;
}

bool Tables::Rows::next() {
  int step = sqlite3_step(state_->statement);
  if (step != SQLITE_ROW && step != SQLITE_DONE) state_->tables.fail();
  return step == SQLITE_ROW;
}

std::int64_t Tables::Rows::number(int column) const { return sqlite3_column_int64(state_->statement, column); }

std::string_view Tables::Rows::text(int column) const {
  auto text = reinterpret_cast<const char*>(sqlite3_column_text(state_->statement, column));
  if (text == nullptr) return {};
  return {text, static_cast<std::size_t>(sqlite3_column_bytes(state_->statement, column))};
}

bool Tables::Rows::null(int column) const { return sqlite3_column_type(state_->statement, column) == SQLITE_NULL; }

Tables::Tables(const std::string& path) : state_(std::make_unique<State>()) {
  if (sqlite3_open_v2(path.c_str(), &state_->file, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr) != SQLITE_OK)
    state_->fail();
  Rows form = ask("PRAGMA user_version");
  if (form.next() && form.number(0) > kNewestForm)
    throw Unreadable("its tables are of form " + std::to_string(form.number(0)) + "; this program knows " +
                     std::to_string(kNewestForm));
  for (const char* table : {"messages", "recipients"})
    if (!has(table)) throw Unreadable(std::string("it has no table ") + table);
}

Tables::~Tables() = default;

Tables::Rows Tables::ask(const char* query) const {
  auto rows = std::make_unique<Rows::State>(*state_);
  if (sqlite3_prepare_v2(state_->file, query, -1, &rows->statement, nullptr) != SQLITE_OK) state_->fail();
  return Rows(std::move(rows));
}

bool Tables::has(std::string_view table) const {
  for (Rows rows = ask("SELECT name FROM sqlite_master WHERE type = 'table'"); rows.next();)
    if (rows.text(0) == table) return true;
  return false;
}

}  // namespace deadletter::experiments::report
