#include "experiments/cli/watched_message.h"

#include <fmt/format.h>

#include <charconv>

#include "models/mail/record.h"

namespace deadletter::cli {

using experiments::Storyteller;

WatchedMessage::WatchedMessage(const experiments::Plan& plan, const std::string& id)
    : plan_(plan), name_(id), teller_(id) {
  std::size_t mark = id.find('#');
  if (mark == id.npos || mark == 0) return;
  const char* end = id.data() + id.size();
  auto read = std::from_chars(id.data() + mark + 1, end, countdown_);
  if (read.ec == std::errc() && read.ptr == end && countdown_ > 0) sender_ = id.substr(0, mark);
}

void WatchedMessage::event(const sim::Record& record, std::string_view words) {
  auto what = static_cast<mail::What>(record.kind);
  if (!sender_.empty() && what == mail::What::submit && words.find(fmt::format("from <{}>", sender_)) != words.npos &&
      --countdown_ == 0) {
    name_ = words.substr(0, words.find(' '));
    sender_.clear();
    teller_ = Storyteller(name_);
  }
  experiments::NodeId node{record.node};
  teller_.line({.at_ns = record.at.ns,
                .node = node.valid() ? plan_.nodes[node.value].name : "",
                .kind = mail::text(what),
                .words = std::string(words)});
}

void WatchedMessage::end(const experiments::World& world) {
  for (std::uint32_t m = 0; m < world.messages().size(); ++m) {
    std::string name = world.name_of(world.messages()[m]);
    if ((name.empty() ? fmt::format("#{}", m) : name) != name_) continue;
    for (mail::RecipientId r : world.recipients_of({m}))
      recipients_.push_back(experiments::recipient_result(plan_, world, r));
    return;
  }
}

}  // namespace deadletter::cli
