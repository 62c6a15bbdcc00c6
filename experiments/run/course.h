// What a world keeps of dialogues whose course is known (models/smtp/courses.h).
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "experiments/config/plan.h"
#include "models/smtp/courses.h"
#include "sim/time.h"

namespace deadletter::experiments {

// From a queue to one of its hosts.
struct CourseWay {
  bool known = false, may_be_taken = false;
  smtp::Courses::Rest beginning = 0;
  std::uint64_t limit = 0, limit_stated = 0;  // of a message's size: the server's, and what it says of it
};

// Where a connection is on its course.
struct CourseUnderWay {
  const smtp::Course* course = nullptr;  // null: its sessions are stepped
  const smtp::Turn* next = nullptr;      // the turn that comes next …
  const smtp::Turn* end = nullptr;       // … and the end of those on this clock
  sim::Instant began{};                  // the present one of its clocks
  std::uint32_t rest = 0;                // from which it began
  std::uint64_t limit = 0, limit_stated = 0;
  bool after = false;  // the body has come
  smtp::CourseKey::Begins begins{};

  void begin(const smtp::Course& on, sim::Instant now) {
    course = &on, began = now, after = false;
    next = on.turns.data(), end = next + on.before;
  }
  void body_arrived(sim::Instant now) {
    began = now, after = true;
    end = course->turns.data() + course->turns.size();
  }
  // Effects that have happened, on both clocks.
  std::size_t taken() const { return static_cast<std::size_t>(next - course->turns.data()); }
};

// Numbers for the behaviours of nodes, the same for those that answer alike whatever they are asked.
class BehaviourNumbers {
 public:
  std::uint32_t of_client(NodeId node, const smtp::ClientBehaviour& behaviour);
  std::uint32_t of_server(NodeId node, const smtp::ServerBehaviour& behaviour);
  void clear() { *this = {}; }

 private:
  std::map<NodeId, std::uint32_t> clients_, servers_;
  std::map<std::string, std::uint32_t> by_identity_;
};

}  // namespace deadletter::experiments
