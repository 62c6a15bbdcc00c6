#include "topologies/graphviz_tokens.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/json/excerpt.h"

namespace deadletter::topologies {
namespace {

using Kind = GraphvizToken::Kind;
constexpr std::size_t kMostTokens = 300'000;

bool letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (static_cast<unsigned char>(c) & 0x80) != 0;
}
bool digit(char c) { return c >= '0' && c <= '9'; }

class Lexer {
 public:
  Lexer(const std::shared_ptr<const json::Source>& source, json::Problems& problems)
      : source_(source), text_(source->text), problems_(problems) {}

  std::optional<std::vector<GraphvizToken>> read() {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = line_begin_ = 3;
    while (skip() && next())
      if (tokens_.size() > kMostTokens) return refuse(fmt::format("more than {} words", kMostTokens));
    if (failed_) return std::nullopt;
    tokens_.push_back({Kind::end, "", here_, false});
    return std::move(tokens_);
  }

 private:
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  bool at_end() const { return at_ >= text_.size(); }
  // A column is a code point.
  void step() {
    char c = text_[at_++];
    if (c == '\n')
      here_ = {here_.line + 1, 1}, line_begin_ = at_;
    else if ((c & 0xC0) != 0x80)
      ++here_.column;
  }
  std::nullopt_t refuse(std::string message) { return refuse(std::move(message), here_); }
  std::nullopt_t refuse(std::string message, json::Position position) {
    if (!failed_) problems_.add(json::problem_at({source_, position, ""}, std::move(message)));
    failed_ = true;
    return std::nullopt;
  }

  // True when there is something behind blanks and comments.
  bool skip() {
    while (!at_end() && !failed_) {
      char c = peek();
      bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v';
      if (blank)
        step();
      else if ((c == '/' && peek(1) == '/') || (c == '#' && at_ == line_begin_))
        while (!at_end() && peek() != '\n') step();
      else if (c == '/' && peek(1) == '*')
        skip_comment();
      else
        return true;
    }
    return false;
  }
  void skip_comment() {
    json::Position begin = here_;
    std::size_t end = text_.find("*/", at_ + 2);
    if (end == text_.npos) return void(refuse("this comment does not end: expected */", begin));
    while (at_ < end + 2) step();
  }

  bool next() {
    char c = peek();
    if (c == '"') return quoted();
    if (c == '<') return html();
    if (letter(c)) return bare([](char d) { return letter(d) || digit(d); });
    if (digit(c) || c == '.' || (c == '-' && (digit(peek(1)) || peek(1) == '.')))
      return bare([](char d) { return digit(d) || d == '.'; });
    return mark();
  }
  bool mark() {
    char c = peek();
    bool two = c == '-' && (peek(1) == '-' || peek(1) == '>');
    if (!two && std::string_view("{}[]=,;:+").find(c) == std::string_view::npos) {
      refuse(fmt::format("expected a name, a quoted string or one of {{ }} [ ] = , ; : -- ->, found {}",
                         json::show(text_.substr(at_, 1))));
      return false;
    }
    tokens_.push_back({Kind::mark, std::string(text_.substr(at_, two ? 2 : 1)), here_, false});
    for (int i = two ? 2 : 1; i > 0; --i) step();
    return true;
  }
  template <class Among>
  bool bare(Among among) {
    GraphvizToken token{Kind::name, "", here_, true};
    do {
      token.text += peek();
      step();
    } while (!at_end() && among(peek()));
    tokens_.push_back(std::move(token));
    return true;
  }
  bool quoted() {
    GraphvizToken token{Kind::name, "", here_, false};
    json::Position begin = here_;
    for (step(); peek() != '"' || at_end(); step()) {
      if (at_end()) {
        refuse("this string does not end: expected \"", begin);
        return false;
      }
      // An escaped quote, a line that goes on; a line's end within a label is a blank.
      if (peek() == '\\' && peek(1) == '"') {
        step();
      } else if (peek() == '\\' && peek(1) == '\\') {
        token.text += '\\';
        step();
      } else if (peek() == '\\' && peek(1) == '\n') {
        step();
        continue;
      } else if (peek() == '\\' && (peek(1) == 'n' || peek(1) == 'l' || peek(1) == 'r')) {
        step();
        token.text += ' ';
        continue;
      }
      token.text += peek();
    }
    step();
    std::size_t count = tokens_.size();
    bool joined = count >= 2 && tokens_[count - 1].is("+") && tokens_[count - 2].kind == Kind::name;
    if (joined) {
      tokens_.pop_back();
      tokens_.back().text += token.text;
    } else {
      tokens_.push_back(std::move(token));
    }
    return true;
  }
  bool html() {
    GraphvizToken token{Kind::name, "", here_, false};
    json::Position begin = here_;
    std::size_t depth = 0;
    do {
      if (at_end()) {
        refuse("this HTML string does not end: expected >", begin);
        return false;
      }
      if (peek() == '<')
        ++depth;
      else if (peek() == '>')
        --depth, token.text += ' ';
      else if (depth == 1)
        token.text += peek();
      step();
    } while (depth > 0);
    std::size_t begin_of_text = token.text.find_first_not_of(' '), end_of_text = token.text.find_last_not_of(' ');
    token.text =
        begin_of_text == token.text.npos ? "" : token.text.substr(begin_of_text, end_of_text - begin_of_text + 1);
    tokens_.push_back(std::move(token));
    return true;
  }

  const std::shared_ptr<const json::Source>& source_;
  std::string_view text_;
  json::Problems& problems_;
  std::vector<GraphvizToken> tokens_;
  std::size_t at_ = 0, line_begin_ = 0;
  json::Position here_{1, 1};
  bool failed_ = false;
};

}  // namespace

bool GraphvizToken::keyword(std::string_view word) const {
  auto small = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return bare && std::ranges::equal(text, word, {}, small);
}

std::optional<std::vector<GraphvizToken>> graphviz_tokens(const std::shared_ptr<const json::Source>& source,
                                                          json::Problems& problems) {
  return Lexer(source, problems).read();
}

}  // namespace deadletter::topologies
