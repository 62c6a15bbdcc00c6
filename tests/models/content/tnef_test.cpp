// TNEF streams: what is written comes back, other programs read it, and what is wrong is refused with its place.
#include "models/content/tnef.h"

#include <gtest/gtest.h>

#include "tests/models/content/made_up_message.h"
#include "tests/models/content/tnef_testing.h"
#include "tests/support/command.h"

namespace deadletter::content {
namespace {

using deadletter::testing::read_file;
using deadletter::testing::run_command;
using deadletter::testing::Said;
using deadletter::testing::TemporaryFolder;
using deadletter::testing::write_file;
using namespace testing;

TEST(Tnef, AMeetingComesBackWithItsRowsAndNames) { expect_back(meeting()); }

TEST(Tnef, AMessageOfNothingComesBack) { expect_back({}); }

TEST(Tnef, WhateverAMessageHoldsComesBack) {
  MadeUpMessages made(2006);
  for (int i = 0; i < 2000; ++i) {
    Message m = made.next(3);
    SCOPED_TRACE(i);
    expect_back(m);
    if (HasFatalFailure()) return;
  }
}

TEST(Tnef, ADifferenceWouldBeSeen) {
  Message m = meeting();
  m.recipients[0].properties.set(tag::kTrackStatusTime, FileTime{1});
  EXPECT_NE(*read_tnef(write_tnef(m, kKey)).message, meeting());
}

TEST(Tnef, AttachmentsKeepTheirOrderNamesAndOctets) {
  Message m = note();
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  m.attachments = {file("plan.doc", all), file("", ""), file("Übersicht.xls", "x")};
  expect_back(m);
}

TEST(Tnef, AnAttachmentMayHoldOctetsAndAMessage) {
  Message m = note();
  m.attachments = {file("both", "octets")};
  m.attachments[0].embedded = std::make_shared<Message>(meeting());
  expect_back(m);
}

TEST(Tnef, LongTextAndManyPropertiesComeBack) {
  Message m = note(std::string(5000, 's'));
  m.properties.set(tag::kBody, std::string(600'000, 'b'));
  for (std::uint16_t i = 0; i < 3000; ++i) m.properties.set({Set::appointment, i}, std::int32_t{i});
  expect_back(m);
}

TEST(Tnef, TheSameMessageIsTheSameOctets) { EXPECT_EQ(write_tnef(meeting(), kKey), write_tnef(meeting(), kKey)); }

TEST(Tnef, AClassIsSpeltAsMicrosoftMailSpeltIt) {
  std::string stream = write_tnef(note(), kKey);
  EXPECT_NE(stream.find("IPM.Microsoft Mail.Note"), stream.npos);
  EXPECT_EQ(stream.find("IPM.Note"), stream.npos);
  EXPECT_NE(write_tnef(meeting(), kKey).find("IPM.Microsoft Schedule.MtgReq"), stream.npos);
}

TEST(Tnef, OtherSpellingsOfAClassAreRead) {
  auto class_of = [](const std::string& text) {
    return read_tnef(kStart + attribute(1, kClass, text + '\0')).message->message_class();
  };
  EXPECT_EQ(class_of("IPM.Microsoft Schedule.MtgCncl"), "IPM.Schedule.Meeting.Canceled");
  EXPECT_EQ(class_of("ipm.microsoft mail.note"), "IPM.Note");
  EXPECT_EQ(class_of("Microsoft Mail v3.0 IPM.Microsoft Mail.Note"), "IPM.Note");
  EXPECT_EQ(class_of("IPM.Note.Custom"), "IPM.Note.Custom");
}

// ---- down-level attributes

TEST(Tnef, DownLevelAttributesStandInForProperties) {
  std::string date =
      std::string("\xd6\x07\x03\0\x01\0\x08\0\x1e\0\x0f\0\x03\0", 14);  // Wednesday, 1 March 2006, 08:30:15
  ReadTnef read = read_tnef(kStart +
                            attribute(1, kDownSubject,
                                      std::string("Gr\xfc\xdf"
                                                  "e\0",
                                                  6)) +
                            attribute(1, kDownBody, "text") + attribute(1, kSent, date) +
                            attribute(1, kPriority, std::string("\x01\0", 2)));
  ASSERT_TRUE(read.message) << read.reason;
  const Properties& p = read.message->properties;
  EXPECT_EQ(p.get_text(tag::kSubject), "Grüße");
  EXPECT_EQ(p.get_text(tag::kBody), "text");
  EXPECT_EQ(text(*p.get<FileTime>(tag::kClientSubmitTime)), "2006-03-01 08:30:15Z");
  EXPECT_EQ(*p.get<std::int32_t>(tag::kImportance), 2);
}

TEST(Tnef, PropertiesCountMoreThanDownLevelAttributes) {
  Message m = note("Größe \xf0\x9f\x93\xa7");
  std::string stream = write_tnef(m, kKey);
  EXPECT_NE(stream.find("Gr????e ????"), stream.npos);
  EXPECT_EQ(read_tnef(stream).message->properties.get_text(tag::kSubject), "Größe \xf0\x9f\x93\xa7");
}

TEST(Tnef, DownLevelTextMayBeLongerThanTheLibraryTakes) {
  std::string subject(2000, 's'), body(200'000, 'b');
  ReadTnef read = read_tnef(kStart + attribute(1, kDownSubject, subject) + attribute(1, kDownBody, body));
  EXPECT_EQ(read.message->properties.get_text(tag::kSubject), subject);
  EXPECT_EQ(read.message->properties.get_text(tag::kBody), body);
}

TEST(Tnef, ADateThatIsNoneIsNotThere) {
  std::string date = std::string("\xd6\x07\x0d\0\x01\0\x08\0\x1e\0\x0f\0\x03\0", 14);
  ReadTnef read = read_tnef(kStart + attribute(1, kSent, date) + attribute(1, kSent + 1, "short"));
  EXPECT_EQ(*read.message, Message{});
}

// ---- what a Value cannot hold

TEST(Tnef, PropertiesOfOtherTypesArePassedOver) {
  std::string floating = words({0x30010005, 0, 0}), currency = words({0x30020006, 0, 0}),
              wide = words({0x30030014, 1, 1});
  std::string guid = words({0x30040048, 1, 2, 3, 4}), many = words({0x30051003, 3, 7, 8, 9});
  std::string texts = words({0x3006101f, 2, 3}) + std::string("a\0b\0", 4) + words({2}) + std::string("c\0\0\0", 4);
  std::string last = words({0x00170003, 2});
  std::string list = words({7}) + floating + currency + wide + guid + many + texts + last;
  ReadTnef read = read_tnef(kStart + attribute(1, kProperties, list));
  ASSERT_TRUE(read.message) << read.reason;
  ASSERT_EQ(read.message->properties.all().size(), 1U);
  EXPECT_EQ(*read.message->properties.get<std::int32_t>(tag::kImportance), 2);
}

TEST(Tnef, NamesOfOtherSetsAndByStringArePassedOver) {
  std::string by_string = words({0x80000003, 1, 2, 3, 4, 1, 6}) + std::string("a\0b\0\0\0\0\0", 8) + words({5});
  std::string other_set = words({0x80010003, 1, 2, 3, 4, 0, 0x8205, 5});
  std::string list = words({3}) + by_string + other_set + words({0x00170003, 2});
  ReadTnef read = read_tnef(kStart + attribute(1, kProperties, list));
  ASSERT_TRUE(read.message) << read.reason;
  EXPECT_EQ(read.message->properties.all().size(), 1U);
}

TEST(Tnef, ShortIntegersAndEightBitTextAreTakenIn) {
  std::string list = words({3, 0x00170002, 0xffff, 0x0037001e, 1, 3}) + std::string("\xe9!\0\0", 4) +
                     words({0x00390040, 0, 0x80000000});
  ReadTnef read = read_tnef(kStart + attribute(1, kProperties, list));
  ASSERT_TRUE(read.message) << read.reason;
  EXPECT_EQ(*read.message->properties.get<std::int32_t>(tag::kImportance), -1);
  EXPECT_EQ(read.message->properties.get_text(tag::kSubject), "é!");
  EXPECT_EQ(read.message->properties.get<FileTime>(tag::kClientSubmitTime)->ticks, 0x7fffffffffffffff);
}

// ---- other programs

TEST(Tnef, DebiansYtnefReadsWhatIsWritten) {
  TemporaryFolder folder;
  Message m = meeting();
  m.attachments = {file("plan.txt", "octets of the plan")};
  write_file(folder / "winmail.dat", write_tnef(m, kKey));
  Said said = run_command({"ytnefprint", folder / "winmail.dat"});
  EXPECT_EQ(said.status, 0);
  EXPECT_EQ(said.out.find("ERROR"), std::string::npos) << said.out;
  for (const char* seen : {"IPM.Microsoft Schedule.MtgReq", "Stand-up", "plan.txt"})
    EXPECT_NE(said.out.find(seen), std::string::npos) << seen << "\n" << said.out;
}

TEST(Tnef, DebiansTnefTakesTheAttachmentsOut) {
  TemporaryFolder folder;
  Message m = note(std::string(300, 's'));
  m.attachments = {file("plan.txt", "octets of the plan"), file("two.txt", std::string(100'000, '\0'))};
  write_file(folder / "winmail.dat", write_tnef(m, kKey));
  Said said = run_command({"tnef", "-C", folder.path(), folder / "winmail.dat"});
  EXPECT_EQ(said.status, 0) << said.err;
  EXPECT_EQ(read_file(folder / "plan.txt"), "octets of the plan");
  EXPECT_EQ(read_file(folder / "two.txt"), std::string(100'000, '\0'));
}

TEST(Tnef, DebiansTnefDoesNotReadADamagedOne) {
  TemporaryFolder folder;
  std::string stream = write_tnef(note(), kKey);
  stream[stream.size() / 2] ^= 1;
  write_file(folder / "winmail.dat", stream);
  EXPECT_NE(run_command({"tnef", "-C", folder.path(), folder / "winmail.dat"}).status, 0);
}

}  // namespace
}  // namespace deadletter::content
