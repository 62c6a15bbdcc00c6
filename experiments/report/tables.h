// Reads results.sqlite row by row. This and its .cpp are all of the report that knows SQLite.
//
// A file may be older than the program, or of a run that kept less: who asks looks first whether a table is there. The
// file is opened for reading only.
#pragma once
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace deadletter::experiments::report {

// The file is no SQLite, damaged, or of a form that is not known; what() says which.
struct Unreadable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Tables {
 public:
  // Throws Unreadable.
  explicit Tables(const std::string& path);
  ~Tables();
  Tables(const Tables&) = delete;
  Tables& operator=(const Tables&) = delete;

  bool has(std::string_view table) const;

  // for (Tables::Rows rows = tables.ask("SELECT …"); rows.next();) … Both throw Unreadable.
  class Rows {
   public:
    ~Rows();
    Rows(Rows&&) noexcept;
    Rows& operator=(Rows&&) = delete;
    Rows& bind(int mark, std::int64_t value);  // marks count from 1; also after rows were read, to ask again
    bool next();
    std::int64_t number(int column) const;    // 0 for null; columns count from 0
    std::string_view text(int column) const;  // empty for null; valid until the next call of next()
    bool null(int column) const;

   private:
    friend class Tables;
    struct State;
    explicit Rows(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
  };
  Rows ask(const char* query) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace deadletter::experiments::report
