// Conversions held to the published table: for messages drawn at random, MAPI -> MIME -> MAPI loses what the table says
// and nothing else, and so does MIME -> MAPI -> MIME for messages and calendar objects.
//
// Each remark of the table has a function here that says what a value is afterwards; a remark without one is a failure,
// and so is a row that could say the opposite without being noticed.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <stdexcept>
#include <tuple>

#include "models/content/calendar.h"
#include "models/content/content.h"
#include "tests/models/content/made_up_message.h"

namespace deadletter::content {
namespace {

using testing::MadeUpMessages;
using Maybe = std::optional<Value>;
using Table = std::vector<ConversionRow>;
using Differences = std::set<std::string>;

const FileTime kSubmitted{127'856'448'000'000'000};  // 2006-03-01
const ReferenceTimes kTimes{.submitted = kSubmitted, .converting = kSubmitted};
constexpr std::int64_t kSecond = 10'000'000;
constexpr const char* kOpaque = "application/pkcs7-mime; smime-type=signed-data";

// ---- which row speaks of what

bool lists(std::string_view list, std::string_view one) {
  for (std::size_t end = 0; !list.empty(); list.remove_prefix(std::min(list.size(), end + 2))) {
    end = std::min(list.find(", "), list.size());
    std::string_view item = list.substr(0, end);
    if (item == one || (item.ends_with('*') && one.starts_with(item.substr(0, item.size() - 1)))) return true;
  }
  return false;
}

std::vector<std::string> objects_of(const Message& message) {
  constexpr const char* names[] = {"note", "request", "response", "cancellation", "report", "other"};
  std::string cls = message.message_class(), kind = names[static_cast<int>(object_kind(cls))];
  bool sealed = cls.find(".SMIME") != cls.npos && message.attachments.size() == 1 &&
                message.attachments[0].properties.get<Binary>(tag::kAttachData) != nullptr;
  return sealed ? std::vector<std::string>{"signed", kind, "all"} : std::vector<std::string>{kind, "all"};
}

const ConversionRow& row_for(const Table& table, const std::string& property, const std::vector<std::string>& objects,
                             const std::string& otherwise) {
  for (const std::string& name : {property, otherwise})
    for (const std::string& object : objects)
      for (const ConversionRow& row : table)
        if (row.property[0] != '\0' && lists(row.objects, object) && lists(row.property, name)) return row;
  throw std::runtime_error("no row for " + property);
}

// ---- remarks: what a value is afterwards

FileTime whole(FileTime time) { return {time.ticks - time.ticks % kSecond}; }
bool expressible(const Maybe& value) {
  return value && std::get<FileTime>(*value).ticks != 0 &&
         VariantRange{}.holds(variant_date(std::get<FileTime>(*value)));
}
std::int32_t number(const Maybe& value) { return std::get<std::int32_t>(*value); }
std::string words(const Maybe& value) { return value ? std::get<std::string>(*value) : ""; }
Maybe unless_empty(const std::string& text) { return text.empty() ? std::nullopt : Maybe(text); }
Maybe if_within(const Maybe& value, std::int32_t least, std::int32_t most) {
  return value && least <= number(value) && number(value) <= most ? value : std::nullopt;
}
std::string one_octet_line_ends(std::string text) {
  for (std::size_t at = 0; (at = text.find("\r\n", at)) != text.npos;) text.erase(at, 1);
  return text;
}

// By whom a property is held: its bag, and the message that the bag is of.
struct Held {
  const Properties& bag;
  const Message& message;
};
using V = const Maybe&;
using H = const Held&;

Maybe latest_answer(V, H held) {
  Maybe latest;
  for (const Row& row : held.message.recipients)
    if (const Property* p = row.properties.find(tag::kTrackStatusTime); p != nullptr && expressible(p->value))
      latest = latest ? std::max(*latest, p->value) : p->value;
  return latest ? Maybe(whole(std::get<FileTime>(*latest))) : std::nullopt;
}

Maybe object_id(V value, H) {
  const std::string octets = std::get<Binary>(*value).octets;
  const std::string cls("\x04\x00\x00\x00\x82\x00\xe0\x00\x74\xc5\xb7\x10\x1a\x82\xe0\x08", 16);
  if (octets.starts_with(cls)) return value;
  std::string uid("vCal-Uid\x01\0\0\0", 12);
  for (unsigned char c : octets) uid += {"0123456789ABCDEF"[c >> 4], "0123456789ABCDEF"[c & 15]};
  uid += '\0';
  std::string size{static_cast<char>(uid.size() & 255), static_cast<char>(uid.size() >> 8), '\0', '\0'};
  return Binary{cls + std::string(20, '\0') + size + uid};
}

const std::map<std::string, Maybe (*)(V before, H held)> kRules = {
    {"", [](V v, H) { return v; }},
    {"lost", [](V, H) { return Maybe(); }},
    {"whole seconds; zero and what content.variant_time_range does not hold are lost, and fail the conversion where "
     "the property is mandatory",
     [](V v, H) { return expressible(v) ? Maybe(whole(std::get<FileTime>(*v))) : Maybe(); }},
    {"whole seconds; before 1969 lost; without it, and for what content.variant_time_range does not hold, the time "
     "of submission",
     [](V v, H) {
       if (!expressible(v)) return Maybe(kSubmitted);
       FileTime time = whole(std::get<FileTime>(*v));
       return time < *parse_ical_utc("19690101T000000Z") ? Maybe() : Maybe(time);
     }},
    {"empty text is lost", [](V v, H) { return unless_empty(words(v)); }},
    {"CR LF becomes LF; other control octets but TAB are lost; empty text is lost",
     [](V v, H) { return unless_empty(one_octet_line_ends(words(v))); }},
    {"CR LF becomes LF; other control octets but TAB are lost; without it, empty text",
     [](V v, H) { return Maybe(one_octet_line_ends(words(v))); }},
    {"without it, empty text", [](V v, H) { return Maybe(words(v)); }},
    {"what is not from 0 to 2 is lost", [](V v, H) { return if_within(v, 0, 2); }},
    {"what is not from 1 to 3 is lost", [](V v, H) { return if_within(v, 1, 3); }},
    {"what is not from 0 to 3 becomes 3 (out of office)",
     [](V v, H) { return v ? if_within(v, 0, 3).value_or(std::int32_t{3}) : Maybe(); }},
    {"without it, and for what is negative, 0", [](V v, H) { return Maybe(v ? std::max(0, number(v)) : 0); }},
    {"lost without an address, and when it is the address",
     [](V v, H held) {
       std::string address = held.bag.get_text(tag::kSenderAddress);
       return address.empty() || words(v) == address ? Maybe() : unless_empty(words(v));
     }},
    {"without it, and when it is empty, the address",
     [](V v, H held) { return Maybe(words(v).empty() ? held.bag.get_text(tag::kSmtpAddress) : words(v)); }},
    {"control octets but TAB and LF are lost; without it, and when it is empty, the address",
     [](V v, H held) {
       return Maybe(one_octet_line_ends(words(v).empty() ? held.bag.get_text(tag::kSmtpAddress) : words(v)));
     }},
    {"rows that are neither to nor cc are lost; to comes before cc", [](V v, H) { return v; }},
    {"what is not to, bcc too, becomes cc",
     [](V v, H) { return Maybe(number(v) == 1 ? std::int32_t{1} : std::int32_t{2}); }},
    {"what is neither tentative, accepted nor declined is lost", [](V v, H) { return if_within(v, 2, 4); }},
    {"lost: the latest of all rows becomes PidLidAppointmentReplyTime", [](V, H) { return Maybe(); }},
    {"lost: comes back as the latest PR_RECIPIENT_TRACKSTATUS_TIME", latest_answer},
    {"one without the class id of MS-OXOCAL 2.2.1.27 comes back as a foreign UID; a foreign UID without its dates",
     object_id},
    {"without it, for what is no type and for multipart/*, application/octet-stream; in lower case, without parameters",
     [](V v, H) {
       bool type = v && words(v).find_first_of("; ") == std::string::npos;
       return Maybe(!type ? "application/octet-stream" : words(v) == "Image/PNG" ? "image/png" : words(v));
     }},
    {"what Content-Type says of the content",
     [](V, H held) { return Maybe(held.message.message_class().ends_with("Signed") ? "multipart/signed" : kOpaque); }},
    {"becomes smime.p7m", [](V, H) { return Maybe(std::string("smime.p7m")); }},
    {"becomes the subject of the message",
     [](V, H held) { return Maybe(held.message.properties.get_text(tag::kSubject)); }},
    {"becomes IPM.Note", [](V, H) { return Maybe(std::string("IPM.Note")); }},
    {"becomes the class above; of other responses IPM.Schedule.Meeting.Resp.Tent",
     [](V v, H) {
       bool request = object_kind(words(v)) == ObjectKind::request;
       return Maybe(request ? "IPM.Schedule.Meeting.Request" : "IPM.Schedule.Meeting.Resp.Tent");
     }},
    {"becomes IPM.Appointment; fails without PidLidGlobalObjectId or PidLidAppointmentStartWhole",
     [](V, H) { return Maybe(std::string("IPM.Appointment")); }},
};

// What differs from what the table says.
class Comparison {
 public:
  explicit Comparison(const Table& table) : table_(table) {}

  void compare(const Message& before, const Message& after) {
    objects_ = objects_of(before);
    bag(before.properties, after.properties, before, "");
    std::vector<Row> rows = expected_rows(before.recipients);
    if (rows.size() != after.recipients.size()) found.insert("rows");
    for (std::size_t i = 0; i < std::min(rows.size(), after.recipients.size()); ++i)
      bag(rows[i].properties, after.recipients[i].properties, before, "row: ");
    std::vector<Attachment> attachments;
    for (const Attachment& a : before.attachments)
      if (a.embedded || a.properties.get<Binary>(tag::kAttachData)) attachments.push_back(a);
    if (attachments.size() != after.attachments.size()) found.insert("attachments");
    for (std::size_t i = 0; i < std::min(attachments.size(), after.attachments.size()); ++i)
      attachment(attachments[i], after.attachments[i], before);
  }
  Differences found;

 private:
  void attachment(const Attachment& before, const Attachment& after, const Message& message) {
    const Message* inner = before.embedded.get();
    bag(before.properties, after.properties, inner ? *inner : message, inner ? "embedded: " : "attachment: ");
    if ((inner != nullptr) != (after.embedded != nullptr)) found.insert("embedded");
    Comparison nested(table_);
    if (inner && after.embedded) nested.compare(*inner, *after.embedded);
    found.merge(nested.found);
  }
  const ConversionRow& row(const std::string& prefix, Tag tag, const Message& message) const {
    bool cls = tag == tag::kMessageClass && prefix.empty();
    std::string name = cls ? "class " + message.message_class() : prefix + name_of(tag);
    return row_for(table_, name, objects_, cls ? "class " : prefix + "any other");
  }
  void bag(const Properties& before, const Properties& after, const Message& message, const std::string& prefix) {
    std::set<Tag> tags;
    for (const TagInfo& info : known_tags()) tags.insert(info.tag);
    for (const Properties* p : {&before, &after})
      for (const Property& property : p->all()) tags.insert(property.tag);
    auto value = [](const Properties& p, Tag tag) { return p.has(tag) ? Maybe(p.find(tag)->value) : Maybe(); };
    for (Tag tag : tags) {
      std::string remark = row(prefix, tag, message).remark;
      if (!kRules.contains(remark)) throw std::runtime_error("no rule for " + remark);
      Maybe expected = kRules.at(remark)(value(before, tag), {before, message});
      if (expected != value(after, tag))
        found.insert(prefix + name_of(tag) + ": " + (expected ? text(*expected) : "lost") + ", not " +
                     (after.has(tag) ? text(after.find(tag)->value) : "lost"));
    }
  }
  std::vector<Row> expected_rows(const std::vector<Row>& before) const {
    const ConversionRow& types = row_for(table_, "row: PR_RECIPIENT_TYPE", objects_, "");
    if (!std::string_view(types.remark).starts_with("rows")) return before;
    std::vector<Row> rows;
    for (RecipientType type : {RecipientType::to, RecipientType::cc})
      std::ranges::copy_if(before, std::back_inserter(rows), [&](const Row& r) { return r.type() == type; });
    return rows;
  }

  const Table& table_;
  std::vector<std::string> objects_;
};

// Messages as clients have them: known properties of their type, no zero octet in texts, addresses that are some.
class Generator {
 public:
  explicit Generator(unsigned seed) : made_(seed) {}

  Message next() {
    Message message = made_.next(3);
    tame(message, true);
    return message;
  }

 private:
  std::string one_of(std::span<const char* const> list) { return list[made_.below(list.size())]; }
  std::string address() { return "p" + std::to_string(made_.below(20)) + "@contoso.com"; }
  std::int32_t small() { return static_cast<std::int32_t>(made_.below(8)) - 1; }
  // From 1601 to 2121, in steps of 36 days, some with a part of a second.
  FileTime time() {
    return {static_cast<std::int64_t>(made_.below(5'200)) * 3'155'760 * kSecond +
            static_cast<std::int64_t>(made_.below(2))};
  }

  void tame(Properties& bag, bool often) {
    std::vector<Property> all(bag.all().begin(), bag.all().end());
    for (Property& p : all) {
      const TagInfo* known = find_tag(p.tag);
      if (known != nullptr && type_of(p.value) != known->type) bag.erase(p.tag);
      if (auto* text = std::get_if<std::string>(&p.value); text != nullptr && bag.has(p.tag)) {
        std::erase(*text, '\0');
        bag.set(p.tag, *text);
      }
    }
    for (const TagInfo& known : known_tags())
      if (known.type == Type::time && often && made_.below(2) == 0) bag.set(known.tag, time());
    for (Tag tag : {tag::kImportance, tag::kSensitivity, tag::kBusyStatus, tag::kIntendedBusyStatus, tag::kTrackStatus,
                    tag::kSequence})
      if (made_.below(2) == 0) bag.set(tag, small());
  }

  void tame(Message& message, bool top) {
    static constexpr const char* notes[] = {"IPM.Note",       "IPM.Note.Custom",     "IPM.Note.SMIME.MultipartSigned",
                                            "IPM.Note.SMIME", "REPORT.IPM.Note.NDR", "IPM",
                                            "IPM.Contact",    "IPM.Appointment"};
    static constexpr const char* meetings[] = {"Request",   "Request.Custom", "Canceled", "Resp.Pos",
                                               "Resp.Tent", "Resp.Neg",       "Resp.X"};
    Properties& bag = message.properties;
    tame(bag, true);
    std::string note = one_of(notes), meeting = "IPM.Schedule.Meeting." + one_of(meetings);
    if (!top && note.find("SMIME") != note.npos) note = "IPM.Note";
    bag.set(tag::kMessageClass, made_.below(2) == 0 ? note : meeting);
    if (made_.below(3) == 0) bag.set(tag::kHtml, Binary{made_.octets()});
    for (Tag tag : {tag::kSenderAddress, tag::kMessageId}) bag.erase(tag);
    if (made_.below(4) != 0) bag.set(tag::kSenderAddress, address());
    if (made_.below(4) == 0) bag.set(tag::kSenderName, bag.get_text(tag::kSenderAddress));
    if (made_.below(2) == 0) bag.set(tag::kMessageId, "<" + std::to_string(made_.below(99)) + "@contoso.com>");
    std::string cls("\x04\x00\x00\x00\x82\x00\xe0\x00\x74\xc5\xb7\x10\x1a\x82\xe0\x08", 16);
    bag.set(tag::kGlobalObjectId, Binary{(made_.below(3) == 0 ? "" : cls) + made_.octets()});
    bag.set(tag::kApptStartWhole, FileTime{kSubmitted.ticks + static_cast<std::int64_t>(made_.below(1'000'000'000))});
    for (Row& row : message.recipients) {
      tame(row.properties, true);
      row.properties.set(tag::kSmtpAddress, address());
      row.properties.set(tag::kRecipientType, static_cast<std::int32_t>(1 + made_.below(3)));
    }
    for (Attachment& a : message.attachments) attachment(a);
    if (bag.get_text(tag::kMessageClass).find("SMIME") == std::string::npos) return;
    message.attachments.clear();  // the only attachment of such a class is the sealed content
    if (made_.below(4) != 0) seal(message);
  }
  void attachment(Attachment& a) {
    static constexpr const char* types[] = {"text/plain", "text/calendar", "message/rfc822", "Image/PNG", "", kOpaque};
    tame(a.properties, false);
    a.properties.set(tag::kAttachMimeTag, one_of(types));
    if (a.properties.get_text(tag::kAttachMimeTag).empty()) a.properties.erase(tag::kAttachMimeTag);
    if (made_.below(6) == 0) a.properties.set(tag::kAttachFilename, std::string());
    if (!a.embedded) return;
    auto inner = std::make_shared<Message>(*a.embedded);
    tame(*inner, false);
    a.embedded = std::move(inner);
  }
  void seal(Message& message) {
    bool clear = message.message_class().ends_with("Signed");
    Properties bag;
    message.properties.set(tag::kBody, std::string("beside it"));
    bag.set(tag::kAttachFilename, std::string("any"));
    bag.set(tag::kAttachData, Binary{clear ? "Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--"
                                           : "Content-Type: application/pkcs7-mime; smime-type=signed-data\r\n\r\nA"});
    message.attachments = {{bag}};
  }

  MadeUpMessages made_;
};

Message there_and_back(const Message& message) {
  ToMime mime = to_mime(message, {}, kTimes, "=_");
  EXPECT_FALSE(mime.failed);
  return from_mime(mime.octets, mime.trail, {}, kTimes).message;
}

std::multiset<std::string> people(const Message& message) {
  std::multiset<std::string> all;
  for (const Row& row : message.recipients)
    if (row.type() == RecipientType::to || row.type() == RecipientType::cc) all.insert(row.address());
  return all;
}

TEST(ConversionTable, MapiToMimeAndBackLosesWhatTheTableSays) {
  Generator generator(938650);
  for (int i = 0; i < 1000 && !HasFailure(); ++i) {
    SCOPED_TRACE(i);
    Message before = generator.next(), after = there_and_back(before);
    Comparison comparison(conversion_table());
    comparison.compare(before, after);
    EXPECT_TRUE(std::ranges::includes(people(after), people(before))) << "a recipient is lost";
    for (const std::string& difference : comparison.found) ADD_FAILURE() << before.message_class() << " " << difference;
  }
}

// Each row in turn says the opposite: kept for lost, lost for kept.
TEST(ConversionTable, ARowThatIsWrongIsNoticed) {
  Generator generator(843242);
  std::vector<std::pair<Message, Message>> trips;
  for (int i = 0; i < 200; ++i) {
    Message before = generator.next();
    trips.emplace_back(before, there_and_back(before));
  }
  Differences unnoticed;
  for (std::size_t at = 0; conversion_table()[at].property[0] != '\0'; ++at) {
    Table wrong = conversion_table();
    wrong[at].remark = *wrong[at].remark == '\0' ? "lost" : "";
    bool noticed = std::ranges::any_of(trips, [&](const auto& trip) {
      Comparison comparison(wrong);
      comparison.compare(trip.first, trip.second);
      return !comparison.found.empty();
    });
    if (!noticed) unnoticed.insert(std::string(wrong[at].property) + " (" + wrong[at].objects + ")");
  }
  // No known tag has that name, and a message is compared with what is in it, not as a whole.
  EXPECT_EQ(unnoticed, (Differences{"PR_RTF_COMPRESSED (all)", "embedded: the message (all)"}));
}

// ---- the other direction: fields and lines of calendars before and after, any of them together

struct Sample {
  const char* name;
  std::string before, after;  // of fields the value, of calendars the line; empty: not there
};
const std::vector<Sample> kFields = {
    {"From", "ann@contoso.com, eve@contoso.com", "ann@contoso.com"},
    {"To", "\"Lee, Bob\" <bob@contoso.com>, \"carl@contoso.com\" <carl@contoso.com>",
     "\"Lee, Bob\" <bob@contoso.com>, carl@contoso.com"},
    {"Cc", "\"=?iso-8859-1?Q?J=FCrgen?=\" <j@contoso.com>", "=?utf-8?Q?J=C3=BCrgen?= <j@contoso.com>"},
    {"Subject", "=?iso-8859-1?Q?B=FCdget?=", "=?utf-8?Q?B=C3=BCdget?="},
    {"Date", "Thu, 02 Mar 2006 09:00:00 +0100", "Thu, 02 Mar 2006 08:00:00 +0000"},
    {"Date", "Mon, 01 Jan 1900 00:00:00 +0000", "Wed, 01 Mar 2006 00:00:00 +0000"},
    {"Message-ID", "<1@contoso.com>", "<1@contoso.com>"},
    {"Importance", "High", "high"},
    {"Sensitivity", "private", "Private"},
    {"Sensitivity", "None", ""},
    {"Received", "from a by b", ""},
    {"X-Mailer", "x", ""},
};
const std::vector<Sample> kLines = {
    {"UID", "UID:1@contoso.com", "UID:1@contoso.com"},
    {"UID", "UID:040000008200e00074c5b7101a82e008ab", "UID:040000008200E00074C5B7101A82E008AB"},
    {"DTSTART", "DTSTART;TZID=W:20060302T080000", "DTSTART:20060302T080000Z"},
    {"DTSTART", "DTSTART;VALUE=DATE:20060302", "DTSTART:20060302T000000Z"},
    {"DTSTAMP", "DTSTAMP:20050101T000000Z", "DTSTAMP:20060301T000000Z"},
    {"LOCATION", "LOCATION:Room 5\\, left", "LOCATION:Room 5\\, left"},
    {"SEQUENCE", "SEQUENCE:-3", "SEQUENCE:0"},
    {"STATUS", "STATUS:CONFIRMED", ""},
    {"ORGANIZER", "ORGANIZER;CN=Eve:mailto:eve@contoso.com", "ORGANIZER:mailto:ann@contoso.com"},
    {"ATTENDEE", "ATTENDEE;ROLE=NON-PARTICIPANT;CUTYPE=ROOM;PARTSTAT=DELEGATED:mailto:r@x",
     "ATTENDEE;ROLE=OPT-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:r@x"},
    {"X-MICROSOFT-CDO-ALLDAYEVENT", "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE", "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE"},
    {"X-MICROSOFT-CDO-REPLYTIME", "X-MICROSOFT-CDO-REPLYTIME:20060301T080000Z", ""},
    {"RRULE", "RRULE:FREQ=DAILY", ""},
    {"RECURRENCE-ID", "RECURRENCE-ID:20060302T080000Z", ""},
    {"X-OWN", "X-OWN:1", ""},
};

// One sample or none of each name, in any order.
std::vector<Sample> drawn(const std::vector<Sample>& from, MadeUpMessages& chance) {
  std::map<std::string, std::vector<Sample>> by_name;
  for (const Sample& s : from) by_name[s.name].push_back(s);
  std::vector<Sample> chosen;
  for (const auto& [name, samples] : by_name)
    if (std::size_t at = chance.below(samples.size() + 1); at < samples.size())
      chosen.insert(chosen.begin() + static_cast<std::ptrdiff_t>(chance.below(chosen.size() + 1)), samples[at]);
  return chosen;
}
std::string of(const std::vector<Sample>& chosen, const std::string& name, const std::string& otherwise) {
  auto at = std::ranges::find(chosen, name, &Sample::name);
  return at == chosen.end() ? otherwise : at->after;
}
Entity again(const Entity& entity) {
  FromMime mapi = from_mime(write_mime(entity, "before"), {}, {}, kTimes);
  return read_mime(to_mime(mapi.message, {}, kTimes, "=_").octets).value();
}

// A row without a remark keeps every sample, one that says "lost" none, and any other changes some.
TEST(ConversionTable, SamplesOfMimeSayWhatTheTableSays) {
  for (auto [samples, object, otherwise] :
       {std::tuple{&kFields, "note", "any other field"}, std::tuple{&kLines, "request", "any other property"}})
    for (const Sample& sample : *samples) {
      auto row_of = [&, object = object](const char* name) {
        return std::ranges::find_if(conversion_table(), [&](const ConversionRow& row) {
          bool about = row.property[0] == '\0' && (lists(row.objects, object) || lists(row.objects, "all"));
          return about && lists(row.mime, name);
        });
      };
      auto row = row_of(sample.name);
      if (row == conversion_table().end()) row = row_of(otherwise);
      ASSERT_NE(row, conversion_table().end()) << sample.name;
      std::string remark = row->remark;
      auto changes = [&](const Sample& s) { return s.name == std::string_view(sample.name) && s.before != s.after; };
      EXPECT_EQ(std::ranges::any_of(*samples, changes), !remark.empty() && remark != "the first of several")
          << sample.name;
      EXPECT_TRUE(remark != "lost" || sample.after.empty()) << sample.name;
    }
}

TEST(ConversionTable, MimeToMapiAndBackKeepsFieldsBodiesAndAttachments) {
  MadeUpMessages chance(2822);
  auto leaf = [&](const char* type) { return Entity{.type = type, .content = "c" + chance.octets()}; };
  for (int i = 0; i < 500 && !HasFailure(); ++i) {
    SCOPED_TRACE(i);
    Entity before = {.type = "multipart/mixed",
                     .parts = {leaf("image/png"), leaf("text/plain"), leaf("text/html"), leaf("text/plain")}};
    std::vector<Sample> chosen = drawn(kFields, chance);
    for (const Sample& s : chosen) before.fields.push_back({s.name, s.before});
    if (!of(chosen, "Message-ID", "").empty()) before.fields.push_back({"Message-ID", "<a second one>"});
    Entity after = again(before);
    for (const Sample& s : kFields) {
      std::string otherwise = s.name == std::string_view("Date") ? "Wed, 01 Mar 2006 00:00:00 +0000" : "";
      EXPECT_EQ(after.field(s.name), of(chosen, s.name, otherwise)) << s.name;
    }
    ASSERT_EQ(after.parts.size(), 3U);
    const std::vector<Entity>&bodies = after.parts[0].parts, &was = before.parts;
    EXPECT_EQ(bodies.at(0).content + bodies.at(1).content, was[1].content + was[2].content);
    EXPECT_EQ(after.parts[1].content + after.parts[2].content, was[0].content + was[3].content);
  }
}

TEST(ConversionTable, MimeToMapiAndBackKeepsOfARequestWhatTheTableSays) {
  MadeUpMessages chance(5545);
  for (int i = 0; i < 500 && !HasFailure(); ++i) {
    SCOPED_TRACE(i);
    std::vector<Sample> chosen = drawn(kLines, chance);
    for (const Sample& needed : {kLines[0], kLines[3]})
      if (of(chosen, needed.name, "").empty()) chosen.push_back(needed);
    std::string lines;
    for (const Sample& s : chosen) lines += s.before + "\r\n";
    Entity before{.fields = {{"From", "ann@contoso.com"}}, .type = "text/calendar"};
    before.content =
        "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\n" + lines + "END:VEVENT\r\nEND:VCALENDAR\r\n";
    std::string after = again(before).parts.at(1).content;
    for (std::size_t at = 0; (at = after.find("\r\n ", at)) != after.npos;) after.erase(at, 3);
    for (const Sample& s : kLines) {
      std::string made;
      for (const char* always : {"DTSTAMP:20060301T000000Z", "SEQUENCE:0", "ORGANIZER:mailto:ann@contoso.com"})
        if (std::string_view(always).starts_with(s.name)) made = always;
      std::string line = of(chosen, s.name, made);
      std::string found = line.empty() ? "\r\n" + std::string(s.name) : "\r\n" + line + "\r\n";
      EXPECT_EQ(after.find(found) != after.npos, !line.empty()) << found << after;
    }
  }
}

}  // namespace
}  // namespace deadletter::content
