#include "models/content/tnef_properties.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "models/content/tnef_format.h"
#include "models/content/utf16.h"

namespace deadletter::content::tnef {
namespace {

// Octets of a value of fixed size; 0 when its size varies, nothing when the type is unknown and so its size.
std::optional<std::uint32_t> size_of(Kind kind) {
  switch (kind) {
    case Kind::int16:
    case Kind::boolean:
      return 2;
    case Kind::int32:
    case Kind::real32:
    case Kind::error:
      return 4;
    case Kind::real64:
    case Kind::currency:
    case Kind::app_time:
    case Kind::int64:
    case Kind::time:
      return 8;
    case Kind::guid:
      return 16;
    case Kind::object:
    case Kind::text8:
    case Kind::text16:
    case Kind::binary:
      return 0;
  }
  return std::nullopt;
}

std::uint64_t padded(std::uint64_t size) { return (size + 3) / 4 * 4; }

// The name of a property, or nothing when a Tag cannot say it.
std::optional<Tag> read_name(Cursor& in) {
  std::optional<Set> set = set_of(in.take(16));
  constexpr std::uint32_t by_number = 0, by_string = 1;
  std::uint32_t kind = in.number32(), number_or_size = in.number32();
  if (kind == by_string) {
    in.take(number_or_size);
    in.skip_padding(number_or_size);
    return std::nullopt;
  }
  if (kind != by_number) in.fail("a name is neither a number nor a string");
  if (!set || number_or_size > 0xffff) return std::nullopt;
  return Tag{*set, static_cast<std::uint16_t>(number_or_size)};
}

FileTime time_of(std::uint64_t ticks) {
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  return {static_cast<std::int64_t>(std::min(ticks, most))};
}

std::optional<Value> fixed_value(Cursor& in, Kind kind, std::uint32_t size) {
  std::optional<Value> value;
  if (kind == Kind::int16)
    value = static_cast<std::int32_t>(static_cast<std::int16_t>(in.number16()));
  else if (kind == Kind::int32)
    value = static_cast<std::int32_t>(in.number32());
  else if (kind == Kind::boolean)
    value = in.number16() != 0;
  else if (kind == Kind::time)
    value = time_of(in.number64());
  else
    in.take(size);
  in.skip_padding(size);
  return value;
}

std::string text16(std::string_view octets) {
  using namespace std::string_view_literals;
  if (octets.size() % 2 != 0) octets.remove_suffix(1);
  if (octets.ends_with("\0\0"sv)) octets.remove_suffix(2);
  return utf8_of_utf16le(octets);
}

std::string text8(std::string_view octets, std::uint32_t code_page) {
  if (octets.ends_with('\0')) octets.remove_suffix(1);
  return utf8_of_code_page(octets, code_page);
}

class ListReader {
 public:
  ListReader(Cursor& in, std::uint32_t code_page) : in_(in), code_page_(code_page) {}

  PropertyList read() {
    std::uint32_t count = in_.number32();
    for (std::uint32_t i = 0; i < count && in_.good(); ++i) read_property();
    if (in_.good()) sort_out();
    return std::move(list_);
  }

 private:
  void read_property() {
    std::uint32_t head = in_.number32();
    auto id = static_cast<std::uint16_t>(head >> 16);
    auto type = static_cast<std::uint16_t>(head);
    std::optional<Tag> tag = id < kFirstNamed ? Tag{Set::standard, id} : read_name(in_);
    auto kind = static_cast<Kind>(type & ~kMultiple);
    std::optional<std::uint32_t> size = size_of(kind);
    if (!size) return in_.fail("a property is of an unknown type");
    std::optional<Value> value;
    bool multiple = (type & kMultiple) != 0;
    if (*size == 0)
      value = first_of(tag, kind);
    else if (multiple)
      in_.take(in_.number32() * padded(*size));
    else
      value = fixed_value(in_, kind, *size);
    if (value && tag && !multiple) found_.push_back({*tag, std::move(*value)});
  }

  // Values of varying size are counted even when there is only one.
  std::optional<Value> first_of(std::optional<Tag> tag, Kind kind) {
    std::optional<Value> first;
    std::uint32_t count = in_.number32();
    for (std::uint32_t i = 0; i < count && in_.good(); ++i) {
      std::uint32_t size = in_.number32();
      std::size_t offset = in_.offset();
      std::string_view octets = in_.take(size);
      in_.skip_padding(size);
      if (i > 0 || !in_.good()) continue;
      if (kind == Kind::text16) first = text16(octets);
      if (kind == Kind::text8) first = text8(octets, code_page_);
      if (kind == Kind::binary) first = Binary{std::string(octets)};
      if (kind == Kind::object && tag == tag::kAttachData) keep_message(octets, offset);
    }
    return first;
  }

