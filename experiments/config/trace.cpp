#include "experiments/config/trace.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <numeric>

#include "experiments/config/load.h"
#include "experiments/traffic/sizes.h"
#include "sim/fingerprint.h"
#include "sim/json/excerpt.h"
#include "sim/json/utf8.h"

namespace deadletter::experiments {
namespace {

constexpr sim::Purpose kHome{"traffic.home"}, kServer{"traffic.server"}, kSize{"traffic.size"};

constexpr std::int64_t kDay = 86400;
constexpr std::int64_t kLastSecond = 7'000'000'000;
constexpr const char* kPerson = "a person's name of up to 40 letters, digits, \"-\" and \"_\"";

struct Row {
  std::int64_t time = 0;
  std::string sender;
  std::vector<std::string> recipients;
  std::size_t line = 0;
};

bool person(std::string_view text) {
  return !text.empty() && text.size() <= 40 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

// Fields without quotes: the format has none.
std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t at; (at = text.find(separator)) != text.npos; text.remove_prefix(at + 1))
    parts.push_back(text.substr(0, at));
  parts.push_back(text);
  return parts;
}

class Reader {
 public:
  Reader(const Traffic& traffic, std::shared_ptr<const json::Source> source, Plan& plan, json::Problems& problems)
      : traffic_(traffic), source_(std::move(source)), plan_(plan), problems_(problems) {}

  void read() {
    read_rows();
    std::ranges::stable_sort(rows_, {}, &Row::time);
    choose_days();
    if (rows_.empty() && problems_.empty())
      return problems_.add(json::problem_at(
          traffic_.trace->place, fmt::format("no message of {} lies in the days that are asked for", source_->name)));
    for (const Row& row : rows_) add_mail(row);
  }

 private:
  void read_rows() {
    std::string_view text = source_->text;
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // spreadsheets write a byte order mark
    std::size_t line_number = 0;
    while (!text.empty()) {
      std::size_t end = text.find('\n');
      std::string_view line = text.substr(0, end);
      text.remove_prefix(end == text.npos ? text.size() : end + 1);
      if (line.ends_with('\r')) line.remove_suffix(1);
      ++line_number;
      if (line_number == 1 && line != "time,sender,recipients")
        return problem(
            1, fmt::format("the first line of a trace is \"time,sender,recipients\", found {}", json::show(line)));
      if (line_number > 1 && !line.empty()) read_row(line, line_number);
    }
  }

  void read_row(std::string_view line, std::size_t number) {
    auto fields = split(line, ',');
    Row row{.sender = {}, .recipients = {}, .line = number};
    if (fields.size() != 3)
      return problem(number, fmt::format("expected three fields (time,sender,recipients), found {}", fields.size()));
    auto wrong = [&](std::string_view field, std::string_view expected) {
      auto column = static_cast<int>(json::count_code_points(line.substr(0, field.data() - line.data()))) + 1;
      problem(number, fmt::format("expected {}, found {}", expected, json::show(field)), column);
    };
    auto [end, error] = std::from_chars(fields[0].data(), fields[0].data() + fields[0].size(), row.time);
    if (error != std::errc{} || end != fields[0].data() + fields[0].size() || row.time < 0 || row.time > kLastSecond)
      return wrong(fields[0], "whole seconds since 1970, up to the year 2191");
    if (!person(fields[1])) return wrong(fields[1], kPerson);
    row.sender = fields[1];
    for (std::string_view r : split(fields[2], ';')) {
      if (!person(r)) return wrong(r, kPerson);
      row.recipients.emplace_back(r);
    }
    rows_.push_back(std::move(row));
  }

  // Keeps the days that are asked for.
  void choose_days() {
    std::map<std::int64_t, std::int64_t> per_day;
    std::int64_t first = traffic_.from ? json::days_since_1970(*traffic_.from) : 0;
    for (const Row& row : rows_)
      if (row.time / kDay >= first) ++per_day[row.time / kDay];
    std::erase_if(per_day, [&](const auto& day) { return day.second <= traffic_.more_than_per_day; });
    if (traffic_.days > 0)
      while (per_day.size() > static_cast<std::size_t>(traffic_.days)) per_day.erase(std::prev(per_day.end()));
    std::erase_if(rows_, [&](const Row& row) { return !per_day.contains(row.time / kDay); });
  }

