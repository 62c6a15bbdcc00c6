// An Internet message as a MAPI message.
#include <algorithm>

#include "models/content/convert.h"
#include "models/content/mapper.h"
#include "models/content/meeting_mime.h"
#include "models/content/mime.h"
#include "models/content/tnef.h"

namespace deadletter::content {
namespace {

bool sealed_type(const Entity& entity) {
  return entity.type == "multipart/signed" || entity.type == "application/pkcs7-mime" ||
         entity.type == "application/x-pkcs7-mime";
}

// "Bob Lee" <bob@fabrikam.com>, bob@fabrikam.com
struct Mailbox {
  std::string name, address;
};
std::vector<Mailbox> mailboxes(std::string_view field) {
  std::vector<Mailbox> list;
  bool quoted = false, escaped = false;
  std::string name, word;
  auto trim = [](std::string text) {
    text.erase(0, text.find_first_not_of(" \t"));
    text.erase(text.find_last_not_of(" \t") + 1);
    return text;
  };
  auto flush = [&] {
    if (!trim(word).empty()) list.push_back({trim(name), trim(word)});
    name.clear(), word.clear();
  };
  for (char c : field) {
    if (escaped || (quoted && c == '\\')) {
      if (escaped) word.push_back(c);
      escaped = !escaped;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && c == '<') {
      name = std::exchange(word, "");
    } else if (!quoted && c == ',') {
      flush();
    } else if (quoted || c != '>') {
      word.push_back(c);
    }
  }
  flush();
  return list;
}

class Converter {
 public:
  Converter(const Trail& trail, const ContentBehaviour& behaviour, const ReferenceTimes& times, Conversion& out,
            std::size_t depth)
      : trail_(trail), behaviour_(behaviour), times_(times), out_(out), depth_(depth) {}

  // `octets` are those that `entity` was read from.
  Message convert(const Entity& entity, std::string_view octets) {
    Mapper mapper(Direction::from_mime, ObjectKind::note, behaviour_, times_, out_);
    mapper_ = &mapper;
    if (mapper.part(PartKind::embedded_message, PartState::good, depth_) != PartMapped::Kind::convert) return {};
    message_.properties.set(tag::kMessageClass, std::string("IPM.Note"));
    fields(entity);
    sealed_type(entity) ? seal(entity, octets) : part(entity, octets);
    return std::move(message_);
  }

 private:
  void take(Tag tag, std::optional<Value> value, std::string_view other) {
    Blame read = value ? trail_.of(other) : trail_.of_missing(other);
    auto mapped = mapper_->map(value, read, tag, {.other = other});
    if (mapped)
      message_.properties.set(tag, *mapped, mapper_->written());
    else
      message_.properties.leave_out(tag, mapper_->written());
  }
  // A field by the point's leave: with its value, cut, or not at all.
  std::string header(const Entity& entity, std::string_view name) {
    auto field = std::ranges::find_if(entity.fields, [&](const Field& f) { return same(f.name, name); });
    if (field == entity.fields.end()) return "";
    auto ruling = behaviour_.read_header.rule(
        {.name = name, .size = field->value.size(), .folded = false, .valid = true, .limit = *behaviour_.header_limit});
    out_.blame = join(out_.blame, join(ruling.blame, ruling.blame ? behaviour_.header_limit.blame() : Blame{}));
    using Kind = HeaderRead::Kind;
    if (ruling.outcome.kind == Kind::fail) mapper_->fail(ruling.outcome.code, std::string(name), "", ruling.blame);
    if (ruling.outcome.kind == Kind::absent || ruling.outcome.kind == Kind::fail) return "";
    std::size_t most = ruling.outcome.kind == Kind::shortened ? *behaviour_.header_limit : field->value.size();
    return field->value.substr(0, most);
  }
  static bool same(std::string_view a, std::string_view b) {
    auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::ranges::equal(a, b, {}, lower, lower);
  }
  static std::optional<Value> or_nothing(std::string text) {
    return text.empty() ? std::nullopt : std::optional<Value>(std::move(text));
  }

