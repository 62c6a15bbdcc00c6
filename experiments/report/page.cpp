#include "experiments/report/page.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "experiments/run/cannot_write.h"

#ifdef DEADLETTER_REPORT_PAGE
asm(".pushsection .rodata\n"
    ".global deadletter_report_page_begin\n"
    ".global deadletter_report_page_end\n"
    "deadletter_report_page_begin:\n"
    ".incbin \"" DEADLETTER_REPORT_PAGE
    "\"\n"
    "deadletter_report_page_end:\n"
    ".byte 0\n"
    ".popsection\n");
extern "C" const char deadletter_report_page_begin[], deadletter_report_page_end[];
#endif

namespace deadletter::experiments::report {
namespace fs = std::filesystem;

std::string_view report_page() {
#ifdef DEADLETTER_REPORT_PAGE
  return {deadletter_report_page_begin,
          static_cast<std::size_t>(deadletter_report_page_end - deadletter_report_page_begin)};
#else
  return {};
#endif
}

std::string within_script(std::string_view json) {
  std::string text;
  text.reserve(json.size() + json.size() / 64);
  for (std::size_t i = 0; i < json.size(); ++i) {
    char next = i + 1 < json.size() ? json[i + 1] : '\0';
    if (json[i] == '<' && next == '/')
      text += "<\\/", ++i;
    else if (json[i] == '<' && (next == '!' || next == 's' || next == 'S'))
      text += "\\u003c";
    else if (json.compare(i, 3, "\xE2\x80\xA8") == 0)
      text += "\\u2028", i += 2;
    else if (json.compare(i, 3, "\xE2\x80\xA9") == 0)
      text += "\\u2029", i += 2;
    else
      text += json[i];
  }
  return text;
}

std::optional<std::string> filled_page(std::string_view page, std::string_view json) {
  std::size_t at = page.find(kDataMarker);
  if (at == page.npos || page.find(kDataMarker, at + 1) != page.npos) return std::nullopt;
  std::string text(page.substr(0, at));
  text += within_script(json);
  text += page.substr(at + kDataMarker.size());
  if (!text.ends_with('\n')) text += '\n';
  text += kSignature;
  return text;
}

bool made_here(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string head(64, '\0'), tail(kSignature.size(), '\0');
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  file.clear();
  file.seekg(-static_cast<std::streamoff>(kSignature.size()), std::ios::end);
  file.read(tail.data(), static_cast<std::streamsize>(tail.size()));
  return tail == kSignature || head.starts_with("{\"format\":1,\"program\":\"deadletter ");
}

void write_whole(const std::string& path, std::string_view text) {
  std::string partial = path + ".report-partial";
  errno = 0;
  std::ofstream file(partial, std::ios::binary);
  file << text;
  file.close();
  std::string why = errno == 0 ? "is the disk full?" : std::strerror(errno);
  std::error_code error;
  if (file) {
    fs::rename(partial, path, error);
    if (!error) return;
    why = error.message();
  }
  std::error_code ignored;
  fs::remove(partial, ignored);
  throw CannotWrite(path, why);
}

}  // namespace deadletter::experiments::report
