// The trace's vocabulary: closed, in the field's words. Every record counts in the fingerprint, at every record level.
#pragma once
#include <cstdint>
#include <span>

namespace deadletter::mail {

enum class What : std::uint16_t {
  submit,
  categorize,
  enqueue,
  connect,
  connected,
  connect_failed,
  command,
  body,
  body_arrived,
  reply,
  timeout,
  closed,
  attempt,
  ruling,
  defer,
  queue_retry,
  hand_over,
  deliver,
  discard,
  return_to_sender,
  delay_notice,
  report,
  badmail,
  link,
  chance,
  fate,
  relay,
  route,
  link_state,
  host,
  convert,
  scan,
  log,
  read,
  fetch,
  expand,
  post,
  types,
  client,
  change
};

struct WhatInfo {
  What what;
  const char* name;  // as transcripts and `list events` show it
  const char* meaning;
};
std::span<const WhatInfo> vocabulary();
const char* text(What what);

}  // namespace deadletter::mail
