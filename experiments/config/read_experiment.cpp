// The shape of an experiment file: one declaration that reads it and is its schema.
#include <fmt/format.h>

#include <algorithm>

#include "experiments/config/experiment.h"
#include "experiments/config/read_content.h"
#include "experiments/config/read_peer.h"
#include "experiments/config/read_traffic.h"
#include "models/builds/settings.h"
#include "models/mail/address.h"
#include "models/mail/status.h"
#include "sim/json/object_reader.h"
#include "sim/json/schema.h"
#include "sim/json/unit_readers.h"
#include "sim/time.h"

namespace deadletter::experiments {
namespace {

using sim::Duration;

// What a run can bear, far above what people send: with it no time on a wire and no date leaves 64 bits.
constexpr std::uint64_t kLargestMessage = std::uint64_t{2} << 30;
constexpr std::size_t kMostRecipients = 64000;
constexpr std::int64_t kLongestRun = Duration::days(3650).ns;

bool good_identifier(std::string_view text) {
  return !text.empty() && text.size() <= 100 && text[0] != '.' && text[0] != '-' &&
         std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
                  c == '.';
         });
}

json::Reader<std::string> identifier() {
  return json::pattern("identifier", good_identifier, "^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$",
                       "a name of letters, digits, \".\", \"-\" and \"_\" (neither \".\" nor \"-\" first)");
}

// The results of a variant lie in a folder of its name; "all" stands for all of them.
json::Reader<std::string> variant_name() {
  auto good = [](std::string_view text) { return good_identifier(text) && text != "all"; };
  return json::pattern("name of a variant", good, "^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$",
                       "a name of letters, digits, \".\", \"-\" and \"_\", other than \"all\"");
}

// Text that is looked up when it is bound; `expected` says what.
json::Reader<Name> word(const std::string& title, const std::string& expected) {
  auto good = [](std::string_view t) { return !t.empty() && t.find_first_of("\r\n") == t.npos; };
  return json::located(json::pattern(title, good, "^[^\\r\\n]+$", expected));
}
json::Reader<Name> path(const std::string& expected) { return word("path", expected); }
json::Reader<Name> article() { return word("article", "an article such as \"KB912341\""); }
json::Reader<Name> domain_name() { return word("domain", "a domain such as \"contoso.com\""); }
json::Reader<Name> build() {
  return word("build", "a build such as \"exchange-2003-sp2 on windows-2003-sp1+KB912341\"");
}

json::Reader<Name> address() {
  return json::located(
      json::pattern("address", mail::valid_address, "^[^@<> ]+@[^@<> ]+$", "an address such as \"ann@contoso.com\""));
}

// An SMTP address, or one of another type that no directory has.
json::Reader<Name> recipient() {
  auto good = [](std::string_view t) { return mail::valid_address(t) || mail::parse_one_off(t).has_value(); };
  return json::located(json::pattern("recipient", good, "^([^@<> ]+@[^@<> ]+|\\[[A-Za-z0-9]+:.+\\])$",
                                     "an address such as \"ann@contoso.com\", or \"[FAX:0171020225]\""));
}

// The null reverse-path may send, too.
json::Reader<Name> sender() {
  auto good = [](std::string_view t) { return t == "<>" || mail::valid_address(t); };
  return json::located(
      json::pattern("sender", good, "^(<>|[^@<> ]+@[^@<> ]+)$", "an address such as \"ann@contoso.com\", or \"<>\""));
}

json::Reader<std::string> one_of_words(std::vector<std::string> words) {
  return json::convert(json::word(words), [words](std::size_t i) { return words[i]; });
}

