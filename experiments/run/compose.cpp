// What senders' clients make: bodies of every kind, and meeting objects.
#include <fmt/format.h>

#include <algorithm>

#include "experiments/run/contents.h"
#include "models/content/calendar.h"
#include "models/content/meeting_mime.h"
#include "models/content/mime.h"
#include "models/content/smime.h"

namespace deadletter::experiments {

using content::Binary;
using content::FileTime;
using content::Message;

namespace tag = content::tag;

namespace {

constexpr std::int64_t kHour = 3'600'000'000'000, kDay = 24 * kHour;
constexpr std::uint64_t kHeaders = 500;  // of a message's size what is no body

// Lines that say what they are, so that somebody who opens the message is not puzzled.
std::string filler(std::uint64_t octets) {
  std::string text;
  for (std::uint64_t line = 1; text.size() < octets; ++line)
    text += fmt::format("Line {} of a body that is as large as the experiment says.\r\n", line);
  text.resize(std::min<std::uint64_t>(text.size(), octets));
  if (text.ends_with('\r')) text.pop_back();
  return text;
}

std::string plain_entity(const std::string& text) {
  return "Content-Type: text/plain; charset=us-ascii\r\n\r\n" + text;
}

Binary sealed(Holding holding, const std::string& text, const std::string& from, const std::string& to,
              std::int64_t unix_s) {
  std::string inner = plain_entity(text);
  switch (holding) {
    case Holding::opaque_signed:
      return {content::sign_opaque(inner, from, unix_s)};
    case Holding::encrypted:
      return {content::encrypt(inner, to)};
    case Holding::signed_in_signed:
      return {content::sign_clear(content::sign_clear(inner, from, unix_s), from, unix_s)};
    case Holding::encrypted_then_signed:
      return {content::sign_clear(content::encrypt(inner, to), from, unix_s)};
    default:
      return {content::sign_clear(inner, from, unix_s)};
  }
}

const char* type_of(Holding holding) {
  if (holding == Holding::opaque_signed) return "application/pkcs7-mime; smime-type=signed-data";
  if (holding == Holding::encrypted) return "application/pkcs7-mime; smime-type=enveloped-data";
  return "multipart/signed";
}

void attach(Message& message, const char* name, std::string type, Binary octets) {
  content::Attachment a;
  a.properties.set(tag::kAttachFilename, std::string(name));
  a.properties.set(tag::kAttachMimeTag, std::move(type));
  a.properties.set(tag::kAttachData, std::move(octets));
  message.attachments.push_back(std::move(a));
}

}  // namespace

// Without a mail: one that is described, and stands for many.
Message Contents::body(const PlannedMail* mail, Holding holding, sim::Instant now) const {
  std::string from = mail == nullptr ? "sender@described.invalid" : plan_.addresses.text(mail->from);
  std::string to = mail == nullptr ? "recipient@described.invalid" : plan_.addresses.text(mail->to.front());
  std::uint64_t size = mail == nullptr ? 0 : mail->size - std::min(mail->size, kHeaders);
  Message message;
  message.properties.set(tag::kMessageClass, std::string("IPM.Note"));
  message.properties.set(tag::kSubject, mail == nullptr ? std::string("described") : mail->subject);
  message.properties.set(tag::kSenderAddress, from);
  message.properties.set(tag::kSenderName, from);
  message.properties.set(tag::kClientSubmitTime, file_time(now));
  message.properties.set(tag::kImportance, 1);
  if (mail == nullptr) {
    message.recipients.push_back(content::make_row(to));
  } else {
    for (mail::AddressId r : mail->to) message.recipients.push_back(content::make_row(plan_.addresses.text(r)));
  }
  std::string text = filler(size);
  if (holding <= Holding::attachment) {
    message.properties.set(tag::kBody, holding == Holding::attachment ? std::string("See what is attached.") : text);
    if (holding == Holding::html)
      message.properties.set(tag::kHtml, Binary{"<html><body><p>" + text + "</p></body></html>"});
    if (holding == Holding::attachment) attach(message, "report.doc", "application/msword", {text});
    return message;
  }
  bool clear = holding != Holding::opaque_signed && holding != Holding::encrypted;
  message.properties.set(tag::kMessageClass, std::string(clear ? "IPM.Note.SMIME.MultipartSigned" : "IPM.Note.SMIME"));
  std::int64_t unix_s = (plan_.start_unix_ns + now.ns) / 1'000'000'000;
  attach(message, "smime.p7m", type_of(holding), sealed(holding, text, from, to, unix_s));
  return message;
}

Message Contents::new_meeting(const PlannedMail& mail, const PlannedContent& planned, sim::Instant now) {
  client::MeetingDraft draft{
      .organizer = plan_.addresses.text(mail.from),
      .subject = mail.subject.empty() ? "Meeting" : mail.subject,
      .location = planned.times.location,
      .text = fmt::format("{} is called by {}.", mail.subject.empty() ? "A meeting" : "\"" + mail.subject + "\"",
                          plan_.addresses.text(mail.from)),
      .key = fmt::format("{}/{}", plan_.experiment, mail.name)};
  for (mail::AddressId r : mail.to) draft.attendees.push_back(plan_.addresses.text(r));
  std::int64_t start = planned.times.starts_unix_ns.value_or(plan_.start_unix_ns + now.ns + kDay);
  draft.start = content::file_time(start);
  draft.end = content::file_time(start + planned.times.lasts_ns.value_or(kHour));
  Message item = client::new_meeting(draft, file_time(now));
  if (!planned.times.uid.empty())
    item.properties.set(tag::kGlobalObjectId, content::global_object_id(planned.times.uid));
  return item;
}

std::optional<Message> Contents::meeting_object(const PlannedMail& mail, const PlannedContent& planned,
                                                sim::Instant now) {
  using Kind = PlannedContent::Kind;
  Mailbox& own = mailbox(mail.from);
  FileTime at = file_time(now);
  if (planned.kind == Kind::request) {
    Message item = new_meeting(mail, planned, now);
    meeting_keys_[mail.name] = client::meeting_key(item);
    Message sent = client::request(item, at);
    own.put(std::move(item));
    return sent;
  }
  auto key = meeting_keys_.find(planned.about);
  Message* item = key == meeting_keys_.end() ? nullptr : own.meeting(key->second);
  if (item == nullptr) return std::nullopt;
  if (planned.kind == Kind::reply)
    return client::response(*item, plan_.addresses.text(mail.from), "", planned.response, at);
  for (const auto& [attendee, time] : planned.track_times) {
    content::Row* row = item->find_recipient(attendee);
    if (row == nullptr) continue;
    if (time.kind == TrackTime::Kind::blank)
      row->properties.erase(tag::kTrackStatusTime);
    else
      row->properties.set(tag::kTrackStatusTime,
                          time.kind == TrackTime::Kind::zero ? FileTime{} : content::file_time(time.unix_ns));
  }
  if (planned.kind == Kind::cancellation) return client::cancellation(*item, at);
  const FileTime* begin = item->properties.get<FileTime>(tag::kApptStartWhole);
  // Of a meeting out of a file, any date: kept where an hour more is still a number.
  constexpr std::int64_t kFar = 106'000 * kDay;
  std::int64_t now_begins = begin == nullptr ? 0 : std::clamp(content::unix_ns(*begin), -kFar, kFar);
  std::int64_t start = planned.times.starts_unix_ns.value_or(now_begins + kHour);
  client::change_time(*item, content::file_time(start),
                      content::file_time(start + planned.times.lasts_ns.value_or(kHour)), at);
  return client::request(*item, at);
}

// A request out of a file is its sender's meeting from then on.
void Contents::held(const PlannedMail& mail, const PlannedContent& planned, sim::Instant now) {
  static const content::ContentBehaviour as_designed;
  auto read = content::from_mime(planned.octets, {}, as_designed, times(now, now));
  std::string key = client::meeting_key(read.message);
  if (content::object_kind(read.message.message_class()) != content::ObjectKind::request || key.empty()) return;
  meeting_keys_[mail.name] = key;
  mailbox(mail.from).put(client::take_request(read.message));
}

}  // namespace deadletter::experiments
