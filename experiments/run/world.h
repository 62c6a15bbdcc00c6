// The world of a run: performs what the components ask for, on the engine's clock and network.
//
// Components do no I/O: a session or a queue is told what happened and answers with actions. The world turns the
// actions into events and transfers, keeps the ledger, and tells the tracer. It decides nothing that mail software
// decides.
#pragma once
#include <atomic>
#include <boost/container/flat_map.hpp>
#include <cstdint>
#include <deque>
#include <map>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "experiments/config/plan.h"
#include "experiments/run/address_facts.h"
#include "experiments/run/association.h"
#include "experiments/run/behaviours.h"
#include "experiments/run/contents.h"
#include "experiments/run/course.h"
#include "experiments/run/ledger.h"
#include "experiments/run/spare.h"
#include "experiments/run/stored.h"
#include "experiments/run/tracer.h"
#include "experiments/run/world_events.h"
#include "experiments/run/world_parts.h"
#include "models/client/outlook.h"
#include "models/mail/report.h"
#include "models/routing/alike_domains.h"
#include "models/routing/router.h"
#include "models/scanner/scanner.h"
#include "models/smtp/client.h"
#include "models/smtp/server.h"
#include "models/store/acl.h"
#include "models/transport/queue.h"
#include "models/x400/association.h"
#include "sim/chunks.h"
#include "sim/engine.h"
#include "sim/lane.h"
#include "sim/random.h"
#include "sim/slots.h"

namespace deadletter::experiments {

class World : public sim::Handler {
 public:
  World(const Plan& plan, Tracer& tracer, ReportSink reports, std::atomic<std::int64_t>* progress = nullptr);

  sim::Ending run(const std::atomic<bool>* stop, sim::Instant until);  // fates are told at the plan's horizon only

  const Ledger& ledger() const { return ledger_; }
  const Counters& counters() const { return counters_; }
  const sim::Engine& engine() const { return engine_; }
  const sim::Chunks<StoredMessage>& messages() const { return messages_; }
  const Contents& contents() const { return contents_; }
  const std::vector<LoggedEvent>& logged() const { return logged_; }
  void forget_what_ended();                                 // of messages that are over only what is counted stays
  std::string name_of(const StoredMessage& message) const;  // of a mail of the experiment, or a report; else empty
  // When an article first had a hand in a message, and where.
  struct FirstRuling {
    sim::Instant at{};
    NodeId node{};
  };
  const std::map<std::pair<mail::MessageId, Blame>, FirstRuling>& first_rulings() const { return first_rulings_; }
  std::size_t queue_peak() const { return queue_peak_; }  // of all queues the most messages that one ever held
  // All recipients of a message, those of opened lists behind the others.
  std::vector<mail::RecipientId> recipients_of(mail::MessageId message) const;
  // What the sender of a message that has a name reads about a recipient; empty when no report has come.
  std::string sender_sees(mail::RecipientId recipient) const;
  // The queue in which a recipient waits, by name, and its state; nothing when it is in none.
  struct Waiting {
    std::string queue;
    transport::LinkQueue::State state;
  };
  std::optional<Waiting> waiting(mail::RecipientId id) const;
  sim::Instant now() const { return engine_.now(); }
  void handle(sim::Instant now, const sim::Event& event) override;
  void transferred(sim::Instant now, std::uint32_t token, bool whole) override;
  void link_changed(sim::Instant now, sim::LinkId link, bool up) override;
  void host_changed(sim::Instant now, sim::HostId host, bool up) override;

