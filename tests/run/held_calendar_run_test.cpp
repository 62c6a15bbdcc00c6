// A calendar object that a person holds drives a run: an answer out of a file is what the organizer's client takes, and
// what is in it decides what happens to the update of the meeting.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "tests/support/command.h"
#include "tests/support/run_experiment.h"

namespace deadletter::testing {
namespace {

const std::string kUid = "room-101@contoso.com";
const std::string kCriticalChange = "X-MICROSOFT-CDO-ATTENDEE-CRITICAL-CHANGE:20080820T083000Z\r\n";

std::string calendar(const std::string& method, const std::string& more, const std::string& uid = kUid) {
  return fmt::format(
      "BEGIN:VCALENDAR\r\nPRODID:a test\r\nVERSION:2.0\r\nMETHOD:{}\r\nBEGIN:VEVENT\r\nUID:{}\r\n"
      "ORGANIZER:mailto:ann@contoso.com\r\nSUMMARY:Budget\r\nDTSTAMP:20080820T083000Z\r\n"
      "DTSTART:20080901T140000Z\r\nDTEND:20080901T150000Z\r\nSEQUENCE:0\r\n{}END:VEVENT\r\nEND:VCALENDAR\r\n",
      method, uid, more);
}

std::string reply(const std::string& more = "", const std::string& status = "ACCEPTED") {
  return calendar("REPLY", "ATTENDEE;PARTSTAT=" + status + ":mailto:bob@fabrikam.com\r\n" + more);
}

// An .eml as a mail program has saved it, with the object in base64.
std::string saved_message(const std::string& object) {
  TemporaryFolder folder;
  write_file(folder / "object.ics", object);
  Said encoded = run_command({"base64", "-w", "72", folder / "object.ics"});
  return "From: Bob <bob@fabrikam.com>\r\nTo: ann@contoso.com\r\nSubject: Accepted: Budget\r\n"
         "Date: Wed, 20 Aug 2008 08:30:00 +0000\r\nMIME-Version: 1.0\r\n"
         "Content-Type: multipart/alternative; boundary=\"b1\"\r\n\r\n--b1\r\n"
         "Content-Type: text/plain; charset=us-ascii\r\n\r\nYes.\r\n--b1\r\n"
         "Content-Type: text/calendar; method=REPLY; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
         encoded.out + "\r\n--b1--\r\n";
}

// Ann invites, `mail` follows, and after three hours she sends an update.
std::string story(const std::string& mail, const std::string& invite = "") {
  std::string own = fmt::format(
      R"({{"id": "invite", "from": "ann@contoso.com", "to": ["bob@fabrikam.com"], "subject": "Budget",
           "meeting": {{"request": {{"starts": "2008-09-01T14:00:00Z", "uid": "{}"}}}}}})",
      kUid);
  return fmt::format(
      R"({{"id": "held", "topology": "{}", "start": "2008-08-20T08:00:00Z", "horizon": "4d",
           "under_study": ["KB938650"], "clients": {{"*": "outlook-2007-sp1"}},
           "mail": [{}, {},
                    {{"id": "update", "at": "3h", "from": "ann@contoso.com", "meeting": {{"update": "invite"}}}}],
           "variants": {{"base": {{}}}}}})",
      source_path("topologies/meetings.json"), invite.empty() ? own : invite, mail);
}

std::string answer(const std::string& file) {
  return fmt::format(
      R"({{"id": "answer", "at": "30m", "from": "bob@fabrikam.com", "to": ["ann@contoso.com"], "calendar": "{}"}})",
      file);
}

Outcome answered_by(const std::string& file_name, const std::string& octets) {
  TemporaryFolder folder;
  write_file(folder / file_name, octets);
  return run_experiment(story(answer(folder / file_name)));
}

// The time that the organizer's client has written into bob's row, and its reason; or that it has not.
std::string time_in_row(const Outcome& run) {
  for (const json::Value& mail : run.result.find("mail")->items()) {
    if (mail.find("id")->as_string() != "answer" || mail.find("lineage") == nullptr) continue;
    for (const json::Value& step : mail.find("lineage")->items())
      if (step.find("where")->as_string() == "ann@contoso.com")
        return step.find("value")->as_string() + " " + step.find("why")->as_string();
  }
  return "nothing";
}

