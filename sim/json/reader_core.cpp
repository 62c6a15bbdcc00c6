// Walking values and reporting; what is found in them is the business of the typed readers.
#include "sim/json/reader_core.h"

#include <fmt/format.h>

#include <cmath>

namespace deadletter::json {

Context::Step::Step(Context& context, std::string_view key) : context_(context), length_(context.pointer_.size()) {
  context_.pointer_ += "/" + escape_pointer_part(key);
}

Context::Step::Step(Context& context, std::size_t index) : Step(context, std::to_string(index)) {}

void Context::report(const Value& value, std::string message) {
  report(problem_at(place_of(value), std::move(message)));
}

void Context::report_unexpected(const Value& value, std::string_view expected) {
  report(value, fmt::format("expected {}, found {}", expected, describe(value)));
}

bool ReaderCore::read(const Value& value, Context& context, void* target) const {
  if (kinds.contains(value.kind())) return convert(value, context, target);
  context.report_unexpected(value, expected);
  return false;
}

std::optional<std::int64_t> to_whole(const Value& value) {
  if (value.is(Kind::integer)) return value.as_integer();
  const double real = value.as_real();
  if (std::trunc(real) != real || std::fabs(real) > 0x1p53) return std::nullopt;
  return static_cast<std::int64_t>(real);
}

bool read_items(const Value& value, Context& context, const ReadItem& item) {
  bool right = true;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const Context::Step step(context, i);
    right = item(value.items()[i], context) && right;
  }
  return right;
}

bool read_members(const Value& value, Context& context, const ReadMember& read) {
  bool right = true;
  for (const Member& member : value.members()) {
    const Context::Step step(context, member.key);
    right = read(member, context) && right;
  }
  return right;
}

}  // namespace deadletter::json
