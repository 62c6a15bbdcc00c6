#include "tests/support/in_child.h"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <stdexcept>

namespace deadletter::testing {
namespace {

constexpr int kThrew = 99;

void write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    ssize_t n = write(fd, text.data(), text.size());
    if (n < 0) _exit(1);
    text.remove_prefix(static_cast<std::size_t>(n));
  }
}

std::string read_all(int fd) {
  std::string text;
  char octets[4096];
  for (ssize_t n; (n = read(fd, octets, sizeof octets)) > 0;) text.append(octets, static_cast<std::size_t>(n));
  return text;
}

}  // namespace

std::string in_child(const std::function<std::string()>& body) {
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("no pipe");
  std::fflush(nullptr);
  pid_t child = fork();
  if (child < 0) throw std::runtime_error("no process");
  if (child == 0) {
    close(ends[0]);
    int status = 0;
    try {
      write_all(ends[1], body());
    } catch (const std::exception& e) {
      write_all(ends[1], e.what());
      status = kThrew;
    }
    _exit(status);
  }
  close(ends[1]);
  std::string text = read_all(ends[0]);
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return text;
  if (WIFEXITED(status) && WEXITSTATUS(status) == kThrew) throw std::runtime_error("the child threw: " + text);
  throw std::runtime_error(fmt::format("the child crashed, status {}, after: {}", status, text));
}

}  // namespace deadletter::testing
