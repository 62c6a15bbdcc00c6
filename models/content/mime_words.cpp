// RFC 2047: encoded words in values of free text, both ways. The words are found here, for GMime looks again and again
// for the end of words that have none, and takes characters apart that two words share.
#include <fmt/format.h>
#include <gmime/gmime.h>

#include <memory>

#include "models/content/mime.h"
#include "models/content/mime_pieces.h"

namespace deadletter::content {
namespace {

constexpr std::size_t kLongestRead = 1000, kLongestWritten = 75;  // of a word
constexpr std::size_t kLongestRun = 900;                          // without a blank, so that it can be folded

struct Free {
  void operator()(char* text) const { g_free(text); }
};
using Text = std::unique_ptr<char, Free>;

std::string valid_utf8(std::string_view text) {
  return Text{g_utf8_make_valid(text.data(), static_cast<gssize>(text.size()))}.get();
}

// What is not UTF-8 is ISO 8859-1: any octets are.
std::string raw_to_utf8(std::string_view octets) {
  if (g_utf8_validate(octets.data(), static_cast<gssize>(octets.size()), nullptr)) return std::string{octets};
  std::string text;
  for (char c : octets) {
    auto octet = static_cast<unsigned char>(c);
    if (octet < 0x80) {
      text += c;
    } else {
      text += static_cast<char>(0xc0 | octet >> 6);
      text += static_cast<char>(0x80 | (octet & 0x3f));
    }
  }
  return text;
}

std::string to_utf8(std::string_view octets, const std::string& charset) {
  mime::start_gmime();
  if (mime::same_letters(charset, "utf-8")) return valid_utf8(octets);
  gsize size = 0;
  Text text{g_convert_with_fallback(octets.data(), static_cast<gssize>(octets.size()), "UTF-8",
                                    g_mime_charset_iconv_name(charset.c_str()), "?", nullptr, &size, nullptr)};
  return text ? valid_utf8({text.get(), size}) : raw_to_utf8(octets);
}

struct Word {
  std::size_t size = 0;  // of the whole word as it stands; 0 when it is none
  std::string charset, octets;
};

// The word that `text` begins with.
Word word_at(std::string_view text) {
  text = text.substr(0, kLongestRead);
  std::size_t charset_end = text.find('?', 2);
  if (!text.starts_with("=?") || charset_end == std::string_view::npos || charset_end == 2) return {};
  std::string_view charset = text.substr(2, charset_end - 2);
  charset = charset.substr(0, charset.find('*'));  // RFC 2231 5: a language
  if (charset.empty() || charset.size() > 40 || !std::ranges::all_of(charset, [](char c) {
        return g_ascii_isalnum(c) || std::string_view{"-_.:+"}.find(c) != std::string_view::npos;
      })) {
    return {};
  }
  std::string_view rest = text.substr(charset_end + 1);
  if (rest.size() < 2 || rest[1] != '?') return {};
  bool base64 = mime::lower(rest[0]) == 'b';
  if (!base64 && mime::lower(rest[0]) != 'q') return {};
  std::size_t end = rest.find('?', 2);
  if (end == std::string_view::npos || rest.substr(end, 2) != "?=") return {};
  std::string encoded{rest.substr(2, end - 2)};
  if (std::ranges::any_of(encoded, [](char c) { return c < '!' || c > '~'; })) return {};
  if (!base64) std::ranges::replace(encoded, '_', ' ');
  return {charset_end + 1 + end + 2, std::string{charset},
          mime::decode(encoded, base64 ? "base64" : "quoted-printable")};
}

// Words of one charset that follow each other are put together before they are converted.
class Decoder {
 public:
  std::string decode(std::string_view value) {
    std::string_view plain = value.substr(0, 0);  // what stands before the word that is looked for
    while (!value.empty()) {
      std::size_t at = value.find("=?");
      if (at == std::string_view::npos) at = value.size();
      plain = {plain.data(), plain.size() + at};
      value.remove_prefix(at);
      Word word = word_at(value);
      if (word.size == 0) {
        std::size_t skipped = std::min<std::size_t>(2, value.size());
        plain = {plain.data(), plain.size() + skipped};
        value.remove_prefix(skipped);
        continue;
      }
      bool between_words = in_words_ && std::ranges::all_of(plain, mime::blank);
      if (!between_words) add_plain(plain);
      add(word);
      value.remove_prefix(word.size);
      plain = value.substr(0, 0);
    }
    add_plain(plain);
    flush();
    return std::move(text_);
  }

 private:
  void add_plain(std::string_view plain) {
    if (plain.empty()) return;
    flush();
    text_ += raw_to_utf8(plain);
  }

  void add(const Word& word) {
    if (!in_words_ || !mime::same_letters(word.charset, charset_)) flush();
    charset_ = word.charset;
    octets_ += word.octets;
    in_words_ = true;
  }

  void flush() {
    if (in_words_) text_ += to_utf8(octets_, charset_);
    octets_.clear();
    in_words_ = false;
  }

  std::string text_, charset_, octets_;
  bool in_words_ = false;
};

bool needs_encoding(std::string_view text) {
  if (mime::trimmed(text) != text || text.find("=?") != std::string_view::npos) return true;
  std::size_t run = 0;
  for (char c : text) {
    run = c == ' ' ? 0 : run + 1;
    if (c < ' ' || c > '~' || run >= kLongestRun) return true;
  }
  return false;
}

std::string q_encoded(std::string_view octets) {
  std::string text;
  for (char c : octets) {
    if (c == ' ') {
      text += '_';
    } else if (g_ascii_isalnum(c) || std::string_view{"!*+-/"}.find(c) != std::string_view::npos) {
      text += c;
    } else {
      text += fmt::format("={:02X}", static_cast<unsigned char>(c));
    }
  }
  return text;
}

bool foreign(char c) { return c < ' ' || c > '~'; }

std::size_t base64_size(std::size_t octets) { return (octets + 2) / 3 * 4; }

std::size_t character_size(std::string_view text) {
  std::size_t size = 1;
  while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) ++size;
  return size;
}

}  // namespace

std::string decode_words(std::string_view value) { return Decoder{}.decode(value); }

std::string encode_words(std::string_view utf8) {
  std::string text = valid_utf8(utf8);
  if (!needs_encoding(text)) return text;
  bool base64 = 3 * std::ranges::count_if(text, foreign) > std::ranges::ssize(text);  // else Q: people can read it
  std::size_t room = kLongestWritten -
                     std::string_view{
                         "=?utf-8?Q?"
                         "?="}
                         .size();
  std::string words;
  for (std::string_view rest = text; !rest.empty();) {
    std::size_t taken = 0, size = 0;
    for (std::size_t next = character_size(rest); next != 0; next = character_size(rest.substr(taken))) {
      size += base64 ? 0 : q_encoded(rest.substr(taken, next)).size();
      if ((base64 ? base64_size(taken + next) : size) > room) break;
      taken += next;
      if (taken == rest.size()) break;
    }
    std::string_view octets = rest.substr(0, taken);
    Text in_base64{g_base64_encode(reinterpret_cast<const guchar*>(octets.data()), octets.size())};
    words += fmt::format("{}=?utf-8?{}?{}?=", words.empty() ? "" : " ", base64 ? 'B' : 'Q',
                         base64 ? std::string{in_base64.get()} : q_encoded(octets));
    rest.remove_prefix(taken);
  }
  return words;
}

}  // namespace deadletter::content