  void fields(const Entity& entity) {
    auto from = mailboxes(header(entity, "From"));
    if (!from.empty()) {
      take(tag::kSenderAddress, or_nothing(from[0].address), "From");
      take(tag::kSenderName, or_nothing(decode_words(from[0].name)), "From");
    }
    for (auto [name, type] : {std::pair{"To", RecipientType::to}, std::pair{"Cc", RecipientType::cc}})
      for (const Mailbox& m : mailboxes(header(entity, name)))
        message_.recipients.push_back(make_row(m.address, decode_words(m.name), type));
    take(tag::kSubject, or_nothing(decode_words(header(entity, "Subject"))), "Subject");
    auto sent = parse_mail_date(header(entity, "Date"));
    take(tag::kClientSubmitTime, sent ? std::optional<Value>(file_time(*sent)) : std::nullopt, "Date");
    take(tag::kMessageId, or_nothing(header(entity, "Message-ID")), "Message-ID");
    take(tag::kImportance, one_of(header(entity, "Importance"), {"low", "normal", "high"}), "Importance");
    take(tag::kSensitivity,
         one_of(header(entity, "Sensitivity"), {"none", "personal", "private", "company-confidential"}), "Sensitivity");
  }
  static std::optional<Value> one_of(const std::string& word, std::initializer_list<std::string_view> words) {
    auto at = std::ranges::find_if(words, [&](std::string_view w) { return same(w, word); });
    if (at == words.end()) return std::nullopt;
    return Value(static_cast<std::int32_t>(at - words.begin()));
  }

  // A signature is about octets: what is signed or encrypted is kept as it came, in the only attachment (MS-OXOSMIME).
  void seal(const Entity& entity, std::string_view octets) {
    bool clear = entity.type == "multipart/signed";
    message_.properties.set(tag::kMessageClass,
                            std::string(clear ? "IPM.Note.SMIME.MultipartSigned" : "IPM.Note.SMIME"));
    Attachment whole;
    whole.properties.set(tag::kAttachFilename, std::string("smime.p7m"));
    whole.properties.set(tag::kAttachMimeTag, sealed_tag(entity));
    whole.properties.set(tag::kAttachData, Binary{content_octets(entity, octets)});
    message_.attachments.push_back(std::move(whole));
  }
  static std::string sealed_tag(const Entity& entity) {
    std::string kind = entity.parameter("smime-type");
    return kind.empty() ? entity.type : entity.type + "; smime-type=" + kind;
  }
  // The fields that are about the content, as they were written, then the body as it is.
  static std::string content_octets(const Entity& entity, std::string_view octets) {
    std::string_view rest = octets.substr(entity.begin, entity.end - entity.begin);
    std::string out;
    bool about = false;  // the field that the line belongs to
    while (!rest.empty()) {
      std::string_view line = rest.substr(0, std::min(rest.find('\n'), rest.size() - 1) + 1);
      if (line == "\r\n" || line == "\n") return out + std::string(rest);
      bool goes_on = line[0] == ' ' || line[0] == '\t';
      if (!goes_on)
        about = line.size() > 8 && same(line.substr(0, 8), "Content-") && !same(line.substr(0, 14), "Content-class:");
      if (about) out += line;
      rest.remove_prefix(line.size());
    }
    return out;
  }

  void part(const Entity& entity, std::string_view octets) {
    if (entity.multipart()) {
      for (const Entity& p : entity.parts) part(p, octets);
    } else if (entity.type == "text/plain" && !attached(entity) && !message_.properties.has(tag::kBody)) {
      take(tag::kBody, Value(entity.content), "text/plain");
    } else if (entity.type == "text/html" && !attached(entity) && !message_.properties.has(tag::kHtml)) {
      take(tag::kHtml, Value(Binary{entity.content}), "text/html");
    } else if (entity.type == "text/calendar" && !attached(entity)) {
      calendar(entity);
    } else if (entity.type == "application/ms-tnef") {
      tnef(entity);
    } else if (entity.type == "message/rfc822" && !entity.parts.empty()) {
      embedded(entity, octets);
    } else {
      attachment(entity);
    }
  }
  static bool attached(const Entity& entity) { return entity.field("Content-Disposition").starts_with("attachment"); }

