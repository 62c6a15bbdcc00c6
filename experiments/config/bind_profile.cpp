// Binding of mail by a profile: the order of all addresses, a source for each server with mailboxes that send and for
// each domain outside, and their rates.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "experiments/config/bind_traffic.h"
#include "experiments/config/traffic_parts.h"
#include "experiments/config/traffic_people.h"
#include "experiments/traffic/profile.h"
#include "sim/json/excerpt.h"
#include "sim/json/units.h"

namespace deadletter::experiments {
namespace {

using traffic::Share;
using traffic::Span;

constexpr sim::Purpose kRank{"traffic.profile.rank"};
constexpr std::int64_t kHour = sim::Duration::hours(1).ns, kDay = sim::Duration::days(1).ns, kWeek = 7 * kDay;
constexpr std::uint32_t kFaxes = 10;  // different numbers in a domain

std::uint32_t millionths(const json::Fraction& f) {
  return static_cast<std::uint32_t>((std::uint64_t{f.numerator} * traffic::kMillion + f.denominator / 2) /
                                    f.denominator);
}

class ProfileBinder {
 public:
  ProfileBinder(const Traffic& traffic, Plan& plan, ContentBinder& content, json::Problems& problems)
      : t_(traffic),
        profile_(*traffic::find_profile(traffic.profile->value)),
        plan_(plan),
        content_(content),
        problems_(problems),
        people_(plan, problems) {}

  void bind() {
    std::size_t before = problems_.count();
    traffic::Pace pace = bind_pace();
    bind_shares();
    bind_users();
    auto senders = t_.senders ? people_.mailboxes_of(*t_.senders) : people_.mailboxes();
    if (senders.empty() && !t_.senders) return problem(t_.place, "the topology lists no mailbox: nobody sends");
    if (problems_.count() > before || pace.work() == 0) return;
    mix_ = std::make_shared<traffic::Mix>(pace, traffic::RankLaw(bands_), profile_.recipients,
                                          sizes_of(t_, profile_.sizes), shares_);
    order_people(senders);
    bind_others();
    bind_rates(pace, senders.size());
    if (problems_.count() > before) return;
    PlannedTraffic planned{.contents = contents_of(t_, plan_, content_), .begins = from_, .ends = to_};
    planned.expected = sent_ + received_;
    std::uint64_t weights = 0, recipients = 0;
    for (std::size_t i = 0; i < profile_.recipients.size(); ++i) {
      weights += profile_.recipients[i];
      recipients += profile_.recipients[i] * (i + 1);
    }
    planned.expected_recipients = static_cast<std::uint64_t>(
        static_cast<double>(planned.expected) * static_cast<double>(recipients) / static_cast<double>(weights));
    planned.mix = std::move(mix_);
    plan_.traffic.push_back(std::move(planned));
  }

 private:
  void problem(const json::Place& place, std::string message) {
    problems_.add(json::problem_at(place, std::move(message)));
  }

  traffic::Pace bind_pace() {
    traffic::Week week = profile_.week;
    if (!t_.weekdays.empty() && t_.hours.empty()) problem(t_.place, "\"weekdays\" need \"hours\" beside them");
    if (!t_.hours.empty()) {
      std::array<std::uint32_t, traffic::kHoursADay> hours;
      std::array<std::uint32_t, traffic::kDays> days;
      days.fill(1);
      std::ranges::copy(t_.hours, hours.begin());
      std::ranges::copy(t_.weekdays, days.begin());
      week = traffic::Week::of(hours, days);
    }
    if (week.working_days() == 0)
      problem(t_.place, "nobody sends from Monday to Friday: \"hours\" or \"weekdays\" are 0");
    // 5 January 1970 was a Monday.
    std::int64_t begins = ((plan_.start_unix_ns - 4 * kDay) % kWeek + kWeek) % kWeek;
    if (t_.start_hour) begins += *t_.start_hour * kHour - begins % kDay / kHour * kHour;
    from_ = {t_.at_ns};
    if (t_.over_ns && t_.days != 0) problem(t_.place, "mail by a profile has one end: \"over\" or \"days\"");
    to_ = t_.over_ns     ? from_ + sim::Duration{*t_.over_ns}
          : t_.days != 0 ? from_ + sim::Duration::days(t_.days)
                         : plan_.horizon;
    if (to_ > plan_.horizon || from_ >= to_)
      problem(t_.place,
              fmt::format("the mail goes on from {} to {}, and the horizon is {}", json::format_duration(from_.ns),
                          json::format_duration(to_.ns), json::format_duration(plan_.horizon.ns)));
    traffic::Pace pace(week, {begins}, from_, std::max(from_, std::min(to_, plan_.horizon)));
    if (week.sum() != 0 && from_ < to_ && pace.work() == 0)
      problem(t_.place, "nobody sends in all that time: the profile's hours lie elsewhere (\"start\", \"start_hour\")");
    return pace;
  }

