// SVG by Graphviz' program dot, which reads a picture and answers on pipes.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstring>

#include "topologies/draw.h"

extern char** environ;

namespace deadletter::topologies {
namespace {

constexpr const char* kMissing =
    "SVG needs the program dot of Graphviz, and there is none: install it (apt-get install graphviz), or write .dot";

struct Pipe {
  int read = -1, write = -1;
  Pipe() {
    std::array<int, 2> ends{-1, -1};
    if (pipe2(ends.data(), O_CLOEXEC) == 0) read = ends[0], write = ends[1];
  }
  ~Pipe() { close_read(), close_write(); }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  void close_read() { read = close_end(read); }
  void close_write() { write = close_end(write); }

 private:
  static int close_end(int end) {
    if (end >= 0) ::close(end);
    return -1;
  }
};

// Both directions at once: neither side may wait for the other with its pipe full.
std::string exchange(const std::string& input, Pipe& in, Pipe& out) {
  std::string output;
  std::size_t sent = 0;
  fcntl(in.write, F_SETFL, O_NONBLOCK);
  for (bool open = true; open;) {
    pollfd waiting[2] = {{out.read, POLLIN, 0}, {in.write, POLLOUT, 0}};
    if (poll(waiting, in.write >= 0 ? 2 : 1, -1) < 0) continue;
    if (in.write >= 0 && waiting[1].revents != 0) {
      ssize_t n = ::write(in.write, input.data() + sent, input.size() - sent);
      if (n > 0) sent += static_cast<std::size_t>(n);
      if (sent == input.size() || (n < 0 && errno != EAGAIN && errno != EINTR)) in.close_write();
    }
    if (waiting[0].revents != 0) {
      char chunk[1 << 16];
      ssize_t n = ::read(out.read, chunk, sizeof chunk);
      if (n > 0) output.append(chunk, static_cast<std::size_t>(n));
      open = n > 0 || (n < 0 && errno == EINTR);
    }
  }
  return output;
}

// Without what tells of the program that wrote it: comments, and the document type that is not looked up anyway.
std::string plain(const std::string& svg) {
  std::string text;
  for (std::size_t at = 0; at < svg.size();) {
    bool comment = svg.compare(at, 4, "<!--") == 0, type = svg.compare(at, 9, "<!DOCTYPE") == 0;
    if (!comment && !type) {
      text += svg[at++];
      continue;
    }
    const char* closing = comment ? "-->" : ">";
    std::size_t end = svg.find(closing, at);
    at = end == svg.npos ? svg.size() : end + std::strlen(closing);
    while (at < svg.size() && svg[at] == '\n') ++at;
  }
  return text;
}

}  // namespace

Svg svg_of(const std::string& dot) {
  Pipe in, out;
  if (in.read < 0 || out.read < 0) return {"", "no pipe to the program dot"};
  auto usual = signal(SIGPIPE, SIG_IGN);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in.read, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out.write, STDOUT_FILENO);
  const char* words[] = {"dot", "-Tsvg", nullptr};
  pid_t child = 0;
  int failed = posix_spawnp(&child, "dot", &actions, nullptr, const_cast<char**>(words), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) {
    signal(SIGPIPE, usual);
    return {"", failed == ENOENT ? kMissing : std::string("the program dot: ") + std::strerror(failed)};
  }
  in.close_read();
  out.close_write();
  std::string svg = exchange(dot, in, out);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  signal(SIGPIPE, usual);
  if (status != 0 || svg.empty()) return {"", "the program dot of Graphviz could not draw it"};
  return {plain(svg), ""};
}

}  // namespace deadletter::topologies
