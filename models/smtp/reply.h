// Replies as they lie in a client's buffer: octets cut into lines (RFC 5321 4.2).
//
// A line ends with CRLF or a bare LF (observed: all real clients take both). Its code is its first three digits; a line
// that does not start so has code 0. "-" after the code says that more lines follow.
//
// Nearly all replies are the same few texts: a Reply is one that was cut into lines once, and a buffer that holds
// nothing else reads it where it lies.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/mail/status.h"

namespace deadletter::smtp {

struct ReplyLine {
  std::uint16_t code = 0;
  bool more = false;
  std::uint32_t begin = 0, end = 0;  // in the buffer, without the line end
  mail::Status status{};             // at the start of its words
};

// What the lines of a reply to EHLO offer.
struct Capabilities {
  bool pipelining = false, size = false, eight_bit_mime = false;
  std::uint64_t size_limit = 0;
  friend bool operator==(const Capabilities&, const Capabilities&) = default;
};

// Octets that are known beforehand.
struct Reply {
  explicit Reply(std::string octets);

  std::string octets;
  std::vector<ReplyLine> lines;
  std::size_t whole_lines = 0;  // octets up to the end of the last line
  Capabilities capabilities;    // were it the reply to EHLO
};

class ReplyBuffer {
 public:
  // What was taken before is gone now, and not sooner: views of it are good until here.
  void add(std::string_view octets);
  // The same as add(reply.octets). The reply must live until something is added after it was taken.
  void add(const Reply& reply);
  // Complete lines that nobody has taken.
  std::span<const ReplyLine> lines() const { return all_lines().subspan(taken_); }
  // Octets of a line whose end has not come.
  std::size_t partial() const { return all_octets().size() - scanned_; }
  std::size_t unread() const { return all_octets().size() - consumed_; }
  std::string_view text(const ReplyLine& line) const;
  // What follows code and separator.
  std::string_view words(const ReplyLine& line) const;
  // What that many lines offer when they are the reply to EHLO.
  Capabilities capabilities(std::size_t lines) const;
  void take(std::size_t lines);
  void clear();

 private:
  std::string_view all_octets() const { return reply_ != nullptr ? std::string_view(reply_->octets) : octets_; }
  std::span<const ReplyLine> all_lines() const {
    return reply_ != nullptr ? std::span<const ReplyLine>(reply_->lines) : lines_;
  }

  const Reply* reply_ = nullptr;  // all that is there, in place of octets_ and lines_
  std::string octets_;
  std::vector<ReplyLine> lines_;
  std::size_t scanned_ = 0;   // up to here the octets are cut into lines
  std::size_t taken_ = 0;     // lines that are gone
  std::size_t consumed_ = 0;  // octets that are gone
};

}  // namespace deadletter::smtp
