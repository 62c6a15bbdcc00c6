#include "models/content/tnef.h"

#include <fmt/format.h>

#include <vector>

#include "models/content/tnef_down_level.h"
#include "models/content/tnef_format.h"
#include "models/content/tnef_properties.h"

namespace deadletter::content {
namespace {

using namespace tnef;

// One stream; an embedded message is a stream of its own, one level deeper.
class StreamReader {
 public:
  StreamReader(std::string_view octets, std::size_t base, std::size_t depth_left)
      : octets_(octets), base_(base), depth_left_(depth_left) {}

  bool read(Message& message) {
    if (depth_left_ == 0) return fail(base_, "messages are embedded too deep");
    if (!split()) return false;
    for (const Attribute& a : attributes_)
      if (a.level == Level::message ? !read_of_message(a, message) : !read_of_attachment(a, message)) return false;
    add_down_level(message);
    return true;
  }

  const std::string& reason() const { return reason_; }

 private:
  bool fail(std::size_t offset, const char* reason) {
    reason_ = fmt::format("octet {}: {}", offset, reason);
    return false;
  }
  bool fail(const Cursor& at) {
    reason_ = at.reason();
    return false;
  }

  // The stream as attributes. All that is said about lengths and checksums is checked here, before anything is read.
  bool split() {
    Cursor in(octets_, base_);
    if (in.number32() != kSignature) return fail(base_, "no TNEF signature");
    in.number16();  // the key
    while (in.good() && !in.at_end()) {
      std::string_view level = in.take(1);
      auto id = static_cast<Id>(in.number32());
      std::uint32_t size = in.number32();
      std::size_t offset = in.offset();
      std::string_view data = in.take(size);
      std::uint16_t sum = in.number16();
      if (!in.good()) break;
      if (level != "\x01" && level != "\x02") return fail(offset - kAttributeHead, "an attribute has no known level");
      if (sum != checksum(data)) return fail(offset, "a checksum is wrong");
      attributes_.push_back({static_cast<Level>(level[0]), id, data, offset});
      if (id == Id::oem_code_page && data.size() >= 4) code_page_ = Cursor(data, offset).number32();
    }
    return in.good() || fail(in);
  }

  std::optional<PropertyList> read_list(const Attribute& a) {
    Cursor in(a.data, a.offset);
    PropertyList list = read_properties(in, code_page_);
    if (!in.at_end()) in.fail("there is something after the last property");
    if (in.good()) return list;
    fail(in);
    return std::nullopt;
  }

  bool read_of_message(const Attribute& a, Message& message) {
    if (a.id == Id::recipient_table) return read_recipients(a, message);
    if (a.id != Id::message_properties) return true;
    std::optional<PropertyList> list = read_list(a);
    if (list) message.properties = std::move(list->properties);
    return list.has_value();
  }

  bool read_recipients(const Attribute& a, Message& message) {
    Cursor in(a.data, a.offset);
    message.recipients.clear();
    std::uint32_t count = in.number32();
    for (std::uint32_t i = 0; i < count && in.good(); ++i)
      message.recipients.push_back({read_properties(in, code_page_).properties});
    if (!in.at_end()) in.fail("there is something after the last recipient");
    return in.good() || fail(in);
  }

  // attAttachRenddata begins an attachment, attAttachment is the last thing about it.
  bool read_of_attachment(const Attribute& a, Message& message) {
    if (a.id == Id::attach_rendering) {
      message.attachments.emplace_back();
      return true;
    }
    if (message.attachments.empty()) return fail(a.offset, "an attachment does not begin with its rendering");
    Attachment& attachment = message.attachments.back();
    Properties& properties = attachment.properties;
    if (a.id == Id::attach_data && !properties.has(tag::kAttachData))
      properties.set(tag::kAttachData, Binary{std::string(a.data)});
    if (a.id == Id::attach_title && !properties.has(tag::kAttachFilename))
      properties.set(tag::kAttachFilename, down_level_text(a.data, code_page_));
    return a.id != Id::attachment || read_attachment(a, attachment);
  }

  bool read_attachment(const Attribute& a, Attachment& attachment) {
    std::optional<PropertyList> list = read_list(a);
    if (!list) return false;
    for (const Property& p : list->properties.all()) attachment.properties.set(p.tag, p.value);
    if (list->message.empty()) return true;
    auto embedded = std::make_shared<Message>();
    StreamReader nested(list->message, list->message_offset, depth_left_ - 1);
    if (!nested.read(*embedded)) {
      reason_ = nested.reason();
      return false;
    }
    attachment.embedded = std::move(embedded);
    return true;
  }

  // Encapsulated properties are whole; down-level ones only stand in for them.
  void add_down_level(Message& message) {
    std::vector<Attribute> down_level;
    auto set_missing = [&](Tag tag, auto value) {
      if (value && !message.properties.has(tag)) message.properties.set(tag, std::move(*value));
    };
    for (const Attribute& a : attributes_) {
      if (a.level != Level::message) continue;
      down_level.push_back(a);
      if (a.id == Id::message_class)
        set_missing(tag::kMessageClass, std::optional(mapi_class(down_level_text(a.data, code_page_))));
      if (a.id == Id::priority) set_missing(tag::kImportance, importance_of(a.data));
    }
    DownLevel read = read_down_level(down_level, code_page_);
    set_missing(tag::kSubject, std::move(read.subject));
    set_missing(tag::kBody, std::move(read.body));
    set_missing(tag::kClientSubmitTime, read.sent);
    set_missing(tag::kDeliveryTime, read.received);
    set_missing(tag::kStartDate, read.start);
    set_missing(tag::kEndDate, read.end);
  }

  // attPriority counts down: 1 is high, 3 is low (MS-OXTNEF); PR_IMPORTANCE counts up from 0.
  static std::optional<std::int32_t> importance_of(std::string_view data) {
    std::uint16_t priority = Cursor(data, 0).number16();
    if (priority < 1 || priority > 3) return std::nullopt;
    return 3 - priority;
  }

  std::string_view octets_;
  std::size_t base_, depth_left_;
  std::uint32_t code_page_ = kCodePage;
  std::vector<Attribute> attributes_;
  std::string reason_;
};

}  // namespace

ReadTnef read_tnef(std::string_view octets, std::size_t depth_limit) {
  Message message;
  StreamReader reader(octets, 0, depth_limit);
  if (!reader.read(message)) return {std::nullopt, reader.reason()};
  return {std::move(message), ""};
}

}  // namespace deadletter::content
