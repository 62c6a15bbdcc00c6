#include "models/content/tnef_format.h"

#include <algorithm>

namespace deadletter::content::tnef {
namespace {

// In the order of Set; `standard` has none.
constexpr Guid kSets[] = {
    {},
    {0x90, 0xda, 0xd8, 0x6e, 0x0b, 0x45, 0x1b, 0x10, 0x98, 0xda, 0x00, 0xaa, 0x00, 0x3f, 0x13, 0x05},
    {0x02, 0x20, 0x06, 0x00, 0x00, 0x00, 0x00, 0x00, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46},
    {0x08, 0x20, 0x06, 0x00, 0x00, 0x00, 0x00, 0x00, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46},
    {0x86, 0x03, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46},
};

struct Spelling {
  std::string_view mapi, down_level;
};
// MS-OXTNEF 2.1.3.3, attMessageClass.
constexpr Spelling kSpellings[] = {
    {"IPM.Note", "IPM.Microsoft Mail.Note"},
    {"Report.IPM.Note.NDR", "IPM.Microsoft Mail.Non-Delivery"},
    {"Report.IPM.Note.IPNRN", "IPM.Microsoft Mail.Read Receipt"},
    {"IPM.Schedule.Meeting.Request", "IPM.Microsoft Schedule.MtgReq"},
    {"IPM.Schedule.Meeting.Canceled", "IPM.Microsoft Schedule.MtgCncl"},
    {"IPM.Schedule.Meeting.Resp.Pos", "IPM.Microsoft Schedule.MtgRespP"},
    {"IPM.Schedule.Meeting.Resp.Neg", "IPM.Microsoft Schedule.MtgRespN"},
    {"IPM.Schedule.Meeting.Resp.Tent", "IPM.Microsoft Schedule.MtgRespA"},
};

bool same_without_case(std::string_view a, std::string_view b) {
  auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

}  // namespace

std::uint16_t checksum(std::string_view data) {
  std::uint32_t sum = 0;
  for (char c : data) sum += static_cast<std::uint8_t>(c);
  return static_cast<std::uint16_t>(sum);
}

const Guid& guid_of(Set set) { return kSets[static_cast<std::size_t>(set)]; }

std::optional<Set> set_of(std::string_view guid) {
  auto same = [&](const Guid& known) {
    return std::ranges::equal(known, guid, {}, {}, [](char c) { return static_cast<std::uint8_t>(c); });
  };
  for (std::size_t i = 1; i < std::size(kSets); ++i)
    if (same(kSets[i])) return static_cast<Set>(i);
  return std::nullopt;
}

std::string down_level_class(std::string_view message_class) {
  for (const Spelling& s : kSpellings)
    if (s.mapi == message_class) return std::string(s.down_level);
  return std::string(message_class);
}

std::string mapi_class(std::string_view down_level) {
  // Microsoft Mail put its version before the class.
  constexpr std::string_view mail_3 = "Microsoft Mail v3.0 ";
  if (down_level.starts_with(mail_3)) down_level.remove_prefix(mail_3.size());
  for (const Spelling& s : kSpellings)
    if (same_without_case(s.down_level, down_level)) return std::string(s.mapi);
  return std::string(down_level);
}

}  // namespace deadletter::content::tnef
