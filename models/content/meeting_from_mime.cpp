// From iCalendar to MAPI: what a store makes of a calendar object when a MAPI client needs it.
#include <algorithm>
#include <charconv>

#include "models/content/meeting_mime.h"

namespace deadletter::content {
namespace {

constexpr std::int64_t kTicksPerSecond = 10'000'000;

// A reading in a named zone, or none, is taken for UTC.
FileTime file_time_of(const CalendarTime& time) {
  return {std::max<std::int64_t>(0, time.wall_s * kTicksPerSecond + kFileTimeOfUnixEpoch)};
}

class MeetingReader {
 public:
  MeetingReader(const Calendar& calendar, const std::string& sender, Mapper& mapper, const Trail& trail,
                Message& message)
      : method_(calendar.method),
        event_(calendar.events.front()),
        sender_(sender),
        mapper_(mapper),
        trail_(trail),
        message_(message) {}

  void read() {
    message_.properties.set(tag::kMessageClass, message_class());
    identify();
    people();
    take_time(tag::kOwnerCriticalChange, "X-MICROSOFT-CDO-OWNER-CRITICAL-CHANGE");
    take_time(tag::kAttendeeCriticalChange, "X-MICROSOFT-CDO-ATTENDEE-CRITICAL-CHANGE");
    take_time(tag::kReplyTime, "X-MICROSOFT-CDO-REPLYTIME");
    flags();
  }

 private:
  std::string message_class() const {
    if (method_ == "CANCEL") return "IPM.Schedule.Meeting.Canceled";
    if (method_ == "REQUEST")
      return event_.status == "CANCELLED" ? "IPM.Schedule.Meeting.Canceled" : "IPM.Schedule.Meeting.Request";
    if (method_ != "REPLY") return "IPM.Appointment";
    PartStat status = own_answer();
    if (status == PartStat::accepted) return "IPM.Schedule.Meeting.Resp.Pos";
    return status == PartStat::declined ? "IPM.Schedule.Meeting.Resp.Neg" : "IPM.Schedule.Meeting.Resp.Tent";
  }
  PartStat own_answer() const {
    auto own = std::ranges::find(event_.attendees, sender_, &Attendee::address);
    if (own != event_.attendees.end()) return own->status;
    return event_.attendees.empty() ? PartStat::tentative : event_.attendees.front().status;
  }

  void take(Tag tag, std::optional<Value> value, std::string_view other, const Row* row = nullptr) {
    Blame read = value ? trail_.of(other) : trail_.of_missing(other);
    auto mapped = mapper_.map(value, read, tag, {.other = other, .row = row});
    if (mapped)
      message_.properties.set(tag, *mapped, mapper_.written());
    else
      message_.properties.leave_out(tag, mapper_.written());
  }
  void take_text(Tag tag, const std::string& text, std::string_view other) {
    take(tag, text.empty() ? std::nullopt : std::optional<Value>(text), other);
  }
  void take_time(Tag tag, const char* name) {
    const std::string* value = event_.other(name);
    auto time = value == nullptr ? std::nullopt : parse_ical_utc(*value);
    take(tag, time ? std::optional<Value>(*time) : std::nullopt, name);
  }
  void take_time(Tag tag, const std::optional<CalendarTime>& time, const char* name) {
    take(tag, time ? std::optional<Value>(file_time_of(*time)) : std::nullopt, name);
  }

  void identify() {
    take(tag::kGlobalObjectId, Value(global_object_id(event_.uid)), "UID");
    take_time(tag::kApptStartWhole, event_.start, "DTSTART");
    take_time(tag::kApptEndWhole, event_.end, "DTEND");
    take(tag::kSequence, Value(static_cast<std::int32_t>(std::clamp<std::int64_t>(event_.sequence, 0, 0x7fffffff))),
         "SEQUENCE");
    take_text(tag::kSubject, event_.summary, "SUMMARY");
    take_text(tag::kLocation, event_.location, "LOCATION");
    take_text(tag::kBody, event_.description, "DESCRIPTION");
  }

  void people() {
    if (method_ == "REPLY") return;
    message_.recipients.clear();
    for (const Attendee& a : event_.attendees) attendee(a);
  }
  void attendee(const Attendee& a) {
    constexpr TrackStatus statuses[] = {TrackStatus::none, TrackStatus::accepted, TrackStatus::tentative,
                                        TrackStatus::declined, TrackStatus::none};
    Row row = make_row(a.address, a.name, a.optional ? RecipientType::cc : RecipientType::to);
    TrackStatus status = statuses[static_cast<std::size_t>(a.status)];
    auto mapped = mapper_.map(Value(static_cast<std::int32_t>(status)), trail_.of("ATTENDEE;PARTSTAT"),
                              tag::kTrackStatus, {.other = "ATTENDEE;PARTSTAT", .row = &row});
    if (mapped && status != TrackStatus::none) row.properties.set(tag::kTrackStatus, *mapped, mapper_.written());
    message_.recipients.push_back(std::move(row));
  }

  void take_busy(Tag tag, const char* name) {
    constexpr std::string_view words[] = {"FREE", "TENTATIVE", "BUSY", "OOF"};
    const std::string* value = event_.other(name);
    auto at = value == nullptr ? std::end(words) : std::ranges::find(words, *value);
    take(tag,
         at == std::end(words) ? std::nullopt : std::optional<Value>(static_cast<std::int32_t>(at - std::begin(words))),
         name);
  }
  void take_flag(Tag tag, const char* name) {
    const std::string* value = event_.other(name);
    take(tag, value == nullptr ? std::nullopt : std::optional<Value>(*value == "TRUE"), name);
  }
  void flags() {
    take_busy(tag::kBusyStatus, "X-MICROSOFT-CDO-BUSYSTATUS");
    take_busy(tag::kIntendedBusyStatus, "X-MICROSOFT-CDO-INTENDEDSTATUS");
    take_flag(tag::kAllDay, "X-MICROSOFT-CDO-ALLDAYEVENT");
    take_flag(tag::kDisallowCounter, "X-MICROSOFT-DISALLOW-COUNTER");
    const std::string* importance = event_.other("X-MICROSOFT-CDO-IMPORTANCE");
    std::int32_t n = 0;
    bool good = importance != nullptr &&
                std::from_chars(importance->data(), importance->data() + importance->size(), n).ec == std::errc();
    take(tag::kImportance, good ? std::optional<Value>(n) : std::nullopt, "X-MICROSOFT-CDO-IMPORTANCE");
  }

  const std::string& method_;
  const Event& event_;
  const std::string& sender_;
  Mapper& mapper_;
  const Trail& trail_;
  Message& message_;
};

}  // namespace

void take_calendar(const Calendar& calendar, const std::string& sender, Mapper& mapper, const Trail& trail,
                   Message& message) {
  if (!calendar.events.empty()) MeetingReader(calendar, sender, mapper, trail, message).read();
}

}  // namespace deadletter::content
