// What happened, told once: to the fingerprint always, to the transcript and to who watches when there are any.
#pragma once
#include <fmt/format.h>

#include <functional>
#include <string>
#include <string_view>

#include "experiments/config/plan.h"
#include "experiments/run/observer.h"
#include "models/behaviour/blame.h"
#include "models/mail/record.h"
#include "sim/fingerprint.h"
#include "sim/time.h"

namespace deadletter::experiments {

class Tracer {
 public:
  // `line` gets each line of the transcript without its line end; null keeps none.
  Tracer(const Plan& plan, std::function<void(std::string_view)> line, Observer* observer = nullptr)
      : plan_(plan), line_(std::move(line)), observer_(observer), told_(line_ != nullptr || observer_ != nullptr) {}

  Observer* observer() { return observer_; }

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
    if (told_) tell(record, words());
  }
  // What became of a recipient counts by itself, whenever it is told.
  template <class Words>
  void fate(sim::Instant at, const Fields& fields, std::string_view counted, Words&& words) {
    fingerprint_.fate(counted);
    constexpr auto kind = static_cast<std::uint16_t>(mail::What::fate);
    if (told_) tell({at, kind, fields.detail, NodeId{}.value, fields.subject, fields.a, fields.b}, words());
  }

  sim::Fingerprint& fingerprint() { return fingerprint_; }
  const sim::Fingerprint& fingerprint() const { return fingerprint_; }

 private:
  void tell(const sim::Record& record, const std::string& words);

  const Plan& plan_;
  std::function<void(std::string_view)> line_;
  Observer* observer_;
  bool told_;  // somebody wants words
  sim::Fingerprint fingerprint_;
};

// A line of the transcript, without its end.
std::string transcript_line(const Plan& plan, const sim::Record& record, std::string_view words);

// Octets as a transcript shows them: printable ASCII as it is, the rest as \r, \n, \xHH.
std::string visible(std::string_view octets);

}  // namespace deadletter::experiments
