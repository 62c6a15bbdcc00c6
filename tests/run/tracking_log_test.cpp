// Message tracking logs of a run: read as other tools read them, they tell the run again.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "experiments/run/tracking_row.h"
#include "models/builds/installation.h"
#include "tests/support/command.h"
#include "tests/support/tables.h"

namespace deadletter::testing {
namespace fs = std::filesystem;
namespace {

using experiments::Carrier;
using experiments::Tracked;
using experiments::TrackingFormat;
using experiments::TrackingRow;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using Strings = std::vector<std::string>;

// ---- a reader of both formats

struct Entry {
  std::string server, event, source, time, id, sender, octets;
  Strings recipients;
};

Strings lines_of(const std::string& file) {
  Strings lines;
  std::string text = read_file(file);
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = text.find("\r\n", at);
    EXPECT_NE(end, std::string::npos) << file << ": a line without its end";
    if (end == std::string::npos) break;
    lines.push_back(text.substr(at, end - at));
    at = end + 2;
  }
  return lines;
}

Strings split(const std::string& line, char by) {
  Strings fields(1);
  bool quoted = false;
  for (char c : line) {
    if (c == '"' && by == ',') quoted = !quoted;
    if (c == by && !quoted)
      fields.emplace_back();
    else
      fields.back() += c;
  }
  return fields;
}

// "m1" of "m1.experiment@host".
std::string name_in(const std::string& id, const std::string& experiment) {
  return id.substr(0, id.find("." + experiment + "@"));
}

Entry tab_entry(const std::string& line) {
  Strings f = split(line, '\t');
  EXPECT_EQ(f.size(), 21U) << line;
  f.resize(21);
  Entry entry{.event = f[8], .source = f[4], .time = f[0] + " " + f[1].substr(0, 8), .id = f[9], .octets = f[12]};
  entry.sender = f[19] == "<>" ? "" : f[19];
  if (f[7] != "-") entry.recipients = {f[7]};
  return entry;
}

Entry comma_entry(const std::string& line) {
  Strings f = split(line, ',');
  EXPECT_EQ(f.size(), 21U) << line;
  f.resize(21);
  Entry entry{.event = f[8], .source = f[7], .time = f[0].substr(0, 10) + " " + f[0].substr(11, 8)};
  entry.id = f[10].substr(1, f[10].size() - 2);
  entry.octets = f[13], entry.sender = f[18];
  if (!f[11].empty()) entry.recipients = split(f[11], ';');
  if (f[11].empty()) return entry;
  EXPECT_EQ(std::to_string(entry.recipients.size()), f[14]) << line;
  return entry;
}

struct Recorded {
  TemporaryFolder folder;
  std::string out = folder / "run", experiment;
  Said said;