 private:
  struct Node {
    sim::HostId host;
    routing::Router router;
    std::vector<NextHop> next_hops{};
    // For mail within every limit; forgotten when what the node knows of links changes, or how it behaves.
    boost::container::flat_map<std::uint32_t, std::uint16_t> to_server{};  // by the router's way_to(): into next_hops
    std::vector<std::uint16_t> to_domain{};                                // into next_hops, or kNoHop
    std::map<std::uint32_t, routing::Hop> ways_out{};                      // by domains that are alike
    std::uint32_t local_hop = kNone;                                       // into next_hops
    std::unique_ptr<transport::QueueBehaviour> mailbox_queue{};            // of queues for other servers' stores
    std::unique_ptr<LaidQueue> local_queue{}, mta_queue{};
    std::unique_ptr<scanner::Scanner> scanner{};
    std::shared_ptr<const routing::LinkStates> states{};                 // null: all links are up
    std::shared_ptr<const routing::LinkStates> published{};              // what it tells others: not yet all of it
    std::uint64_t connections = 0;                                       // that it has accepted
    std::unique_ptr<smtp::NormalReplies> replies{}, scripted_replies{};  // composed with the first connection
    std::uint64_t open = 0;                                              // of its own
    std::deque<std::pair<std::uint32_t, transport::Opening>> to_open{};  // queues that wait for a free connection
    sim::Instant processor_free{};
    bool publish_due = false, reroute_due = false, look_due = false, down = false;
    std::vector<sim::Event> postponed{};  // while it is down
  };
  // What a server answers a client about recipients.
  struct Directory : smtp::Mailboxes {
    const World* world = nullptr;
    NodeId asking{}, asked{};
    std::uint32_t connection = 0;
    Found find(mail::AddressId address) const override { return world->find(asking, asked, address); }
    bool internal() const override { return world->colleagues(asking, asked); }
    bool busy() const override { return world->busy(connection); }
  };
  // What is new with each connection.
  struct Talk {
    std::uint32_t serial = 0, queue = 0;
    bool used = false;
    transport::SessionId session{};
    transport::EntryId entry{};
    NodeId from{}, to{};
    const sim::Path* there = nullptr;
    const sim::Path* back = nullptr;
    sim::Instant last_to_server, last_to_client, took_up;  // took_up: the message in hand
    std::uint64_t octets_written = 0;                      // of the client's write so far
    bool client_gone = false, server_began = false, server_gone = false;
    ContentId content{};  // of the message in hand, as it is sent
    // The body under way: what it belongs to, how much is out, the marks still to come.
    ContentId body_content{};
    mail::MessageId body_message{};  // held
    std::uint16_t body_hops = 0;
    std::uint64_t body_octets = 0, body_done = 0, body_piece = 0;
    bool body_under_way = false, body_waits = false;
    CourseUnderWay course{};  // while neither session is stepped
  };
  // A slot: one connection after another uses it and the memory of what is in it.
  struct Connection : Talk {
    std::uint32_t generation = 0;
    Timer client_timer, server_timer;
    Directory directory;
    smtp::ClientSession client;
    smtp::ServerSession server;
    sim::Lane<ToServer> to_server;
    sim::Lane<ToClient> to_client;
    std::uint64_t posted_to_client = 0;  // how many events there were when the last one to the client was posted
    std::string octets_to_client;        // of the segments in to_client …
    std::size_t octets_arrived = 0;      // … up to here they have come
    std::vector<std::uint64_t> marks;

    bool server_works() const { return server_began && !server_gone; }
    void begin_anew();
  };

  // world_forget.cpp: what need not be kept any more
  std::uint32_t number(mail::MessageId id) const { return id.valid() ? messages_[id.value].number : kNone; }
  std::uint32_t number(mail::RecipientId id) const { return ledger_.row(id).number; }
  void hold(mail::MessageId message) { ++messages_[message.value].held; }
  void release(mail::MessageId message);
  void hold_instead(mail::MessageId& place, mail::MessageId message);
  bool may_be_forgotten(mail::MessageId message) const;
  void forget(mail::MessageId message);
  void forget_ended();
  void note_fate(const LedgerRow& row);

