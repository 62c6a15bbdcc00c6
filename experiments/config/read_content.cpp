#include "experiments/config/read_content.h"

#include "models/builds/settings.h"
#include "models/content/lineage.h"
#include "sim/json/object_reader.h"
#include "sim/json/unit_readers.h"

namespace deadletter::experiments {
namespace {

constexpr std::int64_t kDayNs = 86'400'000'000'000, kLongestPeriod = 3650 * kDayNs;

json::Reader<Name> mail_id() {
  auto good = [](std::string_view t) { return !t.empty() && t.find_first_of("\r\n") == t.npos; };
  return json::located(json::pattern("mail", good, "^[^\\r\\n]+$", "the id of a mail"));
}

json::Reader<MeetingTimes> times_reader() {
  return json::object<MeetingTimes>("times of a meeting", "When and where it is")
      .optional("starts", &MeetingTimes::starts_unix_ns, json::instant(), "A day after it is sent, unless it is given")
      .optional("lasts", &MeetingTimes::lasts_ns, json::duration(1, 366 * kDayNs), "An hour unless it is given")
      .optional("location", &MeetingTimes::location, json::text({.longest = 200}))
      .optional("uid", &MeetingTimes::uid, json::text({.shortest = 1, .longest = 200}),
                "Its identity, for calendar objects out of files that are about it");
}

json::Reader<TrackTime> track_time_reader() {
  using Kind = TrackTime::Kind;
  auto good = [](std::string_view t) { return t == "blank" || t == "zero" || json::parse_instant(t); };
  return json::convert(
      json::pattern("track time", good, "^(blank|zero|[0-9]{4}-.*)$",
                    "\"blank\" (not there), \"zero\" (1 January 1601) or a date such as \"2008-08-20T11:44:00Z\""),
      [](const std::string& t) {
        if (t == "blank") return TrackTime{Kind::blank};
        if (t == "zero") return TrackTime{Kind::zero};
        return TrackTime{Kind::date, *json::parse_instant(t)};
      });
}

json::Reader<Name> client_build() {
  auto good = [](std::string_view t) { return !t.empty() && t.find_first_of("\r\n") == t.npos; };
  return json::located(json::pattern("client", good, "^[^\\r\\n]+$", "a client such as \"outlook-2007-sp1\""));
}

json::Reader<Period> session_reader() {
  return json::object<Period>("session", "While the program runs")
      .required("from", &Period::from_ns, json::duration(0, kLongestPeriod), "After the start")
      .optional("to", &Period::to_ns, json::duration(1, kLongestPeriod), "To the end of the run when left out");
}

// The names and values of attributes are checked when they are bound; the schema has them all the same.
json::Reader<json::Value> settings_reader() {
  return {{json::Kind::object},
          "an object of attributes",
          [](const json::Value& value, json::Context&) { return std::optional(value); },
          builds::settings_schema()};
}

json::Reader<Away> away_reader() {
  return json::object<Away>("absence", "Some are cut off for a while, at a time drawn for each")
      .required("share", &Away::share, json::fraction(), "Of those whom the entry is about")
      .required("for", &Away::for_ns, json::duration(1, kLongestPeriod));
}

json::Reader<ClientSetup> client_at_work() {
  auto mode = json::choice<client::Mode>({{client::text(client::Mode::online), client::Mode::online},
                                          {client::text(client::Mode::cached), client::Mode::cached},
                                          {client::text(client::Mode::owa), client::Mode::owa}});
  return json::object<ClientSetup>("client", "A program at work: its sessions, its network, its Outbox")
      .optional("build", &ClientSetup::build, client_build(), "What is installed; pages of the server need none")
      .required("mode", &ClientSetup::mode, mode,
                "On the server's mailbox, on a copy of its own, or a page of the server")
      .optional("sessions", &ClientSetup::sessions, json::list(session_reader(), {.fewest = 1}),
                "When it runs; always when left out")
      .optional("offline", &ClientSetup::offline, json::list(session_reader(), {.fewest = 1}),
                "When its network is not there")
      .optional("away", &ClientSetup::away, away_reader())
      .optional("attributes", &ClientSetup::attributes, settings_reader(), "Named attributes of the client");
}

}  // namespace

json::Reader<ClientSetup> client_reader() {
  using Either = std::variant<Name, ClientSetup>;
  return json::convert(json::one_of("a client such as \"outlook-2007-sp1\", or an object with its \"mode\"",
                                    client_build(), client_at_work()),
                       [](Either either) {
                         if (either.index() == 1) return std::get<1>(std::move(either));
                         return ClientSetup{.build = std::get<0>(std::move(either))};
                       });
}

json::Reader<Holding> holding_reader() {
  return json::choice<Holding>({{"note", Holding::note},
                                {"html", Holding::html},
                                {"attachment", Holding::attachment},
                                {"clear_signed", Holding::clear_signed},
                                {"opaque_signed", Holding::opaque_signed},
                                {"encrypted", Holding::encrypted},
                                {"signed_in_signed", Holding::signed_in_signed},
                                {"encrypted_then_signed", Holding::encrypted_then_signed}});
}

json::Reader<Meeting> meeting_reader() {
  using content::TrackStatus;
  auto answer = json::choice<TrackStatus>({{"accepted", TrackStatus::accepted},
                                           {"tentative", TrackStatus::tentative},
                                           {"declined", TrackStatus::declined}});
  auto shape =
      json::object<Meeting>("meeting", "A meeting object that the sender's client makes")
          .optional("request", &Meeting::request, times_reader(), "Invites the recipients")
          .optional("reply_to", &Meeting::reply_to, mail_id(),
                    "Answers a request, once it has come: not before \"at\", and to its organizer")
          .optional("response", &Meeting::response, answer, "What is answered; \"accepted\" unless it is given")
          .optional("update", &Meeting::update, mail_id(), "Sends a request anew, changed, to its attendees")
          .optional("changed", &Meeting::changed, times_reader(),
                    "Of an update: what is changed; an hour later if nothing is")
          .optional("cancel", &Meeting::cancel, mail_id(), "Calls a request's meeting off")
          .optional(
              "track_times", &Meeting::track_times, json::map(track_time_reader()),
              "Of an update or cancellation, by attendee: PR_RECIPIENT_TRACKSTATUS_TIME as it is then written into "
              "the attendee's row, by hand")
          .exactly_one({"request", "reply_to", "update", "cancel"});
  return json::convert(json::located<Meeting>(shape), [](json::Located<Meeting> m) {
    m.value.place = std::move(m.place);
    return std::move(m.value);
  });
}

json::Reader<LineageExpected> lineage_reader() {
  using content::Fate;
  std::vector<std::string> fates;
  for (Fate f : {Fate::set, Fate::kept, Fate::defaulted, Fate::substituted, Fate::omitted, Fate::absent, Fate::refused})
    fates.emplace_back(content::text(f));
  auto fate = json::convert(json::word(fates), [fates](std::size_t i) { return fates[i]; });
  return json::object<LineageExpected>("lineage", "What became of a property on the message's way")
      .required("property", &LineageExpected::property, json::text({.shortest = 1}),
                "By its MAPI name, or by its name in the other form")
      .optional("at", &LineageExpected::at, mail_id(), "The server, or the client by its address")
      .optional("row", &LineageExpected::row, json::text(), "Of the row of this recipient")
      .optional("fate", &LineageExpected::fate, fate)
      .optional("value", &LineageExpected::value, json::text());
}

}  // namespace deadletter::experiments
