#include "models/smtp/reply.h"

namespace deadletter::smtp {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }

ReplyLine read_line(std::string_view line) {
  ReplyLine read;
  if (line.size() < 3 || !digit(line[0]) || !digit(line[1]) || !digit(line[2])) return read;
  read.code = static_cast<std::uint16_t>((line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0'));
  read.more = line.size() > 3 && line[3] == '-';
  return read;
}

}  // namespace

void ReplyBuffer::add(std::string_view octets) {
  if (consumed_ == octets_.size()) clear();  // which is nearly always so: the buffer starts anew
  octets_ += octets;
  for (std::size_t end; (end = octets_.find('\n', scanned_)) != std::string::npos;) {
    std::size_t stop = end > scanned_ && octets_[end - 1] == '\r' ? end - 1 : end;
    ReplyLine line = read_line(std::string_view(octets_).substr(scanned_, stop - scanned_));
    line.begin = static_cast<std::uint32_t>(scanned_);
    line.end = static_cast<std::uint32_t>(stop);
    lines_.push_back(line);
    scanned_ = end + 1;
  }
}

std::string_view ReplyBuffer::text(const ReplyLine& line) const {
  return std::string_view(octets_).substr(line.begin, line.end - line.begin);
}

std::string_view ReplyBuffer::words(const ReplyLine& line) const {
  std::string_view all = text(line);
  if (line.code == 0) return all;
  return all.substr(all.size() > 3 ? 4 : 3);
}

void ReplyBuffer::take(std::size_t lines) {
  taken_ += lines;
  consumed_ = taken_ < lines_.size() ? lines_[taken_].begin : scanned_;
}

void ReplyBuffer::clear() {
  octets_.clear();
  lines_.clear();
  scanned_ = taken_ = consumed_ = 0;
}

}  // namespace deadletter::smtp
