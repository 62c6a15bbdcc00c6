// What a session asks for, in order. Cleared, the list keeps its actions and their memory for the next ones: an action
// is filled in where it lies, and the fields that its kind does not speak of hold anything.
#pragma once
#include <cstddef>
#include <vector>

namespace deadletter::smtp {

template <class Action>
class ActionList {
 public:
  // The action added before may have moved.
  Action& add(typename Action::Kind kind) {
    if (used_ == actions_.size()) actions_.emplace_back();
    Action& action = actions_[used_++];
    action.kind = kind;
    return action;
  }
  void clear() { used_ = 0; }

  std::size_t size() const { return used_; }
  const Action& operator[](std::size_t i) const { return actions_[i]; }
  const Action* begin() const { return actions_.data(); }
  const Action* end() const { return actions_.data() + used_; }

 private:
  std::vector<Action> actions_;
  std::size_t used_ = 0;
};

}  // namespace deadletter::smtp
