#include "models/content/content.h"

#include <fmt/format.h>

#include "models/content/mime.h"
#include "models/content/tnef.h"

namespace deadletter::content {
namespace {

using transport::ContentForm;

constexpr const char* kTnefType = "application/ms-tnef";

// A key is one for the message: made from its id, so that equal messages give equal octets.
std::uint16_t tnef_key(const Message& message) {
  std::uint32_t key = 1;
  for (unsigned char c : message.properties.get_text(tag::kMessageId)) key = key * 31 + c;
  return static_cast<std::uint16_t>(key % 65'535 + 1);
}

Entity tnef_part(const Message& message) {
  Entity part;
  part.type = kTnefType;
  part.parameters = {{"name", "winmail.dat"}};
  part.content = write_tnef(message, tnef_key(message));
  return part;
}

// The stream alone, or beside the text for those who cannot read it (KB259890).
std::string tnef_octets(const Message& message, Form form, const ReferenceTimes& times, std::string_view boundary) {
  Entity entity = tnef_part(message);
  if (form == Form::tnef) {
    Entity text, both;
    text.parameters = {{"charset", "utf-8"}};
    text.content = message.properties.get_text(tag::kBody);
    both.type = "multipart/mixed";
    both.parts = {text, entity};
    entity = std::move(both);
  }
  std::vector<Field> fields = message_fields(message, times);
  entity.fields.insert(entity.fields.begin(), fields.begin(), fields.end());
  return write_mime(entity, boundary);
}

// What a stream held, with the articles that lay behind the same values when it was written.
void take_blame(const Properties& from, Properties& to) {
  to.leave_out_as(from);
  for (const Property& p : from.all())
    if (const Property* read = to.find(p.tag); read != nullptr && p.blame) to.set(p.tag, read->value, p.blame);
}
void take_blame(const Message& from, Message& to) {
  take_blame(from.properties, to.properties);
  for (const Row& row : from.recipients)
    if (Row* read = to.find_recipient(row.address())) take_blame(row.properties, read->properties);
}

const Message* embedded(const Content& content) {
  bool one = content.message != nullptr && content.message->attachments.size() == 1;
  return one ? content.message->attachments[0].embedded.get() : nullptr;
}

Structure structure_of(const Message& message) {
  if (message.attachments.size() != 1) return Structure::plain;
  const Attachment& only = message.attachments[0];
  if (only.embedded != nullptr) return Structure::embedded_message;
  std::string type = only.properties.get_text(tag::kAttachMimeTag);
  if (type.starts_with("multipart/signed")) return Structure::multipart_signed;
  return type.find("pkcs7-mime") == std::string::npos ? Structure::plain : Structure::pkcs7_mime;
}

}  // namespace

const char* text(Form form) {
  constexpr const char* names[] = {"MAPI", "S-TNEF", "TNEF", "MIME"};
  return names[static_cast<std::size_t>(form)];
}

Rendered render(const Content& content, ContentForm form, const ContentBehaviour& behaviour,
                const ReferenceTimes& times, std::string_view boundary) {
  Rendered out;
  if (content.form != Form::mapi || content.enveloped || form == ContentForm::as_it_is) {
    out.content = content;
    return out;
  }
  if (form != ContentForm::mime) {
    out.content.form = form == ContentForm::s_tnef ? Form::s_tnef : Form::tnef;
    out.content.message = content.message;
    out.content.octets = tnef_octets(*content.message, out.content.form, times, boundary);
    return out;
  }
  ToMime mime = to_mime(*content.message, behaviour, times, boundary);
  static_cast<Conversion&>(out) = std::move(static_cast<Conversion&>(mime));
  out.content.form = Form::mime;
  out.content.octets = std::move(mime.octets);
  out.content.trail = std::move(mime.trail);
  out.estimates = std::move(mime.estimates);
  return out;
}

FromMime open_content(const Content& content, const ContentBehaviour& behaviour, const ReferenceTimes& times) {
  FromMime out;
  if (content.form == Form::mapi) {
    const Message* inner = content.enveloped ? embedded(content) : content.message.get();
    if (inner != nullptr) out.message = *inner;
    return out;
  }
  out = from_mime(content.octets, content.trail, behaviour, times);
  if (content.message != nullptr) take_blame(*content.message, out.message);
  return out;
}

std::string to_x400(const Content& content, X400Message envelope, const ContentBehaviour& behaviour,
                    const ReferenceTimes& times) {
  Message message = open_content(content, behaviour, times).message;
  InterpersonalMessage letter;
  letter.id = message.properties.get_text(tag::kMessageId);
  letter.originator = message.properties.get_text(tag::kSenderAddress);
  letter.subject = message.properties.get_text(tag::kSubject);
  for (const Row& row : message.recipients) {
    if (row.type() == RecipientType::to) letter.to.push_back(row.address());
    if (row.type() == RecipientType::cc) letter.cc.push_back(row.address());
  }
  letter.parts.push_back({.kind = BodyPart::Kind::ia5_text, .octets = message.properties.get_text(tag::kBody)});
  letter.parts.push_back(
      {.kind = BodyPart::Kind::bilaterally_defined, .octets = write_tnef(message, tnef_key(message))});
  envelope.content_type = kContentP22;
  envelope.content = write_p22(letter);
  return write_x400(envelope);
}

FromX400 from_x400(std::string_view octets, const Content& sent) {
  FromX400 out;
  ReadX400 envelope = read_x400(octets);
  if (!envelope.message) return {.reason = envelope.reason};
  ReadP22 letter = read_p22(envelope.message->content);
  if (!letter.message) return {.reason = letter.reason};
  for (const BodyPart& part : letter.message->parts) {
    if (part.kind != BodyPart::Kind::bilaterally_defined) continue;
    ReadTnef stream = read_tnef(part.octets);
    if (!stream.message) return {.reason = stream.reason};
    if (sent.message != nullptr) take_blame(*sent.message, *stream.message);
    Message outer;
    outer.properties.set(tag::kMessageClass, "ENVELOPE." + stream.message->message_class());
    outer.properties.set(tag::kSubject, letter.message->subject);
    outer.properties.set(tag::kSenderAddress, letter.message->originator);
    outer.attachments.push_back({.embedded = std::make_shared<Message>(std::move(*stream.message))});
    Content content{.form = Form::mapi, .enveloped = true, .message = std::make_shared<Message>(std::move(outer))};
    content.trail = sent.trail;
    content.mts_id = envelope.message->mts_id;
    out.content = std::make_shared<Content>(std::move(content));
  }
  out.envelope = std::move(*envelope.message);
  out.envelope.content.clear();
  if (out.content == nullptr) out.reason = "no body part holds the message";
  return out;
}

std::shared_ptr<const Content> unwrap(const Content& content) {
  const Message* inner = content.enveloped ? embedded(content) : nullptr;
  if (inner == nullptr) return std::make_shared<Content>(content);
  Content out{.form = Form::mapi, .message = content.message->attachments[0].embedded};
  out.mts_id = content.mts_id;
  return std::make_shared<Content>(std::move(out));
}

std::string message_class(const Content& content) {
  if (content.message != nullptr) return content.message->message_class();
  auto entity = read_mime(content.octets);
  if (!entity) return "IPM.Note";
  if (entity->type == "multipart/signed") return "IPM.Note.SMIME.MultipartSigned";
  return entity->type.find("pkcs7-mime") != std::string::npos ? "IPM.Note.SMIME" : "IPM.Note";
}

ForScan open_for_scan(const Content& content, const ContentBehaviour& behaviour) {
  ForScan out;
  std::string cls = message_class(content), top, inner_class;
  if (content.message != nullptr) {
    out.structure = structure_of(*content.message);
    if (const Message* inner = embedded(content)) inner_class = inner->message_class();
    if (content.message->attachments.size() == 1)
      top = content.message->attachments[0].properties.get_text(tag::kAttachMimeTag);
  } else if (auto entity = read_mime(content.octets)) {
    top = entity->type;
    if (top == "multipart/signed") out.structure = Structure::multipart_signed;
    if (top.find("pkcs7-mime") != std::string::npos) out.structure = Structure::pkcs7_mime;
  }
  auto layout = behaviour.signed_layout.rule({cls, top, inner_class});
  auto opened = behaviour.open_for_scan.rule({layout.outcome, out.structure});
  out.layout = layout.outcome;
  out.readable = opened.outcome.readable;
  out.code = opened.outcome.code;
  out.blame = join(layout.blame, opened.blame);
  return out;
}

}  // namespace deadletter::content
