// A MAPI message as an Internet message.
#include <fmt/format.h>

#include <algorithm>

#include "models/content/convert.h"
#include "models/content/mapper.h"
#include "models/content/meeting_mime.h"
#include "models/content/mime.h"
#include "sim/time.h"

namespace deadletter::content {
namespace {

// As far as a day's nanoseconds fit into 64 bits: 1678 to 2261.
std::string mail_date(FileTime time) {
  constexpr std::int64_t kFirst = -106'650LL * 86'400'000'000'000, kLast = 106'650LL * 86'400'000'000'000;
  return sim::rfc5322_date(std::clamp(unix_ns(time), kFirst, kLast));
}

// Without an address there is nobody.
std::string mailbox(const std::string& name, const std::string& address) {
  if (name.empty() || name == address || address.empty()) return address;
  std::string encoded = encode_words(name), quoted;
  if (encoded != name) return fmt::format("{} <{}>", encoded, address);
  for (char c : name) {
    if (c == '"' || c == '\\') quoted.push_back('\\');
    quoted.push_back(c);
  }
  return fmt::format("\"{}\" <{}>", quoted, address);
}

std::string people(const Message& message, RecipientType type) {
  std::string list;
  for (const Row& row : message.recipients) {
    if (row.type() != type) continue;
    if (!list.empty()) list += ", ";
    list += mailbox(row.properties.get_text(tag::kDisplayName), row.address());
  }
  return list;
}

// A message that is to become an Internet message: its fields, then its body by what its class and attachments say.
class Converter {
 public:
  Converter(const Message& message, const ContentBehaviour& behaviour, const ReferenceTimes& times, Conversion& out,
            std::size_t depth)
      : message_(message),
        behaviour_(behaviour),
        times_(times),
        out_(out),
        depth_(depth),
        object_(object_kind(message.message_class())),
        mapper_(Direction::to_mime, object_, behaviour, times, out) {}

  Entity convert(ToMime& whole) {
    Entity entity;
    if (mapper_.part(PartKind::embedded_message, PartState::good, depth_) != PartMapped::Kind::convert) return entity;
    fields();
    if (sealed() == nullptr) entity = body(whole);
    entity.fields.insert(entity.fields.begin(), fields_.begin(), fields_.end());
    leave_trail(whole.trail);
    return entity;
  }
  // Content that another program has signed or encrypted goes as the octets that it is.
  const std::string* sealed() const {
    bool smime = message_.message_class().find(".SMIME") != std::string::npos && message_.attachments.size() == 1;
    const Binary* data = smime ? message_.attachments[0].properties.get<Binary>(tag::kAttachData) : nullptr;
    return data == nullptr ? nullptr : &data->octets;
  }

 private:
  void leave_trail(Trail& trail) const {
    for (const Mapper::Ruled& r : mapper_.wrote()) trail.written.emplace_back(r.other, r.blame);
    for (const Mapper::Ruled& r : mapper_.left_out()) {
      trail.left_out.emplace_back(r.other, r.blame);
      trail.missing = join(trail.missing, r.blame);
    }
  }

  const Properties& all() const { return message_.properties; }
  bool meeting() const { return object_ != ObjectKind::note && object_ != ObjectKind::report; }

  std::string words(Tag tag, std::string_view other) {
    auto value = mapper_.map(all(), tag, {.other = other});
    return value ? std::get<std::string>(*value) : "";
  }
  void field(std::string name, std::string value) {
    if (!value.empty()) fields_.push_back({std::move(name), std::move(value)});
  }

  void fields() {
    field("From", mailbox(words(tag::kSenderName, "From"), words(tag::kSenderAddress, "From")));
    field("To", people(message_, RecipientType::to));
    field("Cc", people(message_, RecipientType::cc));
    field("Subject", encode_words(words(tag::kSubject, "Subject")));
    auto sent = mapper_.map(all(), tag::kClientSubmitTime, {.other = "Date"});
    field("Date", mail_date(sent ? std::get<FileTime>(*sent) : times_.submitted));
    field("Message-ID", words(tag::kMessageId, "Message-ID"));
    if (!meeting()) importance();
    field("Content-class", meeting() ? "urn:content-classes:calendarmessage" : "urn:content-classes:message");
    field("MIME-Version", "1.0");
  }
  void importance() {
    constexpr const char* importances[] = {"low", "normal", "high"};
    constexpr const char* sensitivities[] = {"", "Personal", "Private", "Company-Confidential"};
    auto word = [&](Tag tag, const char* name, auto& words) {
      auto value = mapper_.map(all(), tag, {.other = name});
      auto n = value ? static_cast<std::size_t>(std::get<std::int32_t>(*value)) : std::size(words);
      if (n < std::size(words)) field(name, words[n]);
    };
    word(tag::kImportance, "Importance", importances);
    word(tag::kSensitivity, "Sensitivity", sensitivities);
  }

