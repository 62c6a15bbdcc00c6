// One conversion under way: asks the point about each property and keeps account of what became of it.
//
// Internal to models/content.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/content/convert.h"

namespace deadletter::content {

class Mapper {
 public:
  Mapper(Direction direction, ObjectKind object, const ContentBehaviour& behaviour, const ReferenceTimes& times,
         Conversion& out)
      : direction_(direction), object_(object), behaviour_(&behaviour), times_(times), out_(&out) {}

  // What a property is in the other form.
  struct How {
    std::string_view other;  // its name there: "DTSTART"
    bool mandatory = false;
    const Row* row = nullptr;  // whose property it is
  };
  // The value to write in the other form, or nothing: it is left out, or the conversion has failed.
  std::optional<Value> map(const Properties& from, Tag tag, const How& how);
  // The same for a value that was read in the other form; `value` is empty when it is not there.
  std::optional<Value> map(const std::optional<Value>& found, Blame read, Tag tag, const How& how);

  PartMapped::Kind part(PartKind part, PartState state, std::size_t depth);
  void fail(ErrorCode code, std::string property, std::string why, Blame blame = {});

  bool failed() const { return out_->failed.has_value(); }
  // Of what was written last.
  Blame written() const { return written_; }
  // What articles had a hand in writing, and in leaving out.
  struct Ruled {
    Tag tag;
    std::string other;
    Blame blame;
  };
  const std::vector<Ruled>& wrote() const { return wrote_; }
  const std::vector<Ruled>& left_out() const { return left_out_; }
  // Whether the value mapped last stands in for another.
  bool substituted() const { return substituted_; }

 private:
  ValueState state_of(const std::optional<Value>& value) const;
  void note(Tag tag, const How& how, Fate fate, const std::optional<Value>& value, std::string why, Blame blame);

  Direction direction_;
  ObjectKind object_;
  const ContentBehaviour* behaviour_;
  ReferenceTimes times_;
  Conversion* out_;
  Blame written_{};
  std::vector<Ruled> wrote_, left_out_;
  bool substituted_ = false;
};

}  // namespace deadletter::content
