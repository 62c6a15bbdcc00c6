#include "models/smtp/reply.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace deadletter::smtp {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }

// What follows code and separator.
std::string_view words_of(std::string_view line, std::uint16_t code) {
  if (code != 0) line.remove_prefix(std::min<std::size_t>(line.size(), 4));
  return line;
}

ReplyLine read_line(std::string_view line) {
  ReplyLine read;
  bool coded = line.size() >= 3 && digit(line[0]) && digit(line[1]) && digit(line[2]);
  if (!coded) {
    read.status = mail::leading_status(line);
    return read;
  }
  read.code = static_cast<std::uint16_t>((line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0'));
  read.more = line.size() > 3 && line[3] == '-';
  read.status = mail::leading_status(words_of(line, read.code));
  return read;
}

// Appends the lines of `octets` from `scanned` on, and says how far they go.
std::size_t cut(std::string_view octets, std::size_t scanned, std::vector<ReplyLine>& lines) {
  for (std::size_t end; (end = octets.find('\n', scanned)) != std::string_view::npos;) {
    std::size_t stop = end > scanned && octets[end - 1] == '\r' ? end - 1 : end;
    ReplyLine line = read_line(octets.substr(scanned, stop - scanned));
    line.begin = static_cast<std::uint32_t>(scanned);
    line.end = static_cast<std::uint32_t>(stop);
    lines.push_back(line);
    scanned = end + 1;
  }
  return scanned;
}

bool same_keyword(std::string_view said, std::string_view keyword) {
  auto upper = [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; };
  return std::ranges::equal(said, keyword, {}, upper);
}

Capabilities read_capabilities(std::string_view octets, std::span<const ReplyLine> lines) {
  Capabilities offered;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    std::string_view words = words_of(octets.substr(lines[i].begin, lines[i].end - lines[i].begin), lines[i].code);
    std::string_view keyword = words.substr(0, words.find(' '));
    if (same_keyword(keyword, "PIPELINING")) offered.pipelining = true;
    if (same_keyword(keyword, "8BITMIME")) offered.eight_bit_mime = true;
    if (!same_keyword(keyword, "SIZE")) continue;
    offered.size = true;
    std::string_view limit = words.substr(std::min(words.size(), keyword.size() + 1));
    std::from_chars(limit.data(), limit.data() + limit.size(), offered.size_limit);
  }
  return offered;
}

}  // namespace

Reply::Reply(std::string text) : octets(std::move(text)) {
  whole_lines = cut(octets, 0, lines);
  capabilities = read_capabilities(octets, lines);
}

void ReplyBuffer::add(std::string_view octets) {
  if (consumed_ == all_octets().size()) clear();  // which is nearly always so: the buffer starts anew
  if (reply_ != nullptr) octets_ = reply_->octets, lines_ = reply_->lines, reply_ = nullptr;
  octets_ += octets;
  scanned_ = cut(octets_, scanned_, lines_);
}

void ReplyBuffer::add(const Reply& reply) {
  if (consumed_ != all_octets().size()) return add(std::string_view(reply.octets));
  clear();
  reply_ = &reply;
  scanned_ = reply.whole_lines;
}

std::string_view ReplyBuffer::text(const ReplyLine& line) const {
  return all_octets().substr(line.begin, line.end - line.begin);
}

std::string_view ReplyBuffer::words(const ReplyLine& line) const { return words_of(text(line), line.code); }

Capabilities ReplyBuffer::capabilities(std::size_t count) const {
  if (reply_ != nullptr && count == reply_->lines.size()) return reply_->capabilities;
  return read_capabilities(all_octets(), lines().first(count));
}

void ReplyBuffer::take(std::size_t lines) {
  taken_ += lines;
  consumed_ = taken_ < all_lines().size() ? all_lines()[taken_].begin : scanned_;
}

void ReplyBuffer::clear() {
  reply_ = nullptr;
  octets_.clear();
  lines_.clear();
  scanned_ = taken_ = consumed_ = 0;
}

}  // namespace deadletter::smtp
