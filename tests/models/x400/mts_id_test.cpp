// MTS identifiers: what is written is read back, and nothing else is read.
#include "models/x400/mts_id.h"

#include <gtest/gtest.h>

namespace deadletter::x400 {
namespace {

constexpr std::int64_t kMarch2006 = 1'141'200'480;  // 2006-03-01T08:08:00Z

TEST(MtsId, LooksAsTheProductWritesIt) {
  EXPECT_EQ(text(MtsId{.organization = "contoso", .server = "EX1", .submitted_unix_s = 1'141'200'000, .counter = 1}),
            "c=us;a= ;p=contoso;l=EX1-060301080000Z-1");
}

TEST(MtsId, WhatIsWrittenIsReadBack) {
  const MtsId ids[] = {
      {.organization = "contoso", .server = "EX1", .submitted_unix_s = kMarch2006, .counter = 1},
      {.country = "jp", .administration = "KDD", .organization = "a b", .server = "EX-BRIDGE-1", .counter = 4294967295},
      {.organization = "p", .server = "-", .submitted_unix_s = 946'684'799, .counter = 0},    // 1999-12-31T23:59:59Z
      {.organization = "p", .server = "A_B", .submitted_unix_s = 951'782'400, .counter = 7},  // 2000-02-29
      {.organization = "p", .server = "s", .submitted_unix_s = -631'152'000, .counter = 7},   // 1950-01-01
      {.organization = "p", .server = "s", .submitted_unix_s = 2'524'607'999, .counter = 7},  // 2049-12-31T23:59:59Z
      {.organization = "p", .server = "X-060301080000Z-1", .submitted_unix_s = kMarch2006, .counter = 2},
  };
  for (const MtsId& id : ids) EXPECT_EQ(parse_mts_id(text(id)), id) << text(id);
}

TEST(MtsId, EverySecondOfADayHasItsOwn) {
  for (std::int64_t second = 0; second < 86'400; ++second) {
    MtsId id{.organization = "p", .server = "s", .submitted_unix_s = 1'141'171'200 + second, .counter = 1};
    ASSERT_EQ(parse_mts_id(text(id)), id) << text(id);
  }
}

TEST(MtsId, NoPartCanBecomeAnother) {
  MtsId id{.country = "us;p=x", .administration = "a=b", .organization = "x\r\ny", .server = "S;l=T", .counter = 3};
  EXPECT_EQ(text(id), "c=us?p?x;a=a?b;p=x??y;l=S?l?T-700101000000Z-3");
  EXPECT_TRUE(parse_mts_id(text(id)));
}

TEST(MtsId, MalformedOnesAreNotRead) {
  const char* const texts[] = {
      "",
      "c=us",
      "c=us;a= ;p=contoso",
      "c=us;a= ;p=contoso;l=",
      "c=us;a= ;p=contoso;l=EX1",
      "c=us;a= ;p=contoso;l=-060301080000Z-1",      // no server
      "c=us;a= ;p=contoso;l=EX1060301080000Z-1",    // no '-' before the time
      "c=us;a= ;p=contoso;l=EX1-060301080000Z",     // no counter
      "c=us;a= ;p=contoso;l=EX1-060301080000Z-",    //
      "c=us;a= ;p=contoso;l=EX1-060301080000Z-x",   //
      "c=us;a= ;p=contoso;l=EX1-060301080000Z-01",  // written otherwise
      "c=us;a= ;p=contoso;l=EX1-060301080000Z-4294967296",
      "c=us;a= ;p=contoso;l=EX1-060301080000Z--1",
      "c=us;a= ;p=contoso;l=EX1-060301080000-1",        // no Z
      "c=us;a= ;p=contoso;l=EX1-061301080000Z-1",       // month 13
      "c=us;a= ;p=contoso;l=EX1-060001080000Z-1",       // month 0
      "c=us;a= ;p=contoso;l=EX1-060229080000Z-1",       // 29 February 2006
      "c=us;a= ;p=contoso;l=EX1-060301240000Z-1",       // hour 24
      "c=us;a= ;p=contoso;l=EX1-060301086000Z-1",       // minute 60
      "c=us;a= ;p=contoso;l=EX1-060301080060Z-1",       // second 60
      "c=us;a= ;p=contoso;l=EX1-0603010800 0Z-1",       //
      "c=;a= ;p=contoso;l=EX1-060301080000Z-1",         // empty
      "c=us;a=;p=contoso;l=EX1-060301080000Z-1",        //
      "a= ;c=us;p=contoso;l=EX1-060301080000Z-1",       // another order
      "c=us;a= ;p=con=toso;l=EX1-060301080000Z-1",      //
      "c=us;a= ;p=contoso;l=E;X1-060301080000Z-1",      //
      " c=us;a= ;p=contoso;l=EX1-060301080000Z-1",      //
      "c=us;a= ;p=contoso;l=EX1-060301080000Z-1 ",      //
      "c=us;a= ;p=dnb;l=EXBHBHBH0106021509251DBVZ38X",  // of the Internet Mail Service
  };
  for (const char* text : texts) EXPECT_FALSE(parse_mts_id(text)) << text;
}

TEST(MtsId, AnyPrefixIsSurvived) {
  std::string whole = "c=us;a= ;p=contoso;l=EX1-060301080000Z-123";
  for (std::size_t size = 0; size < whole.size() - 2; ++size) EXPECT_FALSE(parse_mts_id(whole.substr(0, size)));
}

}  // namespace
}  // namespace deadletter::x400
