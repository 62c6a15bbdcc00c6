// ASN.1 in its basic encoding (BER, X.690): as much as X.400 needs.
//
// Reading is in two steps. check_ber walks the octets once, to any depth up to the limit, and says where they are no
// encoding: tags, lengths, ends of contents, nesting. What has passed is then read with BerReader, which copies
// nothing; lengths may be definite or indefinite, strings in one piece or in several. Writing is definite, in the
// shortest lengths, so the same values give the same octets.
//
// NOT MODELLED: tag numbers from 2^28, real numbers, contents beyond what memory holds.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace deadletter::content::ber {

enum class Class : std::uint8_t { universal = 0, application = 1, context = 2, private_use = 3 };

struct Tag {
  Class cls = Class::universal;
  std::uint32_t number = 0;
  friend constexpr auto operator<=>(Tag, Tag) = default;
};
constexpr Tag application(std::uint32_t number) { return {Class::application, number}; }
constexpr Tag context(std::uint32_t number) { return {Class::context, number}; }

inline constexpr Tag kInteger{Class::universal, 2}, kBitString{Class::universal, 3}, kOctetString{Class::universal, 4},
    kObjectId{Class::universal, 6}, kExternal{Class::universal, 8}, kEnumerated{Class::universal, 10},
    kUtf8String{Class::universal, 12}, kSequence{Class::universal, 16}, kSet{Class::universal, 17},
    kNumericString{Class::universal, 18}, kPrintableString{Class::universal, 19}, kTeletexString{Class::universal, 20},
    kIa5String{Class::universal, 22}, kUtcTime{Class::universal, 23};

struct Element {
  Tag tag;
  bool constructed = false;
  std::string_view content;  // without the end-of-contents of an indefinite length
  std::string_view whole;    // with tag and length
};

struct Problem {
  std::string reason;
  std::size_t offset = 0;
};
// Nothing when `octets` are one element and no more, constructed at most `depth_limit` levels deep.
std::optional<Problem> check_ber(std::string_view octets, std::size_t depth_limit);

// The elements of what check_ber has passed, one after the other: the one that it is, or those inside an element. A
// primitive element has none, whatever its octets are, for nobody has checked them.
class BerReader {
 public:
  explicit BerReader(std::string_view octets) : left_(octets) {}
  explicit BerReader(const Element& around) : left_(around.constructed ? around.content : std::string_view()) {}
  std::optional<Element> next();
  // The next one when it has this tag, else nothing and it stays.
  std::optional<Element> next(Tag tag);

 private:
  std::string_view left_;
};

// Values of an element, whatever its tag. Nothing when it does not hold one of that type, or a larger one.
std::optional<std::int32_t> integer(const Element& element);
std::string octets(const Element& element);              // of any string type; the pieces of a constructed one joined
std::optional<std::string> oid(const Element& element);  // dotted
std::uint8_t first_bits(const Element& element);         // the first eight of a BIT STRING, the first one highest
// UTCTime, with seconds or without, of any zone, or GeneralizedTime of fourteen digits. Years of two digits are 1950 to
// 2049, years before 1601 are none.
std::optional<std::int64_t> unix_time(const Element& element);

// ---- writing: each gives one whole element
std::string element(Tag tag, bool constructed, std::string_view content);
inline std::string primitive(Tag tag, std::string_view content) { return element(tag, false, content); }
inline std::string constructed(Tag tag, std::string_view content) { return element(tag, true, content); }
std::string integer(std::int32_t value, Tag tag = kInteger);
std::string bits(std::uint8_t first_eight, Tag tag = kBitString);
// Nothing when `dotted` is no object identifier: two arcs or more, the first 0 to 2, the second below 40 unless the
// first is 2, each below 2^56.
std::optional<std::string> oid(std::string_view dotted);
// Thirteen characters in UTC for 1950 to 2049, fifteen (GeneralizedTime) for other years; years are kept in 1601 to
// 9999.
std::string time(std::int64_t unix_s, Tag tag);
// In the narrowest type that holds it: NumericString (where `numeric` says so), PrintableString, IA5String; UTF8String
// for what is no ASCII, which X.400 of the time did not have and its readers pass over.
std::string text(std::string_view utf8, bool numeric = false);

}  // namespace deadletter::content::ber
