// A folder as a run leaves it, made by hand: run.json and results.sqlite with the rows that a test needs.
#pragma once
#include <string>

#include "experiments/run/table_writer.h"
#include "sim/json/value.h"
#include "tests/support/command.h"

namespace deadletter::testing {

class MadeRun {
 public:
  explicit MadeRun(std::string path, experiments::RecordLevel level = experiments::RecordLevel::events);

  // Rows are written by finish(), which comes last.
  void message(std::int64_t id, experiments::Cell name, std::int64_t submitted_ns);
  struct Recipient {
    std::int64_t message;
    std::string address = "bob@fabrikam.com", fate = "delivered";
    std::int64_t copies = 1, delay = 0, delivered_ns = 0;
  };
  void recipient(const Recipient& recipient);
  void attempt(std::int64_t message, std::int64_t ended_ns, std::string_view outcome, std::int64_t session = 0);
  void report(std::string_view kind, std::int64_t made_ns);
  void event(std::int64_t time_ns, std::string_view kind, std::string_view text);
  void queue(std::int64_t id, std::string_view next_hop, std::int64_t peak);
  void finish(experiments::TableWriter::Ending ending = experiments::TableWriter::Ending::whole);

  const std::string& path() const { return path_; }
  std::string tables() const { return path_ + "/results.sqlite"; }
  json::Value run;  // run.json

 private:
  std::string path_;
  std::unique_ptr<experiments::TableWriter> writer_;
  std::int64_t rows_ = 0, messages_ = 0;
};

// Changes a results.sqlite afterwards: "DROP TABLE attempts".
void change_tables(const std::string& file, const std::string& sql);

json::Value parsed(const std::string& text);

}  // namespace deadletter::testing
