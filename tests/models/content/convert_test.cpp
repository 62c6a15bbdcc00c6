// Conversions between MAPI, MIME, TNEF and X.400: what becomes of notes, attachments, meetings and signed content, who
// decides about a property, and who is blamed for what was decided otherwise.
#include "models/content/convert.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "models/client/meetings.h"
#include "models/content/calendar.h"
#include "models/content/content.h"
#include "models/content/smime.h"
#include "models/quirks/quirk.h"
#include "tests/models/content/made_up_message.h"
#include "tests/models/content/tnef_testing.h"

namespace deadletter::content {
namespace {

using testing::file;
using testing::nested;

constexpr std::int64_t kHour = 36'000'000'000;
constexpr FileTime at(std::int64_t hour) { return {127'856'448'000'000'000 + hour * kHour}; }  // from 2006-03-01 00:00
const ReferenceTimes kTimes{.submitted = at(20), .converting = at(21)};
const std::string kAnn = "ann@contoso.com", kBob = "bob@contoso.com", kCarl = "carl@fabrikam.com";
const Blame kArticle = blame_of("KB938650");

ToMime written(const Message& message, const ContentBehaviour& behaviour = {}) {
  return to_mime(message, behaviour, kTimes, "=_");
}
Message read_back(const ToMime& mime, const ContentBehaviour& behaviour = {}) {
  EXPECT_FALSE(mime.failed);
  return from_mime(mime.octets, mime.trail, behaviour, kTimes).message;
}
Entity tree(const ToMime& mime) { return read_mime(mime.octets).value(); }

Message note() {
  Message m = testing::note("Müller's budget");
  m.properties.set(tag::kSenderName, std::string("Ann Müller"));
  m.properties.set(tag::kSenderAddress, kAnn);
  m.properties.set(tag::kClientSubmitTime, at(8));
  m.properties.set(tag::kMessageId, std::string("<1@contoso.com>"));
  m.properties.set(tag::kImportance, 2);
  m.properties.set(tag::kSensitivity, 3);
  m.recipients = {make_row(kBob, "Bob Lee"), make_row(kCarl, "", RecipientType::cc)};
  return m;
}

// ---- notes

TEST(Convert, ANoteIsAnInternetMessageAndComesBackAsItWas) {
  ToMime mime = written(note());
  Entity entity = tree(mime);
  EXPECT_EQ(entity.field("From"), "=?utf-8?Q?Ann_M=C3=BCller?= <ann@contoso.com>");
  EXPECT_EQ(entity.field("To"), "\"Bob Lee\" <bob@contoso.com>");
  EXPECT_EQ(entity.field("Cc"), kCarl);
  EXPECT_EQ(decode_words(entity.field("Subject")), "Müller's budget");
  EXPECT_EQ(entity.field("Date"), "Wed, 01 Mar 2006 08:00:00 +0000");
  EXPECT_EQ(entity.field("Importance"), "high");
  EXPECT_EQ(entity.field("Sensitivity"), "Company-Confidential");
  EXPECT_EQ(entity.type, "text/plain");
  EXPECT_EQ(entity.content, "See the table.");
  EXPECT_EQ(read_back(mime), note());
  EXPECT_FALSE(mime.blame);
}

TEST(Convert, HtmlStandsBesideTheText) {
  Message m = note();
  m.properties.set(tag::kHtml, Binary{"<p>See the <b>table</b>.</p>"});
  ToMime mime = written(m);
  Entity entity = tree(mime);
  EXPECT_EQ(entity.type, "multipart/alternative");
  ASSERT_EQ(entity.parts.size(), 2U);
  EXPECT_EQ(entity.parts[1].type, "text/html");
  EXPECT_EQ(read_back(mime), m);
}

TEST(Convert, AttachmentsKeepOctetsNamesAndTypes) {
  Message m = note();
  m.attachments = {file("Übersicht.xls", std::string("\0\xff\r\n--=_", 8)), file("", "")};
  m.attachments[0].properties.set(tag::kAttachMimeTag, std::string("application/vnd.ms-excel"));
  m.attachments[1].properties.set(tag::kAttachMimeTag, std::string("text/plain"));
  m.attachments[1].properties.erase(tag::kAttachFilename);
  EXPECT_EQ(read_back(written(m)), m);
}

TEST(Convert, AnAttachmentOfNothingIsLeftOut) {
  Message m = note();
  m.attachments.emplace_back();
  EXPECT_EQ(read_back(written(m)), note());
}

TEST(Convert, AnEmbeddedMessageIsAMessageOfItsOwn) {
  Message m = note(), inner = note();
  inner.properties.set(tag::kSubject, std::string("The one inside"));
  m.attachments.push_back({.embedded = std::make_shared<Message>(inner)});
  Message back = read_back(written(m));
  ASSERT_EQ(back.attachments.size(), 1U);
  EXPECT_EQ(*back.attachments[0].embedded, inner);
  EXPECT_EQ(back.attachments[0].properties.get_text(tag::kAttachFilename), "The one inside");
}

// ---- meetings

Message planned() {
  Message item = client::new_meeting({.organizer = kAnn,
                                      .organizer_name = "Ann",
                                      .attendees = {kBob, kCarl},
                                      .subject = "Budget; part 2",
                                      .location = "Room 5, left",
                                      .text = "Bring figures.",
                                      .start = at(48),
                                      .end = at(49),
                                      .key = "1"},
                                     at(8));
  item.properties.erase(tag::kApptDuration);  // which MIME has no place for
  return item;
}

void answer(Message& item, const std::string& attendee, client::TrackStatus status, std::optional<FileTime> time) {
  Row& row = *item.find_recipient(attendee);
  row.properties.set(tag::kTrackStatus, static_cast<std::int32_t>(status));
  time ? row.properties.set(tag::kTrackStatusTime, *time) : row.properties.erase(tag::kTrackStatusTime);
}

Calendar calendar_in(const ToMime& mime) {
  Entity entity = tree(mime);
  EXPECT_EQ(entity.field("Content-class"), "urn:content-classes:calendarmessage");
  EXPECT_EQ(entity.parts.at(1).parameter("method"), read_calendar(entity.parts[1].content).calendar->method);
  return *read_calendar(entity.parts[1].content).calendar;
}

TEST(Convert, AMeetingRequestComesBackAsItWas) {
  Message request = client::request(planned(), at(9));
  ToMime mime = written(request);
  Calendar calendar = calendar_in(mime);
  EXPECT_EQ(calendar.method, "REQUEST");
  const Event& event = calendar.events.at(0);
  EXPECT_EQ(event.organizer, kAnn);
  ASSERT_EQ(event.attendees.size(), 2U);
  EXPECT_TRUE(event.attendees[0].rsvp);
  EXPECT_EQ(text(*event.start), "20060303T000000Z");
  EXPECT_EQ(event.other("X-MICROSOFT-CDO-REPLYTIME"), nullptr) << "nobody has answered";
  EXPECT_EQ(read_back(mime), request);
}

TEST(Convert, EachAnswerComesBackAsItWas) {
  using client::TrackStatus;
  for (auto [status, stat] :
       {std::pair{TrackStatus::accepted, PartStat::accepted}, std::pair{TrackStatus::tentative, PartStat::tentative},
        std::pair{TrackStatus::declined, PartStat::declined}}) {
    Message his = client::take_request(client::request(planned(), at(9)));
    Message response = client::response(his, kBob, "Bob", status, at(10));
    response.properties.set(tag::kBody, std::string());
    ToMime mime = written(response);
    Calendar calendar = calendar_in(mime);
    EXPECT_EQ(calendar.method, "REPLY");
    ASSERT_EQ(calendar.events.at(0).attendees.size(), 1U);
    EXPECT_EQ(calendar.events[0].attendees[0].status, stat);
    EXPECT_EQ(calendar.events[0].organizer, kAnn);
    EXPECT_EQ(*calendar.events[0].other("X-MICROSOFT-CDO-ATTENDEE-CRITICAL-CHANGE"), "20060301T100000Z");
    EXPECT_EQ(read_back(mime), response);
  }
}

TEST(Convert, AnUpdateTellsTheAnswersAndTheLatestOfTheirTimes) {
  Message item = planned();
  answer(item, kBob, client::TrackStatus::accepted, at(10));
  answer(item, kCarl, client::TrackStatus::tentative, at(12));
  client::change_time(item, at(50), at(51), at(13));
  item.properties.erase(tag::kApptDuration);
  Message update = client::request(item, at(13));
  ToMime mime = written(update);
  const Event event = calendar_in(mime).events.at(0);
  EXPECT_EQ(event.sequence, 1);
  EXPECT_EQ(event.attendees.at(1).status, PartStat::tentative);
  EXPECT_EQ(*event.other("X-MICROSOFT-CDO-REPLYTIME"), "20060301T120000Z");
  Message back = read_back(mime);
  EXPECT_EQ(back.find_recipient(kBob)->track_status(), client::TrackStatus::accepted);
  EXPECT_FALSE(back.find_recipient(kBob)->properties.has(tag::kTrackStatusTime)) << "MIME has one time for all rows";
  EXPECT_TRUE(mime.estimates.empty());
}

TEST(Convert, ACancellationSaysSoTwice) {
  Message item = planned();
  Message sent = client::cancellation(item, at(14));
  ToMime mime = written(sent);
  EXPECT_EQ(calendar_in(mime).method, "CANCEL");
  EXPECT_EQ(calendar_in(mime).events.at(0).status, "CANCELLED");
  EXPECT_EQ(read_back(mime), sent);
}

// ---- signed content

struct Sealed {
  const char* name;
  std::string octets;
  bool verifiable;
};
std::vector<Sealed> sealed_contents() {
  const std::string inner = "Content-Type: text/plain\r\n\r\nFive each.\r\n";
  return {{"clear", sign_clear(inner, kAnn, 1'141'200'000), true},
          {"opaque", sign_opaque(inner, kAnn, 1'141'200'000), true},
          {"encrypted", encrypt(inner, kBob), false}};
}
Message received(const Sealed& sealed) {
  std::string head = "From: ann@contoso.com\r\nTo: bob@contoso.com\r\nSubject: Offer\r\nMIME-Version: 1.0\r\n";
  return from_mime(head + sealed.octets, {}, {}, kTimes).message;
}
void expect_sealed(const Message& message, const Sealed& sealed) {
  ASSERT_EQ(message.attachments.size(), 1U);
  EXPECT_EQ(message.attachments[0].properties.get<Binary>(tag::kAttachData)->octets, sealed.octets);
  std::string octets = written(message).octets;
  EXPECT_TRUE(octets.ends_with(sealed.octets));
  if (sealed.verifiable) {
    EXPECT_TRUE(verify(octets).valid) << verify(octets).reason;
  } else {
    EXPECT_EQ(decrypt(octets, kBob), "Content-Type: text/plain\r\n\r\nFive each.\r\n");
  }
}

TEST(Convert, SignedContentKeepsItsOctetsThroughMime) {
  for (const Sealed& sealed : sealed_contents()) {
    SCOPED_TRACE(sealed.name);
    Message message = received(sealed);
    expect_sealed(message, sealed);
    expect_sealed(read_back(written(message)), sealed);
  }
}

TEST(Convert, SignedContentKeepsItsOctetsThroughTnef) {
  for (const Sealed& sealed : sealed_contents())
    for (auto form : {transport::ContentForm::s_tnef, transport::ContentForm::tnef}) {
      SCOPED_TRACE(sealed.name);
      Content mapi{.message = std::make_shared<Message>(received(sealed))};
      Content tnef = render(mapi, form, {}, kTimes, "=_").content;
      EXPECT_EQ(open_content(tnef, {}, kTimes).message, *mapi.message);
      expect_sealed(open_content(tnef, {}, kTimes).message, sealed);
    }
}

TEST(Convert, SignedContentKeepsItsOctetsThroughX400) {
  for (const Sealed& sealed : sealed_contents()) {
    SCOPED_TRACE(sealed.name);
    Content mapi{.message = std::make_shared<Message>(received(sealed))};
    X400Message envelope{.mts_id = "c=us;a= ;p=contoso;l=EX1-1", .originator = "dda:SMTP=ann(a)contoso.com"};
    FromX400 come = from_x400(to_x400(mapi, envelope, {}, kTimes), mapi);
    ASSERT_NE(come.content, nullptr) << come.reason;
    EXPECT_TRUE(come.content->enveloped);
    EXPECT_EQ(come.content->mts_id, envelope.mts_id);
    EXPECT_EQ(message_class(*come.content), "ENVELOPE." + mapi.message->message_class());
    auto unwrapped = unwrap(*come.content);
    EXPECT_FALSE(unwrapped->enveloped);
    EXPECT_EQ(*unwrapped->message, *mapi.message);
    expect_sealed(*unwrapped->message, sealed);
  }
}

TEST(Convert, TnefFormsLoseNothing) {
  testing::MadeUpMessages made(5);
  for (int i = 0; i < 500; ++i) {
    Content mapi{.message = std::make_shared<Message>(made.next(3))};
    for (auto form : {transport::ContentForm::s_tnef, transport::ContentForm::tnef}) {
      Content sent = render(mapi, form, {}, kTimes, "=_").content;
      sent.message = nullptr;  // nothing but the octets
      ASSERT_EQ(open_content(sent, {}, kTimes).message, *mapi.message) << i;
    }
  }
}

TEST(Convert, WhatHasTravelledIsLeftAlone) {
  Content come{.form = Form::mime, .octets = "Subject: x\r\n\r\n"};
  EXPECT_EQ(render(come, transport::ContentForm::s_tnef, {}, kTimes, "=_").content.octets, come.octets);
  Content mapi{.message = std::make_shared<Message>(note())};
  EXPECT_EQ(render(mapi, transport::ContentForm::as_it_is, {}, kTimes, "=_").content.form, Form::mapi);
}

// ---- who decides about a property

TEST(MapProperty, AGoodValueIsWrittenAndOnlyWhatMustBeThereFails) {
  struct Expected {
    ValueState state;
    Mapped::Kind optional, mandatory;
  };
  using K = Mapped::Kind;
  constexpr Expected kTable[] = {{ValueState::absent, K::omit, K::fail},
                                 {ValueState::zero, K::omit, K::fail},
                                 {ValueState::out_of_range, K::omit, K::fail},
                                 {ValueState::good, K::write, K::write}};
  ContentBehaviour behaviour;
  for (const Expected& row : kTable)
    for (bool mandatory : {false, true})
      for (Direction direction : {Direction::to_mime, Direction::from_mime})
        for (ObjectKind object : {ObjectKind::note, ObjectKind::request, ObjectKind::response, ObjectKind::cancellation,
                                  ObjectKind::report, ObjectKind::other})
          for (bool of_row : {false, true})
            for (bool answered : {false, true}) {
              auto ruling = behaviour.map_property.rule({.direction = direction,
                                                         .object = object,
                                                         .property = "PR_RECIPIENT_TRACKSTATUS_TIME",
                                                         .state = row.state,
                                                         .mandatory = mandatory,
                                                         .row = of_row,
                                                         .answered = answered});
              EXPECT_EQ(ruling.outcome.kind, mandatory ? row.mandatory : row.optional);
              bool failed = ruling.outcome.kind == K::fail;
              EXPECT_EQ(ruling.outcome.code.value, failed ? -2147467259 : 0);
              EXPECT_FALSE(ruling.blame);
            }
}

TEST(MapProperty, WithoutWhatMimeNeedsTheConversionFails) {
  for (Tag needed : {tag::kGlobalObjectId, tag::kApptStartWhole}) {
    Message request = client::request(planned(), at(9));
    request.properties.erase(needed);
    ToMime mime = written(request);
    EXPECT_EQ(mime.failed, kCallFailed);
    EXPECT_EQ(mime.octets, "");
  }
  Message his = planned(), response = client::response(his, kBob, "", client::TrackStatus::accepted, at(10));
  response.properties.erase(tag::kApptStartWhole);
  EXPECT_FALSE(written(response).failed) << "a response may be without its start";
}

Mapped leave_location_out(const MapPropertyFacts& facts, const Mapped& below) {
  bool concerns = facts.direction == Direction::to_mime && facts.object == ObjectKind::request &&
                  facts.property == "PidLidLocation";
  return concerns ? Mapped{.kind = Mapped::Kind::omit} : below;
}
Mapped change_owner_time(const MapPropertyFacts& facts, const Mapped& below) {
  bool concerns = facts.direction == Direction::to_mime && facts.property == "PidLidOwnerCriticalChange";
  return concerns ? Mapped{.kind = Mapped::Kind::substitute, .value = facts.converting} : below;
}

TEST(MapProperty, WhatADeviationLeavesOutIsBlamedWhereItIsMissed) {
  ContentBehaviour behaviour;
  behaviour.map_property.deviate(leave_location_out, kArticle);
  Message item = planned();
  ToMime mime = written(client::request(item, at(9)), behaviour);
  EXPECT_EQ(calendar_in(mime).events.at(0).location, "");
  EXPECT_EQ(mime.blame, kArticle);
  EXPECT_EQ(mime.trail.missing, kArticle);
  EXPECT_FALSE(mime.trail.of("SUMMARY"));
  Message back = read_back(mime);
  EXPECT_FALSE(back.properties.has(tag::kLocation));
  EXPECT_EQ(back.properties.missing, kArticle);
  EXPECT_FALSE(back.properties.find(tag::kSubject)->blame);
  EXPECT_EQ(from_mime(mime.octets, mime.trail, {}, kTimes).blame, kArticle) << "who reads it inherits the article";
  // Another object, another direction.
  ToMime cancelled = written(client::cancellation(item, at(10)), behaviour);
  EXPECT_FALSE(cancelled.blame);
  EXPECT_EQ(read_back(cancelled, behaviour).properties.get_text(tag::kLocation), "Room 5, left");
}

TEST(MapProperty, WhatADeviationWritesInsteadCarriesItsBlame) {
  ContentBehaviour behaviour;
  behaviour.map_property.deviate(change_owner_time, kArticle);
  ToMime mime = written(client::request(planned(), at(9)), behaviour);
  EXPECT_EQ(*calendar_in(mime).events.at(0).other("X-MICROSOFT-CDO-OWNER-CRITICAL-CHANGE"), "20060301T210000Z");
  EXPECT_EQ(mime.trail.of("X-MICROSOFT-CDO-OWNER-CRITICAL-CHANGE"), kArticle);
  EXPECT_FALSE(mime.trail.missing);
  Message back = read_back(mime);
  EXPECT_EQ(back.properties.find(tag::kOwnerCriticalChange)->blame, kArticle);
  EXPECT_EQ(*back.properties.get<FileTime>(tag::kOwnerCriticalChange), kTimes.converting);
  EXPECT_FALSE(back.properties.find(tag::kApptStartWhole)->blame);
  auto step = std::ranges::find(mime.lineage, "PidLidOwnerCriticalChange", &LineageStep::property);
  ASSERT_NE(step, mime.lineage.end());
  EXPECT_EQ(step->fate, Fate::substituted);
  EXPECT_EQ(step->blame, kArticle);
}

TEST(MapProperty, BlameOfAValueThatIsReadGoesAlong) {
  Message item = planned();
  item.properties.set(tag::kLocation, std::string("Room 7"), kArticle);
  ToMime mime = written(client::request(item, at(9)));
  EXPECT_EQ(mime.trail.of("LOCATION"), kArticle);
  EXPECT_EQ(read_back(mime).properties.find(tag::kLocation)->blame, kArticle);
  Content mapi{.message = std::make_shared<Message>(client::request(item, at(9)))};
  Content tnef = render(mapi, transport::ContentForm::s_tnef, {}, kTimes, "=_").content;
  EXPECT_EQ(open_content(tnef, {}, kTimes).message.properties.find(tag::kLocation)->blame, kArticle);
}

// ---- KB938650: the time of an answer that is no good date

struct Time {
  const char* name;
  std::optional<FileTime> value;
  bool good;
};
const Time kAnswerTimes[] = {{"absent", std::nullopt, false},
                             {"zero", FileTime{}, false},
                             {"before 1753", at(-24 * 100'000), false},
                             {"after 2078", at(24 * 40'000), false},
                             {"good", at(10), true}};

Message update_with(client::TrackStatus status, std::optional<FileTime> time, bool cancelled) {
  Message item = planned();
  answer(item, kBob, status, time);
  return cancelled ? client::cancellation(item, at(20)) : client::request(item, at(20));
}

TEST(TrackStatusTime, UnderTheArticleOnlyAnAnswerWithoutAGoodDateFails) {
  builds::NodeBehaviour deviating;
  quirks::find_quirk("KB938650")->changes[2].lay(deviating, kArticle);
  for (auto status : {client::TrackStatus::none, client::TrackStatus::organized, client::TrackStatus::tentative,
                      client::TrackStatus::accepted, client::TrackStatus::declined})
    for (const Time& time : kAnswerTimes)
      for (bool cancelled : {false, true}) {
        SCOPED_TRACE(time.name);
        Message update = update_with(status, time.value, cancelled);
        EXPECT_FALSE(written(update).failed) << "as designed it is left out";
        ToMime mime = written(update, deviating.content);
        bool answered = status > client::TrackStatus::organized;
        ASSERT_EQ(mime.failed.has_value(), answered && !time.good);
        EXPECT_EQ(mime.blame, mime.failed ? kArticle : Blame{});
        if (!mime.failed) continue;
        EXPECT_EQ(mime.failed->value, -2147467259);
        EXPECT_EQ(mime.octets, "");
        auto step = std::ranges::find(mime.lineage, Fate::refused, &LineageStep::fate);
        ASSERT_NE(step, mime.lineage.end());
        EXPECT_EQ(step->property, "PR_RECIPIENT_TRACKSTATUS_TIME");
        EXPECT_EQ(step->row, kBob);
        EXPECT_EQ(step->value, time.value ? text(*time.value) : "");
        EXPECT_EQ(step->blame, kArticle);
      }
}

TEST(TrackStatusTime, TheHotfixEstimatesItAndTellsTheStore) {
  builds::NodeBehaviour mended;
  Blame aftermath = blame_of("KB938650 aftermath");
  quirks::find_quirk("KB938650")->changes[2].remedies.at(0).aftermath(mended, aftermath);
  for (const Time& time : kAnswerTimes) {
    SCOPED_TRACE(time.name);
    ToMime mime = written(update_with(client::TrackStatus::accepted, time.value, false), mended.content);
    ASSERT_FALSE(mime.failed);
    ASSERT_EQ(mime.estimates.size(), time.good ? 0U : 1U);
    EXPECT_EQ(*calendar_in(mime).events.at(0).other("X-MICROSOFT-CDO-REPLYTIME"),
              time.good ? "20060301T100000Z" : "20060301T200000Z");
    EXPECT_EQ(mime.trail.of("X-MICROSOFT-CDO-REPLYTIME"), time.good ? Blame{} : aftermath);
    if (time.good) continue;
    EXPECT_EQ(mime.estimates[0].row, kBob);
    EXPECT_EQ(mime.estimates[0].tag, tag::kTrackStatusTime);
    EXPECT_EQ(mime.estimates[0].value, kTimes.submitted);
    EXPECT_EQ(mime.estimates[0].blame, aftermath);
  }
}

TEST(TrackStatusTime, ARangeSetByAnArticleIsBlamedForWhatItDoesNotHold) {
  ContentBehaviour behaviour;
  behaviour.variant_time_range.set({.first_day = 40'000}, {}, kArticle);  // 2009
  ToMime mime = written(update_with(client::TrackStatus::accepted, at(10), false), behaviour);
  EXPECT_EQ(mime.failed, kCallFailed) << "the start of the meeting is mandatory";
  EXPECT_EQ(mime.blame, kArticle);
}

// ---- nesting

TEST(Convert, MessagesNestedTooDeeplyAreTooBig) {
  ContentBehaviour behaviour;
  behaviour.nesting_limit.set(6, {});
  EXPECT_FALSE(written(nested(6), behaviour).failed);
  ToMime mime = written(nested(7), behaviour);
  EXPECT_EQ(mime.failed->value, static_cast<std::int32_t>(0x80040305));
  EXPECT_EQ(mime.octets, "");
  EXPECT_EQ(mime.lineage.back().fate, Fate::refused);
  // In MIME a message with an attachment is two levels, and the innermost one none.
  EXPECT_FALSE(from_mime(written(nested(4)).octets, {}, behaviour, kTimes).failed);
  EXPECT_EQ(from_mime(written(nested(5)).octets, {}, behaviour, kTimes).failed, kTooBig);
}

}  // namespace
}  // namespace deadletter::content