  // world_mail.cpp: messages, categorizer, mailboxes, reports
  mail::MessageId store(StoredMessage message, std::span<const mail::AddressId> recipients, bool report);
  void submit_mail(std::uint32_t index);
  void enter_mail(std::uint32_t index);
  void submit(NodeId node, mail::MessageId message);
  NodeId place_of(mail::AddressId sender) const;
  transport::Resolution resolve(NodeId node, mail::AddressId address) const;
  bool smart_host(NodeId from, NodeId to) const;
  bool ends_here(NodeId node, mail::AddressId address) const;
  bool leaves_to_hubs(NodeId node) const;
  void deliver(NodeId node, mail::MessageId message, mail::RecipientId recipient, Blame blame, ContentId content);
  // How a report about a message is to look: `x400` when an MTA gives up.
  struct GivenUp {
    NodeId remote{};  // who said why
    transport::CameBy came_by = transport::CameBy::smtp;
    std::string mts_id{};
    sim::Instant until{};  // of a delay notice: how long it will be tried
  };
  void give_back(NodeId node, mail::MessageId message, transport::ReturnReason reason,
                 const std::vector<transport::ReportedRecipient>& recipients, const GivenUp& how, Blame blame);
  void make_report(NodeId node, mail::MessageId about, mail::ReportKind kind, transport::ReturnReason reason,
                   const std::vector<transport::ReportedRecipient>& recipients, const GivenUp& how);
  mail::Report report_value(NodeId node, mail::MessageId report, mail::MessageId about, mail::ReportKind kind,
                            const std::vector<transport::ReportedRecipient>& recipients, const GivenUp& how) const;
  void tell(mail::MessageId report, const mail::Report& value, transport::ReportShape shape,
            const std::vector<transport::ReportedRecipient>& recipients);
  GivenUp given_up(const Queue& queue, ContentId content) const;
  const mail::OneOff* one_off(mail::AddressId address) const;
  const PlannedDomain* domain_of(mail::AddressId address) const;
  NodeId home_from(NodeId node, mail::AddressId address) const;
  void record_fate(mail::RecipientId recipient);
  bool colleagues(NodeId one, NodeId other) const;
  bool busy(std::uint32_t connection) const;
  smtp::Mailboxes::Found find(NodeId asking, NodeId asked, mail::AddressId address) const;
  std::string describe(mail::MessageId message) const;

  // world_route.cpp: what a server does with mail that it has taken in
  void take_in(NodeId node, mail::MessageId message, Recipients recipients, std::uint16_t hops, ContentId content);
  void categorize(NodeId node, mail::MessageId message, const Recipients& recipients, std::uint16_t hops,
                  ContentId content);
  void categorize_opened(NodeId node, mail::MessageId message, const Recipients& recipients, std::uint16_t hops,
                         ContentId content);
  void categorize_alike(NodeId node, mail::MessageId message, const Recipients& recipients, std::uint16_t hops,
                        ContentId content, ContentForm form);
  std::uint32_t onward(NodeId node, mail::MessageId message, mail::RecipientId recipient, std::uint16_t hops,
                       ContentId content, Undeliverable& failed);
  transport::Entry entry_for(mail::MessageId message, std::uint16_t hops, ContentId content, ContentForm form) const;
  void arrive(NodeId node, mail::MessageId message, const Recipients& recipients, Blame blame, std::uint16_t hops,
              ContentId content);
  void send_on(NodeId node, std::map<std::uint32_t, transport::Entry>& by_hop);
  void enqueue(NodeId node, std::uint32_t next_hop, transport::Entry&& entry);
  std::uint32_t next_hop(NodeId node, mail::AddressId address, std::uint64_t size);
  std::uint32_t local_hop(NodeId node);
  std::uint32_t intern(NodeId node, routing::Hop hop, mail::DomainId domain);
  void part_late(NodeId node, std::map<std::uint32_t, transport::Entry>& by_hop);
  void forget_ways(NodeId node);
  void reroute(NodeId node);
  static bool is_local(const Queue& queue) { return queue.by == Queue::By::local; }
  bool goes_on_as_before(std::uint32_t queue, const transport::Entry& entry);
  void move(std::uint32_t queue, transport::EntryId entry);
  void look_again(NodeId node);
  void looked_again(NodeId node);
  std::uint32_t organization_of(NodeId node) const {
    return plan_.organization.routing.servers[node.value].organization;
  }
  transport::ReturnReason why_not(const routing::Hop& hop) const;

