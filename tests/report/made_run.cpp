#include "tests/report/made_run.h"

#include <sqlite3.h>

#include <filesystem>
#include <stdexcept>

#include "sim/json/parse.h"

namespace deadletter::testing {

using experiments::Cell;
using experiments::ResultsTableId;

MadeRun::MadeRun(std::string path, experiments::RecordLevel level) : path_(std::move(path)) {
  std::filesystem::create_directories(path_);
  writer_ = std::make_unique<experiments::TableWriter>(tables(), level);
  run = parsed(R"({"format": 1, "program": "deadletter 0", "inputs": [], "nodes": {}, "config": {"id": "e"},
    "result": {"experiment": "e", "variant": "v", "seed": 1, "fingerprint": "f", "horizon_s": 60.0,
               "complete": true}})");
  run.set("record", experiments::text(level));
}

void MadeRun::message(std::int64_t id, Cell name, std::int64_t submitted_ns) {
  ++messages_;
  writer_->row(ResultsTableId::messages, {id, name, "EX1", "ann@contoso.com", std::nullopt, 1000, submitted_ns, 1});
}

void MadeRun::recipient(const Recipient& r) {
  Cell delivered = r.copies > 0 ? Cell(r.delivered_ns) : Cell(std::nullopt);
  writer_->row(ResultsTableId::recipients,
               {rows_++, r.message, r.address, r.fate, std::nullopt, r.copies, 1, 0, r.delay, delivered, "KB1 KB2"});
}

void MadeRun::attempt(std::int64_t message, std::int64_t ended_ns, std::string_view outcome, std::int64_t session) {
  writer_->row(ResultsTableId::attempts, {rows_++, message, "EX1", "mx", session, 0, ended_ns, "DOT", outcome, "reply",
                                          250, "250 OK", std::nullopt});
}

void MadeRun::report(std::string_view kind, std::int64_t made_ns) {
  writer_->row(ResultsTableId::reports, {1'000'000 + rows_++, "ndr-1", kind, 0, "EX1", made_ns, "ann@contoso.com", 1,
                                         "delivered", 1, 1, made_ns, std::nullopt});
}

void MadeRun::event(std::int64_t time_ns, std::string_view kind, std::string_view text) {
  writer_->row(ResultsTableId::events, {rows_++, time_ns, kind, "EX1", 0, 0, 0, text});
}

void MadeRun::queue(std::int64_t id, std::string_view next_hop, std::int64_t peak) {
  writer_->row(ResultsTableId::queues, {id, "EX1", next_hop, "link", 1, peak, 0, 0, 0, 0, 0});
}

void MadeRun::finish(experiments::TableWriter::Ending ending) {
  writer_->finish(ending);
  json::Value result = *run.find("result");
  if (result.find("messages") == nullptr) run.set("result", result.set("messages", messages_));
  write_file(path_ + "/run.json", run.dump(2));
}

void change_tables(const std::string& file, const std::string& sql) {
  sqlite3* opened = nullptr;
  int status = sqlite3_open(file.c_str(), &opened);
  if (status == SQLITE_OK) status = sqlite3_exec(opened, sql.c_str(), nullptr, nullptr, nullptr);
  std::string why = sqlite3_errmsg(opened);
  sqlite3_close(opened);
  if (status != SQLITE_OK) throw std::logic_error(sql + ": " + why);
}

json::Value parsed(const std::string& text) {
  json::Problems problems;
  auto value = json::parse(std::make_shared<json::Source>(json::Source{"text", text}), problems);
  if (!value) throw std::logic_error(json::render(problems));
  return *value;
}

}  // namespace deadletter::testing
