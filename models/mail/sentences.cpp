#include "models/mail/sentences.h"

#include <algorithm>

namespace deadletter::mail {
namespace {

struct StatusSentence {
  Status status;
  std::string_view text;
};
constexpr StatusSentence kSentences[] = {
    {{4, 4, 7},
     "Could not deliver the message in the time limit specified. Please retry or contact your administrator."},
    {{5, 0, 0},
     "The e-mail system was unable to deliver the message, but did not report a specific reason. Check the address and "
     "try again. If it still fails, contact your system administrator."},
    {{5, 1, 1},
     "The e-mail account does not exist at the organization this message was sent to. Check the e-mail address, or "
     "contact the recipient directly to find out the correct address."},
    {{5, 2, 1},
     "The message reached the recipient's e-mail system, but delivery was refused. Attempt to resend the message. "
     "If it still fails, contact your system administrator."},
    {{5, 5, 0},
     "There was a SMTP communication problem with the recipient's email server. Please contact your system "
     "administrator."},
    {{5, 5, 3},
     "The e-mail system limits the number of recipients that can be addressed in a single message. Send the message "
     "multiple times to fewer recipients."},
    {{5, 7, 1}, "You do not have permission to send to this recipient."},
};
constexpr std::string_view kGeneral = kSentences[1].text;

}  // namespace

std::string_view sentence(Status status) {
  const auto* known = std::ranges::find(kSentences, status, &StatusSentence::status);
  return known != std::end(kSentences) ? known->text : kGeneral;
}

}  // namespace deadletter::mail
