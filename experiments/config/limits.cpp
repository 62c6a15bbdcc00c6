#include "experiments/config/limits.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/json/units.h"

namespace deadletter::experiments {
namespace {

using sim::Duration;

constexpr Duration kShortestStep = Duration::seconds(1);
constexpr std::int64_t kMostAttempts = 1'000'000;  // of one message at one server
constexpr std::uint64_t kMostDaysOnTheWire = 100 * 365;

std::string text(Duration d) { return json::format_duration(d.ns); }

class Checker {
 public:
  Checker(const Plan& plan, json::Problems& problems) : plan_(plan), problems_(problems) {}

  // What the experiment sets beforehand.
  void check_node(NodeId id) {
    const PlannedNode& node = plan_.nodes[id.value];
    where_ = "/attributes/" + json::escape_pointer_part(node.name);
    check(id, node.resolved.behaviour, false);
  }
  // What a change sets; the rest has been looked at.
  void check_change(const PlannedChange& change) {
    where_ = change.pointer + "/attributes";
    if (plan_.resolved.find_pointer(where_) != nullptr) check(change.node, change.after->behaviour, true);
  }

  void check(NodeId id, const builds::NodeBehaviour& b, bool of_change) {
    node_ = &plan_.nodes[id.value], behaviour_ = &b, of_change_ = of_change;
    const auto& queue = b.queue;
    const auto& server = b.smtp_server;
    check_steps("queue.ladder", *queue.ladder);
    check_steps("queue.message_ladder", *queue.message_ladder);
    if (queue.glitch->count > 0) check_step("queue.glitch", queue.glitch->interval);
    check_attempts("queue.ladder", *queue.ladder);
    check_attempts("queue.message_ladder", *queue.message_ladder);
    check_steps("queue.mailbox_ladder", *queue.mailbox_ladder);
    if (*b.routing.router == routing::RouterKind::sites) check_attempts("queue.mailbox_ladder", *queue.mailbox_ladder);
    check_site(id);
    check_period("transport.link_probe", *b.routing.link_probe);
    check_period("transport.unreachable_retry", *b.routing.unreachable_retry);
    check_range("transport.hop_limit", *b.routing.hop_limit, 1, 1000);
    check_range("queue.connections", *queue.connections, 1, 1'000'000);
    check_range("queue.per_domain", *queue.connections_per_domain, 1, 1'000'000);
    check_range("smtp.server.recipient_limit", *server.recipient_limit, 0, 1'000'000'000);
    check_steps("store.delivery_ladder", *b.store.delivery_ladder);
    check_attempts("store.delivery_ladder", *b.store.delivery_ladder);
    check_period("x400.open_retries", b.x400.open_retries->interval);
    check_period("x400.transfer_retries", b.x400.transfer_retries->interval);
    check_range("x400.hop_limit", *b.x400.hop_limit, 1, 1000);
    check_range("content.nesting_limit", *b.content.nesting_limit, 1, 64);
    check_days(*b.content.variant_time_range);
    check_range("smtp.server.recipient_limit_code", *server.recipient_limit_code, 400, 599);
  }

  // Everything at once on one link that is divided among transfers: its end must be within what a date can hold.
  void check_wire() {
    __extension__ using Wide = unsigned __int128;
    Wide octets = 0;
    for (const PlannedMail& m : plan_.mail) octets += Wide{m.size} * m.to.size();
    for (const topologies::Link& l : plan_.organization.links) {
      Wide days = octets * 8 / l.bandwidth_bps / 86400;
      if (l.sharing != sim::Sharing::shared || days <= kMostDaysOnTheWire) continue;
      problems_.add(json::problem_at(
          l.name.place,
          fmt::format("all mail of the experiment would take {} days on link \"{}\" of {}, more than a "
                      "run can count: make the mail less, the link wider, or its sharing \"latency\"",
                      static_cast<std::uint64_t>(days), l.name.value, json::format_bandwidth(l.bandwidth_bps))));
    }
  }

 private:
  // Where the experiment sets an attribute of the node.
  json::Place place_of(const std::string& attribute) const {
    std::string pointer = where_ + "/" + attribute;
    const json::Value* value = plan_.resolved.find_pointer(pointer);
    if (value == nullptr) return {};
    return {value->source(), value->position(), pointer};
  }
  void problem(const std::string& attribute, std::string message) {
    json::Place place = place_of(attribute);
    if (!of_change_ || place.source != nullptr) problems_.add(json::problem_at(place, std::move(message)));
  }

  bool check_step(const std::string& attribute, Duration step) {
    if (step >= kShortestStep) return true;
    problem(attribute, fmt::format("{} of {}: {} is too short between two attempts, the shortest is {}", attribute,
                                   node_->name, text(step), text(kShortestStep)));
    return false;
  }
  // Something done again and again for as long as mail waits; 0 = not at all.
  void check_period(const std::string& attribute, Duration period) {
    if (period.ns != 0) check_step(attribute, period);
  }
  void check_steps(const std::string& attribute, const transport::Ladder& ladder) {
    for (Duration step : ladder.steps)
      if (!check_step(attribute, step)) return;
  }

  void check_attempts(const std::string& attribute, const transport::Ladder& ladder) {
    if (ladder.steps.empty() || ladder.steps.back() < kShortestStep) return;
    Duration step = ladder.steps.back();  // it repeats
    Duration span = std::min(*behaviour_->transport.lifetime, plan_.horizon - sim::Instant{});
    if (span.ns / step.ns <= kMostAttempts) return;
    bool by_ladder = place_of(attribute).source != nullptr;
    problem(by_ladder ? attribute : "transport.lifetime",
            fmt::format("{} would try a message {} times: every {} ({}), for {} (transport.lifetime and the horizon); "
                        "at most {} attempts are made",
                        node_->name, span.ns / step.ns, text(step), attribute, text(span), kMostAttempts));
  }

  // Ways among sites begin at the own one.
  void check_site(NodeId id) {
    const routing::Server& server = plan_.organization.routing.servers[id.value];
    if (*behaviour_->routing.router != routing::RouterKind::sites || server.foreign || server.site.valid()) return;
    problem("transport.router",
            fmt::format("{} is in no AD site, and can route by none: give it a \"site\"", node_->name));
  }

  void check_days(const content::VariantRange& range) {
    if (range.first_day > range.last_day)
      problem("content.variant_time_range",
              fmt::format("content.variant_time_range of {}: its last day is before its first", node_->name));
  }
  void check_range(const std::string& attribute, std::uint64_t value, std::uint64_t lo, std::uint64_t hi) {
    if (value >= lo && value <= hi) return;
    problem(attribute, fmt::format("{} of {} is from {} to {}, found {}", attribute, node_->name, lo, hi, value));
  }

  const Plan& plan_;
  json::Problems& problems_;
  const PlannedNode* node_ = nullptr;
  const builds::NodeBehaviour* behaviour_ = nullptr;  // of the node, as it is to be
  std::string where_;                                 // in the experiment: its attributes
  bool of_change_ = false;
};

}  // namespace

void check_limits(const Plan& plan, json::Problems& problems) {
  Checker checker(plan, problems);
  for (std::uint32_t i = 0; i < plan.nodes.size(); ++i) checker.check_node({i});
  for (const PlannedChange& change : plan.changes) checker.check_change(change);
  checker.check_wire();
}

}  // namespace deadletter::experiments
