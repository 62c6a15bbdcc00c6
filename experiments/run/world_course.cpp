// Dialogues whose course is known: what they come to happens at its time, and nothing in between.
//
// A connection begins on a course, or continues on one after a message, when nothing else can interfere: the path is
// up, the server follows no script, what is asked of chance is asked now. When something does interfere later (a link
// or host changes, what is installed changes, news of links spreads) the dialogue is stepped from its beginning to the
// present by itself, and goes on in steps.
#include <algorithm>

#include "experiments/run/world.h"

namespace deadletter::experiments {
namespace {

// Longer than a command and its reply take: no timer of a session ends in between.
constexpr sim::Duration kLongestLatency = sim::Duration::seconds(5), kShortestIdle = sim::Duration::minutes(1);

std::uint8_t digits(std::uint64_t number) {
  std::uint8_t count = 1;
  for (; number >= 10; number /= 10) ++count;
  return count;
}

}  // namespace

using smtp::CourseKey;

const CourseWay& World::course_way(std::uint32_t index, std::uint32_t host) {
  Queue& queue = queues_[index];
  CourseWay& way = queue.hosts[host].course;
  if (way.known) return way;
  way.known = true;
  NodeId from = queue.node, to = queue.hosts[host].node;
  const PlannedNode& server = plan_.nodes[to.value];
  const auto& client_behaviour = behaviour_of(from).smtp_client;
  const auto& server_behaviour = behaviour_of(to).smtp_server;
  auto [there, back] = this->way(queue, host);
  way.may_be_taken = server.listen == smtp::Listen::accept && !server.script && client_behaviour.read_window->ns == 0 &&
                     *server_behaviour.idle >= kShortestIdle && there->latency + back->latency <= kLongestLatency;
  if (!way.may_be_taken) return way;
  way.limit = *server_behaviour.message_limit;
  way.limit_stated = replies_of(to, nullptr).accepting(smtp::Stage::ehlo).capabilities.size_limit;
  way.beginning =
      courses_.beginning({.client = numbers_.of_client(from, client_behaviour),
                          .server = numbers_.of_server(to, server_behaviour),
                          .client_host_octets = static_cast<std::uint32_t>(plan_.nodes[from.value].host.size()),
                          .server_host_octets = static_cast<std::uint32_t>(server.host.size()),
                          .latency_there_ns = there->latency.ns,
                          .latency_back_ns = back->latency.ns,
                          .bandwidth_there_bps = there->bandwidth_bps,
                          .bandwidth_back_bps = back->bandwidth_bps,
                          .segment_octets = *behaviour_of(to).network.segment_size});
  return way;
}

// What both sides can tell of the message in hand; nothing when that is more than a key holds.
std::optional<CourseKey> World::course_key(const Connection& c, CourseKey::Begins begins) const {
  CourseKey key{.begins = begins};
  if (begins == CourseKey::Begins::without_message) return key;
  const transport::Entry& entry = queues_[c.queue].link.entry(c.entry);
  std::size_t sender = entry.sender.valid() ? addresses_.of(entry.sender).octets : 0;
  if (entry.eight_bit || entry.to.size() > CourseKey::kMostRecipients) return std::nullopt;
  if (sender > CourseKey::kLongestAddress) return std::nullopt;
  key.sender_octets = static_cast<std::uint8_t>(sender);
  key.recipients = static_cast<std::uint8_t>(entry.to.size());
  for (std::size_t i = 0; i < entry.to.size(); ++i) {
    std::size_t octets = addresses_.of(entry.to.address(i)).octets;
    if (octets > CourseKey::kLongestAddress) return std::nullopt;
    smtp::Mailboxes::Found found = find(c.from, c.to, entry.to.address(i));
    key.recipient_octets[i] = static_cast<std::uint8_t>(octets);
    key.recipient_found[i] = static_cast<std::uint8_t>((found.local_domain ? CourseKey::local_domain : 0) |
                                                       (found.known ? CourseKey::known : 0));
  }
  key.size_digits = digits(entry.size);
  auto over = [&](std::uint64_t limit) { return limit != 0 && entry.size > limit; };
  key.set(CourseKey::size_over, over(c.course.limit));
  key.set(CourseKey::stated_over, over(c.course.limit_stated));
  key.set(CourseKey::body_over, over(c.course.limit == 0 ? 0 : std::max<std::uint64_t>(c.course.limit, 3) - 3));
  key.set(CourseKey::more_waiting, queues_[c.queue].link.more_waiting());
  key.set(CourseKey::internal, colleagues(c.from, c.to));
  key.set(CourseKey::busy,
          chance_.happens(plan_.message_failure, kMessageFailure, number(entry.message), attempt_of(entry)));
  return key;
}

// The connection is being opened, and its path is up. False when it has to be stepped.
bool World::begin_course(std::uint32_t index, std::uint32_t host) {
  Connection& c = connections_[index];
  const CourseWay& way = course_way(c.queue, host);
  if (!way.may_be_taken || nodes_[c.from.value].published != nodes_[c.to.value].published) return false;
  const transport::Entry& entry = queues_[c.queue].link.entry(c.entry);
  if (chance_.happens(plan_.session_failure, kSessionFailure, number(entry.message), attempt_of(entry))) return false;
  c.course = {.limit = way.limit, .limit_stated = way.limit_stated};
  if (!take_course(index, way.beginning, CourseKey::Begins::by_opening)) return false;
  follow(index);
  return true;
}

// From a point of rest on. Makes the course known when it is not.
bool World::take_course(std::uint32_t index, smtp::Courses::Rest rest, CourseKey::Begins begins) {
  Connection& c = connections_[index];
  c.course.course = nullptr;
  c.course.rest = rest, c.course.begins = begins;
  auto key = course_key(c, begins);
  if (!key) return false;
  const smtp::Course* course = courses_.find(rest, *key);
  if (course == nullptr) {
    smtp::Dialogue dialogue = dialogue_of(c);
    bool regular = dialogue.finish();
    course = &courses_.learn(rest, *key, dialogue, regular);
  }
  if (!course->regular) return false;
  c.course.begin(*course, engine_.now());
  return true;
}

// At its beginning.
smtp::Dialogue World::dialogue_of(Connection& c) {
  const auto& client_behaviour = behaviour_of(c.from).smtp_client;
  const auto& server_behaviour = behaviour_of(c.to).smtp_server;
  smtp::NormalReplies& replies = replies_of(c.to, nullptr);
  smtp::ClientSession client(client_behaviour);
  smtp::ServerSession server(server_behaviour, plan_.nodes[c.to.value].host, c.directory, nullptr, &replies);
  bool opening = c.course.begins == CourseKey::Begins::by_opening;
  if (!opening) {
    client = courses_.client(c.course.rest);
    client.go_on_as(client_behaviour);
    server = courses_.server(c.course.rest);
    server.go_on_as(server_behaviour, c.directory, replies);
  }
  smtp::Dialogue dialogue(std::move(client), std::move(server),
                          {c.there, c.back, *behaviour_of(c.to).network.segment_size}, plan_.addresses,
                          plan_.nodes[c.from.value].host);
  const transport::LinkQueue& link = queues_[c.queue].link;
  if (opening)
    dialogue.open(link.offer(c.entry));
  else if (c.course.begins == CourseKey::Begins::with_message)
    dialogue.offer(link.offer(c.entry));
  else
    dialogue.no_more();
  return dialogue;
}

// What is due happens, one thing after the other; what comes later is posted.
void World::follow(std::uint32_t index) {
  Connection& c = connections_[index];
  const std::uint32_t generation = c.generation;
  // The slot may be another connection's by then.
  while (c.used && c.generation == generation && c.course.course != nullptr) {
    if (c.course.next == c.course.end) return;  // the body is under way
    const smtp::Turn& turn = *c.course.next;
    sim::Instant at = c.course.began + turn.at;
    if (at > engine_.now()) return engine_.post(at, sim::Priority::arrival, {kCourse, index, generation});
    ++c.course.next;
    take_effect(index, *turn.effect);
  }
}

void World::take_effect(std::uint32_t index, const smtp::Effect& effect) {
  Connection& c = connections_[index];
  if (effect.accepted) {
    const transport::Entry& entry = queues_[c.queue].link.entry(c.entry);
    accepted_.kind = smtp::ServerAction::Kind::accepted;
    accepted_.stored = effect.stored;
    accepted_.blame = effect.blame;
    accepted_.recipients.clear();
    for (std::uint8_t place : effect.taken) accepted_.recipients.push_back(entry.to.address(place));
    std::ranges::sort(accepted_.recipients);
    return accepted(index, accepted_);
  }
  if (effect.asked.kind == smtp::ClientAction::Kind::next) return next_course(index);
  if (effect.asked.kind == smtp::ClientAction::Kind::send_body)
    return send_body(index, queues_[c.queue].link.entry(c.entry).size + effect.asked.octets);
  perform(index, effect.asked);
}

// The session is at rest.
void World::next_course(std::uint32_t index) {
  Connection& c = connections_[index];
  smtp::Courses::Rest rest = c.course.course->rest;
  bool more = take_next(c);
  auto begins = more ? CourseKey::Begins::with_message : CourseKey::Begins::without_message;
  if (take_course(index, rest, begins)) return;
  smtp::Dialogue dialogue = dialogue_of(c);
  go_on_in_steps(index, dialogue, engine_.now());
}

// Something interferes: the dialogue is stepped to the present, and from there on as any other.
void World::step_from_here(std::uint32_t index) {
  Connection& c = connections_[index];
  smtp::Dialogue dialogue = dialogue_of(c);
  std::size_t taken = c.course.taken();
  bool body = c.course.after || c.body_under_way;
  while (body && !dialogue.body_under_way()) dialogue.step();
  if (c.course.after) dialogue.body_arrived();
  sim::Duration passed = engine_.now() - c.course.began;
  auto gone_by = [&] {
    return dialogue.next_due() < passed || dialogue.before().size() + dialogue.after().size() < taken;
  };
  while (!dialogue.body_under_way() && dialogue.anything_due() && gone_by()) dialogue.step();
  go_on_in_steps(index, dialogue, c.course.began);
}

// `began`: the dialogue's present clock.
void World::go_on_in_steps(std::uint32_t index, smtp::Dialogue& dialogue, sim::Instant began) {
  Connection& c = connections_[index];
  c.course.course = nullptr;
  c.client = std::move(dialogue.client());
  c.client.settle_in();
  c.server = std::move(dialogue.server());
  c.server_began = dialogue.server_began();
  c.server_gone = dialogue.server_gone();
  c.last_to_server = began + dialogue.last_to_server();
  c.last_to_client = began + dialogue.last_to_client();
  for (const smtp::Dialogue::Due& due : dialogue.due()) put_on_the_wire(index, due, began + due.at);
  auto set = [&](Timer& timer, sim::Duration deadline, Kind kind) {
    if (deadline != smtp::Dialogue::kNever) set_timer(index, timer, began + deadline - engine_.now(), kind);
  };
  set(c.client_timer, dialogue.client_deadline(), kClientTimer);
  set(c.server_timer, dialogue.server_deadline(), kServerTimer);
}

void World::put_on_the_wire(std::uint32_t index, const smtp::Dialogue::Due& due, sim::Instant at) {
  Connection& c = connections_[index];
  using What = smtp::Dialogue::Due::Kind;
  Kind kind = kConnected;
  switch (due.kind) {
    case What::connected:
      break;
    case What::server_start:
      kind = kServerStart;
      break;
    case What::to_server:
      kind = kToServer;
      for (std::size_t i = 0; i < due.commands.size(); ++i)
        c.to_server.push({.command = due.commands[i], .more = i + 1 < due.commands.size()});
      if (due.fin) c.to_server.push({.command = {}, .fin = true});
      break;
    case What::to_client:
      kind = kToClient;
      c.octets_to_client += due.text;
      c.to_client.push({.reply = due.reply,
                        .octets = static_cast<std::uint32_t>(due.text.size()),
                        .fin = due.fin,
                        .reset = due.reset});
      break;
  }
  engine_.post(at, sim::Priority::arrival, {kind, index, c.generation});
}

// All, or those of a node.
void World::step_from_here_all(NodeId node) {
  for (std::uint32_t i = 0; i < connections_.size(); ++i) {
    const Connection& c = connections_[i];
    if (!c.used || c.course.course == nullptr) continue;
    if (!node.valid() || c.from == node || c.to == node) step_from_here(i);
  }
}

// Behaviours have changed.
void World::forget_courses() {
  step_from_here_all();
  courses_.clear();
  numbers_.clear();
  for (std::size_t i = 0; i < queues_.size(); ++i)
    for (QueueHost& host : queues_[i].hosts) host.course = {};
}

}  // namespace deadletter::experiments
