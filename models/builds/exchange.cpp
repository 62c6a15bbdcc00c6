// Exchange 2000, 2003 and 2007. The first two send and receive through the SMTP service of Windows below them.
#include "models/builds/product.h"

namespace deadletter::builds {
namespace {

using sim::Duration;

Laid from(const char* source) { return {Layer::profile, source}; }

void exchange_2000_2003(NodeBehaviour& b) {
  b.queue.ladder.set(transport::ladder_preset("esm"), from("Exchange 2000/2003 virtual server: recalled"));
  b.smtp_server.recipient_limit.set(64000, from("Exchange 2000/2003 virtual server: recalled"));
  b.smtp_server.message_limit.set(0, from("Exchange 2000/2003: limits are the organization's"));
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
  b.transport.report_shape.set(transport::ReportShape::exchange_2007, from("Exchange 2007: 7 real reports"));
}

}  // namespace

std::vector<Product> exchange_products() {
  return {{.name = "exchange-2000",
           .title = "Exchange 2000 Server",
           .releases = {{"exchange-2000-sp3", "Exchange 2000 Service Pack 3", "6.0.6249"}},
           .runs_on = {"windows-2000"},
           .transport = false,
           .profile = exchange_2000_2003},
          {.name = "exchange-2003",
           .title = "Exchange Server 2003",
           .releases = {{"exchange-2003-rtm", "Exchange Server 2003", "6.5.6944"},
                        {"exchange-2003-sp1", "Exchange Server 2003 Service Pack 1", "6.5.7226"},
                        {"exchange-2003-sp2", "Exchange Server 2003 Service Pack 2", "6.5.7638"}},
           .runs_on = {"windows-2000", "windows-2003"},
           .transport = false,
           .profile = exchange_2000_2003},
          {.name = "exchange-2007",
           .title = "Exchange Server 2007, Hub Transport",
           .releases = {{"exchange-2007-rtm", "Exchange Server 2007", "8.0.685.25"},
                        {"exchange-2007-sp1", "Exchange Server 2007 Service Pack 1", "8.1.240.6"}},
           .runs_on = {"windows-2003"},
           .profile = exchange_2007_hub}};
}

}  // namespace deadletter::builds
