// explain RUN_DIR MESSAGE: the story of one message out of a run's folder: its way, what became of the properties that
// matter, and what of earlier messages that rests on.
#pragma once
#include <string>

#include "experiments/cli/common.h"

namespace deadletter::cli {

struct MessageQuestion {
  std::string folder, message;
  bool all = false;  // also the properties that were merely kept
  Format format = Format::text;
};
// The exit status.
int explain_message(const MessageQuestion& question);

// A folder that a run left behind.
bool is_run_folder(const std::string& path);

}  // namespace deadletter::cli
