#include "experiments/run/runner.h"

#include <fmt/format.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>

#include "experiments/run/cannot_write.h"
#include "experiments/run/expect.h"
#include "experiments/run/results_file.h"
#include "experiments/run/run_nodes.h"
#include "experiments/run/tracking_log.h"
#include "experiments/run/world.h"
#include "models/content/dsn.h"

namespace deadletter::experiments {
namespace fs = std::filesystem;
namespace {

constexpr const char* kIncomplete = "INCOMPLETE";

json::Value inputs_of(const Plan& plan) {
  json::Value list = json::Value::array();
  for (const Input& input : plan.inputs)
    list.push_back(json::Value::object()
                       .set("role", input.role)
                       .set("path", fs::absolute(input.path).lexically_normal().string())
                       .set("hash", input.hash));
  return list;
}

json::Value asked_for(const Asked& asked) {
  json::Value sets = json::Value::array();
  for (const Set& set : asked.sets) sets.push_back(set.path + "=" + set.value);
  json::Value value = json::Value::object();
  value.set("experiment", fs::absolute(asked.path).lexically_normal().string()).set("set", sets);
  // A file that --set names is looked for from here.
  if (!asked.sets.empty()) value.set("folder", asked.folder.empty() ? fs::current_path().string() : asked.folder);
  return value.set("seed", asked.seed ? json::Value(*asked.seed) : json::Value());
}

// Everything but what differs from one execution to the next (times, folder), so that equal runs give equal files.
json::Value run_file(const Plan& plan, const Asked& asked, const Result& result, RecordLevel record) {
  json::Value value = json::Value::object();
  value.set("format", kRunFormat).set("program", program_version());
  value.set("asked", asked_for(asked)).set("record", text(record));
  value.set("inputs", inputs_of(plan)).set("nodes", run_nodes(plan));
  json::Value marks = json::Value::array();
  for (const sim::Fingerprint::Mark& m : result.marks) {
    json::Value mark = json::Value::array();
    mark.push_back(m.events), mark.push_back(m.at.ns), mark.push_back(m.hash);
    marks.push_back(mark);
  }
  json::Value outcome = json::Value::object();
  json::Value all = to_json(result, true);
  for (const json::Member& m : all.members())
    if (m.key != "wall_s" && m.key != "cpu_s" && m.key != "out") outcome.set(m.key, m.value);
  return value.set("result", outcome).set("marks", marks).set("config", plan.resolved);
}

class Folder {
 public:
  Folder(const std::string& path, RecordLevel record) : path_(path) {
    if (path_.empty()) return;
    write(kIncomplete, "This run has not come to its end. What is in this folder is not the whole of it.\n");
    if (record == RecordLevel::events) transcript_.open(file("transcript.txt"), std::ios::binary);
    std::error_code error;
    if (record != RecordLevel::summary) fs::create_directory(file("mail"), error);
    if (error) throw CannotWrite(file("mail"), error.message());
  }
  std::string file(const std::string& name) const { return (fs::path(path_) / name).string(); }
  void line(std::string_view line) {
    if (transcript_.is_open()) transcript_ << line << '\n';
  }
  void write(const std::string& name, std::string_view text) const {
    if (path_.empty()) return;
    errno = 0;
    std::ofstream written(file(name), std::ios::binary);
    written << text;
    written.close();
    if (!written) throw CannotWrite(file(name), reason());
  }
  void close_transcript() {
    if (!transcript_.is_open()) return;
    errno = 0;
    transcript_.close();
    if (!transcript_) throw CannotWrite(file("transcript.txt"), reason());
  }
  void complete() const {
    if (!path_.empty()) fs::remove(file(kIncomplete));
  }
  bool keeps_transcript() const { return transcript_.is_open(); }

 private:
  static std::string reason() { return errno == 0 ? "is the disk full?" : std::strerror(errno); }

  std::string path_;
  std::ofstream transcript_;
};

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

// What messages hold, for other programs to open.
void write_mail(const Plan& plan, const World& world, const Folder& folder) {
  for (std::uint32_t m = 0; m < plan.mail.size(); ++m) {
    const PlannedMail& mail = plan.mail[m];
    if (mail.content == PlannedMail::kNoContent || mail.name.empty()) continue;
    std::string octets = world.contents().octets(m, mail.to);
    if (!octets.empty()) folder.write("mail/" + mail.name + ".eml", octets);
  }
}

void judge(const Plan& plan, const World& world, Result& result) {
  // Half a run neither meets an expectation nor fails it.
  if (result.complete) result.expectations = judge_expectations(plan, result);
  result.oracles = judge_oracles(plan, world.ledger(), result);
}

}  // namespace

std::string program_version() { return "deadletter " DEADLETTER_VERSION; }

Result run_plan(const Plan& plan, const Asked& asked, const RunOptions& options) {
  auto wall = std::chrono::steady_clock::now();
  double cpu = cpu_seconds();
  Folder folder(options.out, options.record);
  std::function<void(std::string_view)> line;
  if (folder.keeps_transcript() || options.line)
    line = [&](std::string_view text) {
      folder.line(text);
      if (options.line) options.line(text);
    };
  std::optional<ResultsFile> tables;
  if (options.record != RecordLevel::summary && !options.out.empty())
    tables.emplace(folder.file("results.sqlite"), plan, options.record);
  std::optional<TrackingLogs> tracking;
  if (options.record == RecordLevel::events && !options.out.empty()) tracking.emplace(options.out, plan);
  std::vector<Observer*> watchers = options.watchers;
  if (tables && tables->observer() != nullptr) watchers.push_back(tables->observer());
  if (tracking) watchers.push_back(&*tracking);
  Observers observers(std::move(watchers));
  Tracer tracer(plan, line, observers.one());
  ReportSink reports;
  ReportFiles report_files;
  if (tables)
    reports = [&](const std::string& name, const mail::Report& report, transport::ReportShape shape) {
      if (++report_files.of > options.most_report_files) return;
      ++report_files.written;
      folder.write("mail/" + name + ".eml", content::make_dsn(report, shape));
    };
  World world(plan, tracer, reports, options.now);
  bool all_is_asked_for = tables || observers.one() != nullptr || line || options.at_end;
  if (!all_is_asked_for) world.forget_what_ended();
  if (tracking) tracking->look_into(world);
  sim::Ending ending = world.run(options.stop, options.until.value_or(plan.horizon));
  Result result = collect(plan, world, tracer.fingerprint());
  result.complete = ending != sim::Ending::stopped;
  result.out = options.out;
  result.report_files = report_files;
  judge(plan, world, result);
  if (options.at_end) options.at_end(plan, world, result);
  folder.close_transcript();
  if (tracking) tracking->finish();
  if (tables) write_mail(plan, world, folder);
  if (tables) tables->finish(world, result);
  result.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - wall).count();
  result.cpu_s = cpu_seconds() - cpu;
  if (!options.out.empty()) folder.write("run.json", run_file(plan, asked, result, options.record).dump(2) + "\n");
  if (result.complete) folder.complete();
  return result;
}

}  // namespace deadletter::experiments
