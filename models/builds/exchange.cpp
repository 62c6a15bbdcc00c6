// Exchange 5.5, 2000, 2003 and 2007. Exchange 2000 and 2003 send and receive through the SMTP service of Windows below
// them, the others by themselves.
//
// NOT MODELLED: Exchange 5.5's own MTA and IMAIL: its servers convert and transfer as designed.
#include "models/builds/product.h"

namespace deadletter::builds {
namespace {

using sim::Duration;

Laid from(const char* source) { return {Layer::profile, source}; }

// The Internet Mail Service knows neither PIPELINING nor 8BITMIME nor CHUNKING, as a server and as a client.
smtp::UseExtension ims_use_extension(const smtp::UseExtensionFacts& facts) {
  bool known = facts.extension == smtp::Extension::size;
  return known && facts.offered ? smtp::UseExtension::use : smtp::UseExtension::skip;
}

// What is not known of it from a document (lifetime, delay notices, its words in reports) is left to the standard.
void internet_mail_service(NodeBehaviour& b) {
  b.smtp_client.use_extension.answer_as(ims_use_extension, from("Exchange 5.5: KB262986"));
  b.smtp_client.pipelining.set(smtp::Switch::off, from("Exchange 5.5: KB262986"));
  b.smtp_server.capabilities.set({"XEXCH50", "HELP", "ETRN", "DSN", "SIZE 0", "AUTH LOGIN"},
                                 from("Exchange 5.5: KB262945, a log of its EHLO"));
  b.queue.ladder.set(
      {{Duration::minutes(15), Duration::minutes(30), Duration::hours(1), Duration::hours(4)}, /*preset=*/""},
      from("Exchange 5.5 Internet Mail Service: KB146669"));
  b.queue.problem_after.set(0, from("Exchange 5.5: KB308350 came with Exchange 2000"));
}

void exchange_2000_2003(NodeBehaviour& b) {
  b.queue.ladder.set(transport::ladder_preset("esm"), from("Exchange 2000/2003 virtual server: recalled"));
  b.smtp_server.recipient_limit.set(64000, from("Exchange 2000/2003 virtual server: recalled"));
  b.smtp_server.message_limit.set(0, from("Exchange 2000/2003: limits are the organization's"));
  b.transport.report_shape.set(transport::ReportShape::exchange_2003, from("Exchange 2000/2003: MS/323484, KB938650"));
  b.content.calendar_product.set("Microsoft CDO for Microsoft Exchange", from("Exchange 2000/2003: real objects"));
  b.routing.router.set(routing::RouterKind::link_state, from("Exchange 2000/2003: MS/263249"));
  b.routing.choose_route.answer_as(routing::least_cost_over_links_that_are_up, from("Exchange 2000/2003: MS/263249"));
  b.routing.minor_hold.set(Duration::minutes(10), from("Exchange 2000/2003: book4u num_446"));
  b.routing.link_probe.set(Duration::seconds(60), from("Exchange 2000/2003: MS/263249"));
  b.routing.unreachable_retry.set(Duration::minutes(15), from("Exchange 2000/2003: fots.nl archive 33"));
  b.smtp_server.capabilities.set(
      {"TURN", "SIZE", "ETRN", "PIPELINING", "DSN", "ENHANCEDSTATUSCODES", "8bitmime", "BINARYMIME", "CHUNKING", "VRFY",
       "X-EXPS GSSAPI NTLM LOGIN", "AUTH GSSAPI NTLM LOGIN", "XEXCH50", "X-LINK2STATE"},
      from("Exchange 2000/2003: beta/279616"));
}

void exchange_2007_hub(NodeBehaviour& b) {
  b.smtp_client.rcpt_552.set(smtp::Rcpt552::permanent, from("Exchange 2007: assumed as measured clients"));
  b.smtp_server.capabilities.set(
      {"SIZE", "PIPELINING", "DSN", "ENHANCEDSTATUSCODES", "8BITMIME", "BINARYMIME", "CHUNKING"},
      from("Exchange 2007: recalled"));
  b.smtp_server.recipient_limit.set(5000, from("Exchange 2007: recalled"));
  b.smtp_server.message_limit.set(0, from("Exchange 2007: limits are the organization's"));
  b.smtp_server.idle.set(Duration::minutes(5), from("Exchange 2007: recalled"));
  b.queue.ladder.set(transport::ladder_preset("exchange-2007"), from("Exchange 2007 Hub: ff344266, ff339771"));
  b.queue.message_ladder.set(transport::ladder_preset("exchange-2007-message"), from("Exchange 2007: ff345508"));
  b.queue.glitch.set({Duration::minutes(1), 4}, from("Exchange 2007: bb123505"));
  b.queue.problem_after.set(0, from("Exchange 2007: assumed"));
  b.queue.connections_per_domain.set(20, from("Exchange 2007: mail2007 blog, STIG"));
  b.queue.messages_per_connection.set(20, from("Exchange 2007: recalled"));
  b.transport.delay_notice.set(Duration::hours(4), from("Exchange 2007: book4u num_432"));
  b.transport.lifetime.set(Duration::days(2), from("Exchange 2007: book4u num_432"));
  b.routing.router.set(routing::RouterKind::sites, from("Exchange 2007: technet bb232193"));
  b.routing.hop_limit.set(30, from("Exchange 2007: recalled"));
  b.routing.unreachable_retry.set(Duration::hours(12), from("Exchange 2007: MaxIdleTimeBeforeResubmit"));
  b.transport.convert_at.set(transport::ConvertAt::categorizer, from("Exchange 2007: EX07help/6fd39079"));
  b.content.calendar_product.set("Microsoft Exchange Server 2007", from("Exchange 2007: real objects"));
  b.transport.report_shape.set(transport::ReportShape::exchange_2007, from("Exchange 2007: 7 real reports"));
}

// By the names of the information store's own values.
RegistryValue ignore_zombies() {
  return {"Ignore zombie users", "access control lists are upgraded without the names that the directory does not have",
          0, 1, [](NodeBehaviour& b, std::uint64_t value, const Laid& laid) {
            b.store.ignore_zombies.set(value == 1 ? smtp::Switch::on : smtp::Switch::off, laid);
          }};
}

// A switch that a hotfix brings: by itself it changes nothing, articles' remedies ask for it. Its subkey is not known.
std::vector<RegistryValue> switches_2003() {
  return {{"FixRecipientTrackStatusTime", "switches the hotfix KB938650 on", 0, 1,
           [](NodeBehaviour&, std::uint64_t, const Laid&) {}},
          ignore_zombies()};
}

constexpr Known kDocumented = Known::documented;
constexpr const char* kBuilds = "OfficeDocs-Exchange build numbers";
constexpr const char* kBuilds2007 = "microsoft/Get-ExchangeBuildNumber; OfficeDocs-Exchange build numbers";

std::vector<Release> exchange_5_5() {
  return {{"exchange-5.5-rtm", "Exchange Server 5.5", "5.5.1960", "1998-02-03", kDocumented, kBuilds},
          {"exchange-5.5-sp1", "Exchange Server 5.5 Service Pack 1", "5.5.2232", "1998-08-05", kDocumented, kBuilds},
          {"exchange-5.5-sp2", "Exchange Server 5.5 Service Pack 2", "5.5.2448", "1998-12-23", kDocumented, kBuilds},
          {"exchange-5.5-sp3", "Exchange Server 5.5 Service Pack 3", "5.5.2650", "1999-09-09", kDocumented, kBuilds},
          {"exchange-5.5-sp4", "Exchange Server 5.5 Service Pack 4", "5.5.2653", "2000-11-01", kDocumented, kBuilds}};
}

std::vector<Release> exchange_2000() {
  return {{"exchange-2000-rtm", "Exchange 2000 Server", "6.0.4417", "2000-11-29", kDocumented, kBuilds},
          {"exchange-2000-sp1", "Exchange 2000 Service Pack 1", "6.0.4712", "2001-06-21", kDocumented, kBuilds},
          {"exchange-2000-sp2", "Exchange 2000 Service Pack 2", "6.0.5762", "2001-11-29", kDocumented, kBuilds},
          {"exchange-2000-sp3", "Exchange 2000 Service Pack 3", "6.0.6249", "2002-07-18", kDocumented, kBuilds}};
}

std::vector<Release> exchange_2003() {
  return {{"exchange-2003-rtm", "Exchange Server 2003", "6.5.6944", "2003-09-28", kDocumented, kBuilds},
          {"exchange-2003-sp1", "Exchange Server 2003 Service Pack 1", "6.5.7226", "2004-05-25", kDocumented, kBuilds},
          {.name = "exchange-2003-sp2",
           .title = "Exchange Server 2003 Service Pack 2",
           .file = "6.5.7638",
           .date = "2005-10-19",
           .known = Known::recalled,
           .source = kBuilds,
           .note = "The list of builds prints 6.5.7683: two digits seem to have changed places, for what came after "
                   "it is 6.5.7653."}};
}

std::vector<Release> exchange_2007() {
  const char* inferred = "That it contains KB960384, which is older, is inferred.";
  return {
      {"exchange-2007-rtm", "Exchange Server 2007", "8.0.685.25", "2007-03-08", kDocumented, kBuilds2007},
      {"exchange-2007-sp1", "Exchange Server 2007 Service Pack 1", "8.1.240.6", "2007-11-29", kDocumented, kBuilds2007},
      {.name = "exchange-2007-sp2",
       .title = "Exchange Server 2007 Service Pack 2",
       .file = "8.2.176.2",
       .date = "2009-08-24",
       .known = kDocumented,
       .source = kBuilds2007,
       .contains = {"KB960384"},
       .note = inferred},
      {.name = "exchange-2007-sp3",
       .title = "Exchange Server 2007 Service Pack 3",
       .file = "8.3.83.6",
       .date = "2010-06-07",
       .known = kDocumented,
       .source = kBuilds2007,
       .contains = {"KB960384"},
       .note = inferred}};
}

}  // namespace

std::vector<Product> exchange_products() {
  return {{.name = "exchange-2000",
           .title = "Exchange 2000 Server",
           .releases = exchange_2000(),
           .runs_on = {"windows-2000"},
           .transport = false,
           .profile = exchange_2000_2003,
           .registry = {ignore_zombies()}},
          {.name = "exchange-2003",
           .title = "Exchange Server 2003",
           .releases = exchange_2003(),
           .runs_on = {"windows-2003", "windows-2000-sp3", "windows-2000-sp4"},
           .transport = false,
           .profile = exchange_2000_2003,
           .registry = switches_2003()},
          {.name = "exchange-2007",
           .title = "Exchange Server 2007, Hub Transport",
           .releases = exchange_2007(),
           .runs_on = {"windows-2003"},
           .profile = exchange_2007_hub},
          {.name = "exchange-5.5",
           .title = "Exchange Server 5.5, Internet Mail Service",
           .releases = exchange_5_5(),
           .runs_on = {"windows-2000"},
           .platform_note = "Windows NT 4 is not in the catalogue",
           .profile = internet_mail_service}};
}

}  // namespace deadletter::builds
