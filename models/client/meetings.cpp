#include "models/client/meetings.h"

#include <algorithm>

#include "models/content/convert.h"

namespace deadletter::client {
namespace {

using namespace content::tag;
using content::Binary;
using content::Fate;
using content::Row;

constexpr std::int32_t kBusy = 2, kTentative = 1;
constexpr std::int64_t kTicksPerMinute = 600'000'000;

// 16 octets of class, 4 of an instance's date, 8 of creation, 8 reserved, the size, the data (MS-OXOCAL 2.2.1.27).
Binary new_object_id(FileTime now, const std::string& key) {
  std::string octets("\x04\x00\x00\x00\x82\x00\xe0\x00\x74\xc5\xb7\x10\x1a\x82\xe0\x08", 16);
  auto number = [&](std::uint64_t value, int size) {
    for (int i = 0; i < size; ++i) octets.push_back(static_cast<char>(value >> 8 * i & 255));
  };
  number(0, 4), number(static_cast<std::uint64_t>(now.ticks), 8), number(0, 8), number(key.size(), 4);
  return {octets + key};
}

void set_times(Message& item, FileTime start, FileTime end) {
  item.properties.set(kApptStartWhole, start);
  item.properties.set(kApptEndWhole, end);
  item.properties.set(kApptDuration, static_cast<std::int32_t>((end.ticks - start.ticks) / kTicksPerMinute));
}

std::int32_t sequence_of(const Message& message) {
  const std::int32_t* sequence = message.properties.get<std::int32_t>(kSequence);
  return sequence == nullptr ? 0 : *sequence;
}

Message as(const Message& item, const char* message_class, FileTime now) {
  Message sent = item;
  sent.properties.set(kMessageClass, std::string(message_class));
  sent.properties.set(kClientSubmitTime, now);
  sent.properties.set(kOwnerCriticalChange, now);
  return sent;
}

std::optional<FileTime> time_in(const Message& message, content::Tag tag) {
  const FileTime* time = message.properties.get<FileTime>(tag);
  return time == nullptr ? std::nullopt : std::optional(*time);
}

TrackStatus answer_of(const Message& response) {
  std::string cls = response.message_class();
  if (cls.ends_with(".Pos")) return TrackStatus::accepted;
  return cls.ends_with(".Neg") ? TrackStatus::declined : TrackStatus::tentative;
}

// What was read of the response to tell when it was given: values that are not there blame what left them out.
Blame read_of(const Message& response, content::Tag tag) {
  const content::Property* property = response.properties.find(tag);
  return property == nullptr ? response.properties.blame_of_missing(tag) : property->blame;
}

}  // namespace

Message new_meeting(const MeetingDraft& draft, FileTime now) {
  Message item;
  item.properties.set(kMessageClass, std::string("IPM.Appointment"));
  item.properties.set(kGlobalObjectId, new_object_id(now, draft.key));
  item.properties.set(kSenderAddress, draft.organizer);
  item.properties.set(kSenderName, draft.organizer_name.empty() ? draft.organizer : draft.organizer_name);
  item.properties.set(kSubject, draft.subject);
  if (!draft.location.empty()) item.properties.set(kLocation, draft.location);
  item.properties.set(kBody, draft.text);
  item.properties.set(kSequence, 0);
  item.properties.set(kBusyStatus, kTentative);
  item.properties.set(kIntendedBusyStatus, kBusy);
  item.properties.set(kAllDay, false);
  item.properties.set(kImportance, 1);
  set_times(item, draft.start, draft.end);
  for (const std::string& attendee : draft.attendees) item.recipients.push_back(content::make_row(attendee));
  return item;
}

void change_time(Message& item, FileTime start, FileTime end, FileTime now) {
  set_times(item, start, end);
  item.properties.set(kSequence, sequence_of(item) + 1);
  item.properties.set(kOwnerCriticalChange, now);
}

Message request(const Message& item, FileTime now) { return as(item, "IPM.Schedule.Meeting.Request", now); }

Message cancellation(Message& item, FileTime now) {
  item.properties.set(kSequence, sequence_of(item) + 1);
  Message sent = as(item, "IPM.Schedule.Meeting.Canceled", now);
  sent.properties.set(kSubject, "Canceled: " + item.properties.get_text(kSubject));
  return sent;
}

Message take_request(const Message& request) {
  Message item = request;
  item.properties.set(kMessageClass, std::string("IPM.Appointment"));
  return item;
}

Message response(Message& item, const std::string& attendee, const std::string& name, TrackStatus answer,
                 FileTime now) {
  constexpr const char* classes[] = {"Tent", "Tent", "Tent", "Pos", "Neg"};
  constexpr const char* prefixes[] = {"Tentative: ", "Tentative: ", "Tentative: ", "Accepted: ", "Declined: "};
  auto n = static_cast<std::size_t>(answer);
  item.properties.set(kResponseStatus, static_cast<std::int32_t>(answer));
  item.properties.set(kReplyTime, now);
  Message sent;
  for (content::Tag tag : {kGlobalObjectId, kApptStartWhole, kApptEndWhole, kSequence, kLocation})
    if (const content::Property* p = item.properties.find(tag)) sent.properties.set(tag, p->value, p->blame);
  sent.properties.set(kMessageClass, std::string("IPM.Schedule.Meeting.Resp.") + classes[n]);
  sent.properties.set(kSubject, prefixes[n] + item.properties.get_text(kSubject));
  sent.properties.set(kSenderAddress, attendee);
  sent.properties.set(kSenderName, name.empty() ? attendee : name);
  sent.properties.set(kClientSubmitTime, now);
  sent.properties.set(kAttendeeCriticalChange, now);
  sent.properties.set(kReplyTime, now);
  sent.recipients.push_back(content::make_row(item.properties.get_text(kSenderAddress)));
  return sent;
}

bool take_update(Message& item, const Message& update) {
  if (sequence_of(update) < sequence_of(item)) return false;
  for (const content::Property& p : update.properties.all())
    if (p.tag != kMessageClass) item.properties.set(p.tag, p.value, p.blame);
  item.properties.leave_out_as(update.properties);
  return true;
}

Taken take_response(Message& item, const Message& response, FileTime received, const ClientBehaviour& behaviour) {
  Taken taken;
  std::string attendee = response.properties.get_text(kSenderAddress);
  Row* row = item.find_recipient(attendee);
  if (row == nullptr) return taken;
  taken.known = true;
  ResponseTimeFacts facts{.critical_change = time_in(response, kAttendeeCriticalChange),
                          .reply_time = time_in(response, kReplyTime),
                          .sent = time_in(response, kClientSubmitTime),
                          .received = received};
  auto ruling = behaviour.response_time.rule(facts);
  Blame blame = join(ruling.blame, read_of(response, kAttendeeCriticalChange));
  TrackStatus answer = answer_of(response);
  row->properties.set(kTrackStatus, static_cast<std::int32_t>(answer), read_of(response, kMessageClass));
  using Kind = ResponseTime::Kind;
  std::optional<FileTime> time;
  constexpr const char* whys[] = {"PidLidAttendeeCriticalChange",
                                  "PidLidAppointmentReplyTime",
                                  "the time it was sent",
                                  "the time it was received",
                                  "PidLidAttendeeCriticalChange is not there",
                                  "left unset"};
  switch (ruling.outcome.kind) {
    case Kind::critical_change:
      time = facts.critical_change.value_or(received);
      break;
    case Kind::reply_time:
      time = facts.reply_time.value_or(received);
      break;
    case Kind::sent:
      time = facts.sent.value_or(received);
      break;
    case Kind::received:
      time = received;
      break;
    case Kind::zero:
      time = FileTime{};
      break;
    case Kind::unset:
      break;
  }
  taken.blame = blame;
  taken.lineage.push_back({.property = content::name_of(kTrackStatusTime),
                           .row = attendee,
                           .fate = time ? Fate::set : Fate::absent,
                           .value = time ? content::text(*time) : "",
                           .why = whys[static_cast<std::size_t>(ruling.outcome.kind)],
                           .blame = blame});
  if (time) {
    row->properties.set(kTrackStatusTime, *time, blame);
  } else {
    row->properties.erase(kTrackStatusTime);
    row->properties.leave_out(kTrackStatusTime, blame);
  }
  return taken;
}

FileTime time_of_response(const Message& response, FileTime received) {
  if (auto time = time_in(response, kAttendeeCriticalChange)) return *time;
  return time_in(response, kClientSubmitTime).value_or(received);
}

Shown response_shown(const Message& item, const Message& response, FileTime received,
                     const ClientBehaviour& behaviour) {
  const Row* row = item.find_recipient(response.properties.get_text(kSenderAddress));
  if (row == nullptr) return {};
  const FileTime* in_row = row->properties.get<FileTime>(kTrackStatusTime);
  auto ruling = behaviour.response_shown.rule(
      {in_row == nullptr ? std::nullopt : std::optional(*in_row), time_of_response(response, received)});
  const content::Property* property = row->properties.find(kTrackStatusTime);
  Blame read = property == nullptr ? row->properties.blame_of_missing(kTrackStatusTime) : property->blame;
  Blame blame = join(ruling.blame, read);
  bool superseded = ruling.outcome == ResponseShown::superseded;
  return {superseded ? "The attendee sent another response after this response." : "", blame};
}

std::string meeting_key(const Message& message) {
  const Binary* id = message.properties.get<Binary>(kGlobalObjectId);
  return id == nullptr ? "" : id->octets;
}

}  // namespace deadletter::client