// ---- An answer out of a file

TEST(HeldCalendar, AReplyThatTellsWhenItWasGivenDoesNoHarm) {
  Outcome run = answered_by("reply.ics", reply(kCriticalChange));
  EXPECT_EQ(run.recipient("answer").fate, "delivered");
  EXPECT_EQ(time_in_row(run), "2008-08-20 08:30:00Z PidLidAttendeeCriticalChange");
  EXPECT_EQ(run.recipient("update").fate, "delivered");
  EXPECT_TRUE(run.recipient("update").ruled_by.empty());
  EXPECT_TRUE(run.held());
}

TEST(HeldCalendar, AReplyThatDoesNotStopsTheUpdate) {
  Outcome run = answered_by("reply.ics", reply());
  EXPECT_EQ(run.recipient("answer").fate, "delivered");
  EXPECT_EQ(time_in_row(run), "1601-01-01 00:00:00Z PidLidAttendeeCriticalChange is not there");
  EXPECT_EQ(run.recipient("update").fate, "returned");
  EXPECT_EQ(run.recipient("update").status, "4.4.7");
  EXPECT_EQ(run.recipient("update").ruled_by, std::vector<std::string>{"KB938650"});
  EXPECT_TRUE(run.held());
}

TEST(HeldCalendar, ADeclineDoesTheSame) {
  EXPECT_EQ(answered_by("reply.ics", reply("", "DECLINED")).recipient("update").fate, "returned");
  EXPECT_EQ(answered_by("reply.ics", reply(kCriticalChange, "DECLINED")).recipient("update").fate, "delivered");
}

TEST(HeldCalendar, AMessageThatHoldsTheReplyIsSentAsItIs) {
  for (bool good : {true, false}) {
    SCOPED_TRACE(good);
    Outcome run = answered_by("reply.eml", saved_message(reply(good ? kCriticalChange : "")));
    ASSERT_EQ(run.problems, "");
    EXPECT_EQ(run.recipient("answer").fate, "delivered");
    EXPECT_EQ(time_in_row(run), good ? "2008-08-20 08:30:00Z PidLidAttendeeCriticalChange"
                                     : "1601-01-01 00:00:00Z PidLidAttendeeCriticalChange is not there");
    EXPECT_EQ(run.recipient("update").fate, good ? "delivered" : "returned");
  }
}

