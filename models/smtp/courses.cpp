#include "models/smtp/courses.h"

#include <algorithm>

namespace deadletter::smtp {

Courses::Rest Courses::beginning(const Pair& pair) {
  auto [found, fresh] = beginnings_.try_emplace(pair, static_cast<Rest>(rests_.size()));
  if (fresh) rests_.emplace_back().beginning = found->second;
  return found->second;
}

const Course* Courses::find(Rest rest, const CourseKey& key) const {
  const auto& courses = rests_[rest].courses;
  auto found = std::ranges::lower_bound(courses, key, {}, &Known::first);
  return found == courses.end() || found->first != key ? nullptr : found->second.get();
}

const Course& Courses::learn(Rest rest, const CourseKey& key, Dialogue& dialogue, bool regular) {
  auto course = std::make_unique<Course>();
  course->regular = regular;
  if (regular) {
    course->before = dialogue.take_before();
    course->after = dialogue.take_after();
    for (auto* effects : {&course->before, &course->after})
      for (Effect& effect : *effects) effect.asked.outcome.words = effect.words;
    if (!dialogue.closed()) course->rest = rest_of(rests_[rest].beginning, dialogue);
  }
  auto& courses = rests_[rest].courses;
  auto place = std::ranges::lower_bound(courses, key, {}, &Known::first);
  ++known_;
  return *courses.insert(place, {key, std::move(course)})->second;
}

Courses::Rest Courses::rest_of(Rest beginning, Dialogue& dialogue) {
  for (Rest rest : rests_[beginning].rests)
    if (rests_[rest].client.rests_like(dialogue.client()) && rests_[rest].server.rests_like(dialogue.server()))
      return rest;
  auto rest = static_cast<Rest>(rests_.size());
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
  known_ = 0;
}

}  // namespace deadletter::smtp