  // world_directory.cpp: lists, restrictions, public folders
  bool asks_directory(NodeId node) const;
  bool to_be_looked_up(NodeId node, mail::AddressId address) const;
  directory::View view(NodeId node) const;
  std::optional<directory::ObjectId> authenticated_sender(NodeId node, mail::MessageId message) const;
  Recipients open_lists(NodeId node, mail::MessageId message, const Recipients& recipients);
  void open_list(NodeId node, mail::MessageId message, mail::RecipientId list, directory::ObjectId object,
                 Recipients& opened);
  mail::AddressId own_address(mail::AddressId address) const;
  bool permitted(NodeId node, mail::MessageId message, mail::RecipientId recipient, directory::ObjectId object,
                 std::vector<transport::ReportedRecipient>& refused);
  const store::UpgradedAcl& acl_of(NodeId node, directory::ObjectId folder);
  bool posted(NodeId node, mail::MessageId message, mail::RecipientId recipient, directory::ObjectId folder);

  // world_changes.cpp: what is done to servers meanwhile
  void plan_changes(const std::map<std::string, sim::HostId>& hosts);
  void change_begins(std::uint32_t index);
  void change_ends(std::uint32_t index);
  void changes_end(NodeId node);
  void lay_anew(NodeId node, const builds::NodeBehaviour& after);
  void cut_off_clients(NodeId node, bool cut_off);

  // world_clients.cpp: clients at work
  void start_clients();
  void start_client(std::uint32_t index);
  ClientState* client_at(mail::AddressId person);
  void client_lives(std::uint32_t index, std::uint32_t what);
  void client_wakes(std::uint32_t index, client::OutlookAction::Timer timer, std::uint32_t generation);
  void client_sends(mail::AddressId person, mail::MessageId message);
  void perform(std::uint32_t index, const client::Outlook::Actions& actions);
  const std::shared_ptr<const client::AddressTypeList>& types_of(NodeId node);
  store::AddressTypesFacts typed_connectors(NodeId node) const;
  void fetch_types(ClientState& client);
  void client_submits(ClientState& client, mail::MessageId message);
  void client_returns(ClientState& client, mail::MessageId message,
                      const std::vector<transport::ReportedRecipient>& recipients, Blame blame);
  void client_hears(mail::AddressId person, const Arrived& mail);
  void client_downloads(ClientState& client, std::uint32_t count);

  // world_hosts.cpp
  void stop_services(NodeId node);
  void start_services(NodeId node);
  NodeId who_acts(const sim::Event& event) const;
  routing::DnsAnswer dns_answer(mail::DomainId domain) const;
  bool not_found(std::uint32_t queue, const transport::Opening& opening);

  // world_traffic.cpp: mail that is made up while the run goes on
  void start_traffic();
  void next_arrival(std::uint32_t sender);
  void arrival(std::uint32_t sender);
  void arrival_by_profile(std::uint32_t sender);

  // world_links.cpp: the state of connectors' links, as each server knows it
  void queue_waits(std::uint32_t queue);
  void probe(std::uint32_t queue);
  void know(NodeId node, std::uint32_t link, bool up);
  void publish(NodeId node);
  void pass_on(NodeId node, NodeId heard_from);
  void reroute_soon(NodeId node);
  void tell(NodeId from, NodeId to);
  void hear(std::uint32_t packet);
  void exchange_states(NodeId one, NodeId other);
  bool by_link_state(NodeId node) const;