json::Reader<Comparison> comparison() {
  auto text =
      json::convert(json::pattern(
                        "comparison", [](std::string_view t) { return parse_comparison(t).has_value(); },
                        "^((>=|<=|<|>)?[0-9]+|[0-9]+\\.\\.[0-9]+)$", "a comparison such as \">=2\", \"15..18\" or 3"),
                    [](const std::string& t) { return *parse_comparison(t); });
  auto exact = json::convert(json::integer(0), [](std::int64_t n) { return Comparison{n, n, fmt::format("{}", n)}; });
  return json::convert(
      json::one_of("a comparison such as \">=2\", \"15..18\" or 3", text, exact),
      [](const std::variant<Comparison, Comparison>& v) { return v.index() == 0 ? std::get<0>(v) : std::get<1>(v); });
}

json::Reader<Expectation> expectation() {
  auto status = json::pattern(
      "status", [](std::string_view t) { return mail::parse_status(t).has_value(); },
      "^[245]\\.[0-9]{1,3}\\.[0-9]{1,3}$", "an enhanced status code such as \"4.4.7\"");
  auto reports = json::object<ReportsExpected>("reports", "Reports that came to the sender about it")
                     .optional("ndr", &ReportsExpected::ndr, comparison())
                     .optional("delay", &ReportsExpected::delay, comparison());
  auto shape =
      json::object<Expectation>("expectation", "What must hold at the end of the run")
          .optional("mail", &Expectation::mail, word("mail", "the id of a mail"),
                    "id of a mail; the rest is asked of each of its recipients")
          .optional("recipient", &Expectation::recipient, recipient(), "Only this recipient of the mail")
          .optional("fate", &Expectation::fate,
                    one_of_words({"delivered", "returned", "waiting", "discarded", "lost", "expanded"}))
          .optional("status", &Expectation::status, status, "In the report to the sender")
          .optional("copies", &Expectation::copies, comparison(), "Copies in the recipient's mailbox")
          .optional("attempts", &Expectation::attempts, comparison())
          .optional("within", &Expectation::within_ns, json::duration(), "Delivered so soon after it was sent")
          .optional("reports", &Expectation::reports, reports)
          .optional("queue", &Expectation::queue, json::text({.shortest = 1}),
                    "The name of the queue in which it waits")
          .optional("queue_state", &Expectation::queue_state, one_of_words({"ready", "active", "retry"}),
                    "Of the queue in which it waits")
          .optional("ruled_by", &Expectation::ruled_by, json::list(json::text({.shortest = 1})),
                    "Exactly the articles that had a hand in it")
          .optional("shown", &Expectation::shown, json::text(),
                    "What the recipient, or who fetches, reads above it at the end; \"\" is nothing")
          .optional("sender_sees", &Expectation::sender_sees, json::text(),
                    "What the sender reads in the report about it, or a part; \"\" is no report")
          .optional("signature", &Expectation::signature, one_of_words({"valid", "invalid", "none"}),
                    "Of the message in the recipient's mailbox")
          .optional("lineage", &Expectation::lineage, lineage_reader(), "What became of one of its properties")
          .optional("fetch", &Expectation::fetch, word("fetch", "the id of an IMAP client"), "An IMAP client")
          .optional("response", &Expectation::response, json::text({.shortest = 1}),
                    "That its server gave it, or a part of it")
          .optional("event", &Expectation::event, word("event", "an event such as \"MSExchangeTransport 327\""),
                    "Source and id of an event in an application log")
          .optional("on", &Expectation::on, word("node", "the name of a server"), "The server that logged the event")
          .optional("count", &Expectation::count, comparison(), "How often it did")
          .optional("metric", &Expectation::metric, word("metric", "a metric such as \"fates.returned\""),
                    "A figure of the result, such as \"fates.returned\"")
          .optional("value", &Expectation::value, comparison(), "Of the metric")
          .optional("install", &Expectation::install, word("update", "an update such as \"KB912341\""),
                    "An update that a build names")
          .optional("refused", &Expectation::refused, json::text({.shortest = 1}),
                    "Why its installer would not install it")
          .exactly_one({"mail", "metric", "install", "fetch", "event"});
  return json::convert(json::located<Expectation>(shape), [](json::Located<Expectation> e) {
    e.value.place = std::move(e.place);
    return std::move(e.value);
  });
}

