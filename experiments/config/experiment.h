// An experiment file as values, as it was written: shape is checked, names are not yet looked up (bind.h does that).
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "models/client/behaviour.h"
#include "models/content/message.h"
#include "models/routing/network.h"
#include "models/smtp/script.h"
#include "models/transport/entry.h"
#include "sim/json/calendar.h"
#include "sim/json/reader.h"
#include "sim/json/units.h"
#include "sim/random.h"
#include "topologies/generate.h"

namespace deadletter::experiments {

using Name = json::Located<std::string>;
template <class T>
using Map = std::vector<json::Keyed<T>>;

// A scripted foreign server. The keys of `on` and RCPT's recipients are looked at when it is bound.
struct PeerScript {
  std::optional<std::vector<std::string>> capabilities;
  Map<std::vector<smtp::Step>> on;
  std::int64_t until_connection = 0;
};
struct Peer {
  PeerScript smtp_script;
  smtp::Listen listen = smtp::Listen::accept;
};

// What a message holds when somebody looks inside: what its sender's client submits.
enum class Holding : std::uint8_t {
  nothing,  // nobody looks inside
  note,
  html,
  attachment,
  clear_signed,
  opaque_signed,
  encrypted,
  signed_in_signed,
  encrypted_then_signed
};

// What an experiment writes into an attendee's row before an update or cancellation is sent.
struct TrackTime {
  enum class Kind : std::uint8_t { blank, zero, date };
  Kind kind = Kind::blank;
  std::int64_t unix_ns = 0;
};
struct MeetingTimes {
  std::optional<std::int64_t> starts_unix_ns, lasts_ns;
  std::string location, uid;
};
struct Meeting {
  json::Place place;
  std::optional<MeetingTimes> request, changed;
  std::optional<Name> reply_to, update, cancel;  // the mail that is answered, changed, called off
  std::optional<content::TrackStatus> response;
  Map<TrackTime> track_times;  // by attendee
};

struct Mail {
  Name id;
  std::int64_t at_ns = 0;
  Name from;
  std::vector<Name> to;
  std::string subject;
  std::uint64_t size = 10 * 1024;
  bool eight_bit = false;
  transport::Priority priority = transport::Priority::normal;
  Holding content = Holding::nothing;
  bool infected = false;
  std::optional<Meeting> meeting;
  std::optional<Name> calendar;  // a file: .ics or .eml
};

// An IMAP client that reads all of a folder.
struct ImapFetch {
  Name id;
  std::int64_t at_ns = 0;
  Name mailbox;
  std::string folder = "Calendar";
};

// Where the people of a trace live: a share of them in each domain, by chance keyed to the person.
struct Placement {
  Name domain;
  json::Fraction share;
};
// How large messages are.
enum class SizeCurve : std::uint8_t { fixed, mail_2002 };
// Mail that is made up: every mailbox sends as much, at random times, to anybody.
struct Uniform {
  std::int64_t messages = 0;
  std::int64_t over_ns = 0;
  std::uint64_t median = 20 * 1024, smallest = 512, largest = 10'000'000;
  std::int64_t sigma_percent = 150;
};
// Mail by a profile: what is said otherwise than it has it.
struct Internet {
  std::optional<json::Fraction> out, in;  // of recipients of messages from inside; of all messages
  std::vector<Name> domains;              // names, or with "*"; empty: all foreign ones
  bool alike = false;                     // else by Zipf's law in their order
  std::int64_t correspondents = 4;        // of a domain that takes any recipient
};
struct ProfileSettings {
  std::optional<std::int64_t> messages, per_mailbox;  // all together; that a mailbox sends on a working day
  Map<json::Fraction> users;                          // by class
  std::optional<bool> skewed;                         // whether some mailboxes send more than others
  Map<json::Fraction> shares;                         // by name
  std::vector<std::int64_t> hours, weekdays;          // weights: 24 and 7, or none
  std::optional<std::int64_t> start_hour;             // of the local clock when the run begins, 0 to 23
  std::int64_t at_ns = 0;
  std::optional<std::int64_t> over_ns;
  std::optional<Internet> internet;
};
// So many messages within a short time.
struct BurstSettings {
  std::int64_t messages = 0, at_ns = 0, over_ns = 0;
  Name from, to;  // an address, a domain, a server or a selector
};
// What each message holds; `mixed`: by the shares of the profile.
struct TrafficContent {
  Holding holding = Holding::nothing;
  bool mixed = false;
};
struct Traffic : ProfileSettings {
  json::Place place;
  std::optional<Name> trace;  // a CSV file: time, sender, recipients
  std::optional<Uniform> uniform;
  std::optional<Name> profile;
  std::optional<BurstSettings> burst;
  SizeCurve sizes = SizeCurve::fixed;
  std::optional<json::Date> from;
  std::int64_t days = 0;               // 0 = all
  std::int64_t more_than_per_day = 0;  // days with no more messages than that are left out
  std::optional<Name> senders;         // of a trace a domain
  std::vector<Placement> recipients;
  std::uint64_t size = 10 * 1024;
  std::optional<std::uint64_t> size_asked;
  std::optional<TrafficContent> content;
};

// Something that does not work for a while: a link, a host, or the name service about a domain.
enum class DnsFault : std::uint8_t { server_failure, no_such_domain };
struct Fault {
  std::int64_t at_ns = 0, for_ns = 0;
  std::optional<Name> link, host, dns;
  bool down = true;
  DnsFault answer = DnsFault::server_failure;
};

// What somebody reads and writes mail with, and when it works.
struct Period {
  std::int64_t from_ns = 0;
  std::optional<std::int64_t> to_ns;  // none: to the end
};
struct Away {
  json::Fraction share;  // of those whom the entry is about
  std::int64_t for_ns = 0;
};
struct ClientSetup {
  Name build;                             // may be empty: the server's own pages need none
  std::optional<client::Mode> mode;       // none: it sends and reads at once, whenever mail comes or goes
  std::vector<Period> sessions;           // when the program runs; empty: always
  std::vector<Period> offline;            // when its network is not there
  std::optional<json::Value> attributes;  // named attributes of the client
  std::optional<Away> away;               // besides: some have no network for a while, by chance
};

// What is done to servers while the run goes on: one of these, on one server after the other.
enum class Restart : std::uint8_t { none, information_store, all };
struct Change {
  json::Place place;
  std::int64_t at_ns = 0;
  Name on;                                    // a server or a selector
  std::optional<Name> install, build;         // an update more; all that is installed
  std::optional<Map<std::int64_t>> registry;  // values that are set
  std::optional<json::Value> attributes;      // named attributes that are set
  std::optional<std::int64_t> signatures;     // the version of virus signatures that the scanner gets
  std::optional<Restart> restart;             // of services, without anything else
  std::int64_t takes_ns = 60'000'000'000;     // until the services that stop run again
  std::int64_t wave_ns = 0;                   // from one server to the next
};

// What an experiment says otherwise about a connector of the topology.
struct ConnectorSetup {
  std::optional<routing::Scope> scope;
  std::optional<bool> enabled;
};

// Somebody becomes a member of a group, or ceases to be one, at a domain controller.
struct DirectoryChange {
  json::Place place;
  std::int64_t at_ns = 0;
  std::optional<Name> add, remove;     // a user, contact, folder or group
  std::optional<Name> to, from;        // a group
  std::optional<Name> in, controller;  // domain of a BUILTIN group; where it happens
};

struct ChanceSettings {
  json::Fraction session_failure, message_failure;
};

// A comparison as text: "3", ">=2", "15..18".
struct Comparison {
  std::int64_t lo = 0, hi = 0;
  std::string text;
  bool holds(std::int64_t value) const { return lo <= value && value <= hi; }
};

struct ReportsExpected {
  std::optional<Comparison> ndr, delay;
};
struct LineageExpected {
  std::string property;
  std::optional<std::string> row, fate, value;
  std::optional<Name> at;  // a node, or a client by its address
};
// How SMTP sessions are run: each reply an event, or from one point of rest to the next when the course is known.
enum class Fidelity : std::uint8_t { dialogue, session };

// One expectation; what is absent is not asked.
struct Expectation {
  json::Place place;
  std::optional<Name> mail, recipient, metric, install, fetch, event, on;
  std::optional<std::string> fate, status, refused, queue, queue_state, shown, sender_sees, signature, response;
  std::optional<LineageExpected> lineage;
  std::optional<Comparison> copies, attempts, value, count;
  std::optional<std::int64_t> within_ns;
  std::optional<ReportsExpected> reports;
  std::optional<std::vector<std::string>> ruled_by;
};

// What an experiment and each of its variants may say.
struct Setup {
  std::optional<std::vector<Name>> under_study;  // one of them may be "all"
  Map<Name> builds;
  Map<Peer> peers;
  Map<json::Value> attributes;  // by node: an object of settings
  Map<Map<std::int64_t>> registry;
  Map<ClientSetup> clients;  // what people read mail with, by address
  std::optional<ChanceSettings> chance;
  std::vector<Fault> faults;
  Map<ConnectorSetup> connectors;  // by name
  std::vector<DirectoryChange> directory_changes;
  std::vector<Change> changes;
};

struct Variant : Setup {
  std::string description;
  std::vector<Expectation> expect;
};

struct Experiment : Setup {
  std::string id;
  std::string question;
  std::optional<Name> topology;
  std::optional<json::Located<topologies::Generate>> generate;
  std::int64_t seed = 1;
  std::int64_t start_unix_ns = 1'136'160'000'000'000'000;  // Monday, 2 January 2006
  std::int64_t horizon_ns = 7 * 86'400'000'000'000;
  std::string record = "events";
  Fidelity fidelity = Fidelity::dialogue;
  std::vector<Mail> mail;
  std::vector<Traffic> traffic;
  std::vector<ImapFetch> imap;
  Map<Name> parameters;   // name -> JSON Pointer
  Map<Variant> variants;  // of an experiment that is loaded: at least one
  std::optional<Name> baseline;

  // Out of line: otherwise every file that holds one would build all that copies and destroys it.
  Experiment();
  Experiment(const Experiment&);
  Experiment(Experiment&&) noexcept;
  Experiment& operator=(const Experiment&);
  Experiment& operator=(Experiment&&) noexcept;
  ~Experiment();
};

json::Reader<Experiment> experiment_reader();
json::Value experiment_schema();

// "3", ">=2", "<5", "15..18"; nothing when it is none of them.
std::optional<Comparison> parse_comparison(std::string_view text);

}  // namespace deadletter::experiments
