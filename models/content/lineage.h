// What became of each property on its way: which step set, kept, changed, lost or refused it, and by whose ruling.
//
// A converter appends steps; whoever runs it adds where and when. Values are written for people.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "models/behaviour/blame.h"

namespace deadletter::content {

enum class Fate : std::uint8_t {
  set,          // made here: a client or a converter gave it this value
  kept,         // carried over
  defaulted,    // not there; the other side gets the value that stands for that
  substituted,  // another value written in its place
  omitted,      // there, and left out
  absent,       // not there, and nothing written
  refused       // cannot be converted: the conversion fails
};
const char* text(Fate fate);

struct LineageStep {
  std::string property;  // by its MAPI name: "PR_RECIPIENT_TRACKSTATUS_TIME"
  std::string other{};   // by its name in the other form: "DTSTART"; may be empty
  std::string row{};     // the recipient's address, for properties of a row
  Fate fate = Fate::kept;
  std::string value{};  // after the step; of what is omitted or refused the value that was there
  std::string why{};    // in a few words, may be empty
  Blame blame{};        // of the ruling, and of what it read
};
using Lineage = std::vector<LineageStep>;

}  // namespace deadletter::content
