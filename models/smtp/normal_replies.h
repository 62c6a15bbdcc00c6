// What a server says when nobody has written it a script: composed once for each server, and handed out by reference.
#pragma once
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "models/smtp/behaviour.h"
#include "models/smtp/reply.h"
#include "models/smtp/stage.h"

namespace deadletter::smtp {

class NormalReplies {
 public:
  NormalReplies(const std::string& host, const std::vector<std::string>& capabilities);

  // To a command that is accepted; `connect` for the greeting. References stay good.
  const Reply& accepting(Stage stage) const;
  const Reply& refusing(const Refusal& refusal);
  static const Reply& bad_syntax();

 private:
  Reply greeting_, ehlo_, helo_;
  std::deque<std::pair<Refusal, Reply>> refusals_;  // those that were asked for: few
};

// "250-host", then a keyword a line.
std::string reply_to_ehlo(const std::string& host, const std::vector<std::string>& capabilities);

}  // namespace deadletter::smtp
