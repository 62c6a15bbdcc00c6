// explain RUN_DIR MESSAGE --diff OTHER_RUN: one message in two runs, side by side.
#pragma once
#include <string>

#include "experiments/cli/explain_message.h"

namespace deadletter::cli {

// The exit status.
int explain_diff(const MessageQuestion& question, const std::string& other_folder);

}  // namespace deadletter::cli
