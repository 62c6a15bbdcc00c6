#include "experiments/run/chrome_trace.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "experiments/run/cannot_write.h"
#include "models/mail/record.h"
#include "sim/json/value.h"

namespace deadletter::experiments {
namespace {

using mail::What;

// So much is written at once.
constexpr std::size_t kBlock = 1 << 16;

std::string microseconds(std::int64_t ns) { return fmt::format("{}.{:03}", ns / 1000, ns % 1000); }

// What is shown as an instant.
bool shown(What what) {
  switch (what) {
    case What::submit:
    case What::ruling:
    case What::defer:
    case What::deliver:
    case What::discard:
    case What::return_to_sender:
    case What::delay_notice:
    case What::report:
    case What::badmail:
    case What::link:
    case What::route:
    case What::link_state:
    case What::host:
    case What::log:
    case What::expand:
    case What::change:
      return true;
    default:
      return false;
  }
}

std::string reason() { return errno == 0 ? "is the disk full?" : std::strerror(errno); }

std::string_view first_word(std::string_view words) { return words.substr(0, words.find(' ')); }

const char* outcome(smtp::ReplyClass reply) {
  constexpr const char* names[] = {"success", "success", "temporary failure", "permanent failure", "refused"};
  return names[static_cast<std::size_t>(reply)];
}

}  // namespace

ChromeTrace::ChromeTrace(const std::string& path, const Plan& plan, std::uint64_t most)
    : plan_(plan), path_(path), most_(most) {
  errno = 0;
  file_.open(path, std::ios::binary);
  if (!file_) throw CannotWrite(path_, reason());
  block_ = "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[";
  flush(false);
}

// What has been written ends here, for now: the next block begins where this end does.
void ChromeTrace::flush(bool complete) {
  json::Value other = json::Value::object();
  other.set("program", "deadletter " DEADLETTER_VERSION)
      .set("experiment", plan_.experiment)
      .set("variant", plan_.variant)
      .set("seed", plan_.seed)
      .set("start", sim::rfc3339_date(plan_.start_unix_ns))
      .set("left_out", left_out_)
      .set("complete", complete);
  std::string tail = fmt::format("\n],\"otherData\":{}}}", other.dump());
  // As long whatever it says, so that the next block overwrites all of it; a character is at most six in JSON.
  tail.resize(512 + 6 * (plan_.experiment.size() + plan_.variant.size()), ' ');
  tail += '\n';
  std::size_t own = block_.size();
  block_ += tail;
  auto begin = static_cast<std::streamoff>(file_.tellp());
  errno = 0;
  file_ << block_ << std::flush;
  file_.seekp(begin + static_cast<std::streamoff>(own));
  block_.clear();
  if (!file_) throw CannotWrite(path_, reason());
}

void ChromeTrace::finish(bool complete) {
  flush(complete);
  errno = 0;
  file_.close();
  if (!file_) throw CannotWrite(path_, reason());
}

// With the names that it needs, or not at all.
void ChromeTrace::write(const std::string& event) {
  if (written_ + named_ + 1 > most_) {
    ++left_out_;
    most_ = written_;  // nothing after it either: what is there has no holes
  } else {
    written_ += named_ + 1;
    block_ += names_;
    block_ += ",\n" + event;  // names come before the first one
  }
  names_.clear();
  named_ = 0;
  if (block_.size() >= kBlock) flush(false);
}

std::uint32_t ChromeTrace::process(NodeId node) {
  auto [found, fresh] = processes_.try_emplace(node, static_cast<std::uint32_t>(processes_.size() + 1));
  if (!fresh) return found->second;
  std::string name = node.valid() ? plan_.nodes[node.value].name : "network";
  names_ += fmt::format("{}\n{{\"ph\":\"M\",\"name\":\"process_name\",\"pid\":{},\"tid\":0,\"args\":{{\"name\":{}}}}}",
                        written_ + named_ == 0 ? "" : ",", found->second, json::quote(name));
  ++named_;
  return found->second;
}

std::uint32_t ChromeTrace::thread(std::uint32_t process, const std::string& name) {
  names_ += fmt::format(",\n{{\"ph\":\"M\",\"name\":\"thread_name\",\"pid\":{},\"tid\":{},\"args\":{{\"name\":{}}}}}",
                        process, ++threads_, json::quote(name));
  ++named_;
  return threads_;
}

// Slices of a thread never overlap: what overlaps an earlier one of its session gets a thread beside.
std::uint32_t ChromeTrace::free_lane(NodeId node, std::uint32_t session, sim::Instant from, sim::Instant to) {
  std::vector<Lane>& lanes = lanes_[{node, session}];
  auto free = std::ranges::find_if(lanes, [&](const Lane& lane) { return lane.busy_until <= from; });
  if (free != lanes.end()) {
    free->busy_until = to;
    return free->thread;
  }
  std::string name = session == 0 ? "store" : fmt::format("s{}", session);
  if (!lanes.empty()) name += fmt::format(" ({})", lanes.size() + 1);
  lanes.push_back({thread(process(node), name), to});
  return lanes.back().thread;
}

std::string ChromeTrace::name_of(mail::MessageId message) const {
  auto found = message_names_.find(message.value);
  return found == message_names_.end() ? fmt::format("#{}", message.value) : found->second;
}

void ChromeTrace::event(const sim::Record& r, std::string_view words) {
  auto what = static_cast<What>(r.kind);
  if (!shown(what)) return;
  if (written_ >= most_) {
    ++left_out_;
    return;
  }
  if (what == What::submit && !first_word(words).starts_with('#')) message_names_[r.subject] = first_word(words);
  NodeId node{r.node};
  std::uint32_t pid = process(node);
  auto [found, fresh] = mail_threads_.try_emplace(node, 0);
  if (fresh) found->second = thread(pid, "mail");
  write(
      fmt::format("{{\"ph\":\"i\",\"s\":\"t\",\"cat\":\"{0}\",\"name\":\"{0}\",\"pid\":{1},\"tid\":{2},\"ts\":{3},"
                  "\"args\":{{\"words\":{4}}}}}",
                  mail::text(what), pid, found->second, microseconds(r.at.ns), json::quote(words)));
}

void ChromeTrace::attempt(sim::Instant now, const Attempt& a) {
  if (written_ >= most_) {
    ++left_out_;
    return;
  }
  const smtp::Outcome& o = *a.outcome;
  sim::Instant began = std::min(a.began, now);
  std::uint32_t pid = process(a.node), tid = free_lane(a.node, a.session, began, now);
  std::string name = name_of(a.message);
  json::Value args = json::Value::object();
  args.set("message", name);
  if (a.peer.valid()) args.set("peer", plan_.nodes[a.peer.value].name);
  args.set("stage", smtp::text(o.stage));
  if (o.code != 0) args.set("code", o.code);
  if (!o.words.empty()) args.set("words", std::string(o.words));
  if (a.blame) args.set("articles", fmt::format("{}", fmt::join(names(a.blame), " ")));
  write(
      fmt::format("{{\"ph\":\"X\",\"cat\":\"attempt\",\"name\":{},\"pid\":{},\"tid\":{},\"ts\":{},\"dur\":{},"
                  "\"args\":{}}}",
                  json::quote(fmt::format("{}: {}", name, outcome(o.reply))), pid, tid, microseconds(began.ns),
                  microseconds((now - began).ns), args.dump()));
}

void ChromeTrace::queue(sim::Instant now, const QueueLook& look) {
  if (depths_.size() <= look.index) depths_.resize(look.index + 1, 0);
  if (depths_[look.index] == look.size) return;
  depths_[look.index] = look.size;
  if (written_ >= most_) {
    ++left_out_;
    return;
  }
  std::uint32_t pid = process(look.node);
  write(
      fmt::format("{{\"ph\":\"C\",\"cat\":\"queue\",\"name\":{},\"pid\":{},\"tid\":0,\"ts\":{},"
                  "\"args\":{{\"messages\":{}}}}}",
                  json::quote(fmt::format("queue {}", look.next_hop)), pid, microseconds(now.ns), look.size));
}

}  // namespace deadletter::experiments
