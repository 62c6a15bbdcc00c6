// Enhanced status codes (RFC 3463): class.subject.detail. 0.0.0 stands for none.
#pragma once
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace deadletter::mail {

struct Status {
  std::uint8_t major = 0;  // 2 success, 4 persistent transient failure, 5 permanent failure
  std::uint16_t subject = 0, detail = 0;

  constexpr bool known() const { return major != 0; }
  friend constexpr auto operator<=>(Status, Status) = default;
};

inline constexpr Status kExpired{4, 4, 7}, kUnknownMailbox{5, 1, 1}, kTooManyRecipients{4, 5, 3}, kTooLarge{5, 3, 4};

std::string text(Status status);
std::optional<Status> parse_status(std::string_view text);

// The status at the start of a reply's text ("5.1.1 no such user" after the code), none when there is none.
Status leading_status(std::string_view reply_text);

}  // namespace deadletter::mail
