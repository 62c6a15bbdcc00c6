#include "models/content/mapper.h"

#include <fmt/format.h>

namespace deadletter::content {

using Kind = Mapped::Kind;

ValueState Mapper::state_of(const std::optional<Value>& value) const {
  if (!value) return ValueState::absent;
  const FileTime* time = std::get_if<FileTime>(&*value);
  if (time == nullptr) return ValueState::good;
  if (time->ticks == 0) return ValueState::zero;
  return behaviour_->variant_time_range->holds(variant_date(*time)) ? ValueState::good : ValueState::out_of_range;
}

std::optional<Value> Mapper::map(const Properties& from, Tag tag, const How& how) {
  const Property* property = from.find(tag);
  if (property == nullptr) return map(std::nullopt, from.blame_of_missing(tag), tag, how);
  return map(property->value, property->blame, tag, how);
}

std::optional<Value> Mapper::map(const std::optional<Value>& found, Blame read, Tag tag, const How& how) {
  // What is not of the property's type cannot be meant by it.
  const TagInfo* known = find_tag(tag);
  bool right = !found || known == nullptr || type_of(*found) == known->type;
  const std::optional<Value> value = right ? found : std::nullopt;
  ValueState state = state_of(value);
  const FileTime* time = value ? std::get_if<FileTime>(&*value) : nullptr;
  std::string name = name_of(tag);
  auto ruling = behaviour_->map_property.rule({.direction = direction_,
                                               .object = object_,
                                               .property = name,
                                               .state = state,
                                               .mandatory = how.mandatory,
                                               .row = how.row != nullptr,
                                               .answered = how.row != nullptr && how.row->answered(),
                                               .value = time == nullptr ? FileTime{} : *time,
                                               .submitted = times_.submitted,
                                               .converting = times_.converting});
  if (state == ValueState::out_of_range) read = join(read, behaviour_->variant_time_range.blame());
  Blame blame = join(read, ruling.blame);
  out_->blame = join(out_->blame, blame);
  written_ = blame;
  substituted_ = false;
  bool time_wanted = known != nullptr && known->type == Type::time;
  Kind kind = ruling.outcome.kind;
  if (kind == Kind::substitute && !time_wanted) kind = Kind::omit;  // only dates are estimated
  if (blame && value && kind == Kind::write) wrote_.push_back({tag, std::string(how.other), blame});
  switch (kind) {
    case Kind::write:
      note(tag, how, value ? Fate::kept : Fate::absent, value, "", blame);
      return value;
    case Kind::substitute:
      substituted_ = true;
      wrote_.push_back({tag, std::string(how.other), blame});
      note(tag, how, Fate::substituted, Value(ruling.outcome.value),
           value ? fmt::format("in place of {}", text(*value)) : "it was not there", blame);
      return Value(ruling.outcome.value);
    case Kind::omit:
      note(tag, how, value ? Fate::omitted : Fate::absent, value, "", blame);
      if (blame) left_out_.push_back({tag, std::string(how.other), blame});
      return std::nullopt;
    case Kind::fail:
      note(tag, how, Fate::refused, value, fmt::format("error {}", ruling.outcome.code.value), blame);
      if (!out_->failed) out_->failed = ruling.outcome.code;
      return std::nullopt;
  }
  return std::nullopt;
}

PartMapped::Kind Mapper::part(PartKind part, PartState state, std::size_t depth) {
  auto ruling = behaviour_->map_part.rule({.direction = direction_,
                                           .part = part,
                                           .state = state,
                                           .depth = depth,
                                           .depth_limit = *behaviour_->nesting_limit});
  out_->blame = join(out_->blame, ruling.blame);
  if (ruling.outcome.kind == PartMapped::Kind::fail) fail(ruling.outcome.code, "part", "", ruling.blame);
  return ruling.outcome.kind;
}

void Mapper::fail(ErrorCode code, std::string property, std::string why, Blame blame) {
  if (!out_->failed) out_->failed = code;
  out_->lineage.push_back({.property = std::move(property),
                           .fate = Fate::refused,
                           .why = why.empty() ? fmt::format("error {}", code.value) : std::move(why),
                           .blame = blame});
}

void Mapper::note(Tag tag, const How& how, Fate fate, const std::optional<Value>& value, std::string why, Blame blame) {
  // What is neither there nor written is told only where an article is behind it, or where a row's answer needs it.
  bool telling = fate != Fate::absent || blame || (how.row != nullptr && how.row->answered());
  if (!telling) return;
  out_->lineage.push_back({.property = name_of(tag),
                           .other = std::string(how.other),
                           .row = how.row == nullptr ? std::string() : how.row->address(),
                           .fate = fate,
                           .value = value ? text(*value) : std::string(),
                           .why = std::move(why),
                           .blame = blame});
}

}  // namespace deadletter::content
