#include "models/content/tnef.h"

#include <algorithm>

#include "models/content/tnef_format.h"
#include "models/content/tnef_properties.h"

namespace deadletter::content {
namespace {

using namespace tnef;

// What libytnef 2.0 takes of a subject or a title, with the terminating zero; it gives up the whole stream for one
// more.
constexpr std::size_t kDownLevelText = 100;

bool plain(char c) { return c >= ' ' && c <= '~'; }

void put_attribute(std::string& out, Level level, Id id, std::string_view data) {
  out += static_cast<char>(level);
  put32(out, static_cast<std::uint32_t>(id));
  put32(out, static_cast<std::uint32_t>(data.size()));
  out += data;
  put16(out, checksum(data));
}

// Lossy: whoever can, reads the encapsulated property. Nothing for an empty text: attributes of no octets are trouble.
void put_down_level_text(std::string& out, Level level, Id id, std::string text) {
  if (text.empty()) return;
  std::ranges::replace_if(
      text, [](char c) { return !plain(c); }, '?');
  text.resize(std::min(text.size(), kDownLevelText - 1));
  put_attribute(out, level, id, text += '\0');
}

// A class is an attribute and no property (MS-OXTNEF 2.1.3.3), unless the attribute would be read as another class.
bool is_down_level(const Property& p) {
  const auto* text = p.tag == tag::kMessageClass ? std::get_if<std::string>(&p.value) : nullptr;
  return text != nullptr && !text->empty() && std::ranges::all_of(*text, plain) &&
         mapi_class(down_level_class(*text)) == *text;
}

void put_message_class(std::string& out, const Message& message) {
  const Property* p = message.properties.find(tag::kMessageClass);
  if (p == nullptr || !is_down_level(*p)) return;
  put_attribute(out, Level::message, Id::message_class, down_level_class(message.message_class()) + '\0');
}

void put_message_properties(std::string& out, const Message& message) {
  PropertyWriter properties;
  for (const Property& p : message.properties.all())
    if (!is_down_level(p)) properties.add(p);
  if (!properties.empty()) put_attribute(out, Level::message, Id::message_properties, properties.list());
}

void put_recipients(std::string& out, const Message& message) {
  if (message.recipients.empty()) return;
  std::string table;
  put32(table, static_cast<std::uint32_t>(message.recipients.size()));
  for (const Row& row : message.recipients) {
    PropertyWriter properties;
    for (const Property& p : row.properties.all()) properties.add(p);
    table += properties.list();
  }
  put_attribute(out, Level::message, Id::recipient_table, table);
}

std::string rendering() {
  constexpr std::uint16_t a_file = 1;
  constexpr std::uint32_t nowhere = 0xffffffff;
  std::string data;
  put16(data, a_file);
  put32(data, nowhere);  // no place in the text
  put32(data, 0);        // width and height of an icon
  put32(data, 0);        // not from a Macintosh
  return data;
}

void put_attachment(std::string& out, const Attachment& attachment, std::uint16_t key) {
  put_attribute(out, Level::attachment, Id::attach_rendering, rendering());
  put_down_level_text(out, Level::attachment, Id::attach_title, attachment.properties.get_text(tag::kAttachFilename));
  const auto* data = attachment.properties.get<Binary>(tag::kAttachData);
  bool has_attribute = data != nullptr && !data->octets.empty();
  if (has_attribute) put_attribute(out, Level::attachment, Id::attach_data, data->octets);
  PropertyWriter properties;
  for (const Property& p : attachment.properties.all())
    if (!has_attribute || p.tag != tag::kAttachData) properties.add(p);
  if (attachment.embedded != nullptr) properties.add_message(write_tnef(*attachment.embedded, key));
  if (!properties.empty()) put_attribute(out, Level::attachment, Id::attachment, properties.list());
}

}  // namespace

std::string write_tnef(const Message& message, std::uint16_t key) {
  std::string out, version, code_pages;
  put32(version, kVersion);
  put32(code_pages, kCodePage);
  put32(code_pages, 0);  // no second one
  put32(out, kSignature);
  put16(out, key);
  put_attribute(out, Level::message, Id::version, version);
  put_attribute(out, Level::message, Id::oem_code_page, code_pages);
  put_message_class(out, message);
  put_down_level_text(out, Level::message, Id::subject, message.properties.get_text(tag::kSubject));
  put_recipients(out, message);
  put_message_properties(out, message);
  for (const Attachment& a : message.attachments) put_attachment(out, a, key);
  return out;
}

}  // namespace deadletter::content
