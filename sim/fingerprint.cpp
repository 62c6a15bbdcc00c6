#include "sim/fingerprint.h"

#include <fmt/format.h>
#include <xxhash.h>
#if defined(__x86_64__) && __has_include(<xxh_x86dispatch.h>)
#include <xxh_x86dispatch.h>  // the widest instructions that the processor has; the values are the same
#endif

#include <cstring>
#include <utility>

namespace deadletter::sim {
namespace {

// Octets in, one hash out.
class Stream {
 public:
  Stream() { XXH3_64bits_reset(state_.get()); }
  Stream(const Stream& o) { XXH3_copyState(state_.get(), o.state_.get()); }
  void add(const void* data, std::size_t size) { XXH3_64bits_update(state_.get(), data, size); }
  std::uint64_t value() const { return XXH3_64bits_digest(state_.get()); }

 private:
  struct Free {
    void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
  };
  std::unique_ptr<XXH3_state_t, Free> state_{XXH3_createState()};
};

std::string hex(std::uint64_t v) { return fmt::format("{:016x}", v); }

}  // namespace

// Things that count in any order.
class Bag {
 public:
  void add(const void* data, std::size_t size) {
    sum_ += XXH3_64bits(data, size);
    ++count_;
  }
  std::uint64_t value() const {
    std::uint64_t both[] = {sum_, count_};
    return XXH3_64bits(both, sizeof both);
  }

 private:
  std::uint64_t sum_ = 0, count_ = 0;
};

struct Fingerprint::State {
  Stream events, reports;
  Bag chance, fates;
};

Fingerprint::Fingerprint() : state_(std::make_unique<State>()) {}
Fingerprint::~Fingerprint() = default;

void Fingerprint::flush() { state_->events.add(stage_, std::exchange(staged_, 0)); }

void Fingerprint::add(std::string_view text) {
  if (text.size() > kStaged - staged_) flush();
  if (text.size() > kStaged) return state_->events.add(text.data(), text.size());
  std::memcpy(stage_ + staged_, text.data(), text.size());
  staged_ += text.size();
}

void Fingerprint::mark(Instant at) {
  if (marks_.size() == kMostMarks) {
    stride_ *= 2;
    std::erase_if(marks_, [this](const Mark& m) { return m.events % stride_ != 0; });
  }
  if (events_seen_ % stride_ == 0) marks_.push_back({events_seen_, at, hex(events())});
  next_mark_ = (events_seen_ / stride_ + 1) * stride_;
}

void Fingerprint::chance(std::uint64_t purpose, std::uint64_t entity, std::uint64_t n, std::uint64_t drawn) {
  std::uint64_t fields[] = {purpose, entity, n, drawn};
  state_->chance.add(fields, sizeof fields);
}

void Fingerprint::report(const Record& record, std::string_view text) {
  const std::uint64_t size = text.size();
  state_->reports.add(&record, kFields), state_->reports.add(&size, sizeof size);
  state_->reports.add(text.data(), text.size());
}

void Fingerprint::fate(std::string_view fields) { state_->fates.add(fields.data(), fields.size()); }

std::uint64_t Fingerprint::events() const {
  Stream so_far = state_->events;
  so_far.add(stage_, staged_);
  return so_far.value();
}

Fingerprint::Digest Fingerprint::digest() const {
  std::uint64_t parts[] = {events(), state_->chance.value(), state_->reports.value(), state_->fates.value()};
  return {hex(XXH3_64bits(parts, sizeof parts)), hex(parts[0]), hex(parts[1]), hex(parts[2]), hex(parts[3])};
}

std::string hash_octets(std::string_view octets) { return hex(XXH3_64bits(octets.data(), octets.size())); }

}  // namespace deadletter::sim