  // world_store.cpp: delivery by the store driver, within a site and without SMTP
  void open_delivery(std::uint32_t queue, const transport::Opening& opening, ContentId content);
  void delivery_begun(std::uint32_t index);
  void delivery_done(std::uint32_t index, bool whole);
  void end_delivery(std::uint32_t index);

  // world_content.cpp: what messages hold, when servers and clients look inside
  std::string_view counted(ContentId content) const;
  bool open_content(std::uint32_t queue, transport::EntryId entry, StoreCall& failed, ContentId& opened);
  void not_opened(std::uint32_t call);
  void conclude_not_opened(const StoreCall& call);
  // The next message of a session that can be opened, and what it holds then.
  std::optional<std::pair<transport::EntryId, ContentId>> next_opened(std::uint32_t queue,
                                                                      transport::SessionId session);
  void log(NodeId node, const char* source, std::uint32_t id, std::string text, mail::MessageId message);
  void log_store_error(NodeId node, const char* call, content::ErrorCode code, mail::MessageId message);
  void into_mailbox(NodeId node, mail::MessageId message, mail::RecipientId recipient, ContentId content);
  std::optional<ContentId> convert_early(NodeId node, mail::MessageId message, ContentId content, ContentForm form,
                                         const Recipients& recipients);
  void fetch(std::uint32_t index);
  void start_fetches();

  // world_local.cpp: local delivery where a scanner looks at mail first
  bool scans(NodeId node, ContentId content) const;
  void open_local(std::uint32_t queue, const transport::Opening& opening);
  void end_local(std::uint32_t call, const smtp::Outcome& outcome, scanner::Verdict verdict, Blame blame);
  void perform(NodeId node, const scanner::Scanner::Actions& actions);
  void scan_due(NodeId node, std::uint32_t serial, bool timed_out);
  void scan_judged(NodeId node, const scanner::ScanAction& action);
  void scan_judged(NodeId node, const scanner::ScanAction& action, std::uint32_t call);

  // world_x400.cpp: associations of message transfer agents
  static bool by_x400(const Queue& queue) { return queue.by == Queue::By::x400; }
  bool leaves_by_x400(const Queue& queue) const;
  void open_association(std::uint32_t queue, const transport::Opening& opening);
  x400::Offer offer_to_mta(Association& association);
  void perform(std::uint32_t index, x400::Initiator::Actions& actions);
  void perform(std::uint32_t index, const x400::InitiatorAction& action);
  void perform(std::uint32_t index, x400::Responder::Actions& actions);
  void next_transfer(std::uint32_t index, x400::Initiator::Actions& actions);
  void mta_concluded(std::uint32_t index, const x400::InitiatorAction& action);
  void mta_answered(std::uint32_t index, bool connected);
  void mta_arrives(std::uint32_t index, bool at_responder);
  void mta_body(std::uint32_t index, bool whole);
  void mta_timer(std::uint32_t index, bool responder);
  void mta_takes(std::uint32_t index, Blame blame);
  void mta_stalls(std::uint32_t index);
  void end_session(Association& association);
  void free_association(std::uint32_t index);
  void break_associations(NodeId node);
  std::string mts_id(NodeId node, mail::MessageId message) const;
  std::string organization_name(NodeId node) const;

