// explain RUN_DIR MESSAGE: the story of one message out of a run's folder: its way, what became of the properties that
// matter, and what of earlier messages that rests on.
#pragma once
#include <string>

#include "experiments/cli/common.h"
#include "experiments/story/story.h"

namespace deadletter::cli {

struct MessageQuestion {
  std::string folder, message;
  bool all = false;  // also the properties that were merely kept
  Format format = Format::text;
};
// The exit status.
int explain_message(const MessageQuestion& question);

// The array "mail" of its run.json; nothing, and a problem, when there is none with that message.
std::optional<json::Value> mails_with(const MessageQuestion& question, json::Problems& problems);
// The message's story out of transcript.txt; empty when there is none.
std::vector<experiments::Round> rounds_of(const std::string& folder, const std::string& message);

// A folder that a run left behind.
bool is_run_folder(const std::string& path);

}  // namespace deadletter::cli
