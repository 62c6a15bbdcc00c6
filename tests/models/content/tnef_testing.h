// Messages and octets of TNEF that its tests share.
#pragma once
#include <gtest/gtest.h>

#include "models/content/tnef.h"

namespace deadletter::content::testing {

inline constexpr std::uint16_t kKey = 0x1234;

inline Message note(const std::string& subject = "Budget") {
  Message m;
  m.properties.set(tag::kMessageClass, std::string("IPM.Note"));
  m.properties.set(tag::kSubject, subject);
  m.properties.set(tag::kBody, std::string("See the table."));
  return m;
}

inline Message meeting() {
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

inline Attachment file(const std::string& name, const std::string& octets) {
  Attachment a;
  a.properties.set(tag::kAttachFilename, name);
  a.properties.set(tag::kAttachData, Binary{octets});
  return a;
}

inline Message nested(std::size_t levels) {
  Message m = note("level " + std::to_string(levels));
  if (levels > 1) m.attachments.push_back({{}, std::make_shared<Message>(nested(levels - 1))});
  return m;
}

inline void expect_back(const Message& message) {
  ReadTnef read = read_tnef(write_tnef(message, kKey));
  ASSERT_TRUE(read.message) << read.reason;
  EXPECT_EQ(*read.message, message);
}

// An attribute as it stands in a stream, its checksum as it should be.
inline std::string attribute(char level, std::uint32_t id, const std::string& data) {
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

inline constexpr std::uint32_t kClass = 0x78008, kDownSubject = 0x18004, kSent = 0x38005, kPriority = 0x4800d,
                               kDownBody = 0x2800c, kProperties = 0x69003, kRecipients = 0x69004, kData = 0x6800f;
inline const std::string kStart("\x78\x9f\x3e\x22\x01\x00", 6);

inline std::string words(std::initializer_list<std::uint32_t> words) {
  std::string out;
  for (std::uint32_t w : words)
    for (int i = 0; i < 4; ++i) out += static_cast<char>(w >> 8 * i & 0xff);
  return out;
}

}  // namespace deadletter::content::testing