  void bind_shares() {
    shares_ = profile_.shares;
    auto set = [&](Share share, std::uint32_t value) { shares_[static_cast<std::size_t>(share)] = value; };
    for (const auto& s : t_.shares)
      for (const traffic::ShareInfo& info : traffic::share_table())
        if (s.key == info.name) set(info.share, millionths(s.value));
    domains_ = people_.foreign_domains(t_.internet ? t_.internet->domains : std::vector<Name>{});
    if (domains_.empty()) set(Share::internet, 0), set(Share::from_the_internet, 0);
    if (t_.internet && domains_.empty())
      problem(t_.place, "there is nobody outside: \"internet\" needs a foreign domain of the topology");
    if (t_.internet && t_.internet->out) set(Share::internet, millionths(*t_.internet->out));
    if (t_.internet && t_.internet->in) set(Share::from_the_internet, millionths(*t_.internet->in));
    if (std::string what = traffic::excess(shares_); !what.empty())
      problem(t_.shares.front().place, fmt::format("{} are more than all, with what the profile has", what));
  }

  void bind_users() {
    bands_ = profile_.senders;
    per_thousand_ = profile_.a_day_per_thousand;
    if (!t_.users.empty()) {
      std::vector<std::uint64_t> parts(traffic::user_classes().size());
      for (const auto& u : t_.users)
        for (std::size_t i = 0; i < parts.size(); ++i)
          if (u.key == traffic::user_classes()[i].name) parts[i] = millionths(u.value);
      std::uint64_t sum = std::accumulate(parts.begin(), parts.end(), std::uint64_t{0});
      constexpr std::uint64_t kRounding = 4;
      if (sum + kRounding < traffic::kMillion || sum > traffic::kMillion + kRounding)
        return problem(t_.users.front().place, fmt::format("the shares of users add up to {:g}, not to 1",
                                                           static_cast<double>(sum) / traffic::kMillion));
      bands_ = traffic::bands_of(parts);
      per_thousand_ = traffic::a_day_per_thousand(parts);
    }
    if (bands_.empty() || !t_.skewed.value_or(true)) bands_ = {{1, 1}};
    if (t_.per_mailbox) per_thousand_ = static_cast<std::uint64_t>(*t_.per_mailbox) * 1000;
    if (t_.messages && t_.per_mailbox) problem(t_.place, "the volume is said once: by \"messages\" or \"per_mailbox\"");
  }

  // Who is near whom: an AD site, or a routing group.
  std::uint64_t place_of(const routing::Server& server) const {
    constexpr std::uint64_t kSite = std::uint64_t{1} << 32;
    return server.router == routing::RouterKind::sites ? kSite | server.site.value : server.group.value;
  }

