#include "experiments/traffic/mix.h"

#include <algorithm>
#include <array>

namespace deadletter::traffic {
namespace {

constexpr sim::Purpose kGap{"traffic.profile.gap"}, kSender{"traffic.profile.sender"}, kSize{"traffic.profile.size"},
    kShape{"traffic.profile.shape"}, kRecipient{"traffic.profile.recipient"}, kSlot{"traffic.burst.slot"};

constexpr int kCountBits = 24, kKindBits = 20, kFirstBits = 20, kWhereBits = 24, kWhomBits = 40;

constexpr double kNever = 9e18;  // nanoseconds: nearly all that 64 bits hold

// The first `bits` of a draw that have not been taken yet.
std::uint32_t take(std::uint64_t& draw, int bits) {
  auto taken = static_cast<std::uint32_t>(draw >> (64 - bits));
  draw <<= bits;
  return taken;
}

std::uint32_t scaled(std::uint64_t millionths, int bits) {
  return static_cast<std::uint32_t>(((millionths << bits) + kMillion / 2) / kMillion);
}

}  // namespace

Mix::Mix(Pace pace, RankLaw senders, const std::vector<std::uint64_t>& recipients, Sizes sizes, const Shares& shares)
    : pace_(pace), ranks_(std::move(senders)), counts_(recipients), sizes_(std::move(sizes)) {
  std::uint64_t sum = 0;
  auto up_to = [&](Share share, int bits) { return scaled(sum += part(shares, share), bits); };
  kind_ends_[0] = up_to(Share::attachments, kKindBits);
  kind_ends_[1] = up_to(Share::signed_mail, kKindBits);
  kind_ends_[2] = up_to(Share::meetings, kKindBits);
  kind_ends_[3] = up_to(Share::meeting_updates, kKindBits);
  sum = 0;
  list_end_ = up_to(Share::lists, kFirstBits);
  folder_end_ = up_to(Share::folders, kFirstBits);
  fax_end_ = up_to(Share::faxes, kFirstBits);
  // Of all recipients: the Internet first, then parts of what is inside.
  std::uint64_t internet = part(shares, Share::internet), inside = kMillion - internet;
  auto within = [&](std::uint64_t share) { return scaled(internet + inside * share / kMillion, kWhereBits); };
  internet_end_ = scaled(internet, kWhereBits);
  server_end_ = within(part(shares, Share::same_server));
  site_end_ = within(std::uint64_t{part(shares, Share::same_server)} + part(shares, Share::same_site));
}

std::optional<sim::Instant> Mix::next(const sim::Chance& chance, const Source& source, std::uint64_t n,
                                      sim::Instant last) const {
  if (!source.burst) {
    double gap = unit_gap(chance.draw(kGap, source.key, n)) * source.mean_gap;
    if (gap >= kNever) return std::nullopt;
    return pace_.next(last, {std::max<std::int64_t>(1, static_cast<std::int64_t>(gap + 0.5))});
  }
  const Burst& burst = *source.burst;
  if (n >= burst.messages) return std::nullopt;
  auto slot = [&](std::uint64_t i) {
    return static_cast<std::uint64_t>(Wide{static_cast<std::uint64_t>(burst.over.ns)} * i / burst.messages);
  };
  std::uint64_t begin = slot(n), width = std::max<std::uint64_t>(1, slot(n + 1) - begin);
  return burst.at + sim::Duration{static_cast<std::int64_t>(begin + chance.below(width, kSlot, source.key, n))};
}

std::uint64_t Mix::expected_until(sim::Instant until, std::uint64_t messages) const {
  if (sources.empty()) return 0;
  if (const auto& burst = sources.front().burst) {
    double share = static_cast<double>((until - burst->at).ns) / static_cast<double>(burst->over.ns);
    return static_cast<std::uint64_t>(std::clamp(share, 0.0, 1.0) * static_cast<double>(messages));
  }
  double share = static_cast<double>(pace_.work_until(until)) / static_cast<double>(pace_.work());
  return static_cast<std::uint64_t>(share * static_cast<double>(messages));
}

// Addresses lie far apart: all are asked for before the first one is looked at.
Mix::Message Mix::draw(const sim::Chance& chance, const Source& source, std::uint64_t n,
                       std::vector<mail::AddressId>& recipients) const {
  recipients.clear();
  std::uint64_t who = chance.draw(kSender, source.key, n), shape = chance.draw(kShape, source.key, n);
  std::uint32_t rank = source.plain ? static_cast<std::uint32_t>(Wide{who} * source.senders.count >> 64)
                                    : ranks_.pick(who, source.senders.count);
  const mail::AddressId* sender = &addresses[source.senders.begin + rank];
  __builtin_prefetch(sender);
  std::uint32_t count = counts_.pick(take(shape, kCountBits) << (32 - kCountBits)) + 1;
  std::uint32_t kind = take(shape, kKindBits), first = take(shape, kFirstBits);
  std::array<Aim, kMostRecipients> aims;  // left as it is beyond `count`
  for (std::uint32_t i = 0; i < count; ++i) {
    std::uint64_t drawn = chance.draw(kRecipient, source.key, n * kMostRecipients + i);
    bool no_mailbox = i == 0 && first < fax_end_ && !source.plain;
    aims[i] = no_mailbox ? aim_first(source, first, drawn) : aim(source, drawn);
    __builtin_prefetch(&addresses[aims[i].begin + aims[i].at]);
  }
  Message message{.sender = {}, .size = sizes_.draw(chance.draw(kSize, source.key, n)), .kind = Kind::note};
  constexpr Kind kinds[] = {Kind::attachment, Kind::signed_mail, Kind::meeting, Kind::meeting_update};
  if (kind < kind_ends_[kKinds - 2])
    message.kind = kinds[std::ranges::upper_bound(kind_ends_, kind) - std::begin(kind_ends_)];
  message.sender = *sender;
  for (std::uint32_t i = 0; i < count; ++i)
    if (!add(aims[i], *sender, recipients)) add_wider(source, aims[i], *sender, recipients);
  if (recipients.empty()) recipients.push_back(*sender);
  return message;
}

Mix::Aim Mix::aim_at(Span among, std::uint64_t draw) const {
  auto at = static_cast<std::uint32_t>((draw >> (64 - kWhomBits)) * among.count >> kWhomBits);
  return {among.begin, among.count, at, draw};
}

Mix::Aim Mix::aim_outside(std::uint64_t draw) const {
  constexpr int kDomainBits = 24;
  std::uint32_t domain = outside.domains.pick(take(draw, kDomainBits) << (32 - kDomainBits));
  return aim_at({outside.correspondents.begin + domain * outside.of_a_domain, outside.of_a_domain}, draw);
}

Mix::Aim Mix::aim(const Source& source, std::uint64_t draw) const {
  std::uint32_t where = take(draw, kWhereBits);
  if (source.plain) return aim_at(source.organization, draw);
  if (where < internet_end_)
    return outside.correspondents.count > 0 ? aim_outside(draw) : aim_at(source.organization, draw);
  return aim_at(where < server_end_ ? source.server : where < site_end_ ? source.site : source.organization, draw);
}

// Who is no mailbox, or somebody when there is none such.
Mix::Aim Mix::aim_first(const Source& source, std::uint32_t what, std::uint64_t draw) const {
  const Span& among = what < list_end_ ? source.lists : what < folder_end_ ? source.folders : source.faxes;
  return among.count == 0 ? aim(source, draw) : aim_at(among, draw << kWhereBits);
}

// False when there is nobody among them who is not there already.
bool Mix::add(const Aim& aim, mail::AddressId sender, std::vector<mail::AddressId>& recipients) const {
  std::uint32_t at = aim.at;
  // One more than are taken is free.
  std::size_t most = std::min<std::size_t>(aim.count, recipients.size() + 2);
  for (std::size_t tried = 0; tried < most; ++tried) {
    mail::AddressId address = addresses[aim.begin + at];
    if (address != sender && std::ranges::find(recipients, address) == recipients.end()) {
      recipients.push_back(address);
      return true;
    }
    at = at + 1 == aim.count ? 0 : at + 1;
  }
  return false;
}

void Mix::add_wider(const Source& source, const Aim& aim, mail::AddressId sender,
                    std::vector<mail::AddressId>& recipients) const {
  if (source.plain) return;
  bool within = aim.count < source.site.count && aim.begin < outside.correspondents.begin;
  if (within && add(aim_at(source.site, aim.draw), sender, recipients)) return;
  if (add(aim_at(source.organization, aim.draw), sender, recipients)) return;
  if (outside.correspondents.count > 0) add(aim_outside(aim.draw), sender, recipients);
}

}  // namespace deadletter::traffic
