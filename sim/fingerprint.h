// The fingerprint of a run: one hash over its whole trajectory, and one for each ingredient, so that a difference
// already says where to look.
//
// XXH3 64-bit (xxHash). It holds for one version of the program: CHANGELOG.md says what changes it.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/time.h"

namespace deadletter::sim {

// What happened, as numbers: the unit of the trajectory. The meaning of `kind` and of the fields belongs to the
// models (models/mail/record.h); the engine only hashes and hands on.
struct Record {
  Instant at;
  std::uint16_t kind = 0;
  std::uint16_t detail = 0;
  std::uint32_t node = 0;
  std::uint32_t subject = 0;
  std::uint32_t a = 0, b = 0;
};

class Fingerprint {
 public:
  Fingerprint();
  ~Fingerprint();
  Fingerprint(const Fingerprint&) = delete;
  Fingerprint& operator=(const Fingerprint&) = delete;

  // `text` is what went over the wire or into a log with the record; it counts.
  void event(const Record& record, std::string_view text) {
    if (staged_ > kStaged - kRecord) flush();
    // Without what pads it; the length, so that "ab" + "c" differs from "a" + "bc".
    const std::uint64_t size = text.size();
    std::memcpy(stage_ + staged_, &record, kFields);
    std::memcpy(stage_ + staged_ + kFields, &size, sizeof size);
    staged_ += kRecord;
    if (size > 0) add(text);
    if (++events_seen_ == next_mark_) mark(record.at);
  }
  void report(const Record& record, std::string_view text);
  // Draws and fates count in any order: each run has a bag of them.
  void chance(std::uint64_t purpose, std::uint64_t entity, std::uint64_t n, std::uint64_t drawn);
  void fate(std::string_view fields);

  std::uint64_t events_seen() const { return events_seen_; }

  // 16 hexadecimal digits each. Asking does not change what comes later.
  struct Digest {
    std::string whole, events, chance, reports, fates;
    friend bool operator==(const Digest&, const Digest&) = default;
  };
  Digest digest() const;

  // What the events came to on the way, so that a difference can be narrowed down where nothing else was recorded. They
  // lie at whole multiples of one stride, which doubles with the length of the run.
  struct Mark {
    std::uint64_t events = 0;
    Instant at;
    std::string hash;  // of all events so far
  };
  static constexpr std::size_t kMostMarks = 64;
  const std::vector<Mark>& marks() const { return marks_; }

 private:
  struct State;
  static constexpr std::size_t kFields = offsetof(Record, b) + sizeof(Record::b), kRecord = kFields + 8, kStaged = 4096;
  static_assert(kFields == 28);

  void add(std::string_view text);
  void flush();
  std::uint64_t events() const;  // their hash
  void mark(Instant at);

  std::unique_ptr<State> state_;
  // Of the events: hashed in bulk, since a record at a time costs ten times as much.
  std::size_t staged_ = 0;
  unsigned char stage_[kStaged];
  std::uint64_t events_seen_ = 0, stride_ = 256, next_mark_ = 256;
  std::vector<Mark> marks_;
};

// Hash of a file's octets, for run.json's list of inputs. 16 hexadecimal digits.
std::string hash_octets(std::string_view octets);

}  // namespace deadletter::sim
