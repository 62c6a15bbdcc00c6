// Quantities as text: what is accepted and with which exact value, what is refused, and that formats read back.
#include "sim/json/units.h"

#include <gtest/gtest.h>

#include <random>

namespace deadletter::json {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kMinute = 60 * kSecond, kHour = 60 * kMinute, kDay = 24 * kHour;

TEST(Duration, Accepts) {
  const std::pair<const char*, std::int64_t> cases[] = {
      {"0s", 0},
      {"15m", 15 * kMinute},
      {"1.5h", 90 * kMinute},
      {"500ms", kSecond / 2},
      {"2d", 2 * kDay},
      {"1w", 7 * kDay},
      {"3us", 3000},
      {"7ns", 7},
      {"1h30m", 90 * kMinute},
      {"1m0.25s", 60'250'000'000},
      {"1w1d1h1m1s1ms1us1ns", 8 * kDay + kHour + kMinute + kSecond + 1'001'001},
      {"0.000000001s", 1},
      {"0.5us", 500},
      {"1.50000000000000000000000000s", 1'500'000'000},
      {"00000000000000000000000000001s", kSecond},
      {"-2d", -2 * kDay},
      {"-0s", 0},
      {"0.0000152587890625w", 9228515625},  // 2^-16 weeks: the smallest share that is a whole number
      {"9223372036854775807ns", INT64_MAX},
      {"-9223372036854775808ns", INT64_MIN},
      {"106751d23h47m16.854775807s", INT64_MAX},
  };
  for (const auto& [text, value] : cases) EXPECT_EQ(parse_duration(text), value) << text;
}

TEST(Duration, Refuses) {
  for (const char* text : {"",
                           "s",
                           "-",
                           "-s",
                           "--1s",
                           "+1s",
                           "1",
                           "0",
                           "15",
                           "1.s",
                           ".5s",
                           "1..5s",
                           "1.5",
                           "1,5h",
                           "15 m",
                           " 15m",
                           "15m ",
                           "15M",
                           "15min",
                           "15 minutes",
                           "1h1h",
                           "30m1h",
                           "1.5h30m",
                           "1h-30m",
                           "1h30",
                           "1e3s",
                           "0.1ns",
                           "0.0000000001s",
                           "0.3333333333333333333333h",
                           "9223372036854775808ns",
                           "-9223372036854775809ns",
                           "106751d23h47m16.854775808s",
                           "15251w",
                           "99999999999999999999s",
                           "99999999999999999999999999999999999999999w",
                           "18446744073709551616ns",
                           "1\xC2\xB5s",
                           "1h 30m",
                           "0x1s",
                           "1s\n"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
  EXPECT_EQ(parse_duration(std::string_view("1s\0", 3)), std::nullopt);
  EXPECT_EQ(parse_duration(std::string(1'000'000, '9')), std::nullopt);
}

TEST(Duration, FormatsShortest) {
  const std::pair<std::int64_t, const char*> cases[] = {
      {0, "0s"},
      {90 * kMinute, "1h30m"},
      {kSecond / 4, "250ms"},
      {3 * kSecond / 2, "1.5s"},
      {kMinute + kSecond / 4, "1m0.25s"},
      {7 * kDay, "7d"},
      {26 * kHour, "1d2h"},
      {kDay + 1, "1d0.000000001s"},
      {1500, "1.5us"},
      {1, "1ns"},
      {-90 * kSecond, "-1m30s"},
      {INT64_MAX, "106751d23h47m16.854775807s"},
      {INT64_MIN, "-106751d23h47m16.854775808s"},
  };
  for (const auto& [value, text] : cases) EXPECT_EQ(format_duration(value), text);
}

TEST(Size, Accepts) {
  const std::pair<const char*, std::uint64_t> cases[] = {{"20KB", 20 * 1024},
                                                         {"1MB", 1024 * 1024},
                                                         {"1.5MB", 1536 * 1024},
                                                         {"0B", 0},
                                                         {"512B", 512},
                                                         {"512", 512},
                                                         {"17179869183GB", (1ULL << 34) * (1ULL << 30) - (1ULL << 30)},
                                                         {"0.0009765625KB", 1},
                                                         {"18446744073709551615", UINT64_MAX}};
  for (const auto& [text, value] : cases) EXPECT_EQ(parse_size(text), value) << text;
}

TEST(Size, Refuses) {
  for (const char* text : {"", "KB", "-1KB", "1.5B", "1.5", "1.KB", ".5KB", "20kb", "20K", "20 KB", "1TB", "0.1KB",
                           "17179869184GB", "18446744073709551616", "1KB1B", "1e3"}) {
    EXPECT_EQ(parse_size(text), std::nullopt) << text;
  }
}

TEST(Bandwidth, AcceptsAndRefuses) {
  const std::pair<const char*, std::optional<std::uint64_t>> cases[] = {
      {"10Mbps", 10'000'000},    {"56kbps", 56'000},
      {"1.5Mbps", 1'500'000},    {"1Gbps", 1'000'000'000},
      {"9600bps", 9600},         {"0bps", std::nullopt},
      {"0.0Mbps", std::nullopt}, {"10", std::nullopt},
      {"10mbps", std::nullopt},  {"10MBps", std::nullopt},
      {"-1Mbps", std::nullopt},  {"0.5bps", std::nullopt},
      {"", std::nullopt},        {"18446744074Gbps", std::nullopt}};
  for (const auto& [text, value] : cases) EXPECT_EQ(parse_bandwidth(text), value) << text;
}

TEST(Fraction, IsExactAndInLowestTerms) {
  const std::pair<const char*, Fraction> cases[] = {{"0", {0, 1}},
                                                    {"1", {1, 1}},
                                                    {"0.02", {1, 50}},
                                                    {"1/10", {1, 10}},
                                                    {"2/4", {1, 2}},
                                                    {"0/7", {0, 1}},
                                                    {"4294967295/4294967295", {1, 1}},
                                                    {"0.000000001", {1, 1'000'000'000}},
                                                    {"1e-9", {1, 1'000'000'000}},
                                                    {"0.1", {1, 10}},
                                                    {"5E-1", {1, 2}},
                                                    {"0.000e+5", {0, 1}},
                                                    {"1.000", {1, 1}},
                                                    {"10e-1", {1, 1}},
                                                    {"0.999999999", {999'999'999, 1'000'000'000}},
                                                    {"0.00000000001e2", {1, 1'000'000'000}},
                                                    {"0.5000000000000000000000000000000000", {1, 2}}};
  for (const auto& [text, value] : cases) {
    ASSERT_TRUE(parse_fraction(text).has_value()) << text;
    EXPECT_EQ(*parse_fraction(text), value) << text << " gave " << format_fraction(*parse_fraction(text));
  }
}

TEST(Fraction, Refuses) {
  for (const char* text : {"",
                           "/",
                           "1/",
                           "/2",
                           "1/0",
                           "2/1",
                           "1.5",
                           "1.000000001",
                           "-0.1",
                           "0.0000000001",
                           "1e-10",
                           ".5",
                           "1.",
                           "1e",
                           "1e99999999999",
                           "1e2147483647",
                           "1e-2147483648",
                           "0.1.2",
                           "1/2/3",
                           "1 /2",
                           "1/4294967296",
                           "0x1",
                           "10",
                           "nan",
                           "0.1234567891",
                           "1e+-2",
                           "1e--2",
                           "50%"}) {
    EXPECT_EQ(parse_fraction(text), std::nullopt) << text;
  }
}

TEST(Units, WhatIsFormattedReadsBack) {
  std::mt19937_64 generator(870585);
  for (int i = 0; i < 20'000; ++i) {
    const std::uint64_t bits = (generator() >> (generator() % 64)) | 1;
    const auto time = static_cast<std::int64_t>(i % 5 == 0 ? bits * 60'000'000'000 : bits);
    ASSERT_EQ(parse_duration(format_duration(time)), time);
    const std::uint64_t amount = i % 3 == 0 ? bits << 10 : bits;
    ASSERT_EQ(parse_size(format_size(amount)), amount);
    ASSERT_EQ(parse_bandwidth(format_bandwidth(amount)), amount);
    const auto share = parse_fraction(std::to_string(bits % 1000) + "/1000");
    ASSERT_EQ(parse_fraction(format_fraction(*share)), share);
  }
}

}  // namespace
}  // namespace deadletter::json
