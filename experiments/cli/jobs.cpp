#include "experiments/cli/jobs.h"

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "experiments/cli/commands.h"
#include "experiments/cli/common.h"
#include "experiments/cli/junit.h"
#include "experiments/run/cannot_write.h"
#include "experiments/run/chrome_trace.h"
#include "sim/json/parse.h"

namespace deadletter::cli {
namespace {

using Time = std::atomic<std::int64_t>;

// Simulated times that children keep and their parent reads.
class SharedTimes {
 public:
  explicit SharedTimes(std::size_t count) : octets_(count * sizeof(Time)) {
    void* memory = mmap(nullptr, octets_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::runtime_error("no memory that processes share");
    times_ = static_cast<Time*>(memory);
    for (std::size_t i = 0; i < count; ++i) new (&times_[i]) Time(0);
  }
  ~SharedTimes() { munmap(times_, octets_); }
  SharedTimes(const SharedTimes&) = delete;
  SharedTimes& operator=(const SharedTimes&) = delete;
  Time& operator[](std::size_t i) { return times_[i]; }

 private:
  std::size_t octets_;
  Time* times_;
};

experiments::Result run_job(const Job& job, Time& now, json::Value* outcome = nullptr) {
  experiments::RunOptions options{.record = job.record, .out = job.out, .stop = &stop_flag(), .now = &now};
  if (outcome != nullptr)
    options.at_end = [outcome](const auto& plan, const auto& world, const auto& result) {
      *outcome = experiments::to_json(experiments::outcome_of(plan, world, result));
    };
  std::optional<experiments::ChromeTrace> trace;
  if (!job.trace.empty()) options.watchers.push_back(&trace.emplace(job.trace, job.plan));
  experiments::Result result = experiments::run_plan(job.plan, job.asked, options);
  if (trace) {
    trace->finish(result.complete);
    if (trace->left_out() > 0)
      fmt::print(stderr, "{}: its first {} events; {} more are left out\n", job.trace,
                 experiments::ChromeTrace::kMostEvents, trace->left_out());
  }
  if (const auto& files = result.report_files; files.written < files.of)
    fmt::print(stderr, "{}/mail: the first {} of {} reports; table reports of results.sqlite has all\n", job.out,
               files.written, files.of);
  return result;
}

// A job under way; what it has to say comes back as JSON through a pipe.
struct Child {
  const Job* job;
  pid_t pid;
  int pipe;
};

void send(int pipe, const std::string& text) {
  for (std::size_t sent = 0; sent < text.size();) {
    ssize_t n = write(pipe, text.data() + sent, text.size() - sent);
    if (n <= 0) return;
    sent += static_cast<std::size_t>(n);
  }
}

[[noreturn]] void be_child(const Job& job, int pipe, Time& now) {
  int status = kBug;
  json::Value said = json::Value::object();
  try {
    json::Value outcome;
    experiments::Result result = run_job(job, now, job.compared ? &outcome : nullptr);
    if (job.compared) said.set("outcome", std::move(outcome));
    said.set("result", experiments::to_json(result, true)).set("suite", junit_suite(result));
    status = status_of(result);
  } catch (const experiments::CannotWrite& error) {
    said.set("error", error.what());
    status = kResource;
  } catch (const std::exception& error) {
    said.set("error", error.what());
  }
  send(pipe, said.dump(0));
  _exit(status);
}

Child start_child(const Job& job, Time& now) {
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("cannot make a pipe");
  std::fflush(nullptr);
  pid_t pid = fork();
  if (pid < 0) throw std::runtime_error("cannot start a process");
  if (pid == 0) {
    close(ends[0]);
    be_child(job, ends[1], now);
  }
  close(ends[1]);
  return {&job, pid, ends[0]};
}

std::string drain(int pipe) {
  std::string text;
  char buffer[65536];
  for (ssize_t n; (n = read(pipe, buffer, sizeof buffer)) > 0;) text.append(buffer, static_cast<std::size_t>(n));
  close(pipe);
  return text;
}

JobEnd end_of(const Child& child) {
  std::string text = drain(child.pipe);
  int ended = 0;
  waitpid(child.pid, &ended, 0);
  json::Problems none;
  auto said = json::parse(std::make_shared<json::Source>(json::Source{"result", text}), none);
  if (const json::Value* result = said ? said->find("result") : nullptr) {
    JobEnd end{WEXITSTATUS(ended), *result, said->find("suite")->as_string()};
    if (const json::Value* outcome = said->find("outcome")) end.outcome = experiments::read_outcome(*outcome);
    return end;
  }
  const json::Value* error = said ? said->find("error") : nullptr;
  std::string why = error != nullptr     ? error->as_string()
                    : WIFSIGNALED(ended) ? fmt::format("its process was ended by signal {}", WTERMSIG(ended))
                                         : fmt::format("its process ended with status {}", WEXITSTATUS(ended));
  fmt::print(stderr, "{} {}: {}\n", child.job->file, child.job->variant, why);
  int status = stop_flag() ? kInterrupted : WIFEXITED(ended) ? WEXITSTATUS(ended) : kBug;
  return {status, std::nullopt, junit_error(child.job->id, child.job->variant, why)};
}

}  // namespace

int status_of(const experiments::Result& result) {
  if (!result.complete) return kInterrupted;
  return result.expectations.failed.empty() && result.oracles.failed.empty() ? kHeld : kFailed;
}

experiments::Result run_here(const Job& job, Shown progress) {
  Time now{0};
  Progress shown({{&job.plan, &now}}, progress);
  return run_job(job, now);
}

std::vector<JobEnd> run_apart(const std::vector<Job>& jobs, unsigned side_by_side, Shown progress) {
  std::vector<JobEnd> ends;
  SharedTimes times(jobs.size());
  // In batches: variants of one experiment take about the same time.
  for (std::size_t first = 0; first < jobs.size() && !stop_flag(); first += side_by_side) {
    std::vector<Child> children;
    std::vector<WatchedRun> watched;
    for (std::size_t i = first; i < std::min<std::size_t>(jobs.size(), first + side_by_side); ++i) {
      children.push_back(start_child(jobs[i], times[i]));
      watched.push_back({&jobs[i].plan, &times[i]});
    }
    Progress shown(std::move(watched), progress);
    for (const Child& child : children) {
      ends.push_back(end_of(child));
      times[ends.size() - 1] = child.job->plan.horizon.ns;
    }
  }
  while (ends.size() < jobs.size()) {
    const Job& job = jobs[ends.size()];
    ends.push_back({kInterrupted, std::nullopt, junit_error(job.id, job.variant, "not begun: interrupted")});
  }
  return ends;
}

}  // namespace deadletter::cli
