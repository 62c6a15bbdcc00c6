// A line is a row of cells, one per code point, each with the text that shows it and its width on a terminal.
#include "sim/json/excerpt.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "sim/json/utf8.h"
#include "sim/json/value.h"

namespace deadletter::json {
namespace {

constexpr int kWidth = 100;  // of the quoted part, in terminal columns

struct Cell {
  std::string text;
  int width;
};

struct Range {
  char32_t first, last;
};

bool within(char32_t c, const auto& ranges) {
  return std::any_of(std::begin(ranges), std::end(ranges), [c](Range r) { return c >= r.first && c <= r.last; });
}

// Characters that would hide or reorder what the file really says.
constexpr Range kUnseen[] = {{0x00, 0x1F},     {0x7F, 0x9F},     {0xAD, 0xAD},     {0x61C, 0x61C},
                             {0x200B, 0x200F}, {0x2028, 0x202E}, {0x2060, 0x206F}, {0xFEFF, 0xFEFF}};
constexpr Range kCombining[] = {{0x300, 0x36F}, {0x1AB0, 0x1AFF}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}};
constexpr Range kWide[] = {{0x1100, 0x115F}, {0x2E80, 0xA4CF}, {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},
                           {0xFE30, 0xFE6F}, {0xFF00, 0xFF60}, {0x1F300, 0x1FAFF}, {0x20000, 0x3FFFD}};

Cell cell_of(std::string_view line, std::size_t offset, CodePoint point) {
  if (!point.valid) return {fmt::format("<{:02X}>", static_cast<unsigned>(point.value)), 4};
  if (point.value == '\t') return {"    ", 4};
  if (within(point.value, kUnseen)) {
    std::string name = fmt::format("<U+{:04X}>", static_cast<unsigned>(point.value));
    const int width = static_cast<int>(name.size());
    return {std::move(name), width};
  }
  const int width = within(point.value, kCombining) ? 0 : within(point.value, kWide) ? 2 : 1;
  return {std::string(line.substr(offset, point.size)), width};
}

// The cells around the column; a line of megabytes is walked, but only a window of it is kept.
struct Window {
  std::vector<Cell> cells;
  int first = 1;  // the column of cells[0]
  bool more_after = false;
};

Window window_of(std::string_view line, int column) {
  Window window;
  window.first = std::max(1, column - kWidth);
  int at = 1;
  for (std::size_t i = 0; i < line.size(); ++at) {
    const CodePoint point = decode(line, i);
    if (at > column + kWidth) {
      window.more_after = true;
      break;
    }
    if (at >= window.first) window.cells.push_back(cell_of(line, i, point));
    i += point.size;
  }
  return window;
}

int width_of(const std::vector<Cell>& cells, std::size_t begin, std::size_t end) {
  int width = 0;
  for (std::size_t i = begin; i < end; ++i) width += cells[i].width;
  return width;
}

}  // namespace

std::optional<std::string_view> line_of(std::string_view text, int number) {
  std::size_t begin = 0;
  for (int line = 1; line < number; ++line) {
    begin = text.find('\n', begin);
    if (begin == std::string_view::npos) return std::nullopt;
    ++begin;
  }
  std::string_view line = text.substr(begin, text.find('\n', begin) - begin);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  if (number == 1 && line.substr(0, 3) == "\xEF\xBB\xBF") line.remove_prefix(3);
  return line;
}

std::string harmless(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint point = decode(text, i);
    out += cell_of(text, i, point).text;
    i += point.size;
  }
  return out;
}

std::string show(std::string_view text) { return harmless(quote(shorten(text, 40))); }

Excerpt excerpt(const Source& source, Position position) {
  const auto line = line_of(source.text, position.line);
  if (!position.known() || !line) return {};
  const Window window = window_of(*line, position.column);
  const auto& cells = window.cells;
  const std::size_t mark =
      std::min<std::size_t>(static_cast<std::size_t>(position.column - window.first), cells.size());
  std::size_t begin = 0, end = cells.size();
  // Two thirds of the window belong to what comes before the column; the rest shows what follows.
  if (window.first > 1 || window.more_after || width_of(cells, begin, end) > kWidth) {
    while (width_of(cells, begin, mark) > kWidth * 2 / 3) ++begin;
    while (end > mark + 1 && width_of(cells, begin, end) > kWidth) --end;
  }
  const bool cut_before = window.first > 1 || begin > 0;
  const bool cut_after = window.more_after || end < cells.size();
  Excerpt out;
  if (cut_before) out.line = "…";
  for (std::size_t i = begin; i < end; ++i) out.line += cells[i].text;
  if (cut_after) out.line += "…";
  out.caret = std::string(static_cast<std::size_t>(width_of(cells, begin, mark) + (cut_before ? 1 : 0)), ' ') + "^";
  return out;
}

}  // namespace deadletter::json
