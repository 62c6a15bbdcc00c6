#include "models/smtp/normal_replies.h"

#include <fmt/format.h>

#include <algorithm>

namespace deadletter::smtp {

std::string reply_to_ehlo(const std::string& host, const std::vector<std::string>& capabilities) {
  std::string reply = (capabilities.empty() ? "250 " : "250-") + host + "\r\n";
  for (std::size_t i = 0; i < capabilities.size(); ++i)
    reply.append(i + 1 == capabilities.size() ? "250 " : "250-").append(capabilities[i]).append("\r\n");
  return reply;
}

NormalReplies::NormalReplies(const std::string& host, const std::vector<std::string>& capabilities)
    : greeting_("220 " + host + " ESMTP\r\n"),
      ehlo_(reply_to_ehlo(host, capabilities)),
      helo_("250 " + host + "\r\n") {}

const Reply& NormalReplies::accepting(Stage stage) const {
  static const Reply mail("250 2.1.0 Sender OK\r\n"), rcpt("250 2.1.5 Recipient OK\r\n"),
      data("354 Start mail input; end with <CRLF>.<CRLF>\r\n"), dot("250 2.6.0 Queued mail for delivery\r\n"),
      quit("221 2.0.0 Service closing transmission channel\r\n"), other("250 2.0.0 OK\r\n");
  switch (stage) {
    case Stage::connect:
      return greeting_;
    case Stage::ehlo:
      return ehlo_;
    case Stage::helo:
      return helo_;
    case Stage::mail:
      return mail;
    case Stage::rcpt:
      return rcpt;
    case Stage::data:
      return data;
    case Stage::dot:
      return dot;
    case Stage::quit:
      return quit;
    default:
      return other;
  }
}

const Reply& NormalReplies::refusing(const Refusal& refusal) {
  auto known = std::ranges::find(refusals_, refusal, &std::pair<Refusal, Reply>::first);
  if (known != refusals_.end()) return known->second;
  std::string octets = fmt::format("{} {} Refused\r\n", refusal.code, mail::text(refusal.status));
  return refusals_.emplace_back(refusal, Reply(octets)).second;
}

const Reply& NormalReplies::bad_syntax() {
  static const Reply reply("501 5.5.4 Syntax error in parameters or arguments\r\n");
  return reply;
}

}  // namespace deadletter::smtp
