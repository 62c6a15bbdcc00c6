// TNEF streams: what is written comes back, other programs read it, and what is wrong is refused with its place.
#include "models/content/tnef.h"

#include <gtest/gtest.h>

#include "tests/models/content/made_up_message.h"
#include "tests/support/command.h"

namespace deadletter::content {
namespace {

using deadletter::testing::read_file;
using deadletter::testing::run_command;
using deadletter::testing::Said;
using deadletter::testing::TemporaryFolder;
using deadletter::testing::write_file;
using testing::MadeUpMessages;

constexpr std::uint16_t kKey = 0x1234;

Message note(const std::string& subject = "Budget") {
  Message m;
  m.properties.set(tag::kMessageClass, std::string("IPM.Note"));
  m.properties.set(tag::kSubject, subject);
  m.properties.set(tag::kBody, std::string("See the table."));
  return m;
}

Message meeting() {
  Message m = note("Stand-up \xf0\x9f\x93\x85");
  m.properties.set(tag::kMessageClass, std::string("IPM.Schedule.Meeting.Request"));
  m.properties.set(tag::kAttendeeCriticalChange, FileTime{0});
  m.properties.set(tag::kApptStartWhole, file_time(1'141'200'000'000'000'000));
  m.properties.set(tag::kLocation, std::string());
  m.properties.set({Set::common, 0x8503}, true);
  m.recipients = {make_row("ann@contoso.com", "Ann"), make_row("bo@contoso.com", "Bö", RecipientType::cc)};
  m.recipients[0].properties.set(tag::kTrackStatus, std::int32_t{3});
  m.recipients[0].properties.set(tag::kTrackStatusTime, FileTime{0});
  return m;
}

Attachment file(const std::string& name, const std::string& octets) {
  Attachment a;
  a.properties.set(tag::kAttachFilename, name);
  a.properties.set(tag::kAttachData, Binary{octets});
  return a;
}

Message nested(std::size_t levels) {
  Message m = note("level " + std::to_string(levels));
  if (levels > 1) m.attachments.push_back({{}, std::make_shared<Message>(nested(levels - 1))});
  return m;
}

void expect_back(const Message& message) {
  ReadTnef read = read_tnef(write_tnef(message, kKey));
  ASSERT_TRUE(read.message) << read.reason;
  EXPECT_EQ(*read.message, message);
}

// An attribute as it stands in a stream, its checksum as it should be.
std::string attribute(char level, std::uint32_t id, const std::string& data) {
  std::string out(1, level);
  auto put = [&](std::uint32_t number, int octets) {
    for (int i = 0; i < octets; ++i) out += static_cast<char>(number >> 8 * i & 0xff);
  };
  put(id, 4), put(static_cast<std::uint32_t>(data.size()), 4);
  out += data;
  std::uint32_t sum = 0;
  for (unsigned char c : data) sum += c;
  put(sum, 2);
  return out;
}

constexpr std::uint32_t kClass = 0x78008, kDownSubject = 0x18004, kSent = 0x38005, kPriority = 0x4800d,
                        kDownBody = 0x2800c, kProperties = 0x69003, kRecipients = 0x69004, kData = 0x6800f;
const std::string kStart("\x78\x9f\x3e\x22\x01\x00", 6);

std::string words(std::initializer_list<std::uint32_t> words) {
  std::string out;
  for (std::uint32_t w : words)
    for (int i = 0; i < 4; ++i) out += static_cast<char>(w >> 8 * i & 0xff);
  return out;
}

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

// ---- refused

std::string reason_of(const std::string& stream) {
  ReadTnef read = read_tnef(stream);
  EXPECT_FALSE(read.message);
  return read.reason;
}

TEST(TnefHostile, WhatIsNoStreamIsRefused) {
  EXPECT_EQ(reason_of(""), "octet 0: no TNEF signature");
  EXPECT_EQ(reason_of("Subject: no\r\n\r\n"), "octet 0: no TNEF signature");
}

TEST(TnefHostile, AFlippedChecksumIsRefused) {
  std::string stream = write_tnef(note(), kKey);
  stream.back() = static_cast<char>(stream.back() ^ 1);
  EXPECT_NE(reason_of(stream).find("a checksum is wrong"), std::string::npos);
}

// Ids have no checksum: an attribute that is not known is passed over.
TEST(TnefHostile, AFlippedOctetIsRefusedWhereverItIsButInAnId) {
  const std::string stream = write_tnef(meeting(), kKey);
  std::size_t head = 6;  // of the attribute that `at` is in
  for (std::size_t at = 6; at < stream.size(); ++at) {
    std::size_t size = static_cast<std::uint8_t>(stream[head + 5]) | static_cast<std::uint8_t>(stream[head + 6]) << 8;
    if (at == head + 9 + size + 2) head = at;
    std::string flipped = stream;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x40);
    bool id = at > head && at <= head + 4;
    EXPECT_TRUE(id || !read_tnef(flipped).message) << at;
  }
}

TEST(TnefHostile, ALengthBeyondTheEndIsRefused) {
  std::string whole = attribute(1, kDownSubject, "subject");
  whole[5] = 0x7f;
  EXPECT_EQ(reason_of(kStart + whole), "octet 15: a value goes beyond the end");
}

TEST(TnefHostile, AStreamIsRefusedWhereverItIsCut) {
  const std::string stream = write_tnef(meeting(), kKey);
  std::size_t whole = 0;
  for (std::size_t size = 0; size < stream.size(); ++size) whole += read_tnef(stream.substr(0, size)).message ? 1 : 0;
  EXPECT_EQ(whole, 6U) << "only between attributes";
}

TEST(TnefHostile, CountsAreNotBelieved) {
  EXPECT_NE(reason_of(kStart + attribute(1, kProperties, words({0xffffffff}))), "");
  EXPECT_NE(reason_of(kStart + attribute(1, kRecipients, words({0xffffffff, 0, 0}))), "");
  EXPECT_NE(reason_of(kStart + attribute(1, kProperties, words({1, 0x0037001f, 0xffffffff, 2, 0}))), "");
  EXPECT_NE(reason_of(kStart + attribute(1, kProperties, words({1, 0x30041048, 0xffffffff, 1, 2}))), "");
}

TEST(TnefHostile, OddsAndEndsAreRefused) {
  EXPECT_NE(reason_of(kStart + attribute(3, kClass, "x")).find("no known level"), std::string::npos);
  EXPECT_NE(reason_of(kStart + attribute(2, kData, "x")).find("begin with its rendering"), std::string::npos);
  EXPECT_NE(reason_of(kStart + attribute(1, kProperties, words({0, 0}))).find("after the last property"),
            std::string::npos);
  EXPECT_NE(reason_of(kStart + attribute(1, kRecipients, words({0, 0}))).find("after the last recipient"),
            std::string::npos);
  EXPECT_NE(reason_of(kStart + attribute(1, kProperties, words({1, 0x00170999, 0}))).find("unknown type"),
            std::string::npos);
}

TEST(TnefHostile, SixtyFourLevelsAreReadAndOneMoreIsNot) {
  expect_back(nested(64));
  EXPECT_NE(reason_of(write_tnef(nested(65), kKey)).find("too deep"), std::string::npos);
  EXPECT_TRUE(read_tnef(write_tnef(nested(3), kKey), 3).message);
  EXPECT_FALSE(read_tnef(write_tnef(nested(3), kKey), 2).message);
}

TEST(TnefHostile, WhatIsWrongInsideAnEmbeddedMessageHasItsPlace) {
  std::string stream = write_tnef(nested(2), kKey);
  std::size_t inner = stream.rfind("\x78\x9f\x3e\x22");
  std::string damaged = stream;
  damaged[inner] = 0;
  // The sums outside are mended, so that only the inner signature is wrong: 0x78 less, here and there.
  std::size_t end = damaged.size() - 2;
  unsigned sum = static_cast<std::uint8_t>(damaged[end]) | static_cast<std::uint8_t>(damaged[end + 1]) << 8;
  sum -= 0x78;
  damaged[end] = static_cast<char>(sum), damaged[end + 1] = static_cast<char>(sum >> 8);
  EXPECT_EQ(reason_of(damaged), "octet " + std::to_string(inner) + ": no TNEF signature");
}

// Descending tags, each of them before all that came before it.
TEST(TnefHostile, ManyPropertiesInTheWorstOrderTakeNoTime) {
  std::string list = words({4 * 0x10000});
  for (std::uint32_t lid = 0x10000; lid-- > 0;)
    for (const char* guid : {"\x08", "\x08", "\x02", "\x02"}) {
      list += words({0x80000003});
      list += std::string(guid) + std::string("\x20\x06\0\0\0\0\0\xc0\0\0\0\0\0\0\x46", 15) + words({0, lid, lid});
    }
  ReadTnef read = read_tnef(kStart + attribute(1, kProperties, list));
  ASSERT_TRUE(read.message) << read.reason;
  EXPECT_EQ(read.message->properties.all().size(), 2U * 0x10000);
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
