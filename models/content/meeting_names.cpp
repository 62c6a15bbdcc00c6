// The names by which meetings are known on either side.
#include <algorithm>

#include "models/content/meeting_mime.h"

namespace deadletter::content {
namespace {

constexpr std::string_view kClassId{"\x04\x00\x00\x00\x82\x00\xe0\x00\x74\xc5\xb7\x10\x1a\x82\xe0\x08", 16};
constexpr std::string_view kForeign{"vCal-Uid\x01\x00\x00\x00", 12};
constexpr std::size_t kDate = 16, kFixed = 40;  // year, month, day of an instance; all before the data

std::string hex(std::string_view octets) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (unsigned char c : octets) out += {digits[c >> 4], digits[c & 15]};
  return out;
}

std::string unhex(std::string_view text) {
  auto digit = [](char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; };
  std::string out;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2)
    out.push_back(static_cast<char>(digit(text[i]) * 16 + digit(text[i + 1])));
  return out;
}

bool is_hex(std::string_view text) {
  return text.size() % 2 == 0 && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
         });
}

}  // namespace

std::string uid_of(const Binary& id) {
  std::string_view octets = id.octets;
  bool foreign = octets.size() > kFixed + kForeign.size() && octets.substr(kFixed).starts_with(kForeign);
  if (!foreign) return hex(octets);
  std::string_view uid = octets.substr(kFixed + kForeign.size());
  return std::string(uid.substr(0, uid.find('\0')));
}

Binary global_object_id(const std::string& uid) {
  if (is_hex(uid) && unhex(uid).starts_with(kClassId)) return {unhex(uid)};
  std::string data = std::string(kForeign) + uid + '\0';
  std::string octets(kClassId);
  octets.append(kFixed - kDate - 4, '\0');
  for (std::size_t shift = 0; shift < 32; shift += 8) octets.push_back(static_cast<char>(data.size() >> shift & 255));
  return {octets + data};
}

ObjectKind object_kind(std::string_view cls) {
  if (cls.starts_with("IPM.Schedule.Meeting.Request")) return ObjectKind::request;
  if (cls.starts_with("IPM.Schedule.Meeting.Resp.")) return ObjectKind::response;
  if (cls.starts_with("IPM.Schedule.Meeting.Canceled")) return ObjectKind::cancellation;
  if (cls.starts_with("REPORT.")) return ObjectKind::report;
  return cls.starts_with("IPM.Note") || cls == "IPM" ? ObjectKind::note : ObjectKind::other;
}

}  // namespace deadletter::content
