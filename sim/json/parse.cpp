// The tokenizer and decoder is nlohmann::json's SAX parser, which knows no positions. A cursor walks the same text in
// lock step: at each callback it skips white space, comments, commas and colons, and stands at the token reported.
#include "sim/json/parse.h"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "sim/json/cursor.h"
#include "sim/json/excerpt.h"
#include "sim/json/syntax.h"

namespace deadletter::json {
namespace {

class Builder final : public nlohmann::json_sax<nlohmann::json> {
 public:
  Builder(std::shared_ptr<const Source> source, Problems& problems) : source_(std::move(source)), problems_(problems) {
    stop_.cursor = Cursor(source_->text);
  }

  bool null() override { return add_word({}, 4); }
  bool boolean(bool value) override { return add_word(value, value ? 4 : 5); }
  bool number_integer(std::int64_t value) override { return add_number(value); }
  bool number_unsigned(std::uint64_t value) override {
    if (!std::in_range<std::int64_t>(value)) return add_out_of_range();
    return add_number(static_cast<std::int64_t>(value));
  }
  bool number_float(double value, const std::string& literal) override {
    // What the tokenizer could not hold as an integer it hands over as a real.
    if (literal.find_first_of(".eE") == std::string::npos) return add_out_of_range();
    return add_number(Value::real(value, literal));
  }
  bool string(std::string& value) override {
    find_token();
    const Position position = stop_.cursor.position();
    stop_.cursor.advance(string_length(stop_.cursor.rest()));
    stop_.last_word.reset();
    return add(std::move(value), position);
  }
  bool binary(nlohmann::json::binary_t&) override { return false; }  // no JSON text has any

  bool start_object(std::size_t) override { return open(Value::object()); }
  bool start_array(std::size_t) override { return open(Value::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(std::string& key) override {
    find_token();
    Frame& frame = frames_.back();
    frame.key = key;
    frame.key_position = stop_.cursor.position();
    stop_.after = Stop::After::key;
    const auto [first, is_new] = frame.seen.emplace(key, frame.key_position);
    if (!is_new) {
      const auto [line, column] = first->second;
      report(frame.key_position,
             fmt::format("the key {} is already given at line {}, column {}", show(key), line, column));
    }
    stop_.cursor.advance(string_length(stop_.cursor.rest()));
    return true;
  }

  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    Stop stop = stop_;
    if (!frames_.empty()) {
      stop.open = frames_.back().value.is(Kind::object) ? '{' : '[';
      stop.opened = frames_.back().value.position();
      stop.key = frames_.back().key;
    }
    SyntaxError error = explain(std::move(stop));
    report(error.position, std::move(error.message));
    return false;
  }

  std::optional<Value> take() { return std::move(root_); }

 private:
  struct Frame {
    Value value;
    std::string key;  // of the member that is being read
    Position key_position;
    std::map<std::string, Position> seen;
  };

  void find_token() {
    while (stop_.cursor.skip_blank() && (stop_.cursor.peek() == ',' || stop_.cursor.peek() == ':')) {
      stop_.cursor.next();
    }
  }

  bool add_word(Value value, std::size_t length) {
    find_token();
    stop_.last_word = stop_.cursor;
    const Position position = stop_.cursor.position();
    stop_.cursor.advance(length);
    return add(std::move(value), position);
  }

  bool add_number(Value value) {
    find_token();
    return add_word(std::move(value), number_length(stop_.cursor.rest()));
  }

  bool add_out_of_range() {
    find_token();
    report(stop_.cursor.position(), "number is out of range");
    return add_number(0);
  }

  bool open(Value container) {
    find_token();
    const Position position = stop_.cursor.position();
    if (frames_.size() == kDeepestNesting) {
      report(position, fmt::format("nesting is deeper than {} levels", kDeepestNesting));
      return false;
    }
    container.set_place(source_, position);
    frames_.push_back({std::move(container), {}, {}, {}});
    stop_.cursor.next();
    stop_.after = Stop::After::opening;
    return true;
  }

  bool close() {
    find_token();
    stop_.cursor.next();
    stop_.last_word.reset();
    Value value = std::move(frames_.back().value);
    frames_.pop_back();
    const Position position = value.position();
    return add(std::move(value), position);
  }

  bool add(Value value, Position position) {
    value.set_place(source_, position);
    stop_.after = Stop::After::value;
    if (frames_.empty()) {
      root_ = std::move(value);
    } else if (Frame& frame = frames_.back(); frame.value.is(Kind::object)) {
      frame.value.add(std::move(frame.key), frame.key_position, std::move(value));
    } else {
      frame.value.push_back(std::move(value));
    }
    return true;
  }

  // The JSON Pointer of what is being read; of the object itself while no key of it is.
  std::string pointer() const {
    std::string out;
    for (const Frame& frame : frames_) {
      const bool object = frame.value.is(Kind::object);
      if (object && &frame == &frames_.back() && stop_.after != Stop::After::key) break;
      out += "/" + (object ? escape_pointer_part(frame.key) : std::to_string(frame.value.size()));
    }
    return out;
  }

  void report(Position position, std::string message) {
    problems_.add(problem_at({source_, position, pointer()}, std::move(message)));
  }

  std::shared_ptr<const Source> source_;
  Problems& problems_;
  Stop stop_;
  std::vector<Frame> frames_;
  std::optional<Value> root_;
};

}  // namespace

std::optional<Value> parse_tolerantly(std::shared_ptr<const Source> source, Problems& problems) {
  if (auto error = find_bad_character(source->text)) {
    problems.add(problem_at({source, error->position, ""}, std::move(error->message)));
    return std::nullopt;
  }
  Builder builder(source, problems);
  const bool complete = nlohmann::json::sax_parse(source->text, &builder, nlohmann::json::input_format_t::json,
                                                  /*strict=*/true, /*ignore_comments=*/true);
  if (!complete) return std::nullopt;
  return builder.take();
}

std::optional<Value> parse(std::shared_ptr<const Source> source, Problems& problems) {
  const std::size_t before = problems.count();
  std::optional<Value> value = parse_tolerantly(std::move(source), problems);
  if (problems.count() > before) return std::nullopt;
  return value;
}

}  // namespace deadletter::json
