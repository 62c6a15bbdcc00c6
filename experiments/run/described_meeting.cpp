#include "experiments/run/described_meeting.h"

#include "models/client/meetings.h"

namespace deadletter::experiments {

content::Message described_meeting(PlannedContent::Kind kind, std::int64_t now_unix_ns) {
  constexpr std::int64_t kHour = sim::Duration::hours(1).ns, kDay = sim::Duration::days(1).ns;
  const std::string attendee = "recipient@described.invalid";
  auto at = [&](std::int64_t later) { return content::file_time(now_unix_ns + later); };
  client::MeetingDraft draft{.organizer = "sender@described.invalid",
                             .attendees = {attendee},
                             .subject = "described",
                             .text = "A meeting is called.",
                             .start = at(kDay),
                             .end = at(kDay + kHour),
                             .key = "described"};
  content::Message item = client::new_meeting(draft, at(0));
  if (kind == PlannedContent::Kind::request) return client::request(item, at(0));
  content::Row& row = *item.find_recipient(attendee);
  row.properties.set(content::tag::kTrackStatus, static_cast<std::int32_t>(content::TrackStatus::accepted));
  row.properties.set(content::tag::kTrackStatusTime, content::FileTime{});
  client::change_time(item, at(kDay + kHour), at(kDay + 2 * kHour), at(0));
  return client::request(item, at(0));
}

}  // namespace deadletter::experiments
