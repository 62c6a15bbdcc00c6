#include "experiments/config/bind_expectations.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "models/quirks/quirk.h"
#include "sim/json/excerpt.h"

namespace deadletter::experiments {
namespace {

// What can be asked of each thing that an expectation is about.
struct Questions {
  const char* about;
  std::vector<std::string> keys;
};
const std::vector<Questions> kQuestions = {
    {"mail",
     {"recipient", "fate", "status", "copies", "attempts", "within", "reports", "queue", "queue_state", "ruled_by",
      "shown", "sender_sees", "signature", "lineage", "mail"}},
    {"fetch", {"response", "shown", "ruled_by", "fetch"}},
    {"event", {"on", "count", "event"}},
    {"metric", {"value", "metric"}},
    {"install", {"refused", "install"}}};

class ExpectationBinder {
 public:
  ExpectationBinder(const Experiment& experiment, const Plan& plan, json::Problems& problems)
      : experiment_(experiment), plan_(plan), problems_(problems) {
    std::set<std::string> ids;
    for (const Mail& m : experiment.mail)
      if (ids.insert(m.id.value).second) mails_.push_back(m.id.value);
    for (const PlannedFetch& f : plan.fetches) fetches_.push_back(f.id);
    for (const PlannedNode& n : plan.nodes) nodes_.push_back(n.name);
    for (const auto& quirk : quirks::catalogue()) {
      articles_.push_back(quirk.kb);
      articles_.push_back(quirk.kb + " aftermath");
    }
  }

  void bind(const Expectation& e) {
    check_keys(e);
    if (e.mail) known(e.mail->place, "mail", e.mail->value, mails_);
    if (e.metric) known(e.metric->place, "metric", e.metric->value, metric_names());
    if (e.metric && !e.value) problem(e.place, "an expectation of a metric needs its \"value\"");
    if (e.install && !e.refused) problem(e.place, "an expectation of an installation needs \"refused\"");
    if (e.mail && e.recipient) check_recipient(e);
    if (e.fetch) known(e.fetch->place, "IMAP client", e.fetch->value, fetches_);
    if (e.on) known(e.on->place, "node", e.on->value, nodes_);
    if (e.event && !e.count) problem(e.place, "an expectation of an event needs its \"count\"");
    if (e.event) known(e.event->place, "event", e.event->value, logged_event_names());
    if (e.lineage && e.lineage->at) check_place(*e.lineage->at);
    for (std::size_t i = 0; e.ruled_by && i < e.ruled_by->size(); ++i)
      known(place_in(e, fmt::format("/ruled_by/{}", i)), "article", (*e.ruled_by)[i], articles_);
  }

 private:
  void problem(const json::Place& place, std::string message) {
    problems_.add(json::problem_at(place, std::move(message)));
  }
  void known(const json::Place& place, const std::string& what, const std::string& word,
             const std::vector<std::string>& choices) {
    if (std::ranges::find(choices, word) == choices.end())
      problems_.add(json::problem_at(place, fmt::format("unknown {} {}", what, json::show(word)), word, choices));
  }

  // The place of a value below the expectation; its own when there is none.
  json::Place place_in(const Expectation& e, const std::string& below) const {
    const json::Value* value = plan_.resolved.find_pointer(e.place.pointer + below);
    return value == nullptr ? e.place : json::Place{value->source(), value->position(), e.place.pointer + below};
  }

  // A question that its subject does not have would never be asked.
  void check_keys(const Expectation& e) {
    const char* about = e.mail ? "mail" : e.metric ? "metric" : e.fetch ? "fetch" : e.event ? "event" : "install";
    auto own = std::ranges::find_if(kQuestions, [&](const Questions& q) { return std::string_view(q.about) == about; });
    const json::Value* value = plan_.resolved.find_pointer(e.place.pointer);
    if (value == nullptr) return;
    for (const json::Member& m : value->members()) {
      if (std::ranges::find(own->keys, m.key) != own->keys.end()) continue;
      json::Place place{value->source(), m.key_position.known() ? m.key_position : m.value.position(),
                        e.place.pointer + "/" + m.key};
      problem(place, fmt::format("{} cannot be asked of a \"{}\"", json::show(m.key), about));
    }
  }

  // A property is looked at by a server, or by the client of somebody.
  void check_place(const Name& at) {
    if (at.value.find('@') == std::string::npos) known(at.place, "node", at.value, nodes_);
  }

  void check_recipient(const Expectation& e) {
    for (const Mail& m : experiment_.mail) {
      if (m.id.value != e.mail->value) continue;
      std::vector<std::string> to;
      for (const PlannedMail& p : plan_.mail)
        for (mail::AddressId t : p.to)
          if (p.name == m.id.value) to.push_back(plan_.shown_address(t));
      if (std::ranges::find(to, e.recipient->value) != to.end()) continue;
      problems_.add(json::problem_at(e.recipient->place,
                                     fmt::format("mail \"{}\" has no recipient \"{}\"", m.id.value, e.recipient->value),
                                     e.recipient->value, to));
    }
  }

  const Experiment& experiment_;
  const Plan& plan_;
  json::Problems& problems_;
  std::vector<std::string> mails_, articles_, fetches_, nodes_;
};

}  // namespace

void bind_expectations(const Experiment& experiment, const Plan& plan, json::Problems& problems) {
  ExpectationBinder binder(experiment, plan, problems);
  for (const Expectation& e : plan.expectations) binder.bind(e);
}

}  // namespace deadletter::experiments
