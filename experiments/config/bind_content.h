// Binding of what messages hold: meetings, calendar objects out of files, clients and IMAP clients.
#pragma once
#include <functional>

#include "experiments/config/plan.h"
#include "sim/json/problem.h"

namespace deadletter::experiments {

class ContentBinder {
 public:
  using ResolvePath = std::function<std::string(const Name&)>;
  ContentBinder(const Experiment& experiment, Plan& plan, json::Problems& problems, ResolvePath resolve_path)
      : experiment_(experiment), plan_(plan), problems_(problems), resolve_path_(std::move(resolve_path)) {}

  // Fills in what `planned` holds, and whom it goes to when its meeting says so. Senders and recipients are bound.
  void bind(const Mail& mail, PlannedMail& planned);
  // Of made-up mail and traces.
  std::uint32_t described(Holding holding);

  void bind_clients(const builds::UnderStudy& study);
  void bind_fetches();

 private:
  void problem(const json::Place& place, std::string message);
  void unknown(const Name& name, std::string_view what, std::vector<std::string> choices);
  const Mail* find_meeting(const Name& name);
  std::vector<Name> recipients(const Mail& mail);
  mail::AddressId address_of(const Mail& mail, const Name& to);
  void bind_meeting(const Mail& mail, const Meeting& meeting, PlannedContent& content);
  void bind_held(const Mail& mail, PlannedMail& planned, PlannedContent& content);
  builds::NodeBehaviour settings_of(const json::Keyed<ClientSetup>& client, const builds::Build& build);
  void check_times(const json::Keyed<ClientSetup>& client);
  void check_only(const Mail& mail, const Meeting& meeting);
  std::vector<std::string> mailboxes() const;

  const Experiment& experiment_;
  Plan& plan_;
  json::Problems& problems_;
  ResolvePath resolve_path_;
};

// "*" stands for any characters.
bool like(std::string_view pattern, std::string_view text);

}  // namespace deadletter::experiments
