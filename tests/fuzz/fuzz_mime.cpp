// Any octets as a message: they read as something or nest too deeply, what was read is written and read again the same,
// and no signature or envelope that is none does more than be refused. Never a crash.
#include <cstdint>
#include <string>

#include "models/content/mime.h"
#include "models/content/smime.h"
#include "tests/fuzz/require.h"

using namespace deadletter::content;

namespace {

bool short_runs(std::string_view value) {
  std::size_t run = 0;
  for (char c : value) {
    run = c == ' ' || c == '\t' ? 0 : run + 1;
    if (run >= 900) return false;
  }
  return true;
}

// That parts lie in their parents and one behind the other; whether all fields can be folded.
bool require_order(const Entity& entity, std::size_t begin, std::size_t end) {
  REQUIRE(begin <= entity.begin && entity.begin <= entity.end && entity.end <= end);
  REQUIRE(entity.parts.empty() || entity.content.empty());
  bool foldable = true;
  for (const Field& field : entity.fields) foldable &= short_runs(field.value);
  std::size_t from = entity.begin;
  for (const Entity& part : entity.parts) {
    foldable &= require_order(part, from, entity.end);
    from = part.end;
  }
  return foldable;
}

void require_lines(std::string_view octets) {
  for (std::string_view line : deadletter::fuzz::lines_of(octets)) REQUIRE(line.size() <= 999);  // with the CR
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view octets(reinterpret_cast<const char*>(data), size);
  if (std::optional<Entity> message = read_mime(octets)) {
    bool foldable = require_order(*message, 0, size);
    std::string written = write_mime(*message, "=_");
    require_lines(written);
    std::optional<Entity> again = read_mime(written);
    REQUIRE(again.has_value());
    REQUIRE(same_value(*again, *message) || !foldable);
    REQUIRE(write_mime(*again, "=_") == written);
  }
  std::string text = decode_words(octets);
  std::string words = encode_words(text);
  REQUIRE(text.find('\0') != text.npos || decode_words(words) == text);

  Verified verified = verify(octets);
  REQUIRE(verified.valid == verified.reason.empty());
  decrypt(octets, "bob@fabrikam.com");
  // The text as the inside of a signature that is none, for a fuzzer to break without knowing base64.
  std::string head = "Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: binary\r\n\r\n";
  verify(head.append(octets));
  decrypt(head, "bob@fabrikam.com");
  return 0;
}
