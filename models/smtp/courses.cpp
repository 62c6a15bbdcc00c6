#include "models/smtp/courses.h"

#include <algorithm>
#include <functional>

namespace deadletter::smtp {
namespace {

// All of an effect but its time, as octets that are equal for equal ones.
std::string identity(const Effect& effect) {
  std::string octets;
  const ClientAction& asked = effect.asked;
  const Outcome& outcome = asked.outcome;
  auto add = [&](auto value) { append_octets(octets, value); };
  add(effect.accepted), add(effect.stored), add(effect.blame.set);
  add(asked.kind), add(asked.end), add(asked.recipient), add(asked.octets), add(asked.blame.set);
  add(outcome.stage), add(outcome.ended), add(outcome.reply), add(outcome.code), add(outcome.error);
  add(outcome.status.major), add(outcome.status.subject), add(outcome.status.detail);
  add(effect.taken.size());
  for (std::uint8_t place : effect.taken) add(place);
  return octets + effect.words;
}

}  // namespace

Courses::Rest Courses::beginning(const Pair& pair) {
  auto [found, fresh] = beginnings_.try_emplace(pair, static_cast<Rest>(rests_.size()));
  if (fresh) rests_.emplace_back().beginning = found->second, courses_.emplace_back();
  return found->second;
}

const Course* Courses::find(Rest rest, const CourseKey& key) const {
  const auto& courses = courses_[rest];
  auto found = std::ranges::lower_bound(courses, key, std::less<>{}, &Known::first);
  return found == courses.end() || found->first != key ? nullptr : found->second.get();
}

const Course& Courses::learn(Rest rest, const CourseKey& key, Dialogue& dialogue, bool regular) {
  auto course = std::make_unique<Course>();
  course->regular = regular;
  if (regular) {
    add(dialogue.take_before(), *course);
    course->before = static_cast<std::uint32_t>(course->turns.size());
    add(dialogue.take_after(), *course);
    if (!dialogue.closed()) course->rest = rest_of(rests_[rest].beginning, dialogue);
  }
  auto& courses = courses_[rest];
  auto place = std::ranges::lower_bound(courses, key, std::less<>{}, &Known::first);
  ++known_;
  return *courses.insert(place, {key, std::move(course)})->second;
}

void Courses::add(std::vector<Effect> effects, Course& course) {
  for (Effect& effect : effects) {
    const Duration at = effect.at;
    auto [known, fresh] = effects_.try_emplace(identity(effect));
    if (fresh) {
      auto shared = std::make_unique<Effect>(std::move(effect));
      shared->at = {};
      shared->asked.outcome.words = shared->words;
      known->second = std::move(shared);
    }
    course.turns.push_back({at, known->second.get()});
  }
}

Courses::Rest Courses::rest_of(Rest beginning, Dialogue& dialogue) {
  for (Rest rest : rests_[beginning].rests)
    if (rests_[rest].client.rests_like(dialogue.client()) && rests_[rest].server.rests_like(dialogue.server()))
      return rest;
  auto rest = static_cast<Rest>(rests_.size());
  courses_.emplace_back();
  Point& point = rests_.emplace_back();
  point.beginning = beginning;
  point.client = dialogue.client();
  point.server = dialogue.server();
  rests_[beginning].rests.push_back(rest);
  return rest;
}

void Courses::clear() {
  beginnings_.clear();
  rests_.clear();
  courses_.clear();
  effects_.clear();
  known_ = 0;
}

}  // namespace deadletter::smtp
