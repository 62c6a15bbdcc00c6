#include "models/content/tnef_down_level.h"

#include <fmt/format.h>

#include <map>

extern "C" {  // which the header leaves to us
#include <ytnef.h>
}

#include "models/content/tnef_properties.h"
#include "models/content/utf16.h"

namespace deadletter::content::tnef {
namespace {

constexpr std::size_t kSubjectLimit = 100, kBodyLimit = 100'000;  // libytnef's own

bool takes(const Attribute& a) {
  switch (a.id) {
    case Id::subject:
      return !a.data.empty() && a.data.size() <= kSubjectLimit;
    case Id::body:
      return !a.data.empty() && a.data.size() <= kBodyLimit;
    case Id::date_sent:
    case Id::date_received:
    case Id::date_start:
    case Id::date_end:
      return a.data.size() == sizeof(dtr);
    default:
      return false;
  }
}

using Chosen = std::map<Id, std::string_view>;

std::string stream_of(const Chosen& chosen) {
  std::string stream;
  put32(stream, kSignature);
  put16(stream, 1);
  for (const auto& [id, data] : chosen) {
    stream += static_cast<char>(Level::message);
    put32(stream, static_cast<std::uint32_t>(id));
    put32(stream, static_cast<std::uint32_t>(data.size()));
    stream += data;
    put16(stream, checksum(data));
  }
  return stream;
}

std::optional<FileTime> time_of(const dtr& date) {
  return parse_ical_utc(fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", date.wYear, date.wMonth, date.wDay, date.wHour,
                                    date.wMinute, date.wSecond));
}

std::string_view octets_of(const variableLength& field) {
  return {reinterpret_cast<const char*>(field.data), static_cast<std::size_t>(field.size)};
}

struct Freed : TNEFStruct {
  Freed() : TNEFStruct{} { TNEFInitialize(this); }
  ~Freed() { TNEFFree(this); }
  Freed(const Freed&) = delete;
  Freed& operator=(const Freed&) = delete;
};

void ask_library(const Chosen& chosen, std::uint32_t code_page, DownLevel& found) {
  if (chosen.empty()) return;
  std::string stream = stream_of(chosen);
  Freed read;
  if (TNEFParseMemory(reinterpret_cast<BYTE*>(stream.data()), static_cast<long>(stream.size()), &read) < 0) return;
  if (chosen.contains(Id::subject)) found.subject = down_level_text(octets_of(read.subject), code_page);
  if (chosen.contains(Id::body)) found.body = down_level_text(octets_of(read.body), code_page);
  if (chosen.contains(Id::date_sent)) found.sent = time_of(read.dateSent);
  if (chosen.contains(Id::date_received)) found.received = time_of(read.dateReceived);
  if (chosen.contains(Id::date_start)) found.start = time_of(read.DateStart);
  if (chosen.contains(Id::date_end)) found.end = time_of(read.DateEnd);
}

}  // namespace

std::string down_level_text(std::string_view data, std::uint32_t code_page) {
  return utf8_of_code_page(data.substr(0, data.find('\0')), code_page);
}

DownLevel read_down_level(std::span<const Attribute> attributes, std::uint32_t code_page) {
  DownLevel found;
  Chosen chosen;
  for (const Attribute& a : attributes) {
    if (takes(a)) chosen[a.id] = a.data;
    // Longer than the library takes: nothing is lost by reading it here.
    else if (a.id == Id::subject)
      found.subject = down_level_text(a.data, code_page);
    else if (a.id == Id::body)
      found.body = down_level_text(a.data, code_page);
  }
  ask_library(chosen, code_page, found);
  return found;
}

}  // namespace deadletter::content::tnef
