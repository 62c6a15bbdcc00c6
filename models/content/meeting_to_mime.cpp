// From MAPI to iCalendar. The dates of rows' answers go into one property, X-MICROSOFT-CDO-REPLYTIME: the latest of
// them [inferred: updates and cancellations of the time carry it, and formats.md 5 has one with FILETIME zero].
#include <fmt/format.h>

#include <algorithm>

#include "models/content/meeting_mime.h"

namespace deadletter::content {
namespace {

constexpr const char* kBusy[] = {"FREE", "TENTATIVE", "BUSY", "OOF"};

class MeetingWriter {
 public:
  MeetingWriter(const Message& message, Mapper& mapper, ToMime& out, const ReferenceTimes& times)
      : message_(message), mapper_(mapper), out_(out), times_(times), object_(object_kind(message.message_class())) {}

  Event event() {
    identify();
    describe();
    people();
    organizer_dates();
    answer_dates();
    flags();
    return std::move(event_);
  }

 private:
  const Properties& all() const { return message_.properties; }
  bool response() const { return object_ == ObjectKind::response; }

  std::optional<Value> map(Tag tag, std::string_view other, bool mandatory = false) {
    return mapper_.map(all(), tag, {.other = other, .mandatory = mandatory});
  }
  std::string words(Tag tag, std::string_view other) {
    auto value = map(tag, other);
    return value ? std::get<std::string>(*value) : "";
  }
  std::optional<CalendarTime> time(Tag tag, std::string_view other, bool mandatory) {
    auto value = map(tag, other, mandatory);
    if (!value) return std::nullopt;
    return CalendarTime{.wall_s = unix_seconds(std::get<FileTime>(*value)), .utc = true};
  }
  void other(std::string name, std::string value) { event_.others.push_back({std::move(name), "", std::move(value)}); }
  void other_time(Tag tag, const char* name) {
    if (auto value = map(tag, name)) other(name, ical_utc(std::get<FileTime>(*value)));
  }
  void other_busy(Tag tag, const char* name) {
    auto value = map(tag, name);
    if (!value) return;
    auto n = static_cast<std::size_t>(std::get<std::int32_t>(*value));
    other(name, kBusy[std::min(n, std::size(kBusy) - 1)]);
  }
  void other_flag(Tag tag, const char* name) {
    if (auto value = map(tag, name)) other(name, std::get<bool>(*value) ? "TRUE" : "FALSE");
  }

  void identify() {
    if (auto id = map(tag::kGlobalObjectId, "UID", true)) event_.uid = uid_of(std::get<Binary>(*id));
    event_.start = time(tag::kApptStartWhole, "DTSTART", !response());
    event_.end = time(tag::kApptEndWhole, "DTEND", false);
    if (auto sequence = map(tag::kSequence, "SEQUENCE")) event_.sequence = std::get<std::int32_t>(*sequence);
    event_.stamp = CalendarTime{.wall_s = unix_seconds(times_.submitted), .utc = true};
    if (object_ == ObjectKind::cancellation) event_.status = "CANCELLED";
  }
  void describe() {
    event_.summary = words(tag::kSubject, "SUMMARY");
    event_.location = words(tag::kLocation, "LOCATION");
    event_.description = words(tag::kBody, "DESCRIPTION");
  }

  // Of a response the sender is the attendee, and whoever it goes to the organizer.
  void people() {
    std::string sender = all().get_text(tag::kSenderAddress), name = all().get_text(tag::kSenderName);
    if (response()) {
      if (!message_.recipients.empty()) event_.organizer = message_.recipients.front().address();
      event_.attendees.push_back({.address = sender, .name = name, .status = answer()});
      return;
    }
    event_.organizer = sender, event_.organizer_name = name;
    for (const Row& row : message_.recipients) attendee(row);
  }
  PartStat answer() const {
    std::string cls = message_.message_class();
    if (cls.ends_with(".Pos")) return PartStat::accepted;
    return cls.ends_with(".Neg") ? PartStat::declined : PartStat::tentative;
  }
  void attendee(const Row& row) {
    auto mapped = mapper_.map(row.properties, tag::kTrackStatus, {.other = "ATTENDEE;PARTSTAT", .row = &row});
    PartStat status = PartStat::needs_action;
    if (mapped && row.answered()) {
      constexpr PartStat stats[] = {PartStat::tentative, PartStat::accepted, PartStat::declined};
      status = stats[static_cast<std::size_t>(row.track_status()) - static_cast<std::size_t>(TrackStatus::tentative)];
    }
    std::string name = row.properties.get_text(tag::kDisplayName);
    event_.attendees.push_back({.address = row.address(),
                                .name = name == row.address() ? "" : name,
                                .status = status,
                                .optional = row.type() != RecipientType::to,
                                .rsvp = object_ == ObjectKind::request});
  }

  void organizer_dates() {
    other_time(tag::kOwnerCriticalChange, "X-MICROSOFT-CDO-OWNER-CRITICAL-CHANGE");
    other_time(tag::kAttendeeCriticalChange, "X-MICROSOFT-CDO-ATTENDEE-CRITICAL-CHANGE");
  }
  void answer_dates() {
    constexpr const char* name = "X-MICROSOFT-CDO-REPLYTIME";
    if (response()) return other_time(tag::kReplyTime, name);
    std::optional<FileTime> latest;
    for (const Row& row : message_.recipients) {
      auto value = mapper_.map(row.properties, tag::kTrackStatusTime, {.other = name, .row = &row});
      if (!value) continue;
      FileTime time = std::get<FileTime>(*value);
      if (mapper_.substituted())
        out_.estimates.push_back({row.address(), tag::kTrackStatusTime, time, mapper_.written()});
      latest = std::max(latest.value_or(time), time);
    }
    if (latest) other(name, ical_utc(*latest));
  }
  void flags() {
    other_busy(tag::kBusyStatus, "X-MICROSOFT-CDO-BUSYSTATUS");
    other_busy(tag::kIntendedBusyStatus, "X-MICROSOFT-CDO-INTENDEDSTATUS");
    other_flag(tag::kAllDay, "X-MICROSOFT-CDO-ALLDAYEVENT");
    if (auto importance = map(tag::kImportance, "X-MICROSOFT-CDO-IMPORTANCE"))
      other("X-MICROSOFT-CDO-IMPORTANCE", fmt::format("{}", std::get<std::int32_t>(*importance)));
    other_flag(tag::kDisallowCounter, "X-MICROSOFT-DISALLOW-COUNTER");
  }

  const Message& message_;
  Mapper& mapper_;
  ToMime& out_;
  ReferenceTimes times_;
  ObjectKind object_;
  Event event_;
};

const char* method_of(ObjectKind object) {
  switch (object) {
    case ObjectKind::response:
      return "REPLY";
    case ObjectKind::cancellation:
      return "CANCEL";
    case ObjectKind::request:
      return "REQUEST";
    default:
      return "PUBLISH";
  }
}

}  // namespace

Calendar calendar_of(const Message& message, Mapper& mapper, ToMime& out, const std::string& product,
                     const ReferenceTimes& times) {
  Calendar calendar{.method = method_of(object_kind(message.message_class())), .product = product};
  calendar.events.push_back(MeetingWriter(message, mapper, out, times).event());
  return calendar;
}

}  // namespace deadletter::content
