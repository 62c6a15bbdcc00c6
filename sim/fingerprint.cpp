#include "sim/fingerprint.h"

#define XXH_INLINE_ALL
#include <fmt/format.h>
#include <xxhash.h>

#include <cstring>
#include <utility>

namespace deadletter::sim {
namespace {

// Octets in, one hash out. They are staged and hashed in bulk: a record at a time costs ten times as much.
class Stream {
 public:
  Stream() { XXH3_64bits_reset(&state_); }
  void add(const void* data, std::size_t size) {
    if (size > kStaged - staged_) flush();
    if (size > kStaged) return hash(data, size);
    std::memcpy(stage_ + staged_, data, size);
    staged_ += size;
  }
  // Field by field: padding octets never count.
  void add(const Record& r, std::string_view text) {
    std::uint64_t size = text.size();  // so that "ab" + "c" differs from "a" + "bc"
    if (kRecord > kStaged - staged_) flush();
    unsigned char* octets = stage_ + staged_;
    auto put = [octets](std::size_t at, const auto& field) { std::memcpy(octets + at, &field, sizeof field); };
    put(0, r.at.ns), put(8, r.kind), put(10, r.detail), put(12, r.node), put(16, r.subject), put(20, r.a), put(24, r.b);
    put(28, size);
    staged_ += kRecord;
    if (size > 0) add(text.data(), text.size());
  }
  std::uint64_t value() const {
    Stream so_far = *this;
    so_far.flush();
    return XXH3_64bits_digest(&so_far.state_);
  }

 private:
  static constexpr std::size_t kStaged = 4096, kRecord = 36;

  void hash(const void* data, std::size_t size) { XXH3_64bits_update(&state_, data, size); }
  void flush() { hash(stage_, std::exchange(staged_, 0)); }

  alignas(64) XXH3_state_t state_;
  std::size_t staged_ = 0;
  unsigned char stage_[kStaged];
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

void Fingerprint::event(const Record& record, std::string_view text) {
  ++events_seen_;
  state_->events.add(record, text);
  if (events_seen_ == next_mark_) mark(record.at);
}

void Fingerprint::mark(Instant at) {
  if (marks_.size() == kMostMarks) {
    stride_ *= 2;
    std::erase_if(marks_, [this](const Mark& m) { return m.events % stride_ != 0; });
  }
  if (events_seen_ % stride_ == 0) marks_.push_back({events_seen_, at, hex(state_->events.value())});
  next_mark_ = (events_seen_ / stride_ + 1) * stride_;
}

void Fingerprint::chance(std::uint64_t purpose, std::uint64_t entity, std::uint64_t n, std::uint64_t drawn) {
  std::uint64_t fields[] = {purpose, entity, n, drawn};
  state_->chance.add(fields, sizeof fields);
}

void Fingerprint::report(const Record& record, std::string_view text) { state_->reports.add(record, text); }

void Fingerprint::fate(std::string_view fields) { state_->fates.add(fields.data(), fields.size()); }

Fingerprint::Digest Fingerprint::digest() const {
  std::uint64_t parts[] = {state_->events.value(), state_->chance.value(), state_->reports.value(),
                           state_->fates.value()};
  return {hex(XXH3_64bits(parts, sizeof parts)), hex(parts[0]), hex(parts[1]), hex(parts[2]), hex(parts[3])};
}

std::string hash_octets(std::string_view octets) { return hex(XXH3_64bits(octets.data(), octets.size())); }

}  // namespace deadletter::sim
