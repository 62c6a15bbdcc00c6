#include "models/behaviour/point.h"

namespace deadletter {

const char* text(Evidence evidence) {
  switch (evidence) {
    case Evidence::documented:
      return "documented";
    case Evidence::observed:
      return "observed";
    case Evidence::inferred:
      return "inferred";
    case Evidence::assumed:
      return "assumed";
  }
  return "";
}

const char* text(Layer layer) {
  switch (layer) {
    case Layer::standard:
      return "standard";
    case Layer::profile:
      return "profile";
    case Layer::release:
      return "release";
    case Layer::configuration:
      return "configuration";
    case Layer::quirk:
      return "quirk";
  }
  return "";
}

}  // namespace deadletter