  void keep_message(std::string_view octets, std::size_t offset) {
    constexpr std::size_t id_size = kMessageInterface.size();
    auto octet = [](char c) { return static_cast<std::uint8_t>(c); };
    bool message = std::ranges::equal(octets.substr(0, id_size), kMessageInterface, {}, octet);
    if (!message) return;
    if (octets.size() == id_size) return in_.fail("an embedded message is empty");
    list_.message = octets.substr(id_size);
    list_.message_offset = offset + id_size;
  }

  // By tags first: putting many one by one before others would cost the square of their number.
  void sort_out() {
    std::ranges::stable_sort(found_, {}, &Property::tag);
    for (Property& p : found_) list_.properties.set(p.tag, std::move(p.value));
  }

  Cursor& in_;
  std::uint32_t code_page_;
  std::vector<Property> found_;
  PropertyList list_;
};

void put64(std::string& out, std::uint64_t number) {
  put32(out, static_cast<std::uint32_t>(number));
  put32(out, static_cast<std::uint32_t>(number >> 32));
}

void put_padding(std::string& out, std::size_t size) { out.append(padded(size) - size, '\0'); }

void put_sized(std::string& out, std::string_view octets) {
  put32(out, 1);
  put32(out, static_cast<std::uint32_t>(octets.size()));
  out += octets;
  put_padding(out, octets.size());
}

struct PutValue {
  std::string& out;
  void operator()(std::int32_t number) const { put32(out, static_cast<std::uint32_t>(number)); }
  void operator()(bool value) const { put32(out, value ? 1 : 0); }  // 16 bits and padding
  void operator()(const std::string& text) const { put_sized(out, utf16le_of(text) + std::string(2, '\0')); }
  void operator()(FileTime time) const { put64(out, static_cast<std::uint64_t>(time.ticks)); }
  void operator()(const Binary& binary) const { put_sized(out, binary.octets); }
};

std::string_view octets_of(const Guid& guid) { return {reinterpret_cast<const char*>(guid.data()), guid.size()}; }

}  // namespace

std::string_view Cursor::take(std::uint64_t size) {
  if (good() && size > left()) fail("a value goes beyond the end");
  if (!good()) return {};
  std::string_view taken = octets_.substr(at_, size);
  at_ += size;
  return taken;
}

void Cursor::skip_padding(std::uint64_t size) {
  if (good()) at_ += std::min<std::uint64_t>(padded(size) - size, left());
}

std::uint64_t Cursor::number(std::size_t size) {
  std::string_view octets = take(size);
  std::uint64_t value = 0;
  for (std::size_t i = octets.size(); i > 0; --i) value = value << 8 | static_cast<std::uint8_t>(octets[i - 1]);
  return value;
}

void Cursor::fail(const char* reason) {
  if (good()) reason_ = reason;
}

std::string Cursor::reason() const { return good() ? "" : fmt::format("octet {}: {}", offset(), reason_); }

PropertyList read_properties(Cursor& in, std::uint32_t code_page) { return ListReader(in, code_page).read(); }

void put16(std::string& out, std::uint16_t number) {
  out += static_cast<char>(number & 0xffU);
  out += static_cast<char>(number >> 8U);
}

void put32(std::string& out, std::uint32_t number) {
  put16(out, static_cast<std::uint16_t>(number));
  put16(out, static_cast<std::uint16_t>(number >> 16U));
}

void PropertyWriter::start(std::uint32_t id_and_type) {
  put32(octets_, id_and_type);
  ++count_;
}

void PropertyWriter::add(const Property& property) {
  bool standard = property.tag.set == Set::standard;
  if (standard && property.tag.id >= kFirstNamed) return;
  // Names have ids of their own in every list; what they are is said by the name.
  std::uint32_t id = standard ? property.tag.id : kFirstNamed + (named_++ & 0x7fffU);
  start(id << 16U | static_cast<std::uint32_t>(type_of(property.value)));
  if (!standard) {
    octets_ += octets_of(guid_of(property.tag.set));
    put32(octets_, 0);
    put32(octets_, property.tag.id);
  }
  std::visit(PutValue{octets_}, property.value);
}

void PropertyWriter::add_message(std::string_view stream) {
  start(std::uint32_t{tag::kAttachData.id} << 16U | static_cast<std::uint32_t>(Kind::object));
  std::string value(octets_of(kMessageInterface));
  put_sized(octets_, value += stream);
}

std::string PropertyWriter::list() const {
  std::string list;
  put32(list, count_);
  return list += octets_;
}

}  // namespace deadletter::content::tnef
