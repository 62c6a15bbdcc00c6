// Enhanced status codes (RFC 3463).
#include "models/mail/status.h"

#include <gtest/gtest.h>

namespace deadletter::mail {
namespace {

TEST(Status, EveryStatusReadsBackAsItIsWritten) {
  for (std::uint8_t major : {2, 4, 5})
    for (std::uint16_t subject : {0, 1, 7, 10, 99, 100, 999})
      for (std::uint16_t detail : {0, 1, 4, 26, 999}) {
        Status status{major, subject, detail};
        ASSERT_EQ(parse_status(text(status)), status) << text(status);
      }
  EXPECT_EQ(text(kExpired), "4.4.7");
  EXPECT_EQ(text(Status{}), "0.0.0");
}

TEST(Status, RefusesWhatIsNone) {
  for (const char* bad : {"",       "5",      "5.",     "5.1",    "5.1.",   ".1.1",    "5..1",     "3.1.1",
                          "1.0.0",  "0.0.0",  "6.1.1",  "5.1.1 ", " 5.1.1", "5.1.1.1", "5.1.1000", "5.1000.1",
                          "5.-1.1", "5.1.-1", "5.+1.1", "5,1,1",  "5.1.x",  "55.1.1",  "#5.1.1",   "5.99999.1"})
    EXPECT_EQ(parse_status(bad), std::nullopt) << bad;
}

TEST(Status, IsFoundAtTheStartOfAReplysText) {
  struct Row {
    const char* text;
    Status status;
  };
  const Row rows[] = {{"5.1.1 no such user", {5, 1, 1}}, {"5.1.1", {5, 1, 1}},        {"4.2.2 ", {4, 2, 2}},
                      {"no such user 5.1.1", {}},        {"5.1.1: no such user", {}}, {"5.1.1.1 is an address", {}},
                      {"192.168.1.1 refused", {}},       {"5.1 of something", {}},    {"", {}}};
  for (const Row& row : rows) EXPECT_EQ(leading_status(row.text), row.status) << row.text;
  EXPECT_FALSE(leading_status("no such user").known());
}

}  // namespace
}  // namespace deadletter::mail