  // By organization, place, server; of a server those who send first, in an order that chance has made: the busiest
  // rank first.
  void order_people(const std::vector<mail::AddressId>& senders) {
    const auto& servers = plan_.organization.routing.servers;
    std::vector<std::vector<mail::AddressId>> sending(servers.size()), others(servers.size());
    for (mail::AddressId id : senders) sending[plan_.home_of(id).value].push_back(id);
    if (t_.senders)
      for (mail::AddressId id : people_.mailboxes())
        if (!std::ranges::binary_search(senders, id)) others[plan_.home_of(id).value].push_back(id);
    std::vector<std::uint32_t> order;
    for (std::uint32_t i = 0; i < servers.size(); ++i)
      if (!sending[i].empty() || !others[i].empty()) order.push_back(i);
    std::ranges::stable_sort(order, {},
                             [&](std::uint32_t i) { return std::pair(servers[i].organization, place_of(servers[i])); });
    for (std::uint32_t i : order) {
      shuffle(sending[i], i);
      Span send = append(mix_->addresses, sending[i]), rest = append(mix_->addresses, others[i]);
      Span whole{send.begin, send.count + rest.count};
      for (auto* wider :
           {&places_[{servers[i].organization, place_of(servers[i])}], &organizations_[servers[i].organization]}) {
        if (wider->count == 0) wider->begin = whole.begin;
        wider->count += whole.count;
      }
      if (send.count > 0) mix_->sources.push_back({.key = source_key(plan_, i), .senders = send, .server = whole});
    }
    everybody_ = {0, static_cast<std::uint32_t>(mix_->addresses.size())};
  }

  void shuffle(std::vector<mail::AddressId>& people, std::uint32_t server) const {
    sim::Chance chance(plan_.seed);
    for (std::size_t left = people.size(); left > 1; --left)
      std::swap(people[left - 1], people[chance.below(left, kRank, source_key(plan_, server), left)]);
  }

  NodeId home(const traffic::Source& source) const { return plan_.home_of(mix_->addresses[source.senders.begin]); }

  // Whom servers' people write to besides each other.
  void bind_others() {
    const auto& servers = plan_.organization.routing.servers;
    std::map<std::uint32_t, Span> lists, folders;  // by organization
    std::map<mail::DomainId, Span> faxes;
    for (const auto& [organization, span] : organizations_) {
      lists[organization] = append(mix_->addresses, objects(directory::Kind::group, organization));
      folders[organization] = append(mix_->addresses, objects(directory::Kind::public_folder, organization));
    }
    check_there(lists, "lists", "distribution list");
    check_there(folders, "folders", "public folder that has an address");
    for (traffic::Source& source : mix_->sources) {
      const routing::Server& server = servers[home(source).value];
      source.site = places_.at({server.organization, place_of(server)});
      source.organization = organizations_.at(server.organization);
      source.lists = lists.at(server.organization);
      source.folders = folders.at(server.organization);
      if (part(shares_, Share::faxes) == 0) continue;
      mail::DomainId domain = plan_.addresses.domain(mix_->addresses[source.senders.begin]);
      auto [found, fresh] = faxes.try_emplace(domain);
      if (fresh) found->second = append(mix_->addresses, numbers(domain));
      source.faxes = found->second;
    }
  }

  std::vector<mail::AddressId> objects(directory::Kind kind, std::uint32_t organization) const {
    std::vector<mail::AddressId> found;
    for (std::size_t i = 0; plan_.directory != nullptr && i < plan_.directory->addresses.size(); ++i) {
      mail::AddressId address = plan_.directory->addresses[i];
      directory::ObjectId id{static_cast<std::uint32_t>(i)};
      if (!address.valid() || plan_.directory->forests.object(id).kind != kind) continue;
      const PlannedDomain* domain = plan_.domain_of(address);
      if (domain != nullptr && !domain->foreign && domain->organization == organization) found.push_back(address);
    }
    return found;
  }

  // What is asked for in so many words must be there; of what a profile has, what is not there is left out.
  void check_there(const std::map<std::uint32_t, Span>& spans, std::string_view share, const char* what) {
    bool there = std::ranges::any_of(spans, [](const auto& s) { return s.second.count > 0; });
    for (const auto& s : t_.shares)
      if (s.key == share && s.value.numerator > 0 && !there)
        problem(s.place, fmt::format("the topology has no {}", what));
  }