  // world_queue.cpp
  const LaidQueue& laid(NodeId node, bool mta);
  static LaidQueue laid_queue(const builds::NodeBehaviour& behaviour, bool mta);
  static transport::QueueBehaviour mailbox_queue(const builds::NodeBehaviour& behaviour);
  std::uint32_t queue_for(NodeId node, std::uint32_t next_hop);
  std::vector<NodeId> exchangers(mail::DomainId domain, std::uint32_t queue) const;
  std::string name_of(const Queue& queue) const;
  static bool by_store_driver(const Queue& queue) { return queue.by == Queue::By::store_driver; }
  Queue::By way_of(const Queue& queue) const;
  void open(std::uint32_t queue, const transport::Opening& opening);
  void connection_ended(NodeId node);
  void open_waiting(NodeId node);
  void count_attempt(const transport::Entry& entry);
  void perform(std::uint32_t queue, transport::LinkQueue::Actions& actions);
  void perform(std::uint32_t queue, const transport::QueueAction& action);
  void queue_woke(std::uint32_t queue, transport::QueueAction::Wake why);

  // world_smtp.cpp: connections
  const Way& way(Queue& queue, std::uint32_t host);
  void open_connection(std::uint32_t queue, const transport::Opening& opening, ContentId content);
  Connection* live(std::uint32_t index, std::uint32_t generation) {
    Connection& c = connections_[index];
    return c.used && c.generation == generation ? &c : nullptr;
  }
  void perform(std::uint32_t index, smtp::ClientSession::Actions& actions);
  void perform(std::uint32_t index, const smtp::ClientAction& action);
  void perform(std::uint32_t index, smtp::ServerSession::Actions& actions);
  void perform(std::uint32_t index, const smtp::ServerAction& action);
  smtp::NormalReplies& replies_of(NodeId node, const smtp::Script* script);
  void next_message(std::uint32_t index, smtp::ClientSession::Actions& actions);
  bool take_next(Connection& connection);
  void refused(std::uint32_t index);
  void connected(std::uint32_t index);
  void start_server(std::uint32_t index);
  void arrive_at_server(std::uint32_t index);
  void arrive_at_client(std::uint32_t index);
  void set_timer(std::uint32_t index, Timer& timer, sim::Duration after, Kind kind);
  bool timer_due(std::uint32_t index, Timer& timer, Kind kind);
  void client_timer(std::uint32_t index);
  void server_timer(std::uint32_t index);
  void send_to_server(std::uint32_t index, const ToServer& item, std::uint64_t octets);
  void write_to_client(std::uint32_t index, const smtp::ServerAction& action);
  void send_to_client(std::uint32_t index, std::string_view octets, ToClient item);
  void arrive_at_client(Connection& connection, const ToClient& item, smtp::ClientSession::Actions& actions);
  std::string_view take_octets(Connection& connection, const ToClient& item);
  void send_command(std::uint32_t index, const smtp::ClientAction& action);
  void attempt_over(Connection& connection, const smtp::ClientAction& action, transport::LinkQueue::Actions& asked);
  void client_closes(std::uint32_t index);
  void maybe_free(std::uint32_t index);
  bool reachable(const Connection& c) const { return engine_.up(*c.there) && engine_.up(*c.back); }

  // world_course.cpp: dialogues whose course is known
  const CourseWay& course_way(std::uint32_t queue, std::uint32_t host);
  std::optional<smtp::CourseKey> course_key(const Connection& c, smtp::CourseKey::Begins begins) const;
  bool begin_course(std::uint32_t index, std::uint32_t host);
  bool take_course(std::uint32_t index, smtp::Courses::Rest rest, smtp::CourseKey::Begins begins);
  smtp::Dialogue dialogue_of(Connection& c);
  void follow(std::uint32_t index);
  void take_effect(std::uint32_t index, const smtp::Effect& effect);
  void next_course(std::uint32_t index);
  void step_from_here(std::uint32_t index);
  void go_on_in_steps(std::uint32_t index, smtp::Dialogue& dialogue, sim::Instant began);
  void put_on_the_wire(std::uint32_t index, const smtp::Dialogue::Due& due, sim::Instant at);
  void step_from_here_all(NodeId node = {});
  void forget_courses();

  // world_body.cpp: bodies on their way
  void send_body(std::uint32_t index, std::uint64_t octets);
  void send_piece(std::uint32_t index);
  bool transfer(std::uint32_t index);
  void body_arrived(std::uint32_t index);
  void body_broken(std::uint32_t index);
  void accepted(std::uint32_t index, const smtp::ServerAction& action);

