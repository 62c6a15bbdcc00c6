// Conversions held to the published table: for messages drawn at random, MAPI -> MIME -> MAPI loses what the table says
// and nothing else, and so does MIME -> MAPI -> MIME for messages and calendar objects.
//
// Each remark of the table has a function here that says what a value is afterwards; a remark without one is a failure,
// and so is a row that could say the opposite without being noticed.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>

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

// ---- which row speaks of what

bool lists(std::string_view list, std::string_view one) {
  for (std::size_t at = 0; at <= list.size();
       at = list.find(", ", at) == list.npos ? list.size() + 1 : list.find(", ", at) + 2) {
    std::string_view item = list.substr(at, list.find(", ", at) - at);
    if (item == one || (item.ends_with('*') && one.starts_with(item.substr(0, item.size() - 1)))) return true;
  }
  return false;
}

std::vector<std::string> objects_of(const Message& message) {
  constexpr const char* names[] = {"note", "request", "response", "cancellation", "report", "other"};
  std::string cls = message.message_class(), kind = names[static_cast<int>(object_kind(cls))];
  bool sealed = cls.find(".SMIME") != cls.npos && message.attachments.size() == 1 &&
                message.attachments[0].properties.get<Binary>(tag::kAttachData) != nullptr;
  if (sealed) return {"signed", kind, "all"};
  return {kind, "all"};
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

Maybe latest_answer(const Maybe&, const Held& held) {
  Maybe latest;
  for (const Row& row : held.message.recipients)
    if (const Property* p = row.properties.find(tag::kTrackStatusTime); p != nullptr && expressible(p->value))
      latest = latest ? std::max(*latest, p->value) : p->value;
  return latest ? Maybe(whole(std::get<FileTime>(*latest))) : std::nullopt;
}

Maybe object_id(const Maybe& value, const Held&) {
  const std::string octets = std::get<Binary>(*value).octets;
  const std::string cls("\x04\x00\x00\x00\x82\x00\xe0\x00\x74\xc5\xb7\x10\x1a\x82\xe0\x08", 16);
  if (octets.starts_with(cls)) return value;
  std::string uid("vCal-Uid\x01\0\0\0", 12);
  for (unsigned char c : octets) uid += {"0123456789ABCDEF"[c >> 4], "0123456789ABCDEF"[c & 15]};
  uid += '\0';
  std::string size{static_cast<char>(uid.size() & 255), static_cast<char>(uid.size() >> 8), '\0', '\0'};
  return Binary{cls + std::string(20, '\0') + size + uid};
}

using Rule = Maybe (*)(const Maybe& before, const Held& held);
const std::map<std::string, Rule>& rules() {
  static const std::map<std::string, Rule> all = {
      {"", [](const Maybe& v, const Held&) { return v; }},
      {"lost", [](const Maybe&, const Held&) { return Maybe(); }},
      {"whole seconds; zero and what content.variant_time_range does not hold are lost, and fail the conversion where "
       "the property is mandatory",
       [](const Maybe& v, const Held&) { return expressible(v) ? Maybe(whole(std::get<FileTime>(*v))) : Maybe(); }},
      {"whole seconds; before 1969 lost; without it, and for what content.variant_time_range does not hold, the time "
       "of submission",
       [](const Maybe& v, const Held&) {
         if (!expressible(v)) return Maybe(kSubmitted);
         FileTime time = whole(std::get<FileTime>(*v));
         return time < *parse_ical_utc("19690101T000000Z") ? Maybe() : Maybe(time);
       }},
      {"empty text is lost", [](const Maybe& v, const Held&) { return unless_empty(words(v)); }},
      {"CR LF becomes LF; other control octets but TAB are lost; empty text is lost",
       [](const Maybe& v, const Held&) { return unless_empty(one_octet_line_ends(words(v))); }},
      {"CR LF becomes LF; other control octets but TAB are lost; without it, empty text",
       [](const Maybe& v, const Held&) { return Maybe(one_octet_line_ends(words(v))); }},
      {"without it, empty text", [](const Maybe& v, const Held&) { return Maybe(words(v)); }},
      {"what is not from 0 to 2 is lost", [](const Maybe& v, const Held&) { return if_within(v, 0, 2); }},
      {"what is not from 1 to 3 is lost", [](const Maybe& v, const Held&) { return if_within(v, 1, 3); }},
      {"what is not from 0 to 3 becomes 3 (out of office)",
       [](const Maybe& v, const Held&) { return v ? if_within(v, 0, 3).value_or(std::int32_t{3}) : Maybe(); }},
      {"without it, and for what is negative, 0",
       [](const Maybe& v, const Held&) { return Maybe(v ? std::max(0, number(v)) : 0); }},
      {"lost without an address, and when it is the address",
       [](const Maybe& v, const Held& held) {
         std::string address = held.bag.get_text(tag::kSenderAddress);
         return address.empty() || words(v) == address ? Maybe() : unless_empty(words(v));
       }},
      {"without it, and when it is empty, the address",
       [](const Maybe& v, const Held& held) {
         return Maybe(words(v).empty() ? held.bag.get_text(tag::kSmtpAddress) : words(v));
       }},
      {"control octets but TAB and LF are lost; without it, and when it is empty, the address",
       [](const Maybe& v, const Held& held) {
         return Maybe(words(v).empty() ? held.bag.get_text(tag::kSmtpAddress) : one_octet_line_ends(words(v)));
       }},
      // Which rows there are is decided for the table as a whole.
      {"rows that are neither to nor cc are lost; to comes before cc", [](const Maybe& v, const Held&) { return v; }},
      {"what is not to, bcc too, becomes cc",
       [](const Maybe& v, const Held&) { return Maybe(number(v) == 1 ? std::int32_t{1} : std::int32_t{2}); }},
      {"none and organized are lost; what is not from 0 to 4 becomes declined",
       [](const Maybe& v, const Held&) {
         if (!v || number(v) == 0 || number(v) == 1) return Maybe();
         return Maybe(if_within(v, 2, 4).value_or(std::int32_t{4}));
       }},
      {"lost: the latest of all rows becomes PidLidAppointmentReplyTime",
       [](const Maybe&, const Held&) { return Maybe(); }},
      {"lost: comes back as the latest PR_RECIPIENT_TRACKSTATUS_TIME", latest_answer},
      {"one without the class id of MS-OXOCAL 2.2.1.27 comes back as a foreign UID; a foreign UID without its dates",
       object_id},
      {"without it, and for what is no type, application/octet-stream; in lower case, without parameters",
       [](const Maybe& v, const Held&) {
         static const std::map<std::string, std::string> types = {{"text/plain", "text/plain"},
                                                                  {"text/calendar", "text/calendar"},
                                                                  {"message/rfc822", "message/rfc822"},
                                                                  {"Image/PNG", "image/png"}};
         return Maybe(types.contains(words(v)) ? types.at(words(v)) : "application/octet-stream");
       }},
      {"what Content-Type says of the content",
       [](const Maybe&, const Held& held) {
         bool clear = held.message.message_class().ends_with("Signed");
         return Maybe(std::string(clear ? "multipart/signed" : "application/pkcs7-mime; smime-type=signed-data"));
       }},
      {"becomes smime.p7m", [](const Maybe&, const Held&) { return Maybe(std::string("smime.p7m")); }},
      {"becomes the subject of the message",
       [](const Maybe&, const Held& held) { return Maybe(held.message.properties.get_text(tag::kSubject)); }},
      {"becomes IPM.Note", [](const Maybe&, const Held&) { return Maybe(std::string("IPM.Note")); }},
      {"becomes the class above; of other responses IPM.Schedule.Meeting.Resp.Tent",
       [](const Maybe& v, const Held&) {
         for (const char* cls : {"IPM.Schedule.Meeting.Request", "IPM.Schedule.Meeting.Canceled"})
           if (words(v).starts_with(cls)) return Maybe(std::string(cls));
         return Maybe(std::string("IPM.Schedule.Meeting.Resp.Tent"));
       }},
      {"becomes IPM.Appointment; fails without PidLidGlobalObjectId or PidLidAppointmentStartWhole",
       [](const Maybe&, const Held&) { return Maybe(std::string("IPM.Appointment")); }},
  };
  return all;
}

// ---- what differs from what the table says

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
    if (inner && after.embedded) {
      Comparison nested(table_);
      nested.compare(*inner, *after.embedded);
      found.merge(nested.found);
    }
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
      if (!rules().contains(remark)) throw std::runtime_error("no rule for " + remark);
      Maybe expected = rules().at(remark)(value(before, tag), {before, message});
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

// ---- messages as clients have them: of known properties the right type, no zero octet in texts, addresses that are
// some

class Generator {
 public:
  explicit Generator(unsigned seed) : made_(seed) {}

  Message next() {
    Message message = made_.next(3);
    tame(message, true);
    return message;
  }

 private:
  template <std::size_t n>
  std::string one_of(const char* const (&list)[n]) {
    return list[made_.below(n)];
  }
  std::string address() { return "p" + std::to_string(made_.below(20)) + "@contoso.com"; }
  std::int32_t small() { return static_cast<std::int32_t>(made_.below(8)) - 1; }
  FileTime time() {
    std::int64_t year = 1590 + static_cast<std::int64_t>(made_.below(520));
    auto ticks =
        static_cast<std::int64_t>(made_.below(31'000'000)) * kSecond + static_cast<std::int64_t>(made_.below(2));
    return {std::max<std::int64_t>(0, (year - 1601) * 365 * 86'400 * kSecond + ticks)};
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
    static constexpr const char* classes[] = {"IPM.Note",
                                              "IPM.Note",
                                              "IPM.Note.Custom",
                                              "IPM",
                                              "REPORT.IPM.Note.NDR",
                                              "IPM.Schedule.Meeting.Request",
                                              "IPM.Schedule.Meeting.Request.Custom",
                                              "IPM.Schedule.Meeting.Canceled",
                                              "IPM.Schedule.Meeting.Resp.Pos",
                                              "IPM.Schedule.Meeting.Resp.Tent",
                                              "IPM.Schedule.Meeting.Resp.Neg",
                                              "IPM.Schedule.Meeting.Resp.Other",
                                              "IPM.Appointment",
                                              "IPM.Contact",
                                              "IPM.Note.SMIME",
                                              "IPM.Note.SMIME.MultipartSigned"};
    Properties& bag = message.properties;
    tame(bag, true);
    bag.set(tag::kMessageClass, std::string(classes[made_.below(std::size(classes) - (top ? 0 : 2))]));
    if (made_.below(3) == 0) bag.set(tag::kHtml, Binary{made_.octets()});
    for (Tag tag : {tag::kSenderAddress, tag::kMessageId}) bag.erase(tag);
    if (made_.below(4) != 0) bag.set(tag::kSenderAddress, address());
    if (made_.below(4) == 0) bag.set(tag::kSenderName, bag.get_text(tag::kSenderAddress));
    if (made_.below(2) == 0) bag.set(tag::kMessageId, "<" + std::to_string(made_.below(99)) + "@contoso.com>");
    std::string cls(made_.below(4) == 0 ? "" : "\x04\x00\x00\x00\x82\x00\xe0\x00\x74\xc5\xb7\x10\x1a\x82\xe0\x08", 16);
    bag.set(tag::kGlobalObjectId, Binary{made_.below(4) == 0 ? made_.octets() : cls + made_.octets()});
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
    static constexpr const char* types[] = {"text/plain",
                                            "text/calendar",
                                            "message/rfc822",
                                            "Image/PNG",
                                            "",
                                            "application/pkcs7-mime; smime-type=signed-data"};
    tame(a.properties, false);
    if (made_.below(2) == 0) a.properties.set(tag::kAttachMimeTag, one_of(types));
    if (a.properties.get_text(tag::kAttachMimeTag).find('/') == std::string::npos)
      a.properties.erase(tag::kAttachMimeTag);
    if (!a.embedded) return;
    auto inner = std::make_shared<Message>(*a.embedded);
    tame(*inner, false);
    a.embedded = std::move(inner);
  }
  void seal(Message& message) {
    bool clear = message.message_class().ends_with("Signed");
    Attachment sealed;
    sealed.properties.set(tag::kAttachFilename, made_.text());
    sealed.properties.set(tag::kAttachData,
                          Binary{clear ? "Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n"
                                       : "Content-Type: application/pkcs7-mime; smime-type=signed-data\r\n\r\nAAAA"});
    message.attachments = {sealed};
    tame(message.attachments[0].properties, false);
  }

  MadeUpMessages made_;
};

Message there_and_back(const Message& message) {
  ToMime mime = to_mime(message, {}, kTimes, "=_");
  EXPECT_FALSE(mime.failed);
  return from_mime(mime.octets, mime.trail, {}, kTimes).message;
}

constexpr int kMessages = 1500;

TEST(ConversionTable, MapiToMimeAndBackLosesWhatTheTableSays) {
  Generator generator(938650);
  for (int i = 0; i < kMessages; ++i) {
    SCOPED_TRACE(i);
    Message before = generator.next();
    Comparison comparison(conversion_table());
    comparison.compare(before, there_and_back(before));
    for (const std::string& difference : comparison.found) ADD_FAILURE() << before.message_class() << " " << difference;
    if (HasFailure()) return;
  }
}

// Each row in turn says the opposite: kept for lost, lost for kept.
TEST(ConversionTable, ARowThatIsWrongIsNoticed) {
  Generator generator(843242);
  std::vector<std::pair<Message, Message>> trips;
  for (int i = 0; i < 300; ++i) {
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

TEST(ConversionTable, EveryRecipientOfTypeToAndCcIsThereAfterwards) {
  Generator generator(7);
  auto people = [](const Message& message) {
    std::multiset<std::string> all;
    for (const Row& row : message.recipients)
      if (row.type() == RecipientType::to || row.type() == RecipientType::cc) all.insert(row.address());
    return all;
  };
  for (int i = 0; i < kMessages; ++i) {
    Message before = generator.next();
    auto to_and_cc = people(before), after = people(there_and_back(before));
    ASSERT_TRUE(std::ranges::includes(after, to_and_cc)) << i;
  }
}

TEST(ConversionTable, TnefFormsLoseNothing) {
  MadeUpMessages made(5);
  for (int i = 0; i < 500; ++i) {
    Content mapi{.message = std::make_shared<Message>(made.next(3))};
    for (auto form : {transport::ContentForm::s_tnef, transport::ContentForm::tnef}) {
      Content sent = render(mapi, form, {}, kTimes, "=_").content;
      sent.message = nullptr;  // nothing but the octets
      ASSERT_EQ(open_content(sent, {}, kTimes).message, *mapi.message) << i;
    }
  }
}

}  // namespace
}  // namespace deadletter::content
