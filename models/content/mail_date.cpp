// Dates of Internet messages, read by GMime.
#include <gmime/gmime.h>

#include <memory>
#include <string>

#include "models/content/mime.h"

namespace deadletter::content {

std::optional<std::int64_t> parse_mail_date(std::string_view value) {
  constexpr std::size_t kLongest = 200;  // no date is; GMime would look through all of it
  if (value.empty() || value.size() > kLongest) return std::nullopt;
  struct Unref {
    void operator()(GDateTime* date) const { g_date_time_unref(date); }
  };
  std::unique_ptr<GDateTime, Unref> date(g_mime_utils_header_decode_date(std::string(value).c_str()));
  if (date == nullptr) return std::nullopt;
  constexpr std::int64_t kNs = 1'000'000'000, kMost = 9'000'000'000;
  std::int64_t seconds = g_date_time_to_unix(date.get());
  if (seconds < -kMost || seconds > kMost) return std::nullopt;
  return seconds * kNs;
}

}  // namespace deadletter::content
