#include "models/content/ber.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace deadletter::content::ber {
namespace {

constexpr std::size_t kIndefinite = static_cast<std::size_t>(-1);

std::uint8_t octet(std::string_view octets, std::size_t at) { return static_cast<std::uint8_t>(octets[at]); }

struct Head {
  Tag tag;
  bool constructed = false;
  std::size_t size = 0;    // of tag and length
  std::size_t length = 0;  // of the content, or kIndefinite
  const char* wrong = nullptr;

  bool end_of_contents() const { return tag == Tag{} && !constructed && length == 0; }
};

Head wrong(const char* reason) {
  Head head;
  head.wrong = reason;
  return head;
}

// Tag numbers from 31 are in octets of seven bits, the highest first.
const char* read_tag(std::string_view octets, Head& head) {
  if (octets.empty()) return "an element is missing";
  std::uint8_t first = octet(octets, 0);
  head = {{static_cast<Class>(first >> 6), first & 0x1fU}, (first & 0x20) != 0, 1};
  if (head.tag.number != 0x1f) return nullptr;
  head.tag.number = 0;
  for (bool more = true; more; ++head.size) {
    if (head.size >= octets.size()) return "a tag is not complete";
    if (head.size > 4) return "a tag number is too large";
    more = (octet(octets, head.size) & 0x80) != 0;
    head.tag.number = head.tag.number << 7 | (octet(octets, head.size) & 0x7fU);
  }
  return nullptr;
}

Head read_head(std::string_view octets) {
  Head head;
  if (const char* reason = read_tag(octets, head)) return wrong(reason);
  if (head.size >= octets.size()) return wrong("a length is missing");
  std::uint8_t first = octet(octets, head.size++);
  head.length = first;
  if (first == 0x80) {
    head.length = kIndefinite;
    return head.constructed ? head : wrong("a primitive element has an indefinite length");
  }
  if (first > 0x80) {
    head.length = 0;
    for (std::size_t more = first & 0x7fU; more > 0; --more) {
      if (head.size >= octets.size()) return wrong("a length is not complete");
      if (head.length > kIndefinite >> 9) return wrong("a length is too large");
      head.length = head.length << 8 | octet(octets, head.size++);
    }
  }
  if (head.length > octets.size() - head.size) return wrong("a length goes beyond the end");
  return head;
}

// What check_ber and the search for the end of an indefinite length share: one walk, without recursion.
class Walk {
 public:
  Walk(std::string_view octets, std::size_t depth_limit) : octets_(octets), depth_limit_(depth_limit) {}

  // The size of the first element, or nothing and a problem.
  std::optional<std::size_t> first_element() {
    do {
      if (!step()) return std::nullopt;
    } while (!ends_.empty());
    return at_;
  }
  Problem problem() const { return {reason_, at_}; }

 private:
  bool step() {
    std::size_t end = ends_.empty() || ends_.back() == kIndefinite ? limit() : ends_.back();
    Head head = read_head(octets_.substr(at_, end - at_));
    if (head.wrong != nullptr) return fail(head.wrong);
    if (head.end_of_contents()) {
      if (ends_.empty() || ends_.back() != kIndefinite) return fail("an end of contents where none is due");
      at_ += head.size;
      ends_.pop_back();
    } else if (head.constructed) {
      if (ends_.size() >= depth_limit_) return fail("elements are nested too deep");
      at_ += head.size;
      ends_.push_back(head.length == kIndefinite ? kIndefinite : at_ + head.length);
    } else {
      at_ += head.size + head.length;
    }
    while (!ends_.empty() && ends_.back() == at_) ends_.pop_back();
    return true;
  }

  // Of an indefinite length the next definite one outside counts.
  std::size_t limit() const {
    auto definite = std::find_if(ends_.rbegin(), ends_.rend(), [](std::size_t end) { return end != kIndefinite; });
    return definite == ends_.rend() ? octets_.size() : *definite;
  }

  bool fail(const char* reason) {
    reason_ = reason;
    return false;
  }

  std::string_view octets_;
  std::size_t depth_limit_, at_ = 0;
  std::vector<std::size_t> ends_;  // of the elements around, outermost first
  const char* reason_ = "";
};

void put_base_128(std::string& out, std::uint64_t number) {
  int shift = 63;
  while (shift > 0 && number >> shift == 0) shift -= 7;
  for (; shift >= 0; shift -= 7) out += static_cast<char>((number >> shift & 0x7fU) | (shift > 0 ? 0x80U : 0U));
}

constexpr std::uint64_t kArcLimit = 1ULL << 56;

std::optional<std::vector<std::uint64_t>> arcs_of(std::string_view dotted) {
  std::vector<std::uint64_t> arcs = {0};
  bool any = false;  // a digit of this arc
  for (char c : dotted) {
    if (c == '.' && any) {
      arcs.push_back(0), any = false;
      continue;
    }
    bool leading_zero = any && arcs.back() == 0;
    if (c < '0' || c > '9' || leading_zero) return std::nullopt;
    arcs.back() = arcs.back() * 10 + static_cast<std::uint64_t>(c - '0'), any = true;
    if (arcs.back() >= kArcLimit) return std::nullopt;
  }
  bool good = any && arcs.size() >= 2 && arcs[0] <= 2 && (arcs[0] == 2 || arcs[1] < 40);
  return good ? std::optional(arcs) : std::nullopt;
}

}  // namespace

std::optional<Problem> check_ber(std::string_view octets, std::size_t depth_limit) {
  Walk walk(octets, depth_limit);
  std::optional<std::size_t> size = walk.first_element();
  if (!size) return walk.problem();
  if (*size != octets.size()) return Problem{"there is something after the element", *size};
  return std::nullopt;
}

