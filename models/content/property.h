// MAPI properties: a tag, a type and a value, with the articles that had a hand in it.
//
// A tag is an id below 0x8000, the same everywhere, or a name: a property set and an id in it (MS-OXPROPS 1.3.2).
// Values hold what the converters need; the octets of large ones are strings. Properties are kept in the order of their
// tags, so that equal bags are equal octets.
//
// NOT MODELLED: multi-valued properties, code pages (text is UTF-8), names by string.
#pragma once
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "models/behaviour/blame.h"
#include "models/content/times.h"

namespace deadletter::content {

// Property sets (MS-OXPROPS 1.3.2); `standard` for tags below 0x8000.
enum class Set : std::uint8_t { standard, meeting, appointment, common, internet_headers };

struct Tag {
  Set set = Set::standard;
  std::uint16_t id = 0;  // of a name: its LID
  friend constexpr auto operator<=>(Tag, Tag) = default;
};

// The types of MS-OXCDATA 2.11.1 that occur.
enum class Type : std::uint16_t { integer = 0x0003, boolean = 0x000b, text = 0x001f, time = 0x0040, binary = 0x0102 };

struct Binary {
  std::string octets;
  friend auto operator<=>(const Binary&, const Binary&) = default;
};
using Value = std::variant<std::int32_t, bool, std::string, FileTime, Binary>;
Type type_of(const Value& value);
std::string text(const Value& value);  // for people; long ones cut

struct Property {
  Tag tag;
  Value value;
  Blame blame{};
  friend bool operator==(const Property& a, const Property& b) { return a.tag == b.tag && a.value == b.value; }
};

class Properties {
 public:
  void set(Tag tag, Value value, Blame blame = {});
  void erase(Tag tag);
  const Property* find(Tag tag) const;
  bool has(Tag tag) const { return find(tag) != nullptr; }
  // The value when it is there and of that type.
  template <class T>
  const T* get(Tag tag) const {
    const Property* p = find(tag);
    return p == nullptr ? nullptr : std::get_if<T>(&p->value);
  }
  std::string get_text(Tag tag) const {
    const std::string* t = get<std::string>(tag);
    return t == nullptr ? std::string() : *t;
  }
  std::span<const Property> all() const { return all_; }

  // A value is missing because of a changed ruling: who finds it missing inherits the articles.
  void leave_out(Tag tag, Blame blame);
  void leave_out_as(const Properties& other);
  Blame blame_of_missing(Tag tag) const;
  Blame missing{};  // of all that is

  friend bool operator==(const Properties& a, const Properties& b) { return a.all_ == b.all_; }

 private:
  std::vector<Property> all_;  // ascending by tag
  std::vector<std::pair<Tag, Blame>> left_out_;
};

// What is known of a property: its name in the field, and its type.
struct TagInfo {
  Tag tag;
  Type type;
  const char* name;  // "PR_RECIPIENT_TRACKSTATUS_TIME", "PidLidAttendeeCriticalChange"
};
std::span<const TagInfo> known_tags();  // ascending by tag
const TagInfo* find_tag(Tag tag);
const TagInfo* find_tag(std::string_view name);
std::string name_of(Tag tag);  // "0x5ffb", "meeting:0x0042" for unknown ones

namespace tag {
inline constexpr Tag kMessageClass{Set::standard, 0x001a}, kSubject{Set::standard, 0x0037},
    kClientSubmitTime{Set::standard, 0x0039}, kImportance{Set::standard, 0x0017}, kSensitivity{Set::standard, 0x0036},
    kSenderName{Set::standard, 0x0c1a}, kSenderAddress{Set::standard, 0x0c1f}, kRecipientType{Set::standard, 0x0c15},
    kDeliveryTime{Set::standard, 0x0e06}, kMessageFlags{Set::standard, 0x0e07}, kBody{Set::standard, 0x1000},
    kHtml{Set::standard, 0x1013}, kMessageId{Set::standard, 0x1035}, kStartDate{Set::standard, 0x0060},
    kEndDate{Set::standard, 0x0061}, kResponseRequested{Set::standard, 0x0063}, kDisplayName{Set::standard, 0x3001},
    kAddressType{Set::standard, 0x3002}, kEmailAddress{Set::standard, 0x3003}, kAttachMethod{Set::standard, 0x3705},
    kAttachData{Set::standard, 0x3701}, kAttachFilename{Set::standard, 0x3707}, kAttachMimeTag{Set::standard, 0x370e},
    kSmtpAddress{Set::standard, 0x39fe}, kTnefCorrelator{Set::standard, 0x007f}, kRecipientFlags{Set::standard, 0x5ffd},
    kTrackStatusTime{Set::standard, 0x5ffb}, kTrackStatus{Set::standard, 0x5fff};
inline constexpr Tag kAttendeeCriticalChange{Set::meeting, 0x0001}, kWhere{Set::meeting, 0x0002},
    kGlobalObjectId{Set::meeting, 0x0003}, kOwnerCriticalChange{Set::meeting, 0x001a},
    kCleanGlobalObjectId{Set::meeting, 0x0023};
inline constexpr Tag kSequence{Set::appointment, 0x8201}, kBusyStatus{Set::appointment, 0x8205},
    kLocation{Set::appointment, 0x8208}, kApptStartWhole{Set::appointment, 0x820d},
    kApptEndWhole{Set::appointment, 0x820e}, kApptDuration{Set::appointment, 0x8213}, kAllDay{Set::appointment, 0x8215},
    kStateFlags{Set::appointment, 0x8217}, kResponseStatus{Set::appointment, 0x8218},
    kReplyTime{Set::appointment, 0x8220}, kIntendedBusyStatus{Set::appointment, 0x8224},
    kDisallowCounter{Set::appointment, 0x825a};
}  // namespace tag

}  // namespace deadletter::content
