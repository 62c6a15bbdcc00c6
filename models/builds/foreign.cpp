// Foreign mail servers, as measured and documented. Where nothing is laid, the server does as the standard, that is as
// the majority of the measured ones.
#include "models/builds/product.h"

namespace deadletter::builds {
namespace {

using sim::Duration;
using smtp::ReplyClass;
using smtp::ReplyClassFacts;
using smtp::Stage;

Laid laid_from(const char* source) { return {Layer::profile, source}; }

// Measured: what does not fit at the dot is a protocol error and final; a 5yz greeting is tried again; 4yz to EHLO is
// answered with HELO.
ReplyClass postfix_reply_class(const ReplyClassFacts& facts) {
  int digit = facts.code / 100;
  if (facts.ended == smtp::Ended::reply) {
    if (facts.stage == Stage::dot && digit == 3) return ReplyClass::permanent;
    if (facts.stage == Stage::greeting && digit == 5) return ReplyClass::temporary;
    if (facts.stage == Stage::ehlo && digit == 4 && facts.code != 421) return ReplyClass::fall_back;
  }
  return smtp::as_designed_reply_class(facts);
}

ReplyClass sendmail_reply_class(const ReplyClassFacts& facts) {
  bool misfit = facts.ended == smtp::Ended::reply && facts.stage == Stage::dot && facts.code / 100 == 3;
  return misfit ? ReplyClass::permanent : smtp::as_designed_reply_class(facts);
}

ReplyClass exim_reply_class(const ReplyClassFacts& facts) {
  bool helo =
      facts.ended == smtp::Ended::reply && facts.stage == Stage::ehlo && facts.code / 100 == 4 && facts.code != 421;
  return helo ? ReplyClass::fall_back : smtp::as_designed_reply_class(facts);
}

// Eight bits pass as they are: Exim is no protocol converter.
smtp::BodyForPeer exim_body_for_peer(const smtp::BodyForPeerFacts& facts) {
  bool too_large = facts.size_offered && facts.size_limit != 0 && facts.size > facts.size_limit;
  return too_large ? smtp::BodyForPeer::return_too_large : smtp::BodyForPeer::as_is;
}

void postfix(NodeBehaviour& b, const char* ladder) {
  b.smtp_client.reply_class.answer_as(postfix_reply_class, laid_from("Postfix: measured 3.7"));
  b.queue.ladder.set(transport::ladder_preset(ladder), laid_from("Postfix: qmgr(8)"));
  b.queue.problem_after.set(0, laid_from("Postfix: each message has its own time"));
  b.queue.connections_per_domain.set(20, laid_from("Postfix: default_destination_concurrency_limit"));
  b.routing.hop_limit.set(50, laid_from("Postfix: hopcount_limit, recalled"));
  b.transport.lifetime.set(Duration::days(5), laid_from("Postfix: maximal_queue_lifetime"));
  b.transport.delay_notice.set({}, laid_from("Postfix: delay_warning_time, recalled"));
  b.transport.expiry_status.set(transport::ExpiryStatus::last_status, laid_from("Postfix: measured 3.7"));
  b.transport.report_shape.set(transport::ReportShape::postfix, laid_from("Postfix: bounce(5)"));
}

void sendmail(NodeBehaviour& b) {
  b.smtp_client.reply_class.answer_as(sendmail_reply_class, laid_from("Sendmail: measured 8.17"));
  b.queue.ladder.set(transport::ladder_preset("sendmail"), laid_from("Sendmail: -q30m, recalled"));
  b.queue.problem_after.set(0, laid_from("Sendmail: assumed"));
  b.routing.hop_limit.set(25, laid_from("Sendmail: MaxHopCount, recalled"));
  b.transport.lifetime.set(Duration::days(5), laid_from("Sendmail: Timeout.queuereturn"));
  b.transport.delay_notice.set(Duration::hours(4), laid_from("Sendmail: Timeout.queuewarn"));
}

void exim(NodeBehaviour& b) {
  b.smtp_client.reply_class.answer_as(exim_reply_class, laid_from("Exim: measured 4.96"));
  b.smtp_client.body_for_peer.answer_as(exim_body_for_peer, laid_from("Exim: specification, accept_8bitmime"));
  b.smtp_client.timer_scope.set(smtp::TimerScope::per_reply, laid_from("Exim: measured 4.96"));
  b.smtp_client.reply_code_from.set(smtp::CodeFrom::first_line, laid_from("Exim: measured 4.96"));
  b.queue.ladder.set(transport::ladder_preset("exim"), laid_from("Exim: 30_exim4-config"));
  b.queue.problem_after.set(0, laid_from("Exim: assumed"));
  b.routing.hop_limit.set(30, laid_from("Exim: received_headers_max, recalled"));
  b.transport.lifetime.set(Duration::days(4), laid_from("Exim: 30_exim4-config; counted there from the first failure"));
  b.transport.delay_notice.set(Duration::hours(24), laid_from("Exim: delay_warning, recalled"));
  b.transport.expiry_status.set(transport::ExpiryStatus::generic_5_0_0, laid_from("Exim: deliver.c"));
}

}  // namespace

std::vector<Product> foreign_products() {
  return {{.name = "exim-4",
           .title = "Exim 4",
           .releases = {{"exim-4", "Exim 4 with Debian's retry rules", ""}},
           .profile = exim},
          {.name = "postfix-2.2",
           .title = "Postfix",
           .releases = {{"postfix-2.2", "Postfix 2.2", ""}},
           .profile = [](NodeBehaviour& b) { postfix(b, "postfix-2.2"); }},
          {.name = "postfix-2.4",
           .title = "Postfix 2.4 and later",
           .releases = {{"postfix-2.4", "Postfix 2.4", ""}},
           .profile = [](NodeBehaviour& b) { postfix(b, "postfix-2.4"); }},
          {.name = "sendmail-8",
           .title = "Sendmail 8",
           .releases = {{"sendmail-8", "Sendmail 8", ""}},
           .profile = sendmail}};
}

}  // namespace deadletter::builds
