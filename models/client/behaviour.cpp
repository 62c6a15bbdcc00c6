// The as-designed answers of a client, about meetings and about what it sends, each under the text that describes it.
#include "models/client/behaviour.h"

namespace deadletter::client {
namespace {

using sim::Duration;

constexpr PointInfo kResponseTime{"client.response_time",
                                  "critical change, reply time, time sent (each or absent), time received",
                                  "critical_change | reply_time | sent | received | zero | unset",
                                  "The critical change of the response, else the time at which it was sent.",
                                  "MS-OXOCAL 2.2.4.10.3",
                                  Evidence::inferred};

ResponseTime critical_change_else_sent(const ResponseTimeFacts& facts) {
  using Kind = ResponseTime::Kind;
  if (facts.critical_change) return {Kind::critical_change};
  return {facts.sent ? Kind::sent : Kind::received};
}

constexpr PointInfo kResponseShown{
    "client.response_shown",     "time in the attendee's row, time of the response",
    "latest | superseded",       "Superseded when the row holds a later time than the response.",
    "KB938650 MORE INFORMATION", Evidence::inferred};

ResponseShown superseded_when_row_is_later(const ResponseShownFacts& facts) {
  bool later = facts.in_row && *facts.in_row > facts.response;
  return later ? ResponseShown::superseded : ResponseShown::latest;
}

constexpr PointInfo kSubmitCheck{
    "client.submit_check",
    "address type of the recipient, whether the list of address types has it, whether a list is held, mode (online, "
    "cached, owa)",
    "submit | return_locally",
    "Cached: what is not in the list of address types is returned at once and never handed to the server; without a "
    "list yet it is submitted. Online and owa: submitted.",
    "MS/959956, facts 1.5 (cached; online and owa by KB955778); without a list inferred",
    Evidence::documented};

SubmitCheck by_the_list(const SubmitCheckFacts& facts) {
  bool refused = facts.mode == Mode::cached && facts.list_held && !facts.listed;
  return refused ? SubmitCheck::return_locally : SubmitCheck::submit;
}

constexpr AttributeInfo kAddressTypesRead{
    "client.address_types_read", "when a client in cached mode asks its server for the list of address types",
    "session_start | change (before every upload, too)", "MS/959956: every time a MAPI session starts in cached mode",
    Evidence::documented};
constexpr AttributeInfo kUpload{"client.upload", "cached mode: from the last change in the copy until it is sent on",
                                "duration >= 0", "msoutlook.info/question/300: Cached Mode\\Upload",
                                Evidence::documented};
constexpr AttributeInfo kDownload{
    "client.download",
    "cached mode: from the server's first word of a change until it is fetched, with what came meanwhile",
    "duration >= 0", "msoutlook.info/question/300: Cached Mode\\Download", Evidence::documented};
constexpr AttributeInfo kMaximum{
    "client.maximum", "cached mode: from the first change in the copy until it is sent on, however many follow",
    "duration >= 0", "msoutlook.info/question/300: Cached Mode\\Maximum", Evidence::documented};
constexpr AttributeInfo kOab{"client.oab", "cached mode: between two downloads of the offline address book",
                             "duration; 0 = never", "MS/841273 question 5: 24 hours from the last download",
                             Evidence::documented};

}  // namespace

const char* text(Mode mode) {
  constexpr const char* texts[] = {"online", "cached", "owa"};
  return texts[static_cast<std::size_t>(mode)];
}

ClientBehaviour::ClientBehaviour()
    : response_time(kResponseTime, critical_change_else_sent),
      response_shown(kResponseShown, superseded_when_row_is_later),
      submit_check(kSubmitCheck, by_the_list),
      address_types_read(kAddressTypesRead, ListRead::session_start),
      upload(kUpload, Duration::seconds(15)),
      download(kDownload, Duration::seconds(30)),
      maximum(kMaximum, Duration::seconds(60)),
      oab(kOab, Duration::hours(24)) {}

}  // namespace deadletter::client