json::Reader<Mail> mail_reader() {
  return json::object<Mail>("mail", "A message that is submitted")
      .required("id", &Mail::id, json::located(identifier()), "Names it in expectations and results")
      .optional("at", &Mail::at_ns, json::duration(), "After the start")
      .required("from", &Mail::from, sender())
      .optional("to", &Mail::to, json::list(recipient(), {.fewest = 1, .most = kMostRecipients}),
                "What is about a meeting that was sent before goes to whom it concerns")
      .optional("subject", &Mail::subject, json::text({.longest = 900}))
      .optional("size", &Mail::size, json::size(kLargestMessage), "Of header and body; 10KB unless it is given")
      .optional("body", &Mail::eight_bit, json::choice<bool>({{"7bit", false}, {"8bit", true}}),
                "Whether it holds 8-bit octets")
      .optional("priority", &Mail::priority,
                json::choice<transport::Priority>({{"urgent", transport::Priority::urgent},
                                                   {"normal", transport::Priority::normal},
                                                   {"non_urgent", transport::Priority::non_urgent}}),
                "How long message transfer agents try it; SMTP makes no difference")
      .optional("content", &Mail::content, holding_reader(), "What it holds; nobody looks inside unless it is given")
      .optional("infected", &Mail::infected, json::boolean(), "Whether a scanner that opens it finds a virus")
      .optional("meeting", &Mail::meeting, meeting_reader(), "A meeting object that the sender's client makes")
      .optional("calendar", &Mail::calendar, path("the path of an .ics or .eml file"),
                "A calendar object out of a file, sent as it is");
}

json::Reader<ImapFetch> imap_reader() {
  return json::object<ImapFetch>("IMAP client", "Reads all of a folder, as an Internet message each")
      .required("id", &ImapFetch::id, json::located(identifier()), "Names it in expectations and results")
      .optional("at", &ImapFetch::at_ns, json::duration(), "After the start")
      .required("mailbox", &ImapFetch::mailbox, address())
      .optional("folder", &ImapFetch::folder, one_of_words({"Calendar", "Inbox"}), "Calendar unless it is given");
}

json::Reader<Fault> fault() {
  auto answer = json::choice<DnsFault>(
      {{"server_failure", DnsFault::server_failure}, {"no_such_domain", DnsFault::no_such_domain}});
  return json::object<Fault>("fault", "A link or host that fails, or a domain that the name service does not find")
      .required("at", &Fault::at_ns, json::duration(0, kLongestRun), "After the start")
      .required("for", &Fault::for_ns, json::duration(1, kLongestRun))
      .optional("link", &Fault::link, word("link", "the name of a link"))
      .optional("host", &Fault::host, word("host", "the name of a server or exchanger"))
      .optional("dns", &Fault::dns, domain_name(), "A domain that cannot be looked up")
      .optional("answer", &Fault::answer, answer, "What the name service answers then")
      .optional("down", &Fault::down, json::boolean())
      .exactly_one({"link", "host", "dns"});
}

json::Reader<DirectoryChange> directory_change() {
  auto member = word("member", "an address, or the name of a group");
  auto group = word("group", "the name of a group");
  auto shape =
      json::object<DirectoryChange>("change of the directory", "Who is in a group")
          .optional("at", &DirectoryChange::at_ns, json::duration(0, kLongestRun),
                    "After the start; what is so at the start is so everywhere")
          .optional("add", &DirectoryChange::add, member, "Who becomes a member")
          .optional("to", &DirectoryChange::to, group)
          .optional("remove", &DirectoryChange::remove, member, "Who ceases to be one")
          .optional("from", &DirectoryChange::from, group)
          .optional("in", &DirectoryChange::in, domain_name(), "The domain of a BUILTIN group")
          .optional("controller", &DirectoryChange::controller, word("domain controller", "a domain controller"),
                    "Where it happens; the first controller of the group's domain when left out")
          .exactly_one({"add", "remove"});
  return json::convert(json::located<DirectoryChange>(shape), [](json::Located<DirectoryChange> c) {
    c.value.place = std::move(c.place);
    return std::move(c.value);
  });
}