  void calendar(const Entity& entity) {
    ReadCalendar read = read_calendar(entity.content);
    bool good = read.calendar && !read.calendar->events.empty();
    PartState state = good ? PartState::good : PartState::damaged;
    if (mapper_->part(PartKind::calendar, state, depth_) != PartMapped::Kind::convert || !good) return;
    Calendar calendar = std::move(*read.calendar);
    if (calendar.method.empty()) calendar.method = entity.parameter("method");
    Mapper mapper(Direction::from_mime, kind_of(calendar.method), behaviour_, times_, out_);
    take_calendar(calendar, message_.properties.get_text(tag::kSenderAddress), mapper, trail_, message_);
  }
  static ObjectKind kind_of(const std::string& method) {
    if (method == "REPLY") return ObjectKind::response;
    if (method == "CANCEL") return ObjectKind::cancellation;
    return method == "REQUEST" ? ObjectKind::request : ObjectKind::other;
  }

  // A stream holds the message itself, sender and people too.
  void tnef(const Entity& entity) {
    ReadTnef read = read_tnef(entity.content, *behaviour_.nesting_limit);
    PartState state = read.message ? PartState::good : PartState::damaged;
    if (mapper_->part(PartKind::tnef, state, depth_) != PartMapped::Kind::convert || !read.message) return;
    message_ = std::move(*read.message);
  }
  void embedded(const Entity& entity, std::string_view octets) {
    Attachment a;
    a.properties.set(tag::kAttachFilename, decode_words(entity.parts[0].field("Subject")));
    Converter inner(trail_, behaviour_, times_, out_, depth_ + 1);
    a.embedded = std::make_shared<Message>(inner.convert(entity.parts[0], octets));
    message_.attachments.push_back(std::move(a));
  }
  // By Content-Type, as software of the time wrote it, else by Content-Disposition.
  static std::string name_of(const Entity& entity) {
    std::string name = entity.parameter("name"), disposition = entity.field("Content-Disposition");
    std::size_t at = disposition.find("filename=");
    if (!name.empty() || at == std::string::npos) return name;
    name = disposition.substr(at + 9);
    if (name.starts_with('"')) return name.substr(1, name.find('"', 1) - 1);
    return name.substr(0, name.find_first_of("; \t"));
  }
  void attachment(const Entity& entity) {
    PartState state = entity.content.empty() ? PartState::empty : PartState::good;
    if (mapper_->part(PartKind::attachment, state, depth_) == PartMapped::Kind::skip) return;
    Attachment a;
    if (std::string name = name_of(entity); !name.empty()) a.properties.set(tag::kAttachFilename, name);
    a.properties.set(tag::kAttachMimeTag, entity.type);
    a.properties.set(tag::kAttachData, Binary{entity.content});
    message_.attachments.push_back(std::move(a));
  }

  const Trail& trail_;
  const ContentBehaviour& behaviour_;
  const ReferenceTimes& times_;
  Conversion& out_;
  std::size_t depth_;
  Mapper* mapper_ = nullptr;
  Message message_;
};

}  // namespace

FromMime from_mime(std::string_view octets, const Trail& trail, const ContentBehaviour& behaviour,
                   const ReferenceTimes& times) {
  FromMime out;
  auto entity = read_mime(octets, *behaviour.nesting_limit);
  Mapper mapper(Direction::from_mime, ObjectKind::note, behaviour, times, out);
  // A tree that was not read is deeper than it may be.
  if (!entity) mapper.part(PartKind::embedded_message, PartState::good, *behaviour.nesting_limit + 1);
  if (!entity || out.failed) return out;
  out.message = Converter(trail, behaviour, times, out, 1).convert(*entity, octets);
  return out;
}

}  // namespace deadletter::content
