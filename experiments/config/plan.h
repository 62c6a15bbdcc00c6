// A plan: one variant of an experiment with every name looked up, every quirk resolved, ready to run. Nothing in it
// can be wrong any more.
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "experiments/config/experiment.h"
#include "experiments/config/planned_directory.h"
#include "experiments/traffic/mix.h"
#include "models/builds/installation.h"
#include "models/mail/address.h"
#include "models/smtp/script.h"
#include "models/transport/entry.h"
#include "sim/distributions.h"
#include "sim/network.h"
#include "sim/random.h"
#include "sim/time.h"
#include "topologies/organization.h"

namespace deadletter::experiments {

// A file that the run depends on.
struct Input {
  std::string role;  // "experiment", "topology", "trace"
  std::string path;
  std::string hash;
};

struct PlannedNode {
  std::string name, host;
  bool foreign = false;
  builds::Build build;
  builds::Registry registry;
  builds::Resolved resolved;
  std::uint32_t decides_as = 0;  // the first node whose behaviour came to be in the same way, and is equal
  std::optional<smtp::Script> script;
  smtp::Listen listen = smtp::Listen::accept;
};

// Where the mail of a domain goes.
struct PlannedDomain {
  std::vector<NodeId> hosts;               // those that receive for it, by preference; empty: there is no such domain
  std::vector<std::uint32_t> preferences;  // of hosts
  bool foreign = false;
  bool any_recipient = false;
  std::uint32_t organization = 0;  // of an own domain
};

// What a mail holds that is made by a client, or comes out of a file.
struct PlannedContent {
  enum class Kind : std::uint8_t { body, request, reply, update, cancellation, held };
  Kind kind = Kind::body;
  Holding holding = Holding::nothing;
  bool infected = false;
  bool described = false;  // one value stands for many messages: no octets are sent
  std::string about;       // the request's mail that it is about
  content::TrackStatus response = content::TrackStatus::accepted;
  MeetingTimes times;
  std::vector<std::pair<std::string, TrackTime>> track_times;
  std::string octets;  // held: a whole message
};

// What somebody reads mail with.
struct PlannedClient {
  std::string build;
  builds::Resolved resolved;
  std::optional<client::Mode> mode{};  // none: it is always there, and acts at once
  std::vector<Period> sessions{}, offline{};
  std::optional<sim::Probability> away{};
  sim::Duration away_for{};
};
struct PlannedFetch {
  std::string id, folder;
  sim::Instant at;
  mail::AddressId mailbox{};
};

struct PlannedMail {
  std::string name;  // id in the experiment; empty for traffic
  sim::Instant at;
  mail::AddressId from{};
  std::vector<mail::AddressId> to;
  std::string subject;
  std::uint64_t size = 0;
  bool eight_bit = false;
  transport::Priority priority = transport::Priority::normal;
  std::uint32_t content = kNoContent;  // into the plan's contents
  static constexpr std::uint32_t kNoContent = 0xffffffff;
};

// Mail that is made up while the run goes on: Poisson times for each sender, any other mailbox or the own one; or, when
// there is a `mix`, by a profile.
struct PlannedTraffic {
  sim::LogNormal size;
  std::vector<mail::AddressId> people{};
  std::uint64_t messages_each = 0;
  sim::Duration mean_gap{};
  std::uint32_t content = PlannedMail::kNoContent;
  std::shared_ptr<const traffic::Mix> mix{};
  std::array<std::uint32_t, traffic::kKinds> contents{};  // by kind
  std::uint64_t expected = 0;                             // of a mix: messages on the average, and their recipients
  std::uint64_t expected_recipients = 0;
  sim::Instant begins{}, ends{};

  std::uint64_t messages() const { return mix ? expected : messages_each * people.size(); }
  std::uint64_t recipients() const { return mix ? expected_recipients : messages(); }
  // From the first message to the last, about.
  sim::Duration span() const { return mix ? ends - begins : mean_gap * static_cast<std::int64_t>(messages_each); }
  // How many are to be expected until then.
  std::uint64_t messages_until(sim::Instant now) const;
};

// Something happens to what runs on a node: services stop, and start with what is installed then.
struct PlannedChange {
  sim::Instant at, up;  // they stop, and run again
  NodeId node{};
  std::string what;  // "RU7 is installed"
  Restart stops = Restart::none;
  std::shared_ptr<const builds::Resolved> after{};
  std::string pointer{};  // to it in the experiment: "/changes/3"
};

struct Plan {
  std::string experiment, variant, question;
  std::vector<std::string> variants;
  std::uint64_t seed = 1;
  std::int64_t start_unix_ns = 0;
  sim::Instant horizon;
  std::string record;
  Fidelity fidelity = Fidelity::dialogue;
  topologies::Organization organization;
  std::vector<PlannedNode> nodes;  // the organization's hosts, in its order
  mail::AddressBook addresses;
  std::vector<PlannedDomain> domains;  // by DomainId
  std::vector<NodeId> homes;           // by AddressId: the server of a mailbox; none for addresses that do not exist
  std::map<mail::AddressId, mail::OneOff> one_offs;   // addresses that stand for others than SMTP's
  std::shared_ptr<const PlannedDirectory> directory;  // null: there is nothing beyond mailboxes
  std::vector<PlannedMail> mail;                      // ascending by time
  std::vector<PlannedTraffic> traffic;
  std::vector<PlannedContent> contents;
  std::vector<PlannedClient> clients;
  std::vector<std::uint32_t> client_of;  // by AddressId, into clients; kNoContent: none is named
  std::vector<PlannedFetch> fetches;
  std::vector<Fault> faults;
  std::vector<PlannedChange> changes;  // ascending by time
  sim::Probability session_failure, message_failure;
  std::vector<Expectation> expectations;
  builds::UnderStudy under_study;
  std::vector<builds::Refusal> refusals;
  std::vector<Input> inputs;
  json::Value resolved;  // the document of this variant, for run.json

  // Out of line: otherwise every file that holds one would build all that copies and destroys it.
  Plan();
  Plan(const Plan&);
  Plan(Plan&&) noexcept;
  Plan& operator=(const Plan&);
  Plan& operator=(Plan&&) noexcept;
  ~Plan();

  // Null when there is no such domain.
  const PlannedDomain* domain_of(mail::AddressId address) const;
  // The server that has the mailbox; none when it does not exist, or exists like any other of its domain.
  NodeId home_of(mail::AddressId address) const;
  // The same as a server sees it: of a public folder's replicas the nearest.
  NodeId home_from(NodeId node, mail::AddressId address) const;
  // Somebody's mailbox, and no list or public folder; by a further address, too.
  bool is_mailbox(mail::AddressId address) const;
  // That, or an address of which the directory does not know what it is.
  bool may_have_client(mail::AddressId address) const;
  void settle(mail::AddressId address, NodeId home);
  std::optional<NodeId> find_node(std::string_view name) const;
  // As people write it: "[FAX:0171020225]" for "IMCEAFAX-0171020225@contoso.com".
  std::string shown_address(mail::AddressId address) const;
};

// A recipient named twice gets one copy: the first mention stays where it is.
void keep_first_of_each(std::vector<mail::AddressId>& addresses);

// The events that services of a run write into application logs: "MSExchangeTransport 327".
const std::vector<std::string>& logged_event_names();

// What an expectation may ask of a whole run, by the keys of its result.
const std::vector<std::string>& metric_names();

}  // namespace deadletter::experiments
