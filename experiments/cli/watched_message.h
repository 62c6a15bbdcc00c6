// One message of a run that is under way: its story, and at the end what became of each recipient.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "experiments/run/observer.h"
#include "experiments/run/result.h"
#include "experiments/story/story.h"

namespace deadletter::cli {

class WatchedMessage : public experiments::Observer {
 public:
  // `id`: of a mail of the experiment or of a report, "#7" as in transcripts, or "ann@contoso.com#3", the third that
  // she sent.
  WatchedMessage(const experiments::Plan& plan, const std::string& id);

  void event(const sim::Record& record, std::string_view words) override;
  void attempt(sim::Instant, const experiments::Attempt&) override {}
  void entered(std::uint32_t) override {}
  void queue(sim::Instant, const experiments::QueueLook&) override {}

  // To be called while the world still is.
  void end(const experiments::World& world);

  bool found() const { return !recipients_.empty(); }
  const std::string& name() const { return name_; }  // as in transcripts
  const std::vector<experiments::RecipientResult>& recipients() const { return recipients_; }
  std::vector<experiments::Round> rounds() const { return teller_.tell(); }

 private:
  const experiments::Plan& plan_;
  std::string name_, sender_;  // sender_: whose mail is still counted
  std::uint64_t countdown_ = 0;
  experiments::Storyteller teller_;
  std::vector<experiments::RecipientResult> recipients_;
};

}  // namespace deadletter::cli