  Entity text(std::string type, std::string content) {
    Entity entity;
    entity.type = std::move(type);
    entity.parameters = {{"charset", "utf-8"}};
    entity.content = std::move(content);
    entity.encoding = encoding_of(entity.content);
    return entity;
  }
  Entity::Encoding encoding_of(std::string_view text) {
    WriteLineFacts facts{.longest = 0, .eight_bit = false, .bare_lf = false, .limit = *behaviour_.line_limit};
    std::uint64_t length = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      facts.eight_bit = facts.eight_bit || (text[i] & 0x80) != 0;
      facts.bare_lf = facts.bare_lf || (text[i] == '\n' && (i == 0 || text[i - 1] != '\r'));
      length = text[i] == '\n' ? 0 : length + (text[i] == '\r' ? 0 : 1);
      facts.longest = std::max(facts.longest, length);
    }
    auto ruling = behaviour_.write_line.rule(facts);
    out_.blame = join(out_.blame, ruling.blame);
    constexpr Entity::Encoding encodings[] = {Entity::Encoding::as_needed, Entity::Encoding::quoted_printable,
                                              Entity::Encoding::base64};
    return encodings[static_cast<std::size_t>(ruling.outcome)];
  }
  static Entity multipart(std::string type, std::vector<Entity> parts) {
    if (parts.size() == 1) return std::move(parts[0]);
    Entity entity;
    entity.type = std::move(type);
    entity.parts = std::move(parts);
    return entity;
  }

  Entity body(ToMime& whole) {
    std::vector<Entity> texts, parts;
    if (meeting()) {
      std::string description;
      Entity object = calendar(whole, description);
      texts = {text("text/plain", description), std::move(object)};
    } else {
      texts.push_back(text("text/plain", words(tag::kBody, "text/plain")));
      if (auto html = mapper_.map(all(), tag::kHtml, {.other = "text/html"}))
        texts.push_back(text("text/html", std::get<Binary>(*html).octets));
    }
    parts.push_back(multipart("multipart/alternative", std::move(texts)));
    for (const Attachment& a : message_.attachments) attachment(a, whole, parts);
    return multipart("multipart/mixed", std::move(parts));
  }
  Entity calendar(ToMime& whole, std::string& description) {
    Calendar calendar = calendar_of(message_, mapper_, whole, *behaviour_.calendar_product, times_);
    description = calendar.events.front().description;
    std::string method = calendar.method;
    Entity entity = text("text/calendar", write_calendar(calendar));
    entity.parameters.insert(entity.parameters.begin(), {"method", method});
    return entity;
  }
  void attachment(const Attachment& a, ToMime& whole, std::vector<Entity>& parts) {
    if (a.embedded != nullptr) {
      Converter converter(*a.embedded, behaviour_, times_, out_, depth_ + 1);
      Entity inner = converter.convert(whole), part;
      part.type = "message/rfc822";
      part.whole = converter.sealed() != nullptr;
      if (part.whole)
        part.content = write_fields(inner.fields) + *converter.sealed();
      else
        part.parts.push_back(std::move(inner));
      return parts.push_back(std::move(part));
    }
    const Binary* data = a.properties.get<Binary>(tag::kAttachData);
    PartState state = data == nullptr ? PartState::damaged : PartState::good;
    if (mapper_.part(PartKind::attachment, state, depth_) != PartMapped::Kind::convert || data == nullptr) return;
    std::string type = a.properties.get_text(tag::kAttachMimeTag), name = a.properties.get_text(tag::kAttachFilename);
    Entity part;
    // Octets of a type that has parts would be taken apart.
    bool of_parts = type.starts_with("multipart/");
    part.type = type.empty() || of_parts ? "application/octet-stream" : type;
    part.content = data->octets;
    if (!name.empty()) part.parameters = {{"name", name}};
    part.fields = {{"Content-Disposition", "attachment"}};
    parts.push_back(std::move(part));
  }

  const Message& message_;
  const ContentBehaviour& behaviour_;
  const ReferenceTimes& times_;
  Conversion& out_;
  std::size_t depth_;
  ObjectKind object_;
  Mapper mapper_;
  std::vector<Field> fields_;
};

}  // namespace

std::vector<Field> message_fields(const Message& message, const ReferenceTimes& times) {
  const Properties& all = message.properties;
  const FileTime* sent = all.get<FileTime>(tag::kClientSubmitTime);
  std::vector<Field> fields;
  auto field = [&](const char* name, std::string value) {
    if (!value.empty()) fields.push_back({name, std::move(value)});
  };
  field("From", mailbox(all.get_text(tag::kSenderName), all.get_text(tag::kSenderAddress)));
  field("To", people(message, RecipientType::to));
  field("Cc", people(message, RecipientType::cc));
  field("Subject", encode_words(all.get_text(tag::kSubject)));
  field("Date", mail_date(sent == nullptr ? times.submitted : *sent));
  field("Message-ID", all.get_text(tag::kMessageId));
  field("MIME-Version", "1.0");
  return fields;
}

namespace {

Blame blame_in(const std::vector<std::pair<std::string, Blame>>& list, std::string_view property) {
  Blame blame;
  for (const auto& [name, articles] : list)
    if (name == property) blame = join(blame, articles);
  return blame;
}

}  // namespace

Blame Trail::of(std::string_view property) const { return blame_in(written, property); }
Blame Trail::of_missing(std::string_view property) const { return blame_in(left_out, property); }

ToMime to_mime(const Message& message, const ContentBehaviour& behaviour, const ReferenceTimes& times,
               std::string_view boundary) {
  ToMime out;
  Converter converter(message, behaviour, times, out, 1);
  const std::string* sealed = converter.sealed();
  Entity entity = converter.convert(out);
  if (out.failed) return out;
  out.octets = sealed == nullptr ? write_mime(entity, boundary) : write_fields(entity.fields) + *sealed;
  return out;
}

}  // namespace deadletter::content