  // world.cpp: for who watches; called only when somebody does
  void record_ruling(NodeId node, mail::MessageId message, std::uint32_t session, Blame blame);
  void show_attempt(const Connection& c, const smtp::Outcome& outcome, Blame blame);
  void show_queue(std::uint32_t queue);

  const builds::NodeBehaviour& behaviour_of(NodeId node) const { return behaviours_.of(node); }

  // Records of a node about a message or connection; `words` is composed only for a transcript.
  template <class Words>
  void record(mail::What what, NodeId node, const Tracer::Fields& fields, Words&& words,
              std::string_view counted = {}) {
    tracer_.record(engine_.now(), what, node, fields, counted, words);
  }

  const Plan& plan_;
  Tracer& tracer_;
  ReportSink reports_;
  std::atomic<std::int64_t>* progress_;
  sim::Chance chance_;
  sim::Engine engine_;
  Ledger ledger_;
  Counters counters_;
  std::vector<Node> nodes_;
  std::vector<sim::LinkId> links_;
  sim::Chunks<StoredMessage> messages_;
  std::vector<mail::MessageId> free_messages_;
  std::uint32_t message_numbers_ = 0;
  bool forgets_ = false;
  std::map<std::tuple<NodeId, std::string, std::uint32_t>, std::size_t> told_;  // of logged_, when it forgets
  transport::Pool pool_;
  sim::Chunks<Queue, 16> queues_;
  std::uint32_t hosts_down_ = 0;
  sim::Chunks<Connection, 64> connections_;
  std::vector<Sender> senders_;
  std::vector<mail::AddressId> drawn_;  // recipients of the message that is made up
  sim::Slots<Intake> intakes_;
  sim::Slots<Packet> packets_;
  sim::Slots<Delivery> deliveries_;
  sim::Slots<StoreCall> store_calls_;
  std::multimap<std::pair<NodeId, mail::MessageId>, std::uint32_t> scans_;  // store calls that wait for a scan
  std::map<std::pair<NodeId, std::uint32_t>, scanner::ScanId> running_;     // by serial
  std::deque<Association> associations_;
  std::vector<LoggedEvent> logged_;
  std::map<mail::MessageId, std::map<mail::AddressId, std::uint32_t>> reached_;  // by messages to lists
  std::map<mail::MessageId, std::vector<mail::RecipientId>> expanded_;           // rows beyond those submitted
  std::map<std::pair<NodeId, directory::ObjectId>, store::UpgradedAcl> acls_;
  std::vector<ClientState> clients_;
  std::vector<std::uint32_t> client_at_;  // by address
  std::map<NodeId, std::shared_ptr<const client::AddressTypeList>> types_;
  std::map<NodeId, sim::Instant> store_started_;
  std::map<mail::RecipientId, std::string> views_;
  std::map<std::pair<mail::MessageId, Blame>, FirstRuling> first_rulings_;
  std::size_t queue_peak_ = 0;
  AddressTable addresses_;
  Behaviours behaviours_;
  Contents contents_;
  std::vector<Transfer> transfers_;
  std::vector<std::uint32_t> free_connections_, free_transfers_, free_associations_;
  smtp::Courses courses_;
  routing::AlikeDomains alike_domains_;
  BehaviourNumbers numbers_;
  smtp::ServerAction accepted_;  // by a server whose dialogue is not stepped
  Spare<smtp::ClientSession::Actions> client_actions_;
  Spare<smtp::ServerSession::Actions> server_actions_;
  Spare<transport::LinkQueue::Actions> queue_actions_;
  std::string line_;                           // the command being sent
  std::vector<AddressedRow> rows_by_address_;  // of the message being accepted
};

}  // namespace deadletter::experiments
