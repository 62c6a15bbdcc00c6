// Windows and its SMTP service (smtpsvc), on which Exchange 2000 and 2003 send and receive.
#include "models/builds/product.h"

namespace deadletter::builds {
namespace {

using sim::Duration;

Laid from(const char* source) { return {Layer::profile, source}; }

// The answer of the standard holds for an unexpected 3yz at the dot too (temporary): inferred from KB912341, whose
// messages are retried and not returned. Laid here by name, so that `explain` shows that it is the product's.
void smtp_service(NodeBehaviour& b) {
  b.smtp_client.reply_class.answer_as(smtp::as_designed_reply_class,
                                      from("Windows SMTP: 3yz at the dot, inferred from KB912341"));
  b.smtp_client.rcpt_552.set(smtp::Rcpt552::surplus, from("Windows SMTP: learn cc787577, KB822105"));
  b.smtp_server.capabilities.set({"TURN", "SIZE 2097152", "ETRN", "PIPELINING", "DSN", "ENHANCEDSTATUSCODES",
                                  "8bitmime", "BINARYMIME", "CHUNKING", "VRFY"},
                                 from("Windows SMTP: beta/279616"));
  b.smtp_server.recipient_limit.set(100, from("Windows SMTP: learn cc787577"));
  b.smtp_server.message_limit.set(2048 * 1024, from("Windows SMTP: winintro 3dd4df43"));
  b.smtp_server.idle.set(Duration::minutes(10), from("Windows SMTP: EX00help moc04_14b"));
  b.queue.ladder.set(transport::ladder_preset("iis"), from("Windows SMTP: technet cc757058"));
  b.queue.glitch.set({Duration::seconds(60), 3}, from("Windows SMTP: learn aa998772"));
  b.queue.problem_after.set(2, from("Windows SMTP: KB308350"));
  b.queue.connections_per_domain.set(100, from("Windows SMTP: EX00help moc04_14b"));
  b.queue.messages_per_connection.set(20, from("Windows SMTP: recalled"));
  b.routing.hop_limit.set(15, from("Windows SMTP: napolifirewall table; 30 recalled"));
  b.transport.delay_notice.set(Duration::hours(12), from("Windows SMTP: winintro 0abc4d78"));
  b.transport.lifetime.set(Duration::days(2), from("Windows SMTP: good2use knet dlvr"));
  b.transport.report_shape.set(transport::ReportShape::windows_smtp, from("Windows SMTP: 20 real reports"));
}

std::vector<RegistryValue> smtp_registry() {
  return {{"GlitchRetrySeconds", "seconds between glitch retries (SMTPSvc\\Queuing)", 1, 86400,
           [](NodeBehaviour& b, std::uint64_t value, const Laid& laid) {
             transport::Glitch glitch = *b.queue.glitch;
             glitch.interval = Duration::seconds(static_cast<std::int64_t>(value));
             b.queue.glitch.set(glitch, laid);
           }},
          {"PerMsgFailuresBeforeMarkingAsProblem",
           "failures before a message goes behind others (SMTPSVC\\Queuing); 0 = never", 0, 1000000,
           [](NodeBehaviour& b, std::uint64_t value, const Laid& laid) { b.queue.problem_after.set(value, laid); }}};
}

constexpr const char* kBanners = "banners of its SMTP service by service pack; date recalled";

std::vector<Release> windows_2000() {
  constexpr Known known = Known::documented;
  return {
      {"windows-2000-rtm", "Windows 2000 Server", "smtpsvc.dll 5.0.2172.1", "2000-02-17", known, kBanners},
      {"windows-2000-sp1", "Windows 2000 Service Pack 1", "smtpsvc.dll 5.0.2195.1600", "2000-07-31", known, kBanners},
      {"windows-2000-sp2", "Windows 2000 Service Pack 2", "smtpsvc.dll 5.0.2195.2966", "2001-05-16", known, kBanners},
      {"windows-2000-sp3", "Windows 2000 Service Pack 3", "smtpsvc.dll 5.0.2195.5329", "2002-08-01", known, kBanners},
      {"windows-2000-sp4", "Windows 2000 Service Pack 4", "smtpsvc.dll 5.0.2195.6713", "2003-06-26", known, kBanners}};
}

std::vector<Release> windows_2003() {
  return {{.name = "windows-2003-rtm",
           .title = "Windows Server 2003",
           .file = "smtpsvc.dll 6.0.3790.0",
           .date = "2003-04-24",
           .source = "recalled; 6.0.3790.211 is seen on patched servers"},
          {.name = "windows-2003-sp1",
           .title = "Windows Server 2003 Service Pack 1",
           .file = "smtpsvc.dll 6.0.3790.1830",
           .date = "2005-03-30",
           .source = "recalled"},
          {.name = "windows-2003-sp2",
           .title = "Windows Server 2003 Service Pack 2",
           .file = "smtpsvc.dll 6.0.3790.3959",
           .date = "2007-03-13",
           .source = "recalled",
           .contains = {"KB912341"}}};
}

}  // namespace

std::vector<Product> windows_products() {
  return {{.name = "windows-2000",
           .title = "Windows 2000 Server",
           .releases = windows_2000(),
           .profile = smtp_service,
           .registry = smtp_registry()},
          {.name = "windows-2003",
           .title = "Windows Server 2003",
           .releases = windows_2003(),
           .profile = smtp_service,
           .registry = smtp_registry()}};
}

}  // namespace deadletter::builds
