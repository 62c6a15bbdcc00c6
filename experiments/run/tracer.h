// What happened, told once: to the fingerprint always, to the transcript when it is kept.
#pragma once
#include <fmt/format.h>

#include <functional>
#include <string>
#include <string_view>

#include "experiments/config/plan.h"
#include "models/behaviour/blame.h"
#include "models/mail/record.h"
#include "sim/fingerprint.h"
#include "sim/time.h"

namespace deadletter::experiments {

class Tracer {
 public:
  // `line` gets each line of the transcript without its line end; null keeps none.
  Tracer(const Plan& plan, std::function<void(std::string_view)> line) : plan_(plan), line_(std::move(line)) {}

  // Whether lines are kept: who must compose text for one asks first.
  bool lines() const { return line_ != nullptr; }

  struct Fields {
    std::uint16_t detail = 0;
    std::uint32_t subject = 0;
    std::uint32_t a = 0, b = 0;
  };
  // `counted` is text that belongs to the trajectory itself (octets on a wire); `words` composes what people read.
  template <class Words>
  void record(sim::Instant at, mail::What what, NodeId node, const Fields& fields, std::string_view counted,
              Words&& words) {
    sim::Record record{at,      static_cast<std::uint16_t>(what), fields.detail, node.value, fields.subject, fields.a,
                       fields.b};
    fingerprint_.event(record, counted);
    if (what == mail::What::report || what == mail::What::badmail) fingerprint_.report(record, counted);
    if (what == mail::What::fate) fingerprint_.fate(record);
    if (lines()) write(at, what, node, words());
  }

  sim::Fingerprint& fingerprint() { return fingerprint_; }
  const sim::Fingerprint& fingerprint() const { return fingerprint_; }

 private:
  void write(sim::Instant at, mail::What what, NodeId node, const std::string& words);

  const Plan& plan_;
  std::function<void(std::string_view)> line_;
  sim::Fingerprint fingerprint_;
};

// Octets as a transcript shows them: printable ASCII as it is, the rest as \r, \n, \xHH.
std::string visible(std::string_view octets);

}  // namespace deadletter::experiments
