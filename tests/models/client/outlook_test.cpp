// A mail client at work, told as its user would see it.
#include "models/client/outlook.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/models/client/outlook_desk.h"

namespace deadletter::client {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr Duration after(std::int64_t seconds) { return Duration::seconds(seconds); }

// ---- The list decides

TEST(Outlook, ATypeThatIsNotInTheListComesBackAndWhoLeftItOutIsBlamed) {
  Blame left_out = blame_of("KB955778");
  AddressTypeList list{.types = {"EX", "SMTP"}, .left_out = {{"FAX", left_out}}};
  OutlookDesk desk;
  EXPECT_EQ(desk.outlook().check("FAX", list).outcome, SubmitCheck::submit) << "no list is held yet";
  EXPECT_EQ(desk.outlook().check("FAX", list).blame, Blame{});
  desk.start();
  EXPECT_EQ(desk.outlook().check("FAX", list).outcome, SubmitCheck::return_locally);
  EXPECT_EQ(desk.outlook().check("FAX", list).blame, left_out);
  EXPECT_EQ(desk.outlook().check("SMS", list).outcome, SubmitCheck::return_locally);
  EXPECT_EQ(desk.outlook().check("SMS", list).blame, Blame{}) << "as designed";
  EXPECT_EQ(desk.outlook().check("SMTP", list).outcome, SubmitCheck::submit);
  EXPECT_EQ(desk.outlook().check("SMTP", list).blame, Blame{});
  for (Mode mode : {Mode::online, Mode::owa}) {
    OutlookDesk other(mode);
    other.start();
    EXPECT_EQ(other.outlook().check("FAX", list).outcome, SubmitCheck::submit) << text(mode);
    EXPECT_EQ(other.outlook().check("FAX", list).blame, Blame{}) << text(mode);
  }
}

TEST(Outlook, AnswersThatRestOnASetListReadBlameWhoSetIt) {
  OutlookDesk desk;
  desk.behaviour.address_types_read.set(ListRead::change, {}, blame_of("KB100001"));
  desk.start();
  AddressTypeList list{.types = {"SMTP"}, .left_out = {{"FAX", blame_of("KB955778")}, {"FAX", blame_of("KB937861")}}};
  EXPECT_THAT(names(desk.outlook().check("FAX", list).blame), ElementsAre("KB100001", "KB937861", "KB955778"));
  EXPECT_EQ(desk.outlook().check("SMTP", list).blame, Blame{});
}

TEST(Outlook, WithoutAListNoTypeIsInIt) {
  OutlookDesk desk;
  desk.behaviour.submit_check.deviate(
      [](const SubmitCheckFacts& facts, const SubmitCheck& below) {
        return facts.listed ? SubmitCheck::return_locally : below;
      },
      blame_of("KB100001"));
  AddressTypeList list{.types = {"SMTP"}};
  EXPECT_EQ(desk.outlook().check("SMTP", list).outcome, SubmitCheck::submit);
  desk.start();
  EXPECT_EQ(desk.outlook().check("SMTP", list).outcome, SubmitCheck::return_locally);
  EXPECT_EQ(desk.outlook().check("SMTP", list).blame, blame_of("KB100001"));
}

// ---- Sending

TEST(Outlook, WhenAnItemLeavesDependsOnModeAndConnection) {
  struct Row {
    Mode mode;
    bool open, network;
    std::vector<std::string> submits;
  };
  const Row rows[] = {
      {Mode::online, true, true, {"00:00:10 submits 1"}},
      {Mode::owa, true, true, {"00:00:10 submits 1"}},
      {Mode::cached, true, true, {"00:00:25 submits 1"}},
      {Mode::online, true, false, {}},
      {Mode::owa, true, false, {}},
      {Mode::cached, true, false, {}},
      {Mode::online, false, true, {}},
      {Mode::owa, false, true, {}},
      {Mode::cached, false, true, {}},
  };
  for (const Row& row : rows) {
    OutlookDesk desk(row.mode);
    if (row.open) desk.start();
    desk.network(row.network);
    desk.run_until(after(10));
    desk.send(1);
    desk.run_until(after(1000));
    EXPECT_EQ(desk.lines("submits"), row.submits) << text(row.mode) << " open " << row.open << " net " << row.network;
    EXPECT_EQ(desk.outlook().in_outbox(), row.submits.empty() ? 1U : 0U);
    EXPECT_EQ(desk.outlook().connected(), row.open && row.network);
    EXPECT_THAT(desk.broken(), IsEmpty());
  }
}

TEST(Outlook, AFurtherItemSetsTheUploadBack) {
  OutlookDesk desk;
  desk.start();
  desk.send(1);
  desk.run_until(after(14)), desk.send(2);
  desk.run_until(after(28)), desk.send(3);
  desk.run_until(after(1000));
  EXPECT_THAT(desk.lines("submits"), ElementsAre("00:00:43 submits 1", "00:00:43 submits 2", "00:00:43 submits 3"));
  EXPECT_THAT(desk.broken(), IsEmpty());
}

TEST(Outlook, WhoKeepsSendingIsUploadedAMinuteAfterTheFirstItem) {
  OutlookDesk desk;
  desk.start();
  for (std::uint32_t i = 0; i < 13; ++i) desk.run_until(after(i * 10)), desk.send(i);
  desk.run_until(after(1000));
  // The item of the very moment comes after the upload and begins the next minute.
  EXPECT_EQ(desk.lines("00:01:00 submits"),
            (std::vector<std::string>{"00:01:00 submits 0", "00:01:00 submits 1", "00:01:00 submits 2",
                                      "00:01:00 submits 3", "00:01:00 submits 4", "00:01:00 submits 5"}));
  EXPECT_THAT(desk.lines("00:02:00 submits"), SizeIs(6));
  EXPECT_THAT(desk.lines("00:02:15 submits"), ElementsAre("00:02:15 submits 12"));
  EXPECT_THAT(desk.broken(), IsEmpty());
}

TEST(Outlook, AnItemSentWhenTheTimerIsAboutToRingSetsItBackToo) {
  OutlookDesk desk;
  desk.start(), desk.send(1);
  desk.run_up_to(after(15)), desk.send(2);
  desk.run_until(after(15));
  EXPECT_THAT(desk.lines("submits"), IsEmpty());
  desk.run_until(after(30));
  EXPECT_THAT(desk.lines("submits"), ElementsAre("00:00:30 submits 1", "00:00:30 submits 2"));
  EXPECT_THAT(desk.broken(), IsEmpty());
}

TEST(Outlook, WhatIsSentOfflineLeavesInOrderAsSoonAsItCan) {
  for (Mode mode : {Mode::online, Mode::cached, Mode::owa}) {
    OutlookDesk desk(mode);
    desk.start();
    desk.network(false);
    for (std::uint32_t item : {7, 3, 9}) desk.send(item);
    desk.run_until(Duration::hours(1));
    EXPECT_THAT(desk.lines("submits"), IsEmpty());
    desk.network(true);
    EXPECT_THAT(desk.lines("submits"), ElementsAre("01:00:00 submits 7", "01:00:00 submits 3", "01:00:00 submits 9"));
    desk.run_until(Duration::hours(2));
    EXPECT_THAT(desk.lines("submits"), SizeIs(3));
    EXPECT_THAT(desk.broken(), IsEmpty());
  }
}

TEST(Outlook, WhatWaitsWhenItIsClosedLeavesWhenItIsStartedAgain) {
  OutlookDesk desk;
  desk.start(), desk.send(1);
  desk.run_until(after(5));
  desk.stop(), desk.send(2);
  desk.run_until(Duration::hours(8));
  desk.start();
  EXPECT_THAT(desk.lines("submits"), ElementsAre("08:00:00 submits 1", "08:00:00 submits 2"));
  EXPECT_THAT(desk.broken(), IsEmpty());
}

// ---- Timers

TEST(Outlook, ATimerOfBeforeTheConnectionWasLostIsIgnored) {
  OutlookDesk desk;
  desk.start(), desk.send(1), desk.arrive();
  desk.run_until(after(5));
  desk.network(false), desk.network(true);
  EXPECT_THAT(desk.lines("submits"), ElementsAre("00:00:05 submits 1"));
  desk.run_until(after(10));
  desk.send(2), desk.arrive();
  desk.run_until(after(1000));  // the first timers ring at 15 and 30 s
  EXPECT_THAT(desk.lines("submits"), ElementsAre("00:00:05 submits 1", "00:00:25 submits 2"));
  EXPECT_THAT(desk.lines("downloads"), ElementsAre("00:00:05 downloads 1", "00:00:40 downloads 1"));
  EXPECT_THAT(desk.broken(), IsEmpty());
}

TEST(Outlook, ATimerThatNobodySetChangesNothing) {
  for (Mode mode : {Mode::online, Mode::cached, Mode::owa}) {
    ClientBehaviour behaviour;
    Outlook outlook(behaviour, mode);
    Outlook::Actions actions;
    outlook.network(false, {}, actions);
    outlook.start({}, actions), outlook.send(1, {}, actions), outlook.arrived({}, actions);
    for (auto which : {Outlook::Timer::upload, Outlook::Timer::download, Outlook::Timer::book})
      for (std::uint32_t generation = 0; generation < 9; ++generation) outlook.timer(which, generation, {}, actions);
    EXPECT_THAT(actions, IsEmpty()) << text(mode);
    EXPECT_EQ(outlook.in_outbox(), 1U);
    EXPECT_EQ(outlook.to_download(), 1U);
  }
}

TEST(Outlook, AUserWhoSetsTheTimersToASecondHasThemSo) {
  OutlookDesk desk;
  for (auto* value : {&desk.behaviour.upload, &desk.behaviour.download, &desk.behaviour.maximum})
    value->set(after(1), {});
  desk.start(), desk.send(1), desk.arrive();
  desk.run_until(after(60));
  EXPECT_THAT(desk.lines("s 1"), ElementsAre("00:00:01 submits 1", "00:00:01 downloads 1"));
}

TEST(Outlook, AMaximumBelowTheOtherTimersCutsTheUploadShortAndNotTheDownload) {
  OutlookDesk desk;
  desk.behaviour.maximum.set(after(5), {});
  desk.start(), desk.send(1), desk.arrive();
  desk.run_until(after(60));
  EXPECT_THAT(desk.lines("s 1"), ElementsAre("00:00:05 submits 1", "00:00:30 downloads 1"));
  EXPECT_THAT(desk.broken(), IsEmpty());
}

// ---- Receiving

TEST(Outlook, WhenMailIsSeenDependsOnModeAndConnection) {
  for (Mode mode : {Mode::online, Mode::cached, Mode::owa}) {
    OutlookDesk desk(mode);
    desk.arrive(), desk.arrive();
    desk.run_until(after(10));
    EXPECT_THAT(desk.lines(), IsEmpty()) << text(mode);
    EXPECT_EQ(desk.outlook().to_download(), 2U);
    desk.start();
    EXPECT_THAT(desk.lines("downloads"), ElementsAre("00:00:10 downloads 2")) << text(mode);
    desk.run_until(after(100)), desk.arrive();
    desk.run_until(after(1000));
    EXPECT_EQ(desk.lines("downloads").back(), mode == Mode::cached ? "00:02:10 downloads 1" : "00:01:40 downloads 1");
    EXPECT_EQ(desk.outlook().to_download(), 0U);
    EXPECT_THAT(desk.broken(), IsEmpty());
  }
}

TEST(Outlook, MoreMailIsFetchedWithTheFirstAndSetsNothingBack) {
  OutlookDesk desk;
  desk.start();
  for (int i = 0; i < 4; ++i) desk.run_until(after(i * 20)), desk.arrive();
  desk.run_until(after(1000));
  EXPECT_THAT(desk.lines("downloads"), ElementsAre("00:00:30 downloads 2", "00:01:10 downloads 2"));
  EXPECT_THAT(desk.broken(), IsEmpty());
}

TEST(Outlook, MailThatComesJustBeforeTheDownloadIsFetchedWithItAndJustAfterItWaitsAnew) {
  OutlookDesk desk;
  desk.start(), desk.arrive();
  desk.run_up_to(after(30)), desk.arrive();
  desk.run_until(after(30)), desk.arrive();
  desk.run_until(after(1000));
  EXPECT_THAT(desk.lines("downloads"), ElementsAre("00:00:30 downloads 2", "00:01:00 downloads 1"));
  EXPECT_THAT(desk.broken(), IsEmpty());
}

TEST(Outlook, ADownloadSetToMoreThanTheMaximumWaitsAsLongAsItSays) {
  OutlookDesk desk;
  desk.behaviour.download.set(after(90), {});
  desk.start(), desk.arrive();
  desk.run_until(after(80)), desk.arrive();
  desk.run_until(after(1000));
  EXPECT_THAT(desk.lines("downloads"), ElementsAre("00:01:30 downloads 2"));
  EXPECT_THAT(desk.broken(), IsEmpty());
}

// ---- The list of address types

TEST(Outlook, TheListIsAskedForOnceASessionAndKeptUntilTheNext) {
  OutlookDesk desk;
  EXPECT_FALSE(desk.outlook().list_held());
  desk.start(), desk.start();
  EXPECT_TRUE(desk.outlook().list_held());
  desk.run_until(after(10));
  desk.network(false), desk.network(true), desk.start();
  desk.run_until(after(20));
  desk.stop();
  EXPECT_TRUE(desk.outlook().list_held());
  desk.run_until(after(30));
  desk.start();
  EXPECT_THAT(desk.lines("list"), ElementsAre("00:00:00 asks for the list", "00:00:30 asks for the list"));
  EXPECT_THAT(desk.broken(), IsEmpty());
}

TEST(Outlook, ASessionThatStartsOfflineWorksWithTheOldListUntilItIsConnected) {
  OutlookDesk desk;
  desk.start(), desk.stop();
  desk.run_until(after(10));
  desk.network(false), desk.start(), desk.send(1);
  EXPECT_TRUE(desk.outlook().list_held());
  EXPECT_THAT(desk.lines("list"), SizeIs(1));
  desk.run_until(after(20));
  desk.network(true);
  EXPECT_EQ(desk.lines(), (std::vector<std::string>{"00:00:00 asks for the list", "00:00:00 fetches the address book",
                                                    "00:00:20 asks for the list", "00:00:20 submits 1"}));
}

TEST(Outlook, TheListComesBeforeTheFirstUploadThenMailThenTheAddressBook) {
  OutlookDesk desk;
  desk.send(1), desk.send(2), desk.arrive();
  desk.start();
  EXPECT_THAT(desk.lines(), ElementsAre("00:00:00 asks for the list", "00:00:00 submits 1", "00:00:00 submits 2",
                                        "00:00:00 downloads 1", "00:00:00 fetches the address book"));
}

TEST(Outlook, AnAnswerThatNeverCameIsAskedForAgain) {
  ClientBehaviour behaviour;
  Outlook outlook(behaviour, Mode::cached);
  auto asks = [&] {
    Outlook::Actions actions;
    outlook.network(false, {}, actions), outlook.network(true, {}, actions);
    return std::ranges::count(actions, OutlookAction::Kind::fetch_types, &OutlookAction::kind);
  };
  Outlook::Actions actions;
  outlook.start({}, actions);
  EXPECT_EQ(asks(), 1);
  EXPECT_FALSE(outlook.list_held());
  outlook.types_fetched();
  EXPECT_TRUE(outlook.list_held());
  EXPECT_EQ(asks(), 0);
}

TEST(Outlook, ReadAtEveryChangeTheListIsAskedForBeforeEachUpload) {
  OutlookDesk desk;
  desk.behaviour.address_types_read.set(ListRead::change, {});
  desk.send(1);
  desk.start();
  EXPECT_THAT(desk.lines("list"), SizeIs(1)) << "once for session and upload";
  desk.run_until(after(10)), desk.send(2);
  desk.run_until(after(12)), desk.send(3);
  desk.run_until(after(100)), desk.arrive();
  desk.run_until(after(200));
  desk.network(false), desk.network(true);
  EXPECT_EQ(desk.lines(),
            (std::vector<std::string>{"00:00:00 asks for the list", "00:00:00 submits 1",
                                      "00:00:00 fetches the address book", "00:00:27 asks for the list",
                                      "00:00:27 submits 2", "00:00:27 submits 3", "00:02:10 downloads 1"}));
  EXPECT_THAT(desk.broken(), IsEmpty());
}

TEST(Outlook, OnlineAndOwaAskForNothing) {
  for (Mode mode : {Mode::online, Mode::owa})
    for (ListRead read : {ListRead::session_start, ListRead::change}) {
      OutlookDesk desk(mode);
      desk.behaviour.address_types_read.set(read, {});
      desk.start(), desk.send(1), desk.arrive();
      desk.run_until(Duration::days(3));
      desk.stop(), desk.start();
      EXPECT_THAT(desk.lines(), ElementsAre("00:00:00 submits 1", "00:00:00 downloads 1"));
      EXPECT_FALSE(desk.outlook().list_held());
    }
}

// ---- The address book

TEST(Outlook, TheAddressBookIsFetchedOnceADay) {
  OutlookDesk desk;
  desk.start();
  desk.run_until(Duration::hours(30));
  desk.stop();
  desk.run_until(Duration::hours(40)), desk.start();  // not yet
  desk.run_until(Duration::hours(50)), desk.network(false);
  desk.run_until(Duration::hours(80)), desk.network(true);  // overdue
  desk.run_until(Duration::hours(104));
  EXPECT_THAT(desk.lines("address book"),
              ElementsAre("00:00:00 fetches the address book", "1d 00:00:00 fetches the address book",
                          "2d 00:00:00 fetches the address book", "3d 08:00:00 fetches the address book",
                          "4d 08:00:00 fetches the address book"));
  EXPECT_THAT(desk.broken(), IsEmpty());
}

TEST(Outlook, ReconnectingLeavesOneTimerOfTheAddressBook) {
  ClientBehaviour behaviour;
  Outlook outlook(behaviour, Mode::cached);
  Outlook::Actions actions, later;
  outlook.start({}, actions);
  for (int i = 0; i < 5; ++i) outlook.network(false, {}, actions), outlook.network(true, {}, actions);
  std::erase_if(actions, [](const OutlookAction& a) { return a.kind != OutlookAction::Kind::timer; });
  ASSERT_THAT(actions, SizeIs(6));
  for (const OutlookAction& a : actions) outlook.timer(a.timer, a.generation, a.at, later);
  ASSERT_THAT(later, SizeIs(2));
  EXPECT_EQ(later[0].kind, OutlookAction::Kind::fetch_book);
  EXPECT_EQ(later[1].at, actions[5].at + Duration::hours(24));
}

TEST(Outlook, WithoutAnIntervalNoAddressBookIsFetched) {
  OutlookDesk desk;
  desk.behaviour.oab.set({}, {});
  desk.start();
  desk.run_until(Duration::days(3));
  EXPECT_THAT(desk.lines("address book"), IsEmpty());
  EXPECT_THAT(desk.broken(), IsEmpty());
}

TEST(Outlook, ThereIsRoomForOneForEachPerson) { EXPECT_LE(sizeof(Outlook), 128U); }

}  // namespace
}  // namespace deadletter::client
