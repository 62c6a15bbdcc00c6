#include "tests/support/tables.h"

#include <sqlite3.h>

#include <memory>
#include <stdexcept>

namespace deadletter::testing {

std::vector<std::string> ask(const std::string& file, const std::string& query) {
  sqlite3* opened = nullptr;
  int status = sqlite3_open_v2(file.c_str(), &opened, SQLITE_OPEN_READONLY, nullptr);
  std::unique_ptr<sqlite3, int (*)(sqlite3*)> database(opened, sqlite3_close);
  sqlite3_stmt* prepared = nullptr;
  if (status == SQLITE_OK) status = sqlite3_prepare_v2(opened, query.c_str(), -1, &prepared, nullptr);
  std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> statement(prepared, sqlite3_finalize);
  if (status != SQLITE_OK) throw std::logic_error(file + ": " + query + ": " + sqlite3_errmsg(opened));
  std::vector<std::string> rows;
  while ((status = sqlite3_step(prepared)) == SQLITE_ROW) {
    std::string row;
    for (int i = 0; i < sqlite3_column_count(prepared); ++i) {
      auto text = reinterpret_cast<const char*>(sqlite3_column_text(prepared, i));
      row += (i == 0 ? "" : "|") + std::string(text == nullptr ? "-" : text);
    }
    rows.push_back(row);
  }
  if (status != SQLITE_DONE) throw std::logic_error(file + ": " + query + ": " + sqlite3_errmsg(opened));
  return rows;
}

std::int64_t number(const std::string& file, const std::string& query) { return std::stoll(ask(file, query).at(0)); }

}  // namespace deadletter::testing
