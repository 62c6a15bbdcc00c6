#include "models/directory/expand.h"

#include <cassert>
#include <map>
#include <set>

namespace deadletter::directory {
namespace {

// A list that is being read.
struct Reading {
  ObjectId list;
  std::vector<ObjectId> members;
  std::size_t next = 0;
};

class Expander {
 public:
  Expander(const Directory& directory, const View& view) : directory_(directory), view_(view) {}

  Expansion expand(ObjectId group) {
    meet_list(group);
    while (!readings_.empty()) {
      Reading& reading = readings_.back();
      if (reading.next == reading.members.size())
        close();
      else
        meet(reading.members[reading.next++]);
    }
    return std::move(result_);
  }

 private:
  void meet(ObjectId member) {
    if (directory_.object(member).kind == Kind::group) return meet_list(member);
    if (met_.insert(member).second)
      result_.recipients.push_back(member);
    else
      ++result_.again;
  }

  void meet_list(ObjectId list) {
    auto [known, is_new] = is_open_.try_emplace(list, false);
    if (known->second) ++result_.circles;
    if (!is_new) return;
    if (!directory_.holds_members(list, view_)) return result_.unheld.push_back(list);
    known->second = true;
    result_.lists.push_back(list);
    readings_.push_back({list, directory_.members(list, view_)});
  }

  void close() {
    is_open_[readings_.back().list] = false;
    readings_.pop_back();
  }

  const Directory& directory_;
  const View& view_;
  std::vector<Reading> readings_;     // the last one is a member of the one before
  std::map<ObjectId, bool> is_open_;  // of every list that was met
  std::set<ObjectId> met_;            // recipients
  Expansion result_;
};

}  // namespace

Expansion expand(const Directory& directory, ObjectId group, const View& view) {
  assert(directory.object(group).kind == Kind::group);
  return Expander(directory, view).expand(group);
}

}  // namespace deadletter::directory