  Recorded(const std::string& article, const std::string& variant, Strings more = {}) : experiment(article) {
    Strings words = {"run", source_path("experiments/articles/" + article + ".json"), "--variant", variant, "--out",
                     out};
    words.insert(words.end(), more.begin(), more.end());
    said = deadletter(words);
  }
  std::vector<Entry> entries() const {
    std::set<fs::path> files;
    for (const auto& file : fs::recursive_directory_iterator(out + "/tracking"))
      if (file.is_regular_file()) files.insert(file.path());
    std::vector<Entry> all;
    for (const fs::path& file : files)
      for (const std::string& line : lines_of(file.string())) {
        if (line.starts_with('#')) continue;
        all.push_back(file.extension() == ".log" ? tab_entry(line) : comma_entry(line));
        all.back().server = file.parent_path().filename();
        all.back().id = name_in(all.back().id, experiment);
      }
    return all;
  }
  Strings ask(const std::string& query) const { return testing::ask(out + "/results.sqlite", query); }
};

constexpr const char* kSecond =
    "strftime('%Y-%m-%d %H:%M:%S', (SELECT strftime('%s', value) FROM run WHERE key = 'start') + e.time_ns / "
    "1000000000, 'unixepoch')";

std::string in_list(const Strings& words) { return fmt::format("'{}'", fmt::join(words, "', '")); }

// Events of a kind as "message|recipient|second"; of foreign servers none.
Strings told(const Recorded& run, const std::string& kind, const Strings& servers) {
  std::string which =
      fmt::format("e.kind = '{}' AND e.node IN ({}) AND e.text NOT LIKE '%by the client%'", kind, in_list(servers));
  Strings rows = run.ask(
      fmt::format("SELECT coalesce(m.name, '#' || m.id), r.address, {0} FROM events e JOIN messages m ON m.id = "
                  "e.subject JOIN recipients r ON r.id = e.a WHERE {1} UNION ALL SELECT p.name, p.recipient, {0} FROM "
                  "events e JOIN reports p ON p.id = e.subject WHERE {1}",
                  kSecond, which));
  std::ranges::sort(rows);
  return rows;
}

Strings logged(const std::vector<Entry>& entries, const Strings& events) {
  Strings rows;
  for (const Entry& e : entries)
    if (std::ranges::find(events, e.event) != events.end())
      for (const std::string& recipient : e.recipients) rows.push_back(e.id + "|" + recipient + "|" + e.time);
  std::ranges::sort(rows);
  return rows;
}

struct Known {
  std::string sender, octets, time;
  std::set<std::string> recipients;
};

// What the logs say of messages that were submitted to servers with a log, as "id|sender|octets|second|recipients".
Strings submissions(const std::vector<Entry>& entries) {
  std::map<std::string, Known> known;
  for (const Entry& e : entries) {
    bool begins = e.event == "SUBMIT" || e.event == "DSN" || (e.event == "1019" && e.source == "-");
    bool tells = e.event == "DSN" || (e.event == "RECEIVE" && e.source == "STOREDRIVER") || e.event == "1019";
    Known& k = known[e.id];
    if (begins) k.time = e.time, k.sender = e.sender;
    if (!tells || (e.event == "1019" && e.source != "-")) continue;
    k.octets = e.octets;
    k.recipients.insert(e.recipients.begin(), e.recipients.end());
  }
  Strings rows;
  for (const auto& [id, k] : known)
    if (!k.time.empty())
      rows.push_back(fmt::format("{}|{}|{}|{}|{}", id, k.sender, k.octets, k.time, fmt::join(k.recipients, " ")));
  std::ranges::sort(rows);
  return rows;
}

Strings submitted(const Recorded& run, const Strings& servers) {
  Strings rows = run.ask(fmt::format(
      "SELECT coalesce(m.name, '#' || m.id), m.sender, m.size, {0}, (SELECT group_concat(address, ' ') FROM (SELECT "
      "DISTINCT address FROM recipients r WHERE r.message = m.id AND r.id < (SELECT min(r2.id) FROM recipients r2 "
      "WHERE "
      "r2.message = m.id) + m.recipients AND NOT EXISTS (SELECT 1 FROM events x WHERE x.kind = 'return' AND x.a = r.id "
      "AND x.text LIKE '%by the "
      "client%') ORDER BY address)) FROM events e JOIN messages m ON m.id = e.subject WHERE "
      "e.kind = 'submit' AND e.node IN ({1}) UNION ALL SELECT p.name, '', p.size, {0}, p.recipient FROM events e JOIN "
      "reports p ON p.id = e.subject WHERE e.kind = 'submit' AND e.node IN ({1})",
      kSecond, in_list(servers)));
  std::ranges::sort(rows);
  return rows;
}

struct Story {
  const char *article, *variant;
  Strings servers;  // those that write logs
};

const std::vector<Story>& stories() {
  static const std::vector<Story> all = {
      {"kb912341_multiline_354", "unfixed", {"EX1"}},
      {"kb938650_meeting_update", "unfixed", {"CON-MBX1", "CON-MBX2", "CON-BH1", "FAB-HUB1", "FAB-MBX1", "NW-EX1"}},
      {"kb843242_signed_over_x400", "unfixed", {"HQ-EX1", "PLT-EX1", "LAB-EX1", "NEW-HUB1"}},
      {"kb870585_builtin_group", "unfixed", {"CON-EX1", "CON-EX2", "FAB-EX1", "WOO-EX1"}},
      {"kb955778_fax_in_cached_mode", "ru7", {"MUC-EX1", "SEA-EX1"}}};
  return all;
}

// ---- the stories

TEST(TrackingLogs, ReadBackTheyTellWhatWasSubmitted) {
  for (const Story& story : stories()) {
    Recorded run(story.article, story.variant);
    ASSERT_EQ(run.said.status, 0) << run.said.err;
    Strings expected = submitted(run, story.servers);
    ASSERT_FALSE(expected.empty());
    EXPECT_THAT(submissions(run.entries()), ElementsAreArray(expected)) << story.article;
  }
}

TEST(TrackingLogs, ReadBackTheyTellEveryDeliveryAndEveryFailure) {
  for (const Story& story : stories()) {
    Recorded run(story.article, story.variant);
    ASSERT_EQ(run.said.status, 0) << run.said.err;
    std::vector<Entry> entries = run.entries();
    Strings delivered = logged(entries, {"1028", "1029", "DELIVER"});
    for (const Entry& e : entries)
      if (e.source == "GATEWAY") delivered.push_back(e.id + "|" + e.recipients.at(0) + "|" + e.time);
    std::ranges::sort(delivered);
    EXPECT_THAT(delivered, ElementsAreArray(told(run, "deliver", story.servers))) << story.article;
    EXPECT_THAT(logged(entries, {"1030", "FAIL"}), ElementsAreArray(told(run, "return", story.servers)))
        << story.article;
  }
}

TEST(TrackingLogs, WhatOneServerHasSentAnotherHasReceived) {
  Recorded run("kb938650_meeting_update", "unfixed");
  auto ways = [&](const Strings& events, const std::string& source) {
    std::multiset<std::string> all;
    for (const Entry& e : run.entries())
      if (std::ranges::find(events, e.event) != events.end() && e.source == source)
        for (const std::string& r : e.recipients) all.insert(e.id + " " + r);
    return all;
  };
  auto sent = ways({"1031", "SEND"}, "SMTP"), received = ways({"1019", "RECEIVE"}, "SMTP");
  EXPECT_FALSE(sent.empty());
  EXPECT_EQ(sent, received) << "every server of this organization writes a log";
}

TEST(TrackingLogs, ServersOfOtherProductsWriteNone) {
  for (const Story& story : stories()) {
    Recorded run(story.article, story.variant);
    for (const auto& folder : fs::directory_iterator(run.out + "/tracking"))
      EXPECT_THAT(story.servers, ::testing::Contains(folder.path().filename().string())) << story.article;
  }
}

TEST(TrackingLogs, OnlyARunThatKeepsEventsWritesThem) {
  for (const char* level : {"summary", "messages"})
    EXPECT_FALSE(fs::exists(Recorded("kb912341_multiline_354", "hotfix", {"--record", level}).out + "/tracking"))
        << level;
}

TEST(TrackingLogs, TheLateReplyAsExchange2003TellsIt) {
  Recorded run("kb912341_multiline_354", "hotfix");
  Strings lines = lines_of(run.out + "/tracking/EX1/20060301.log");
  ASSERT_EQ(lines.size(), 11U);
  EXPECT_EQ(lines[0], "# Message Tracking Log File");
  EXPECT_EQ(lines[1], "# Exchange System Attendant Version 6.5.7638");
  EXPECT_THAT(lines[2], StartsWith("# Date\tTime\tclient-ip\tClient-hostname\tPartner-Name\t"));
  EXPECT_EQ(split(lines[2], '\t').size(), 20U);
  Strings events;
  for (std::size_t i = 3; i < lines.size(); ++i) events.push_back(split(lines[i], '\t')[8]);
  EXPECT_THAT(events, ElementsAre("1027", "1019", "1025", "1024", "1033", "1034", "1020", "1031"));
  EXPECT_EQ(lines.back(),
            "2006-03-01\t08:00:01 GMT\t-\tex1.contoso.com\tSMTP\tmx.fabrikam.com\t-\tbob@fabrikam.com\t1031\t"
            "m1.kb912341_multiline_354@ex1.contoso.com\t0\t0\t20480\t1\t2006-03-01 08:00:00 GMT\t0\t-\t-\tReport\t"
            "ann@contoso.com\t-");
}

TEST(TrackingLogs, WhatIsTriedAgainBeginsAgain) {
  Recorded run("kb912341_multiline_354", "unfixed");
  std::vector<Entry> entries = run.entries();
  EXPECT_EQ(std::ranges::count(entries, "1020", &Entry::event), 193) << "an attempt";
  EXPECT_EQ(std::ranges::count(entries, "1031", &Entry::event), 0) << "none was taken over, as its client saw it";
  EXPECT_EQ(std::ranges::count(entries, "1030", &Entry::event), 1);
}

TEST(TrackingLogs, TheMeetingAsExchange2007TellsIt) {
  Recorded run("kb938650_meeting_update", "unfixed");
  Strings hub = lines_of(run.out + "/tracking/FAB-HUB1/MSGTRK20080820-1.LOG");
  ASSERT_GT(hub.size(), 7U);
  EXPECT_EQ(hub[0], "#Software: Microsoft Exchange Server");
  EXPECT_EQ(hub[2], "#Log-type: Message Tracking Log");
  EXPECT_THAT(hub[4], StartsWith("#Fields: date-time,client-ip,"));
  EXPECT_EQ(hub[5],
            "2008-08-20T08:00:00.366Z,,bh1.contoso.com,,hub1.fabrikam.com,,,SMTP,RECEIVE,1,"
            "<invite.kb938650_meeting_update@mbx1.contoso.com>,bob@fabrikam.com,,10240,1,,,test message,"
            "ann@contoso.com,ann@contoso.com,");
  EXPECT_EQ(hub[6],
            "2008-08-20T08:00:00.367Z,,hub1.fabrikam.com,,mbx1.fabrikam.com,,,STOREDRIVER,DELIVER,1,"
            "<invite.kb938650_meeting_update@mbx1.contoso.com>,bob@fabrikam.com,,10240,1,,,test message,"
            "ann@contoso.com,ann@contoso.com,2008-08-20T08:00:00.000Z");
  Strings mailbox = lines_of(run.out + "/tracking/FAB-MBX1/MSGTRKM20080820-1.LOG");
  EXPECT_THAT(mailbox.at(5), HasSubstr(",STOREDRIVER,SUBMIT,,<accept.kb938650_meeting_update@mbx1.fabrikam.com>,"));
}

// ---- a row alone

TrackingRow row(Tracked what) {
  return {.what = what,
          .unix_ns = 1'141'200'000'123'456'789,
          .recipients = {"bob@fabrikam.com", "eve@fabrikam.com"},
          .recipient_count = 2,
          .octets = 100,
          .internal_id = 1,
          .message_id = "m1@host",
          .subject = "Report",
          .sender = "ann@contoso.com",
          .originated_unix_ns = 1'141'200'000'000'000'000};
}

TEST(TrackingRows, NothingInASubjectEndsAFieldOrALine) {
  TrackingRow nasty = row(Tracked::sent);
  nasty.subject = "a\tb\r\n\"c\", d";
  std::string tabs = tracking_lines({TrackingFormat::tabs, "6.5", ""}, nasty);
  EXPECT_EQ(std::ranges::count(tabs, '\n'), 2) << "one line for each recipient";
  EXPECT_EQ(split(tabs.substr(0, tabs.find("\r\n")), '\t').size(), 21U);
  std::string commas = tracking_lines({TrackingFormat::commas, "8.1", ""}, nasty);
  EXPECT_EQ(std::ranges::count(commas, '\n'), 1);
  EXPECT_THAT(commas, HasSubstr(",\"a b  \"\"c\"\", d\","));
  EXPECT_EQ(split(commas.substr(0, commas.find("\r\n")), ',').size(), 21U);
}

TEST(TrackingRows, SubjectsAreInTheCharsetOfTheFormat) {
  TrackingRow umlaut = row(Tracked::sent);
  umlaut.subject = "Gr\u00fc\u00dfe \u20ac \xff";
  EXPECT_THAT(tracking_lines({TrackingFormat::tabs, "6.5", ""}, umlaut), HasSubstr("\tGr\xfc\xdf\x65 ? ?\t"));
  EXPECT_THAT(tracking_lines({TrackingFormat::commas, "8.1", ""}, umlaut), HasSubstr(",Gr\u00fc\u00dfe \u20ac"));
}

TEST(TrackingRows, AReportHasTheNullReversePath) {
  TrackingRow report = row(Tracked::made);
  report.sender.clear();
  report.reference = "m0@host";
  EXPECT_THAT(tracking_lines({TrackingFormat::tabs, "6.5", ""}, report), HasSubstr("\t<>\t-\r\n"));
  EXPECT_THAT(tracking_lines({TrackingFormat::commas, "8.1", ""}, report), HasSubstr(",<m0@host>,Report,,<>,\r\n"));
}

TEST(TrackingRows, WhatAProductDoesNotLogHasNoLine) {
  for (Tracked what : {Tracked::categorized, Tracked::queued_remote, Tracked::queued_local, Tracked::sending})
    EXPECT_EQ(tracking_lines({TrackingFormat::commas, "8.1", ""}, row(what)), "");
  EXPECT_EQ(tracking_lines({TrackingFormat::tabs, "6.5", ""}, row(Tracked::deferred)), "");
}

TEST(TrackingRows, ADayIsTheDayOfUtc) {
  TrackingRow late = row(Tracked::sent);
  EXPECT_EQ(tracking_file({TrackingFormat::tabs, "6.5", ""}, late), "20060301.log");
  late.unix_ns += 16 * 3'600'000'000'000;
  EXPECT_EQ(tracking_file({TrackingFormat::tabs, "6.5", ""}, late), "20060302.log");
  EXPECT_EQ(tracking_file({TrackingFormat::commas, "8.1", ""}, late), "MSGTRK20060302-1.LOG");
  late.what = Tracked::submitted;
  EXPECT_EQ(tracking_file({TrackingFormat::commas, "8.1", ""}, late), "MSGTRKM20060302-1.LOG");
}

TEST(TrackingRows, TheFormatFollowsTheProduct) {
  struct Row {
    const char* build;
    std::optional<TrackingFormat> format;
  };
  for (const Row& r : {Row{"exchange-2003-sp2 on windows-2003-sp1", TrackingFormat::tabs},
                       Row{"exchange-2000-sp3 on windows-2000-sp4", TrackingFormat::tabs},
                       Row{"exchange-2007-sp1 on windows-2003-sp2", TrackingFormat::commas},
                       Row{"windows-2003-sp1", std::nullopt}, Row{"reference-mta", std::nullopt}}) {
    auto parsed = builds::parse_build(r.build);
    ASSERT_TRUE(parsed.errors.empty()) << r.build;
    EXPECT_EQ(experiments::tracking_format(parsed.build), r.format) << r.build;
  }
}

}  // namespace
}  // namespace deadletter::testing
