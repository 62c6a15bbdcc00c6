// Replies as they lie in a client's buffer: octets cut into lines (RFC 5321 4.2).
//
// A line ends with CRLF or a bare LF (observed: all real clients take both). Its code is its first three digits; a line
// that does not start so has code 0. "-" after the code says that more lines follow.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace deadletter::smtp {

struct ReplyLine {
  std::uint16_t code = 0;
  bool more = false;
  std::uint32_t begin = 0, end = 0;  // in the buffer, without the line end
};

class ReplyBuffer {
 public:
  // What was taken before is gone now, and not sooner: views of it are good until here.
  void add(std::string_view octets);
  // Complete lines that nobody has taken.
  std::span<const ReplyLine> lines() const { return {lines_.data() + taken_, lines_.size() - taken_}; }
  // Octets of a line whose end has not come.
  std::size_t partial() const { return octets_.size() - scanned_; }
  std::size_t unread() const { return octets_.size() - consumed_; }
  std::string_view text(const ReplyLine& line) const;
  // What follows code and separator.
  std::string_view words(const ReplyLine& line) const;
  void take(std::size_t lines);
  void clear();

 private:
  std::string octets_;
  std::vector<ReplyLine> lines_;
  std::size_t scanned_ = 0;   // up to here octets_ is cut into lines
  std::size_t taken_ = 0;     // lines of lines_ that are gone
  std::size_t consumed_ = 0;  // octets of octets_ that are gone
};

}  // namespace deadletter::smtp