std::optional<Element> BerReader::next() {
  Head head = read_head(left_);
  if (left_.empty() || head.wrong != nullptr) return std::nullopt;
  std::size_t size = head.size + head.length;
  std::size_t content = head.length;
  if (head.length == kIndefinite) {
    std::optional<std::size_t> found = Walk(left_, kIndefinite).first_element();
    if (!found) return std::nullopt;
    size = *found;
    content = size - head.size - 2;
  }
  Element element{head.tag, head.constructed, left_.substr(head.size, content), left_.substr(0, size)};
  left_.remove_prefix(size);
  return element;
}

std::optional<Element> BerReader::next(Tag tag) {
  Head head = read_head(left_);
  if (head.wrong != nullptr || head.tag != tag) return std::nullopt;
  return next();
}

std::optional<std::int32_t> integer(const Element& element) {
  std::string_view content = element.content;
  if (element.constructed || content.empty()) return std::nullopt;
  bool negative = (octet(content, 0) & 0x80) != 0;
  const char filling = negative ? '\xff' : '\0';
  while (content.size() > 4 && content[0] == filling) content.remove_prefix(1);
  if (content.size() > 4 || ((octet(content, 0) & 0x80) != 0) != negative) return std::nullopt;
  std::uint32_t value = negative ? 0xffffffff : 0;
  for (std::size_t i = 0; i < content.size(); ++i) value = value << 8 | octet(content, i);
  return static_cast<std::int32_t>(value);
}

// Pieces may have pieces: one pass over all there is inside, in which only the primitive ones count.
std::string octets(const Element& element) {
  if (!element.constructed) return std::string(element.content);
  std::string joined;
  for (std::string_view left = element.content; !left.empty();) {
    Head head = read_head(left);
    if (head.wrong != nullptr) break;
    left.remove_prefix(head.size);
    if (head.constructed) continue;
    joined += left.substr(0, head.length);
    left.remove_prefix(head.length);
  }
  return joined;
}

std::optional<std::string> oid(const Element& element) {
  std::string dotted;
  std::uint64_t arc = 0;
  bool complete = false;
  for (char c : element.content) {
    if (arc >= kArcLimit) return std::nullopt;  // room for the next seven bits
    arc = arc << 7 | (static_cast<std::uint8_t>(c) & 0x7fU);
    complete = (static_cast<std::uint8_t>(c) & 0x80) == 0;
    if (!complete) continue;
    std::uint64_t first = dotted.empty() ? std::min<std::uint64_t>(arc / 40, 2) : 0;
    if (dotted.empty()) dotted = fmt::format("{}", first);
    arc -= first * 40;
    if (arc >= kArcLimit) return std::nullopt;
    dotted += fmt::format(".{}", arc);
    arc = 0;
  }
  if (element.constructed || !complete) return std::nullopt;
  return dotted;
}

std::uint8_t first_bits(const Element& element) {
  return element.constructed || element.content.size() < 2 ? std::uint8_t{0} : octet(element.content, 1);
}

std::string element(Tag tag, bool constructed, std::string_view content) {
  std::string out;
  unsigned first = static_cast<unsigned>(tag.cls) << 6 | (constructed ? 0x20U : 0U);
  out += static_cast<char>(first | std::min(tag.number, 0x1fU));
  if (tag.number >= 0x1f) put_base_128(out, tag.number);
  if (content.size() < 0x80) {
    out += static_cast<char>(content.size());
  } else {
    std::string length;
    for (std::size_t left = content.size(); left > 0; left >>= 8) length.insert(0, 1, static_cast<char>(left & 0xffU));
    out += static_cast<char>(0x80U | length.size());
    out += length;
  }
  return out += content;
}

std::string integer(std::int32_t value, Tag tag) {
  auto bits = static_cast<std::uint32_t>(value);
  std::string content;
  for (int shift = 24; shift >= 0; shift -= 8) content += static_cast<char>(bits >> shift & 0xffU);
  auto spare = [&] {
    bool high = (octet(content, 1) & 0x80) != 0;
    return content[0] == (high ? '\xff' : '\0');
  };
  while (content.size() > 1 && spare()) content.erase(0, 1);
  return primitive(tag, content);
}

std::string bits(std::uint8_t first_eight, Tag tag) {
  return primitive(tag, std::string{'\0', static_cast<char>(first_eight)});
}

std::optional<std::string> oid(std::string_view dotted) {
  auto arcs = arcs_of(dotted);
  if (!arcs) return std::nullopt;
  std::string content;
  put_base_128(content, (*arcs)[0] * 40 + (*arcs)[1]);
  for (std::size_t i = 2; i < arcs->size(); ++i) put_base_128(content, (*arcs)[i]);
  return primitive(kObjectId, content);
}

std::string text(std::string_view utf8, bool numeric) {
  auto digit = [](char c) { return (c >= '0' && c <= '9') || c == ' '; };
  auto printable = [&](char c) {
    return digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("'()+,-./:=?").find(c) != std::string_view::npos;
  };
  if (numeric && !utf8.empty() && std::ranges::all_of(utf8, digit)) return primitive(kNumericString, utf8);
  if (std::ranges::all_of(utf8, printable)) return primitive(kPrintableString, utf8);
  bool ascii = std::ranges::all_of(utf8, [](char c) { return (c & 0x80) == 0; });
  return primitive(ascii ? kIa5String : kUtf8String, utf8);
}

}  // namespace deadletter::content::ber
