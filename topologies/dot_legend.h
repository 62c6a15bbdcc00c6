// The head of a picture: name, purpose, and what colours and lines mean, as an HTML-like label.
#pragma once
#include <string>

#include "topologies/draw.h"

namespace deadletter::topologies::dot {

std::string title(const Organization& organization, Layer layer);

}  // namespace deadletter::topologies::dot