  void add_mail(const Row& row) {
    // Days of the trace keep their distance; the first one begins with the run.
    std::int64_t midnight = rows_.front().time / kDay * kDay;
    sim::Instant at{(row.time - midnight) * 1'000'000'000};
    if (at > plan_.horizon) {
      if (!std::exchange(beyond_, true))
        problem(
            row.line,
            "this message and those after it are sent after the horizon: make the horizon longer or \"days\" fewer");
      return;
    }
    PlannedMail mail{.name = {},
                     .at = at,
                     .from = home(row.sender, traffic_.senders->value),
                     .to = {},
                     .subject = {},
                     .size = size_of(plan_.mail.size())};
    for (const std::string& r : row.recipients) mail.to.push_back(home(r, recipient_domain(r)));
    keep_first_of_each(mail.to);
    plan_.mail.push_back(std::move(mail));
  }

  std::uint64_t size_of(std::uint64_t message) const {
    if (traffic_.sizes == SizeCurve::fixed) return traffic_.size;
    return traffic::size_of_2002(sim::Chance(plan_.seed).draw(kSize, message, 0));
  }

  mail::AddressId home(const std::string& person, const std::string& domain) {
    mail::AddressId id = plan_.addresses.intern(fmt::format("p{}@{}", person, domain));
    if (!plan_.home_of(id).valid()) plan_.settle(id, home_server(person, id));
    return id;
  }

  // A person of an own domain has the mailbox on one of its organization's servers that the topology gives mailboxes
  // (on any with the role, when it gives none), each as likely as the others; of a foreign one at its first exchanger.
  NodeId home_server(const std::string& person, mail::AddressId id) {
    const PlannedDomain& domain = *plan_.domain_of(id);
    if (domain.foreign) return domain.hosts.front();
    auto [found, fresh] = mailbox_servers_.try_emplace(domain.organization);
    auto& servers = found->second;
    if (!fresh) return one_of(servers, person);
    const auto& all = plan_.organization.routing.servers;
    std::vector<NodeId> with_role;
    for (std::uint32_t i = 0; i < all.size(); ++i) {
      const topologies::Server& host = plan_.organization.hosts[i];
      if (all[i].foreign || all[i].organization != domain.organization || !host.roles.mailbox) continue;
      with_role.push_back({i});
      if (!host.mailboxes.empty()) servers.push_back({i});
    }
    if (servers.empty()) servers = std::move(with_role);
    return one_of(servers, person);
  }
  NodeId one_of(const std::vector<NodeId>& servers, const std::string& person) const {
    return servers[sim::Chance(plan_.seed).below(servers.size(), kServer, key_of(person), 0)];
  }

  static std::uint64_t key_of(const std::string& person) {
    std::uint64_t key = 14695981039346656037ULL;
    for (char c : person) key = (key ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    return key;
  }

  // By chance keyed to the person, so that a person lives in one place in every variant.
  const std::string& recipient_domain(const std::string& person) {
    auto [found, fresh] = homes_.try_emplace(person);
    if (!fresh) return *found->second;
    std::uint64_t denominator = 1;
    for (const Placement& p : traffic_.recipients)
      denominator = std::lcm(denominator, std::uint64_t{p.share.denominator});
    std::uint64_t drawn = sim::Chance(plan_.seed).below(denominator, kHome, key_of(person), 0);
    for (const Placement& p : traffic_.recipients) {
      found->second = &p.domain.value;
      std::uint64_t share = denominator / p.share.denominator * p.share.numerator;
      if (drawn < share) break;
      drawn -= share;
    }
    return *found->second;
  }

  void problem(std::size_t line, std::string message, int column = 1) {
    problems_.add(json::problem_at({source_, {static_cast<int>(line), column}, ""}, std::move(message)));
  }

  const Traffic& traffic_;
  std::shared_ptr<const json::Source> source_;
  Plan& plan_;
  json::Problems& problems_;
  std::vector<Row> rows_;
  std::map<std::string, const std::string*> homes_;
  std::map<std::uint32_t, std::vector<NodeId>> mailbox_servers_;  // by organization
  bool beyond_ = false;
};

}  // namespace

void read_trace(const Traffic& traffic, const std::string& path, Plan& plan, json::Problems& problems) {
  json::Problems unread;
  auto source = read_source(path, "the trace", unread);
  if (source == nullptr) {
    problems.add(json::problem_at(
        traffic.trace->place,
        fmt::format("{} ({}); say where it is with --set trace=FILE, or another JSON Pointer to this value",
                    unread.sorted().front().message, path)));
    return;
  }
  plan.inputs.push_back({"trace", path, sim::hash_octets(source->text)});
  Reader(traffic, source, plan, problems).read();
}

}  // namespace deadletter::experiments