  std::vector<mail::AddressId> numbers(mail::DomainId domain) {
    std::vector<mail::AddressId> all;
    for (std::uint32_t i = 0; i < kFaxes; ++i) {
      mail::OneOff number{.type = "FAX", .value = fmt::format("01710202{:02}", 25 + i)};
      all.push_back(plan_.addresses.intern(mail::encapsulated(number, plan_.addresses.text(domain))));
      plan_.one_offs.emplace(all.back(), std::move(number));
    }
    return all;
  }

  void bind_rates(const traffic::Pace& pace, std::size_t people) {
    std::uint64_t in = part(shares_, Share::from_the_internet), inside = traffic::kMillion - in;
    if (t_.messages) {
      received_ = (static_cast<std::uint64_t>(*t_.messages) * in + traffic::kMillion / 2) / traffic::kMillion;
      sent_ = static_cast<std::uint64_t>(*t_.messages) - received_;
    } else {
      std::uint64_t volume = pace.messages((people * per_thousand_ + 500) / 1000);
      sent_ = inside == 0 ? 0 : volume;
      received_ = inside == 0 ? volume : volume * in / inside;
    }
    constexpr std::uint64_t kMost = 1'000'000'000;
    if (sent_ + received_ == 0) return problem(t_.place, "not even one message is to be expected");
    if (sent_ + received_ > kMost)
      return problem(t_.place, fmt::format("{} messages are more than a run can hold, {}", sent_ + received_, kMost));
    if (sent_ == 0) mix_->sources.clear();
    for (traffic::Source& s : mix_->sources) s.mean_gap = pace.mean_gap(sent_, s.senders.count, people);
    bind_outside(pace);
  }

  void bind_outside(const traffic::Pace& pace) {
    if (part(shares_, Share::internet) == 0 && received_ == 0) return;
    Internet internet = t_.internet.value_or(Internet{});
    auto each = static_cast<std::uint32_t>(internet.correspondents);
    mix_->outside.of_a_domain = each;
    mix_->outside.correspondents.begin = static_cast<std::uint32_t>(mix_->addresses.size());
    std::vector<std::uint64_t> weights;
    for (std::size_t i = 0; i < domains_.size(); ++i) {
      append(mix_->addresses, people_.correspondents(domains_[i], each));
      weights.push_back(traffic::kMillion * 1000ULL / (internet.alike ? 1 : i + 1));
    }
    mix_->outside.correspondents.count = each * static_cast<std::uint32_t>(domains_.size());
    mix_->outside.domains = traffic::Alias(weights);
    std::uint64_t sum = std::accumulate(weights.begin(), weights.end(), std::uint64_t{0});
    for (std::size_t i = 0; received_ > 0 && i < domains_.size(); ++i)
      mix_->sources.push_back(
          {.key = source_key(plan_, kOutsideKey | domains_[i].value),
           .senders = {mix_->outside.correspondents.begin + static_cast<std::uint32_t>(i) * each, each},
           .organization = everybody_,
           .plain = true,
           .mean_gap = pace.mean_gap(received_, weights[i], sum)});
  }

  const Traffic& t_;
  const traffic::Profile& profile_;
  Plan& plan_;
  ContentBinder& content_;
  json::Problems& problems_;
  TrafficPeople people_;
  std::shared_ptr<traffic::Mix> mix_;
  sim::Instant from_{}, to_{};
  traffic::Shares shares_{};
  std::vector<traffic::Band> bands_;
  std::uint64_t per_thousand_ = 0, sent_ = 0, received_ = 0;
  std::vector<mail::DomainId> domains_;
  std::map<std::pair<std::uint32_t, std::uint64_t>, Span> places_;
  std::map<std::uint32_t, Span> organizations_;
  Span everybody_;
};

}  // namespace

void bind_profile(const Traffic& traffic, Plan& plan, ContentBinder& content, json::Problems& problems) {
  ProfileBinder(traffic, plan, content, problems).bind();
}

}  // namespace deadletter::experiments
