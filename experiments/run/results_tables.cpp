#include "experiments/run/results_tables.h"

namespace deadletter::experiments {
namespace {

constexpr const char* kNumber = "INTEGER";
constexpr const char* kText = "TEXT";
constexpr const char* kKey = "INTEGER PRIMARY KEY";

ResultsTable run() {
  return {"run",
          "the run itself: format, program, experiment, variant, seed, start (date), horizon_ns, record, complete, "
          "fingerprint",
          RecordLevel::messages,
          {{"key", "TEXT PRIMARY KEY", "name of the value"}, {"value", "", "the value"}},
          {}};
}

ResultsTable messages() {
  return {"messages",
          "each message that was submitted; reports have a table of their own",
          RecordLevel::messages,
          {{"id", kKey, "the message's number"},
           {"name", kText, "its id in the experiment; null for traffic"},
           {"node", kText, "the server to which it was submitted"},
           {"sender", kText, "reverse-path; empty for <>"},
           {"subject", kText, "null when it has none"},
           {"size", kNumber, "octets"},
           {"submitted_ns", kNumber, "when"},
           {"recipients", kNumber, "how many"}},
          {{"name", "name IS NOT NULL"}}};
}

ResultsTable recipients() {
  return {"recipients",
          "each recipient of each message, with exactly one fate",
          RecordLevel::messages,
          {{"id", kKey, "the recipient's number"},
           {"message", kNumber, "messages.id"},
           {"address", kText, "forward-path"},
           {"fate", kText, "delivered, returned, waiting, discarded, lost or expanded (a list)"},
           {"status", kText, "of the report, such as 4.4.7; null when none returned it"},
           {"copies", kNumber, "put into the mailbox"},
           {"attempts", kNumber, "to send it on, at all hops"},
           {"ndr", kNumber, "non-delivery reports about it"},
           {"delay", kNumber, "delay notices about it"},
           {"delivered_ns", kNumber, "when the first copy came; null when none did"},
           {"ruled_by", kText, "articles that had a hand in it, separated by blanks; null when none had"}},
          {{"message"}}};
}

ResultsTable reports() {
  return {"reports",
          "each report that was made: a message of its own, with its own fate",
          RecordLevel::messages,
          {{"id", kKey, "the report's number as a message"},
           {"name", kText, "ndr-1, delay-1: that of the file in mail/, of which there are 10,000 at most"},
           {"kind", kText, "failure or delay"},
           {"about", kNumber, "messages.id"},
           {"node", kText, "the server that made it"},
           {"made_ns", kNumber, "when"},
           {"recipient", kText, "whom it tells"},
           {"size", kNumber, "octets"},
           {"fate", kText, "as in recipients"},
           {"copies", kNumber, "put into the mailbox"},
           {"attempts", kNumber, "to send it on"},
           {"delivered_ns", kNumber, "when the first copy came; null when none did"},
           {"ruled_by", kText, "as in recipients"}},
          {{"about"}}};
}

ResultsTable lineage() {
  return {"lineage",
          "what became of each property of content on its way; empty where nobody looks inside",
          RecordLevel::messages,
          {{"id", kKey, "in the order in which it happened"},
           {"message", kText, "messages.name"},
           {"time_ns", kNumber, "when"},
           {"node", kText, "the server that converted; null when a client did it"},
           {"client", kText, "the address of whose client it was; null for a server"},
           {"property", kText, "by its MAPI name"},
           {"other", kText, "by its name in the other form; null when it has none"},
           {"row", kText, "the recipient whose row it belongs to; null for the message's own"},
           {"fate", kText, "set, kept, defaulted, substituted, omitted, absent or refused"},
           {"value", kText, "after the step; of what is omitted or refused the value that was there"},
           {"why", kText, "in a few words; null when there is nothing to say"},
           {"ruled_by", kText, "articles that had a hand in it; null when none had"}},
          {{"message"}}};
}

ResultsTable logged() {
  return {"logged",
          "each event that a service wrote into its server's application log",
          RecordLevel::messages,
          {{"id", kKey, "in the order in which they were written"},
           {"time_ns", kNumber, "when"},
           {"node", kText, "the server"},
           {"source", kText, "such as MSExchangeTransport"},
           {"event", kNumber, "its id, such as 327"},
           {"message", kNumber, "messages.id"},
           {"text", kText, "as an administrator reads it"}},
          {}};
}

ResultsTable attempts() {
  return {"attempts",
          "each attempt to send a message to a host, as the client saw it",
          RecordLevel::events,
          {{"id", kKey, "in the order in which they ended"},
           {"message", kNumber, "messages.id or reports.id"},
           {"node", kText, "the client"},
           {"peer", kText, "the server"},
           {"session", kNumber, "s1, s2, … of the transcript"},
           {"began_ns", kNumber, "the session took the message up"},
           {"ended_ns", kNumber, "the client concluded it"},
           {"stage", kText, "the command whose reply, or want of one, ended it"},
           {"class", kText, "success, temporary failure, permanent failure or refused"},
           {"ended", kText, "reply, timeout, closed, reset or refused"},
           {"code", kNumber, "of the reply; null without one"},
           {"words", kText, "of the reply, code included; null without one"},
           {"ruled_by", kText, "articles that changed a decision in it; null when none did"}},
          {{"message"}}};
}

ResultsTable events() {
  return {"events",
          "each event, as in transcript.txt",
          RecordLevel::events,
          {{"id", kKey, "in the order in which they happened"},
           {"time_ns", kNumber, "when"},
           {"kind", kText, "a word of `deadletter list events`"},
           {"node", kText, "where; null for what belongs to no node"},
           {"subject", kNumber, "what it is about: a message, a session, a link; for a fate the recipient"},
           {"a", kNumber, "depends on the kind"},
           {"b", kNumber, "depends on the kind"},
           {"text", kText, "as people read it"}},
          {}};
}

ResultsTable queues() {
  return {"queues",
          "each queue that held mail",
          RecordLevel::events,
          {{"id", kKey, "in the order in which they came to be"},
           {"node", kText, "the server"},
           {"next_hop", kText, "what it leads to"},
           {"kind", kText, "link: to another host"},
           {"entered", kNumber, "messages put into it"},
           {"peak", kNumber, "messages at most, at one time"},
           {"peak_ns", kNumber, "when that was first so"},
           {"left_over", kNumber, "messages at the end of the run"},
           {"occupied_ns", kNumber, "how long it was not empty"},
           {"retry_ns", kNumber, "how long it was in Retry"},
           {"waited_ns", kNumber, "sum of the times that its messages spent in it"}},
          {}};
}

ResultsTable queue_depth() {
  return {"queue_depth",
          "each queue's depth over time, at most 1000 rows a queue: every change while there are no more, then the "
          "most in each of equal intervals; a row holds until the next one of its queue",
          RecordLevel::events,
          {{"queue", kNumber, "queues.id"},
           {"time_ns", kNumber, "when; with intervals the begin of one"},
           {"depth", kNumber, "messages"},
           {"in_retry", kNumber, "1 when it was in Retry, else 0"}},
          {{"queue"}}};
}

}  // namespace

const std::vector<ResultsTable>& results_tables() {
  static const std::vector<ResultsTable> tables = {run(),    messages(), recipients(), reports(), lineage(),
                                                   logged(), attempts(), events(),     queues(),  queue_depth()};
  return tables;
}

}  // namespace deadletter::experiments
