#include "experiments/config/bind_content.h"

#include <fmt/format.h>

#include <algorithm>

#include "experiments/config/load.h"
#include "models/builds/product.h"
#include "models/builds/settings.h"
#include "models/content/held_calendar.h"
#include "models/content/mime.h"
#include "sim/fingerprint.h"
#include "sim/json/excerpt.h"
#include "sim/json/units.h"

namespace deadletter::experiments {
namespace {

// What is really written out is kept in memory, and several times over when it is converted.
constexpr std::uint64_t kLargestWritten = 64ULL << 20;

using ContentKind = PlannedContent::Kind;

const Name& about(const Meeting& m) { return m.reply_to ? *m.reply_to : m.update ? *m.update : *m.cancel; }

bool names(const std::vector<Name>& list, const std::string& word) {
  return std::ranges::find(list, word, [](const Name& n) { return n.value; }) != list.end();
}

}  // namespace

void ContentBinder::problem(const json::Place& place, std::string message) {
  problems_.add(json::problem_at(place, std::move(message)));
}

void ContentBinder::unknown(const Name& name, std::string_view what, std::vector<std::string> choices) {
  problems_.add(json::problem_at(name.place, fmt::format("unknown {} {}", what, json::show(name.value)), name.value,
                                 std::move(choices)));
}

// A request is made by a client, or comes out of a file.
const Mail* ContentBinder::find_meeting(const Name& name) {
  std::vector<std::string> requests;
  for (const Mail& m : experiment_.mail) {
    bool request = (m.meeting && m.meeting->request) || m.calendar;
    if (!request) continue;
    if (m.id.value == name.value) return &m;
    requests.push_back(m.id.value);
  }
  if (requests.empty())
    problem(name.place, fmt::format("mail \"{}\" is no meeting request, and no mail of the experiment is", name.value));
  else
    unknown(name, "meeting request", std::move(requests));
  return nullptr;
}

// Whom a mail goes to: what is about a meeting goes to whom it concerns.
std::vector<Name> ContentBinder::recipients(const Mail& mail) {
  if (!mail.to.empty()) return mail.to;
  if (!mail.meeting || mail.meeting->request) {
    problem(mail.id.place, fmt::format("mail \"{}\" needs \"to\"", mail.id.value));
    return {};
  }
  const Mail* request = find_meeting(about(*mail.meeting));
  if (request == nullptr) return {};
  return mail.meeting->reply_to ? std::vector<Name>{request->from} : request->to;
}

// What is no SMTP address travels as one of the sender's domain.
mail::AddressId ContentBinder::address_of(const Mail& mail, const Name& to) {
  auto one_off = mail::parse_one_off(to.value);
  if (!one_off) return plan_.addresses.intern(to.value);
  std::string domain = mail.from.value.substr(mail.from.value.rfind('@') + 1);
  const PlannedDomain* from =
      mail.from.value == "<>" ? nullptr : plan_.domain_of(plan_.addresses.intern(mail.from.value));
  if (from != nullptr && from->foreign)
    problem(to.place,
            fmt::format("{} is outside: only who is in an organization sends to {}", mail.from.value, to.value));
  if (mail.from.value == "<>") {
    problem(to.place, fmt::format("{} needs a sender, in whose domain it travels", to.value));
    domain = "invalid";
  }
  mail::AddressId id = plan_.addresses.intern(mail::encapsulated(*one_off, domain));
  const std::string& travels = plan_.addresses.text(id);
  if (!mail::valid_address(travels))
    problem(to.place, fmt::format("{} would travel as {}, which is too long for an address", to.value, travels));
  plan_.one_offs.emplace(id, std::move(*one_off));
  return id;
}

void ContentBinder::bind(const Mail& mail, PlannedMail& planned) {
  for (const Name& to : recipients(mail)) planned.to.push_back(address_of(mail, to));
  bool any = mail.meeting || mail.calendar || mail.content != Holding::nothing || mail.infected;
  if (!any) return;
  // Its file lies beside those of the run's reports.
  std::string id = mail.id.value.substr(0, mail.id.value.find_last_not_of("0123456789") + 1);
  if (id != mail.id.value && (id == "ndr-" || id == "delay-"))
    problem(mail.id.place,
            fmt::format("\"{}\" is a report's name: a mail that holds something needs another", mail.id.value));
  int kinds = (mail.meeting ? 1 : 0) + (mail.calendar ? 1 : 0) + (mail.content != Holding::nothing ? 1 : 0);
  if (kinds > 1)
    problem(mail.id.place, fmt::format("mail \"{}\" can hold one thing: a \"meeting\", a \"calendar\" out of a file or "
                                       "\"content\"",
                                       mail.id.value));
  if (planned.size > kLargestWritten)
    problem(mail.id.place,
            fmt::format("mail \"{}\" is written out because of what it holds, and {} are more than {}", mail.id.value,
                        json::format_size(planned.size), json::format_size(kLargestWritten)));
  if (!planned.from.valid()) problem(mail.from.place, "what a client makes has a sender");
  PlannedContent content{.holding = mail.content, .infected = mail.infected};
  if (content.holding == Holding::nothing) content.holding = Holding::note;
  if (mail.meeting) bind_meeting(mail, *mail.meeting, content);
  if (mail.calendar) bind_held(mail, planned, content);
  planned.content = static_cast<std::uint32_t>(plan_.contents.size());
  plan_.contents.push_back(std::move(content));
}

std::uint32_t ContentBinder::described(Holding holding) {
  if (holding == Holding::nothing) return PlannedMail::kNoContent;
  for (std::uint32_t i = 0; i < plan_.contents.size(); ++i)
    if (plan_.contents[i].described && plan_.contents[i].holding == holding) return i;
  plan_.contents.push_back({.holding = holding, .described = true});
  return static_cast<std::uint32_t>(plan_.contents.size() - 1);
}

// A key that the kind of meeting object does not have would never be asked.
void ContentBinder::check_only(const Mail& mail, const Meeting& m) {
  auto only = [&](bool there, bool fits, const char* key, const char* of) {
    if (there && !fits) problem(m.place, fmt::format("{} is for {}", json::show(key), of));
  };
  only(m.response.has_value(), m.reply_to.has_value(), "response", "what answers a request (\"reply_to\")");
  only(m.changed.has_value(), m.update.has_value(), "changed", "an \"update\"");
  only(m.changed && !m.changed->uid.empty(), false, "uid", "a \"request\": an update is about the same meeting");
  only(!m.track_times.empty(), m.update || m.cancel, "track_times", "an \"update\" or a cancellation (\"cancel\")");
  if (m.request) return;
  const Mail* request = find_meeting(about(m));
  if (request == nullptr) return;
  if (request->at_ns > mail.at_ns)
    problem(m.place, fmt::format("mail \"{}\" is sent before the request \"{}\" that it is about", mail.id.value,
                                 request->id.value));
  if (m.reply_to && !names(request->to, mail.from.value))
    problem(mail.from.place, fmt::format("{} is not invited by \"{}\"", mail.from.value, request->id.value));
  if (!m.reply_to && request->from.value != mail.from.value)
    problem(mail.from.place, fmt::format("{} has not called the meeting of \"{}\": {} has", mail.from.value,
                                         request->id.value, request->from.value));
  for (const auto& time : m.track_times)
    if (!names(request->to, time.key))
      problem(time.place, fmt::format("{} is not invited by \"{}\"", time.key, request->id.value));
}

void ContentBinder::bind_meeting(const Mail& mail, const Meeting& m, PlannedContent& content) {
  check_only(mail, m);
  content.kind = m.request    ? ContentKind::request
                 : m.reply_to ? ContentKind::reply
                 : m.update   ? ContentKind::update
                              : ContentKind::cancellation;
  content.about = m.request ? mail.id.value : about(m).value;
  content.response = m.response.value_or(content::TrackStatus::accepted);
  content.times = m.request ? *m.request : m.changed.value_or(MeetingTimes{});
  for (const auto& time : m.track_times) content.track_times.emplace_back(time.key, time.value);
}

// A calendar object gets a message around it; a whole message is sent as it is, by who sends it here to whom.
void ContentBinder::bind_held(const Mail& mail, PlannedMail& planned, PlannedContent& content) {
  content.kind = ContentKind::held;
  content.about = mail.id.value;
  std::string path = resolve_path_(*mail.calendar);
  json::Problems unread;
  auto source = read_source(path, "the calendar file", unread);
  if (source == nullptr)
    return problem(mail.calendar->place, fmt::format("{} ({})", unread.sorted().front().message, path));
  auto read = content::read_held_calendar(source->text);
  if (!read.calendar || read.calendar->events.empty()) {
    if (read.problems.empty()) read.problems.push_back({0, "holds no meeting"});
    for (const auto& p : read.problems)
      problem(mail.calendar->place,
              p.line == 0 ? fmt::format("{}: {}", path, p.reason) : fmt::format("{}:{}: {}", path, p.line, p.reason));
    return;
  }
  plan_.inputs.push_back({"calendar", path, sim::hash_octets(source->text)});
  content.octets = source->text;
  if (!source->text.starts_with("BEGIN:VCALENDAR") && !source->text.starts_with("\xef\xbb\xbf"
                                                                                "BEGIN"))
    return;
  content::Entity entity;
  std::string to;
  for (mail::AddressId r : planned.to) to += (to.empty() ? "" : ", ") + plan_.addresses.text(r);
  entity.fields = {{"From", mail.from.value},
                   {"To", to},
                   {"Subject", content::encode_words(read.calendar->events.front().summary)},
                   {"MIME-Version", "1.0"}};
  entity.type = "text/calendar";
  entity.parameters = {{"method", read.calendar->method}, {"charset", "utf-8"}};
  entity.content = source->text;
  content.octets = content::write_mime(entity, "held");
}

std::vector<std::string> ContentBinder::mailboxes() const {
  std::vector<std::string> names;
  for (std::uint32_t id = 0; id < plan_.homes.size(); ++id)
    if (plan_.is_mailbox({id})) names.push_back(plan_.addresses.text(mail::AddressId{id}));
  return names;
}

// One after the other.
void ContentBinder::check_times(const json::Keyed<ClientSetup>& c) {
  for (const auto* periods : {&c.value.sessions, &c.value.offline}) {
    std::int64_t last = -1;
    for (const Period& p : *periods) {
      if (last == INT64_MAX || p.from_ns <= last || (p.to_ns && *p.to_ns <= p.from_ns))
        problem(c.place, "the times of a client follow each other, and each ends after it begins");
      last = p.to_ns.value_or(INT64_MAX);
    }
  }
}

builds::NodeBehaviour ContentBinder::settings_of(const json::Keyed<ClientSetup>& c, const builds::Build& build) {
  builds::NodeBehaviour behaviour = builds::profile_of(build);
  if (!c.value.attributes) return behaviour;
  for (const json::Member& m : c.value.attributes->members()) {
    json::Place place{c.value.attributes->source(), m.key_position,
                      c.place.pointer + "/attributes/" + json::escape_pointer_part(m.key)};
    json::Context context(problems_, place.pointer);
    if (!builds::apply_setting(behaviour, m.key, m.value, context))
      unknown({m.key, place}, "attribute", builds::attribute_names());
    // What is done again and again for as long as the client runs.
    if (m.key == "client.oab" && behaviour.client.oab->ns > 0 && *behaviour.client.oab < sim::Duration::minutes(1))
      problem({m.value.source(), m.value.position(), place.pointer},
              fmt::format("client.oab is 0 (never), or 1m at the least, found {}",
                          json::format_duration(behaviour.client.oab->ns)));
  }
  return behaviour;
}

// The last key that is like an address holds.
void ContentBinder::bind_clients(const builds::UnderStudy& study) {
  for (const auto& c : experiment_.clients) {
    const Name& build = c.value.build;
    bool none = build.value.empty();
    builds::ParsedBuild parsed;
    if (!none) parsed = builds::parse_build(build.value, builds::Kind::client);
    if (none && c.value.mode != client::Mode::owa)
      problem(c.place, "a client needs its \"build\": only pages of the server have none");
    check_times(c);
    auto place = [&](const std::string& word) { return json::place_of_part(build.place, build.value, word); };
    for (const auto& error : parsed.errors)
      problems_.add(json::problem_at(place(error.word), error.message, error.word, error.choices));
    for (const auto& refusal : parsed.refused)
      problem(place(refusal.update), fmt::format("{} cannot be installed: {}", refusal.update, refusal.reason));
    if (!parsed.errors.empty()) continue;
    auto index = static_cast<std::uint32_t>(plan_.clients.size());
    plan_.clients.push_back({.build = parsed.build.text,
                             .resolved = builds::resolve(parsed.build, settings_of(c, parsed.build), {}, study),
                             .mode = c.value.mode,
                             .sessions = c.value.sessions,
                             .offline = c.value.offline});
    if (c.value.away) {
      plan_.clients.back().away = {c.value.away->share.numerator, c.value.away->share.denominator};
      plan_.clients.back().away_for = {c.value.away->for_ns};
    }
    bool met = false;
    for (std::uint32_t id = 0; id < plan_.addresses.size(); ++id) {
      if (!like(c.key, plan_.addresses.text(mail::AddressId{id})) || !plan_.may_have_client({id})) continue;
      met = true;
      if (plan_.client_of.size() <= id) plan_.client_of.resize(id + 1, PlannedMail::kNoContent);
      plan_.client_of[id] = index;
    }
    if (!met) unknown({c.key, c.place}, "mailbox", mailboxes());
  }
}

void ContentBinder::bind_fetches() {
  for (const ImapFetch& f : experiment_.imap) {
    mail::AddressId mailbox = plan_.addresses.intern(f.mailbox.value);
    if (!plan_.is_mailbox(mailbox)) unknown(f.mailbox, "mailbox", mailboxes());
    if (sim::Instant{f.at_ns} > plan_.horizon)
      problem(f.id.place, fmt::format("\"{}\" reads after {}, and the horizon is {}", f.id.value,
                                      json::format_duration(f.at_ns), json::format_duration(plan_.horizon.ns)));
    if (std::ranges::find(plan_.fetches, f.id.value, &PlannedFetch::id) != plan_.fetches.end())
      problem(f.id.place, fmt::format("there is an IMAP client \"{}\" already", f.id.value));
    plan_.fetches.push_back({f.id.value, f.folder, {f.at_ns}, mailbox});
  }
  std::ranges::stable_sort(plan_.fetches, {}, &PlannedFetch::at);
}

}  // namespace deadletter::experiments
