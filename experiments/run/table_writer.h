// Rows into a new SQLite file, as fast as SQLite takes them. This and its .cpp are all that write with SQLite.
//
// The file grows under the name PATH.partial and gets its own name when it is whole; one that could not be written is
// removed. Equal rows in equal order give equal files, octet for octet: the page size is fixed, no time is kept, and
// the version of the library that stands in the header is always the same.
#pragma once
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "experiments/run/results_tables.h"

namespace deadletter::experiments {

// A value of a row. Text must live until row() returns.
class Cell {
 public:
  enum class Kind : std::uint8_t { none, number, text };
  Cell(std::nullopt_t) {}
  Cell(std::integral auto n) : kind_(Kind::number), number_(static_cast<std::int64_t>(n)) {}
  Cell(std::optional<std::int64_t> n) : kind_(n ? Kind::number : Kind::none), number_(n.value_or(0)) {}
  Cell(std::string_view text) : kind_(Kind::text), text_(text) {}
  Cell(const std::string& text) : Cell(std::string_view(text)) {}
  Cell(const char* text) : Cell(std::string_view(text)) {}

  Kind kind() const { return kind_; }
  std::int64_t number() const { return number_; }
  std::string_view text() const { return text_; }

 private:
  Kind kind_ = Kind::none;
  std::int64_t number_ = 0;
  std::string_view text_;
};

// Text, or null in place of an empty one.
inline Cell text_or_null(std::string_view text) { return text.empty() ? Cell(std::nullopt) : Cell(text); }

class TableWriter {
 public:
  // Makes the file with the tables of `level`. Throws CannotWrite, as do row() and finish().
  TableWriter(const std::string& path, RecordLevel level);
  ~TableWriter();
  TableWriter(const TableWriter&) = delete;
  TableWriter& operator=(const TableWriter&) = delete;

  // As many cells as the table has columns, in their order. Rows reach the file several at a time: that one could not
  // be written may be thrown with a later one, or with finish().
  void row(ResultsTableId table, std::initializer_list<Cell> cells);

  enum class Ending : std::uint8_t { whole, partial };
  // Makes the indexes and closes the file; a partial one keeps the name that says so.
  void finish(Ending ending);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace deadletter::experiments
