// A message as MAPI holds it: properties, a recipient table whose rows have properties of their own, attachments,
// embedded messages.
#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "models/content/property.h"

namespace deadletter::content {

enum class RecipientType : std::int32_t { originator = 0, to = 1, cc = 2, bcc = 3 };

// PR_RECIPIENT_TRACKSTATUS (MS-OXOCAL 2.2.4.10.1): what an attendee has answered. `none` also when unset.
enum class TrackStatus : std::int32_t { none = 0, organized = 1, tentative = 2, accepted = 3, declined = 4 };

struct Row {
  Properties properties;

  std::string address() const { return properties.get_text(tag::kSmtpAddress); }
  RecipientType type() const;
  TrackStatus track_status() const;
  // An attendee who has answered: accepted, tentative or declined.
  bool answered() const { return track_status() >= TrackStatus::tentative && track_status() <= TrackStatus::declined; }
  friend bool operator==(const Row&, const Row&) = default;
};
Row make_row(const std::string& address, const std::string& name = "", RecipientType type = RecipientType::to);

struct Message;
struct Attachment {
  Properties properties;                    // name, MIME type; its octets in tag::kAttachData
  std::shared_ptr<const Message> embedded;  // instead of octets
  friend bool operator==(const Attachment& a, const Attachment& b);
};

struct Message {
  Properties properties;
  std::vector<Row> recipients;
  std::vector<Attachment> attachments;

  std::string message_class() const { return properties.get_text(tag::kMessageClass); }
  Row* find_recipient(const std::string& address);  // by SMTP address, without case; null when there is none
  const Row* find_recipient(const std::string& address) const;
  friend bool operator==(const Message&, const Message&) = default;
};

// Levels of messages inside messages; 1 for one without any.
std::size_t nesting(const Message& message);

}  // namespace deadletter::content
