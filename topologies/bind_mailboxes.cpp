#include "topologies/bind_mailboxes.h"

#include <algorithm>
#include <map>
#include <set>

#include "topologies/mailboxes.h"
#include "topologies/names.h"

namespace deadletter::topologies {
namespace {

void lower_domain(std::string& text) {
  std::size_t at = text.rfind('@');
  if (at != text.npos) text = text.substr(0, at) + lowered(text.substr(at));
}

// FNV-1a: only which addresses to compare letter by letter depends on it.
std::uint64_t hash(std::string_view text) {
  std::uint64_t value = 14695981039346656037ULL;
  for (char c : text) value = (value ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return value;
}

class MailboxBinder {
 public:
  MailboxBinder(File& file, json::Problems& problems) : file_(file), problems_(problems) {}

  void bind() {
    for (const Domain& d : file_.domains)
      if (!d.foreign) owners_.emplace(lowered(d.name.value), organization_of(d.organization));
    for (const Server& s : file_.servers) check(s);
    if (!too_many_) find_doubles();
  }

 private:
  struct Entry {
    MailboxSeries series;  // the domain in small letters
    const json::Place* place;
  };

  void problem(const json::Place& place, std::string message) {
    topologies::problem(problems_, place, std::move(message));
  }
  std::string organization_of(const std::optional<Name>& name) const {
    if (name) return name->value;
    return file_.organizations.empty() ? "" : file_.organizations.front().value;
  }

  void check(const Server& s) {
    if (!s.mailboxes.empty() && !s.roles.mailbox)
      problem(s.mailboxes[0].place, fmt::format("{} has mailboxes, but not the role mailbox", s.name.value));
    for (const Name& entry : s.mailboxes) {
      std::string why;
      auto series = parse_mailboxes(entry.value, why);
      if (!series) {
        problem(entry.place, why);
        continue;
      }
      check_owner(s, entry);
      bool fitted = !too_many_;
      count_ += series->count();
      too_many_ = count_ > kMostMailboxes;
      if (too_many_ && fitted)
        problem(entry.place, fmt::format("with these there are more than {} mailboxes", kMostMailboxes));
      lower_domain(series->numbered ? series->after : series->before);
      entries_.push_back({std::move(*series), &entry.place});
    }
  }
  void check_owner(const Server& s, const Name& entry) {
    auto owner = owners_.find(lowered(entry.value.substr(entry.value.rfind('@') + 1)));
    if (owner == owners_.end())
      problem(entry.place, fmt::format("\"{}\" is in no domain of the organization", entry.value));
    else if (owner->second != organization_of(s.organization))
      problem(entry.place, fmt::format("\"{}\" is in a domain of {}, but {} belongs to {}", entry.value, owner->second,
                                       s.name.value, organization_of(s.organization)));
  }

  template <class Take>
  void each_address(Take take) const {
    for (const Entry& e : entries_)
      for (std::int64_t n = e.series.first; n <= e.series.last; ++n) take(e.series.at(n), *e.place);
  }
  // Two ranges may meet in the middle of both ("u{1..20}" and "u1{0..9}"), so all addresses are compared.
  void find_doubles() {
    std::vector<std::uint64_t> hashes;
    hashes.reserve(static_cast<std::size_t>(count_));
    each_address([&](const std::string& address, const json::Place&) { hashes.push_back(hash(address)); });
    std::ranges::sort(hashes);
    std::set<std::uint64_t> twice;
    for (auto at = std::ranges::adjacent_find(hashes); at != hashes.end();
         at = std::adjacent_find(at + 1, hashes.end()))
      twice.insert(*at);
    if (twice.empty()) return;
    std::set<std::string> seen;
    each_address([&](const std::string& address, const json::Place& place) {
      if (twice.contains(hash(address)) && !seen.insert(address).second)
        problem(place, fmt::format("the address {} is used already", address));
    });
  }

  File& file_;
  json::Problems& problems_;
  std::map<std::string, std::string> owners_;  // domain -> organization
  std::vector<Entry> entries_;
  std::int64_t count_ = 0;
  bool too_many_ = false;
};

}  // namespace

void bind_mailboxes(File& file, json::Problems& problems) { MailboxBinder(file, problems).bind(); }

}  // namespace deadletter::topologies