// The names and values of attributes are checked when they are bound; the schema has them all the same.
json::Reader<json::Value> settings() {
  return {{json::Kind::object},
          "an object of attributes",
          [](const json::Value& value, json::Context&) { return std::optional(value); },
          builds::settings_schema()};
}

json::Reader<ConnectorSetup> connector_reader() {
  auto scope = json::choice<routing::Scope>({{"organization", routing::Scope::organization},
                                             {"routing_group", routing::Scope::group},
                                             {"site", routing::Scope::site}});
  return json::object<ConnectorSetup>("connector", "What is different about a connector of the topology")
      .optional("scope", &ConnectorSetup::scope, scope, "Which servers may use it")
      .optional("enabled", &ConnectorSetup::enabled, json::boolean());
}

json::Reader<Change> change_reader() {
  auto restart = json::choice<Restart>({{"information-store", Restart::information_store}, {"all", Restart::all}});
  auto shape = json::object<Change>("change", "What is done to servers")
                   .required("at", &Change::at_ns, json::duration(1, kLongestRun), "After the start")
                   .required("on", &Change::on, word("node", "the name of a server, or a selector"),
                             "A server, or \"all\", \"all exchange-2003\", a name with \"*\": one after the other")
                   .optional("install", &Change::install, word("update", "an update such as \"RU7\""),
                             "An update; the services that its installer restarts stop meanwhile")
                   .optional("build", &Change::build, build(),
                             "Everything that is installed from then on: an upgrade, a removal")
                   .optional("registry", &Change::registry, json::map(json::integer(0, 4'294'967'295)),
                             "Registry values, in force at once")
                   .optional("attributes", &Change::attributes, settings(), "Named attributes, in force at once")
                   .optional("signatures", &Change::signatures, json::integer(1, 1'000'000'000),
                             "The version of virus signatures that the scanner gets, later than the one it has: what "
                             "lies in the store is to be scanned again")
                   .optional("restart", &Change::restart, restart, "Services that stop and start")
                   .optional("takes", &Change::takes_ns, json::duration(0, Duration::days(1).ns),
                             "Until the services run again; 1m unless it is given")
                   .optional("wave", &Change::wave_ns, json::duration(0, kLongestRun), "From one server to the next")
                   .exactly_one({"install", "build", "registry", "attributes", "signatures", "restart"});
  return json::convert(json::located<Change>(shape), [](json::Located<Change> c) {
    c.value.place = std::move(c.place);
    return std::move(c.value);
  });
}

template <class T>
json::ObjectReader<T> with_setup(json::ObjectReader<T> reader) {
  auto registry = json::map(json::integer(0, 4'294'967'295));
  auto chance = json::object<ChanceSettings>("chance", "Chance that things fail")
                    .optional("session_failure", &ChanceSettings::session_failure, json::fraction(),
                              "That a connection is reset as soon as it stands")
                    .optional("message_failure", &ChanceSettings::message_failure, json::fraction(),
                              "That a server answers 451 4.3.0 to MAIL");
  return reader
      .optional("under_study", &T::under_study, json::list(article()),
                "Articles that are in force where they apply; \"all\"")
      .optional("builds", &T::builds, json::map(build()),
                "Per node: \"exchange-2003-sp2 on windows-2003-sp1+KB912341\"")
      .optional("peers", &T::peers, json::map(peer_reader()), "Foreign servers that are scripted, by host")
      .optional("attributes", &T::attributes, json::map(settings()), "Per node: any named attribute")
      .optional("registry", &T::registry, json::map(registry), "Per node: registry values by the product's own names")
      .optional("clients", &T::clients, json::map(client_reader()),
                "What people read mail with, by address; \"*\" stands for any characters")
      .optional("chance", &T::chance, chance)
      .optional("faults", &T::faults, json::list(fault()))
      .optional("connectors", &T::connectors, json::map(connector_reader()), "By name: what is different about it")
      .optional("directory_changes", &T::directory_changes, json::list(directory_change()), "Who is in which group")
      .optional("changes", &T::changes, json::list(change_reader()), "What is done to servers meanwhile");
}

json::Reader<Variant> variant_reader() {
  return with_setup(json::object<Variant>("variant", "What differs from the experiment, and what must come of it"))
      .optional("description", &Variant::description, json::text())
      .optional("expect", &Variant::expect, json::list(expectation()));
}

}  // namespace

Experiment::Experiment() = default;
Experiment::Experiment(const Experiment&) = default;
Experiment::Experiment(Experiment&&) noexcept = default;
Experiment& Experiment::operator=(const Experiment&) = default;
Experiment& Experiment::operator=(Experiment&&) noexcept = default;
Experiment::~Experiment() = default;

namespace {

json::Reader<Experiment> make_reader() {
  auto pointer = json::located(json::pattern(
      "pointer", [](std::string_view t) { return t.starts_with("/"); }, "^/",
      "a JSON Pointer such as \"/mail/0/size\""));
  auto shape =
      json::object<Experiment>("experiment", "What is tried and what should be seen")
          .with_schema_link()
          .required("id", &Experiment::id, identifier())
          .optional("question", &Experiment::question, json::text(), "What the experiment answers")
          .optional("topology", &Experiment::topology, path("the path of a topology file"), "Path of the topology file")
          .optional("generate", &Experiment::generate, json::located(topologies::generate_reader()),
                    "An organization by parameters, instead of a topology file")
          .exactly_one({"topology", "generate"})
          .optional("seed", &Experiment::seed, json::integer(0), "Of all chance")
          .optional("start", &Experiment::start_unix_ns, json::instant(),
                    "Simulated date at which the run begins; 2006-01-02T00:00:00Z, a Monday, unless it is given")
          .optional("horizon", &Experiment::horizon_ns, json::duration(Duration::seconds(1).ns, kLongestRun),
                    "How long it runs; 7d unless it is given")
          .optional(
              "fidelity", &Experiment::fidelity,
              json::choice<Fidelity>({{"dialogue", Fidelity::dialogue}, {"session", Fidelity::session}}),
              "dialogue: every command and reply is an event, the default; session: an SMTP dialogue whose course "
              "is known is not stepped again, with the same fates and times")
          .optional("record", &Experiment::record, one_of_words({"summary", "messages", "events"}),
                    "How much a run keeps unless --record says otherwise")
          .optional("mail", &Experiment::mail, json::list(mail_reader()))
          .optional("traffic", &Experiment::traffic, json::list(traffic_reader()))
          .optional("imap", &Experiment::imap, json::list(imap_reader()))
          .optional("parameters", &Experiment::parameters, json::map(pointer, identifier()),
                    "Names for --set: what the JSON Pointer leads to")
          .optional("variants", &Experiment::variants, json::map(variant_reader(), variant_name()),
                    "By name; the first is the baseline. Without any there is one, \"base\", in which nothing differs")
          .optional("baseline", &Experiment::baseline, word("variant", "the name of a variant"),
                    "The variant that is the baseline instead of the first");
  return with_setup(shape);
}

}  // namespace

// Made once: that takes longer than to read a small experiment with it.
json::Reader<Experiment> experiment_reader() {
  static const json::Reader<Experiment> reader = make_reader();
  return reader;
}

json::Value experiment_schema() {
  return json::schema(experiment_reader(), "experiment.schema.json", "Deadletter experiment");
}

}  // namespace deadletter::experiments
