#include "experiments/config/traffic_parts.h"

namespace deadletter::experiments {
namespace {

std::uint32_t described(Plan& plan, PlannedContent::Kind kind, Holding holding) {
  for (std::uint32_t i = 0; i < plan.contents.size(); ++i) {
    const PlannedContent& c = plan.contents[i];
    if (c.described && c.kind == kind && c.holding == holding) return i;
  }
  plan.contents.push_back({.kind = kind, .holding = holding, .described = true});
  return static_cast<std::uint32_t>(plan.contents.size() - 1);
}

}  // namespace

std::array<std::uint32_t, traffic::kKinds> contents_of(const Traffic& t, Plan& plan, ContentBinder& content) {
  std::array<std::uint32_t, traffic::kKinds> contents;
  TrafficContent what = t.content.value_or(TrafficContent{});
  contents.fill(content.described(what.holding));
  if (!what.mixed) return contents;
  using Planned = PlannedContent::Kind;
  auto set = [&](traffic::Kind kind, std::uint32_t content) { contents[static_cast<std::size_t>(kind)] = content; };
  set(traffic::Kind::attachment, described(plan, Planned::body, Holding::attachment));
  set(traffic::Kind::signed_mail, described(plan, Planned::body, Holding::clear_signed));
  set(traffic::Kind::meeting, described(plan, Planned::request, Holding::note));
  set(traffic::Kind::meeting_update, described(plan, Planned::update, Holding::note));
  return contents;
}

traffic::Sizes sizes_of(const Traffic& t, const traffic::Sizes& otherwise) {
  if (t.sizes == SizeCurve::mail_2002) return traffic::Sizes::mail_2002();
  if (t.size_asked) return traffic::Sizes::table({{*t.size_asked, 1}});
  return otherwise;
}

// Appends addresses, and says where they are.
traffic::Span append(std::vector<mail::AddressId>& all, const std::vector<mail::AddressId>& more) {
  traffic::Span span{static_cast<std::uint32_t>(all.size()), static_cast<std::uint32_t>(more.size())};
  all.insert(all.end(), more.begin(), more.end());
  return span;
}

}  // namespace deadletter::experiments