TEST(HeldCalendar, AReplyToAnotherMeetingIsDeliveredAndChangesNothing) {
  Outcome run = answered_by(
      "reply.ics", calendar("REPLY", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:bob@fabrikam.com\r\n", "another@contoso.com"));
  EXPECT_EQ(run.recipient("answer").fate, "delivered");
  EXPECT_EQ(time_in_row(run), "nothing");
  EXPECT_EQ(run.recipient("update").fate, "delivered");
}

// Who sends it answers, whatever attendee the object names [the organizer's client looks for the sender's row].
TEST(HeldCalendar, AReplySentBySomebodyNotInvitedChangesNothing) {
  TemporaryFolder folder;
  write_file(folder / "reply.ics", reply());
  std::string from_eve = fmt::format(
      R"({{"id": "answer", "at": "30m", "from": "eve@fabrikam.com", "to": ["ann@contoso.com"], "calendar": "{}"}})",
      folder / "reply.ics");
  Outcome run = run_experiment(story(from_eve));
  EXPECT_EQ(run.recipient("answer").fate, "delivered");
  EXPECT_EQ(time_in_row(run), "nothing");
  EXPECT_EQ(run.recipient("update").fate, "delivered");
}

// ---- A request out of a file

TEST(HeldCalendar, ARequestOutOfAFileIsAnsweredAndUpdated) {
  TemporaryFolder folder;
  write_file(folder / "request.ics", calendar("REQUEST", "ATTENDEE;RSVP=TRUE:mailto:bob@fabrikam.com\r\n"));
  std::string invite =
      fmt::format(R"({{"id": "invite", "from": "ann@contoso.com", "to": ["bob@fabrikam.com"], "calendar": "{}"}})",
                  folder / "request.ics");
  std::string accept =
      R"({"id": "answer", "at": "30m", "from": "bob@fabrikam.com", "meeting": {"reply_to": "invite"}})";
  Outcome run = run_experiment(story(accept, invite));
  ASSERT_EQ(run.problems, "");
  EXPECT_EQ(run.recipient("invite").fate, "delivered");
  EXPECT_EQ(run.recipient("answer").fate, "delivered");
  // His server leaves the time out of what he answers.
  EXPECT_EQ(time_in_row(run), "1601-01-01 00:00:00Z PidLidAttendeeCriticalChange is not there");
  EXPECT_EQ(run.recipient("update").fate, "returned");
}

// ---- The file belongs to the run

TEST(HeldCalendar, ItsContentDecidesAboutTheFingerprintAndItIsAnInput) {
  std::string first = answered_by("reply.ics", reply(kCriticalChange)).text("/fingerprint");
  EXPECT_EQ(answered_by("reply.ics", reply(kCriticalChange)).text("/fingerprint"), first);
  EXPECT_NE(answered_by("reply.ics", reply(kCriticalChange + "LOCATION:Room 102\r\n")).text("/fingerprint"), first);
  TemporaryFolder folder;
  write_file(folder / "reply.ics", reply());
  write_file(folder / "experiment.json", story(answer("reply.ics")));  // beside the experiment
  Said said = deadletter({"run", folder / "experiment.json", "--out", folder / "run"});
  EXPECT_EQ(said.status, 0) << said.err;
  std::string run = read_file(folder / "run/run.json");
  EXPECT_NE(run.find("\"role\": \"calendar\""), std::string::npos);
  EXPECT_NE(run.find(folder / "reply.ics"), std::string::npos);
}

// ---- Files that cannot be read

struct Unreadable {
  const char* file;
  std::string octets;
  const char* said;  // after the file's name: its line where there is one, and the reason
};

TEST(HeldCalendar, AFileThatCannotBeReadIsReportedWithLineAndReason) {
  std::string deep;
  for (int i = 0; i < 70; ++i) deep += "BEGIN:X\r\n";
  const Unreadable cases[] = {
      {"deep.ics", "BEGIN:VCALENDAR\r\n" + deep, ":65: components nest deeper than 64 levels: the object is refused"},
      {"task.ics", "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VTODO\r\nUID:1\r\nEND:VTODO\r\nEND:VCALENDAR\r\n",
       ":3: VTODO is passed over"},
      {"other.ics", "BEGIN:VCARD\r\nFN:Bob\r\nEND:VCARD\r\n", ":1: "},
      {"empty.ics", "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n", ": holds no meeting"},
      {"letter.eml", "From: a@b.example\r\nSubject: Hello\r\n\r\nNo calendar.\r\n",
       ": neither a calendar nor a message that holds one (text/calendar, .ics)"},
      {"octets.ics", std::string("\0\x01\x02\xff", 4), ": neither a calendar nor a message that holds one"}};
  for (const Unreadable& one : cases) {
    SCOPED_TRACE(one.file);
    TemporaryFolder folder;
    write_file(folder / one.file, one.octets);
    write_file(folder / "experiment.json", story(answer(one.file)));
    for (const char* command : {"check", "run"}) {
      Said said = deadletter({command, folder / "experiment.json"}, {.folder = folder.path()});
      EXPECT_EQ(said.status, 2) << said.out;
      EXPECT_NE(said.err.find(folder / one.file + one.said), std::string::npos) << said.err;
    }
  }
}

TEST(HeldCalendar, AFileThatIsNotThereIsReported) {
  TemporaryFolder folder;
  write_file(folder / "experiment.json", story(answer("none.ics")));
  Said said = deadletter({"run", folder / "experiment.json"}, {.folder = folder.path()});
  EXPECT_EQ(said.status, 2);
  EXPECT_NE(said.err.find("none.ics"), std::string::npos) << said.err;
}

}  // namespace
}  // namespace deadletter::testing
