// Binding of traffic: traces are read, who sends and who gets is looked up, the rates are set.
#pragma once
#include "experiments/config/bind_content.h"
#include "experiments/config/plan.h"
#include "sim/json/problem.h"

namespace deadletter::experiments {

// After nodes, domains and the directory.
void bind_traffic(const Experiment& experiment, Plan& plan, ContentBinder& content, json::Problems& problems,
                  const ContentBinder::ResolvePath& resolve_path);

// bind_profile.cpp
void bind_profile(const Traffic& traffic, Plan& plan, ContentBinder& content, json::Problems& problems);
// bind_burst.cpp
void bind_burst(const Traffic& traffic, Plan& plan, ContentBinder& content, json::Problems& problems);

}  // namespace deadletter::experiments
