// A program of somebody else that uses all that is installed, with what that depends on.
#include <cstdio>

#include "experiments/config/load.h"
#include "models/builds/installation.h"

int main() {
  deadletter::json::Problems problems;
  if (deadletter::experiments::load_experiment("/nowhere.json", {}, problems)) return 1;
  std::printf("%s\n", deadletter::builds::find_release("exchange-2003-sp2").release->title.c_str());
}
