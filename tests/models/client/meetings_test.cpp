// Meetings as a client keeps them: what is sent about one, what a response writes into the tracking table, which time
// it takes for the time of the answer, and what the organizer then reads above it.
#include "models/client/meetings.h"

#include <gtest/gtest.h>

#include "models/quirks/quirk.h"

namespace deadletter::client {
namespace {

using namespace content::tag;
using content::Fate;
using content::Row;
using content::Tag;

constexpr std::int64_t kHour = 36'000'000'000;
constexpr FileTime at(std::int64_t hour) { return {127'856'448'000'000'000 + hour * kHour}; }  // from 2006-03-01 00:00
const std::string kAnn = "ann@contoso.com", kBob = "bob@contoso.com", kCarl = "carl@fabrikam.com";

Message planned() {
  return new_meeting({.organizer = kAnn,
                      .organizer_name = "Ann",
                      .attendees = {kBob, kCarl},
                      .subject = "Budget",
                      .location = "Room 5",
                      .text = "Bring figures.",
                      .start = at(48),
                      .end = at(49),
                      .key = "1"},
                     at(8));
}

FileTime time_of(const Message& message, Tag tag) { return *message.properties.get<FileTime>(tag); }
std::int32_t number_of(const Message& message, Tag tag) { return *message.properties.get<std::int32_t>(tag); }
const Row& row(const Message& item, const std::string& attendee) { return *item.find_recipient(attendee); }
const FileTime* answered_at(const Message& item, const std::string& attendee) {
  return row(item, attendee).properties.get<FileTime>(kTrackStatusTime);
}

Message answer_of(const Message& request, TrackStatus answer, FileTime now) {
  Message item = take_request(request);
  return response(item, kBob, "Bob", answer, now);
}

TEST(Meetings, ANewMeetingHasItsPeopleAndNoAnswers) {
  Message item = planned();
  EXPECT_EQ(item.message_class(), "IPM.Appointment");
  EXPECT_EQ(text(time_of(item, kApptStartWhole)), "2006-03-03 00:00:00Z");
  EXPECT_EQ(number_of(item, kApptDuration), 60);
  EXPECT_EQ(number_of(item, kSequence), 0);
  ASSERT_EQ(item.recipients.size(), 2U);
  for (const Row& r : item.recipients) {
    EXPECT_EQ(r.track_status(), TrackStatus::none);
    EXPECT_FALSE(r.properties.has(kTrackStatusTime));
  }
}

TEST(Meetings, EachMeetingHasAKeyOfItsOwn) {
  MeetingDraft one{.organizer = kAnn, .key = "1"}, other{.organizer = kAnn, .key = "2"};
  EXPECT_NE(meeting_key(new_meeting(one, at(8))), meeting_key(new_meeting(other, at(8))));
  EXPECT_EQ(meeting_key(new_meeting(one, at(8))), meeting_key(new_meeting(one, at(8))));
  EXPECT_EQ(meeting_key({}), "");
}

TEST(Meetings, ARequestSaysWhatTheItemSays) {
  Message item = planned(), sent = request(item, at(9));
  EXPECT_EQ(sent.message_class(), "IPM.Schedule.Meeting.Request");
  EXPECT_EQ(time_of(sent, kClientSubmitTime), at(9));
  EXPECT_EQ(time_of(sent, kOwnerCriticalChange), at(9));
  EXPECT_EQ(meeting_key(sent), meeting_key(item));
  EXPECT_EQ(sent.recipients, item.recipients);
  EXPECT_EQ(item, planned()) << "sending changes nothing in the calendar";
}

struct Answer {
  TrackStatus status;
  const char* message_class;
  const char* subject;
};
constexpr Answer kAnswers[] = {
    {TrackStatus::tentative, "IPM.Schedule.Meeting.Resp.Tent", "Tentative: Budget"},
    {TrackStatus::accepted, "IPM.Schedule.Meeting.Resp.Pos", "Accepted: Budget"},
    {TrackStatus::declined, "IPM.Schedule.Meeting.Resp.Neg", "Declined: Budget"},
};

TEST(Meetings, AnAttendeeAnswersAndTheOrganizerTracksIt) {
  for (const Answer& answer : kAnswers) {
    SCOPED_TRACE(answer.subject);
    Message item = planned(), his = take_request(request(item, at(9)));
    EXPECT_EQ(his.message_class(), "IPM.Appointment");
    Message sent = response(his, kBob, "Bob", answer.status, at(10));
    EXPECT_EQ(sent.message_class(), answer.message_class);
    EXPECT_EQ(sent.properties.get_text(kSubject), answer.subject);
    EXPECT_EQ(sent.properties.get_text(kSenderAddress), kBob);
    EXPECT_EQ(meeting_key(sent), meeting_key(item));
    ASSERT_EQ(sent.recipients.size(), 1U);
    EXPECT_EQ(sent.recipients[0].address(), kAnn);
    EXPECT_EQ(number_of(his, kResponseStatus), static_cast<std::int32_t>(answer.status));

    Taken taken = take_response(item, sent, at(11), {});
    EXPECT_TRUE(taken.known);
    EXPECT_FALSE(taken.blame);
    EXPECT_EQ(row(item, kBob).track_status(), answer.status);
    EXPECT_EQ(*answered_at(item, kBob), at(10));
    EXPECT_FALSE(row(item, kCarl).answered());
    ASSERT_EQ(taken.lineage.size(), 1U);
    EXPECT_EQ(taken.lineage[0].property, "PR_RECIPIENT_TRACKSTATUS_TIME");
    EXPECT_EQ(taken.lineage[0].row, kBob);
    EXPECT_EQ(taken.lineage[0].fate, Fate::set);
    EXPECT_EQ(taken.lineage[0].why, "PidLidAttendeeCriticalChange");
    EXPECT_EQ(taken.lineage[0].value, "2006-03-01 10:00:00Z");
  }
}

TEST(Meetings, WhoWasNotInvitedIsNotTracked) {
  Message item = planned();
  Message sent = answer_of(request(item, at(9)), TrackStatus::accepted, at(10));
  sent.properties.set(kSenderAddress, std::string("eve@fabrikam.com"));
  Taken taken = take_response(item, sent, at(11), {});
  EXPECT_FALSE(taken.known);
  EXPECT_TRUE(taken.lineage.empty());
  EXPECT_EQ(item, planned());
  EXPECT_EQ(response_shown(item, sent, at(11), {}).text, "");
}

TEST(Meetings, AnUpdateCarriesTheAnswersAndAHigherSequence) {
  Message item = planned(), his = take_request(request(item, at(9)));
  take_response(item, response(his, kBob, "", TrackStatus::accepted, at(10)), at(11), {});
  change_time(item, at(50), at(52), at(12));
  Message update = request(item, at(12));
  EXPECT_EQ(number_of(update, kSequence), 1);
  EXPECT_EQ(number_of(update, kApptDuration), 120);
  EXPECT_EQ(*answered_at(update, kBob), at(10)) << "what one response wrote is what a later update carries";
  EXPECT_TRUE(take_update(his, update));
  EXPECT_EQ(time_of(his, kApptStartWhole), at(50));
  EXPECT_EQ(his.message_class(), "IPM.Appointment");
}

TEST(Meetings, AnOlderStateIsNotTakenTheSameOneIs) {
  Message item = planned(), first = request(item, at(9));
  Message his = take_request(first);
  change_time(item, at(50), at(51), at(10));
  Message second = request(item, at(10));
  EXPECT_TRUE(take_update(his, second));
  EXPECT_TRUE(take_update(his, second));
  EXPECT_FALSE(take_update(his, first));
  EXPECT_EQ(time_of(his, kApptStartWhole), at(50));
}

TEST(Meetings, ACancellationIsTheLastState) {
  Message item = planned(), his = take_request(request(item, at(9)));
  Message sent = cancellation(item, at(10));
  EXPECT_EQ(sent.message_class(), "IPM.Schedule.Meeting.Canceled");
  EXPECT_EQ(sent.properties.get_text(kSubject), "Canceled: Budget");
  EXPECT_EQ(number_of(sent, kSequence), 1);
  EXPECT_EQ(number_of(item, kSequence), 1);
  EXPECT_EQ(meeting_key(sent), meeting_key(item));
  EXPECT_TRUE(take_update(his, sent));
}

// ---- the time of an answer

const Blame kArticle = blame_of("KB938650");

builds::NodeBehaviour without_critical_change_zero() {
  builds::NodeBehaviour behaviour;
  quirks::find_quirk("KB938650")->changes[1].lay(behaviour, kArticle);
  return behaviour;
}

// Over all that a response may say: critical change, reply time, time sent.
struct Said {
  bool critical_change, reply_time, sent;
  ResponseTime::Kind designed, deviating;
};
using K = ResponseTime::Kind;
constexpr Said kSaid[] = {
    // critical  reply  sent   as designed         under the article
    {true, true, true, K::critical_change, K::critical_change},
    {true, true, false, K::critical_change, K::critical_change},
    {true, false, true, K::critical_change, K::critical_change},
    {true, false, false, K::critical_change, K::critical_change},
    {false, true, true, K::sent, K::zero},
    {false, true, false, K::received, K::zero},
    {false, false, true, K::sent, K::zero},
    {false, false, false, K::received, K::zero},
};

FileTime time_said(K kind) {
  switch (kind) {
    case K::critical_change:
      return at(10);
    case K::reply_time:
      return at(11);
    case K::sent:
      return at(12);
    default:
      return kind == K::received ? at(13) : FileTime{};
  }
}

void expect_taken(const Said& said, const ClientBehaviour& behaviour, K kind, Blame blame) {
  Message item = planned(), sent = answer_of(request(item, at(9)), TrackStatus::accepted, at(10));
  auto tell = [&](Tag tag, bool there, FileTime time) {
    there ? sent.properties.set(tag, time) : sent.properties.erase(tag);
  };
  tell(kAttendeeCriticalChange, said.critical_change, at(10));
  tell(kReplyTime, said.reply_time, at(11));
  tell(kClientSubmitTime, said.sent, at(12));
  Taken taken = take_response(item, sent, at(13), behaviour);
  EXPECT_EQ(*answered_at(item, kBob), time_said(kind));
  EXPECT_EQ(row(item, kBob).properties.find(kTrackStatusTime)->blame, blame);
  EXPECT_EQ(taken.blame, blame);
  EXPECT_EQ(taken.lineage.at(0).blame, blame);
}

TEST(ResponseTime, OverAllThatAResponseMaySay) {
  builds::NodeBehaviour deviating = without_critical_change_zero();
  for (const Said& said : kSaid) {
    SCOPED_TRACE(&said - kSaid);
    expect_taken(said, {}, said.designed, {});
    expect_taken(said, deviating.client, said.deviating, said.designed == said.deviating ? Blame{} : kArticle);
  }
}

// Products differ: each outcome of the point is carried out.
template <K kind>
ResponseTime always(const ResponseTimeFacts&) {
  return {kind};
}

TEST(ResponseTime, EachOutcomeIsCarriedOut) {
  auto taken_by = [](ResponseTime (*answer)(const ResponseTimeFacts&), K kind) {
    ClientBehaviour behaviour;
    behaviour.response_time.answer_as(answer, {Layer::profile, "test"});
    expect_taken({true, true, true, kind, kind}, behaviour, kind, {});
    return kind;
  };
  taken_by(always<K::critical_change>, K::critical_change);
  taken_by(always<K::reply_time>, K::reply_time);
  taken_by(always<K::sent>, K::sent);
  taken_by(always<K::received>, K::received);
  taken_by(always<K::zero>, K::zero);
}

TEST(ResponseTime, UnsetTakesAwayWhatAnEarlierAnswerWrote) {
  ClientBehaviour behaviour;
  Message item = planned(), his = take_request(request(item, at(9)));
  take_response(item, response(his, kBob, "", TrackStatus::accepted, at(10)), at(11), behaviour);
  behaviour.response_time.deviate([](const ResponseTimeFacts&, const ResponseTime&) { return ResponseTime{}; },
                                  kArticle);
  Taken taken = take_response(item, response(his, kBob, "", TrackStatus::declined, at(12)), at(13), behaviour);
  EXPECT_EQ(answered_at(item, kBob), nullptr);
  EXPECT_EQ(row(item, kBob).track_status(), TrackStatus::declined);
  EXPECT_EQ(row(item, kBob).properties.missing, kArticle);
  EXPECT_EQ(taken.lineage.at(0).fate, Fate::absent);
}

// A server left the property out: who finds it missing inherits the article, here an undisturbed client.
TEST(ResponseTime, BlameOfAMissingPropertyReachesTheRowAndTheUpdate) {
  Message item = planned(), sent = answer_of(request(item, at(9)), TrackStatus::accepted, at(10));
  sent.properties.erase(kAttendeeCriticalChange);
  sent.properties.leave_out(kAttendeeCriticalChange, kArticle);
  EXPECT_EQ(take_response(item, sent, at(11), {}).blame, kArticle);
  EXPECT_EQ(row(item, kBob).properties.find(kTrackStatusTime)->blame, kArticle);
  EXPECT_FALSE(row(item, kBob).properties.find(kTrackStatus)->blame) << "the answer itself was there";
  Message update = request(item, at(12));
  EXPECT_EQ(row(update, kBob).properties.find(kTrackStatusTime)->blame, kArticle);
}

TEST(ResponseTime, BothArticlesOfAValueAreNamed) {
  builds::NodeBehaviour deviating = without_critical_change_zero();
  Message item = planned(), sent = answer_of(request(item, at(9)), TrackStatus::accepted, at(10));
  sent.properties.erase(kAttendeeCriticalChange);
  sent.properties.leave_out(kAttendeeCriticalChange, blame_of("KB000001"));
  Blame both = take_response(item, sent, at(11), deviating.client).blame;
  EXPECT_EQ(names(both), (std::vector<std::string>{"KB000001", "KB938650"}));
  EXPECT_EQ(*answered_at(item, kBob), FileTime{});
}

// ---- what is shown

TEST(ResponseShown, OverAllStatesOfTheRow) {
  ClientBehaviour behaviour;
  EXPECT_EQ(behaviour.response_shown.rule({std::nullopt, at(10)}).outcome, ResponseShown::latest);
  EXPECT_EQ(behaviour.response_shown.rule({FileTime{}, at(10)}).outcome, ResponseShown::latest);
  EXPECT_EQ(behaviour.response_shown.rule({at(9), at(10)}).outcome, ResponseShown::latest);
  EXPECT_EQ(behaviour.response_shown.rule({at(10), at(10)}).outcome, ResponseShown::latest);
  EXPECT_EQ(behaviour.response_shown.rule({at(11), at(10)}).outcome, ResponseShown::superseded);
}

TEST(ResponseShown, AnEarlierResponseIsSupersededByALaterOne) {
  Message item = planned(), his = take_request(request(item, at(9)));
  Message first = response(his, kBob, "", TrackStatus::tentative, at(10));
  Message second = response(his, kBob, "", TrackStatus::accepted, at(12));
  take_response(item, first, at(11), {});
  EXPECT_EQ(response_shown(item, first, at(11), {}).text, "");
  take_response(item, second, at(13), {});
  EXPECT_EQ(response_shown(item, second, at(13), {}).text, "");
  EXPECT_EQ(response_shown(item, first, at(13), {}).text, "The attendee sent another response after this response.");
}

// The aftermath of a hotfix writes a date later than the response into the row.
TEST(ResponseShown, AnEstimateInTheRowMakesTheOnlyResponseLookOldAndNamesWhy) {
  Message item = planned(), sent = answer_of(request(item, at(9)), TrackStatus::accepted, at(10));
  take_response(item, sent, at(11), {});
  Blame aftermath = blame_of("KB938650 aftermath");
  item.find_recipient(kBob)->properties.set(kTrackStatusTime, at(20), aftermath);
  Shown shown = response_shown(item, sent, at(11), {});
  EXPECT_EQ(shown.text, "The attendee sent another response after this response.");
  EXPECT_EQ(shown.blame, aftermath);
}

TEST(TimeOfResponse, IsTheCriticalChangeElseWhenItWasSentElseWhenItCame) {
  Message sent = answer_of(request(planned(), at(9)), TrackStatus::accepted, at(10));
  sent.properties.set(kAttendeeCriticalChange, at(7));
  EXPECT_EQ(time_of_response(sent, at(11)), at(7));
  sent.properties.erase(kAttendeeCriticalChange);
  EXPECT_EQ(time_of_response(sent, at(11)), at(10));
  sent.properties.erase(kClientSubmitTime);
  EXPECT_EQ(time_of_response(sent, at(11)), at(11));
}

}  // namespace
}  // namespace deadletter::client
