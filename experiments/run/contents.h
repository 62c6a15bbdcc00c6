// What messages hold on their way through a run, and the mailboxes that it comes to.
//
// Content is made by the sender's client, converted by servers, and read by the recipient's client; the world says when
// and where, this says what comes of it. A content is made once and never changed; copies on the way share it by
// number. Described content stands for many messages: the same conversion decides about it, once for each server and
// form.
#pragma once
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "experiments/config/plan.h"
#include "experiments/run/address_facts.h"
#include "experiments/run/behaviours.h"
#include "experiments/run/mailbox.h"
#include "models/content/content.h"
#include "models/transport/entry.h"

namespace deadletter::experiments {

using transport::ContentForm;
using transport::ContentId;

// What became of a property, where and when. `client`: the address of whose client it was; else a server's doing.
struct LineageRow {
  sim::Instant at{};
  std::uint32_t mail = 0;  // index into the plan's mail
  NodeId node{};
  mail::AddressId client{};
  content::LineageStep step;
};

// What an IMAP client was told about a folder.
struct FetchResult {
  std::string id, response, shown;
  std::uint64_t messages = 0, failed = 0;
  std::vector<std::string> ruled_by;
};

class Contents {
 public:
  Contents(const Plan& plan, const Behaviours& behaviours, const AddressTable& addresses);

  const content::Content& at(ContentId id) const { return *items_[id.value].content; }
  std::shared_ptr<const content::Content> share(ContentId id) const { return items_[id.value].content; }
  bool described(ContentId id) const { return items_[id.value].described; }
  bool infected(ContentId id) const { return items_[id.value].infected; }
  // In octets; nothing where a message says itself how large it is.
  std::optional<std::uint32_t> size(ContentId id) const;
  // Another form of the same message's content.
  ContentId add(std::shared_ptr<const content::Content> content, ContentId from);

  // What the sender's client submits as a mail of the plan; nothing as long as what it answers has not come.
  std::optional<ContentId> compose(std::uint32_t mail, NodeId node, sim::Instant now);
  ContentId described_as(std::uint32_t content);

  // Where a recipient is decides the form, at the server where a client submits.
  ContentForm form_for(NodeId node, mail::AddressId recipient) const;

  struct Conversion {
    ContentId content{};
    std::optional<content::ErrorCode> failed;
    Blame blame;
  };
  // What a server's store gives out for a next hop.
  Conversion render(ContentId id, ContentForm form, NodeId node, std::uint32_t mail, sim::Instant submitted,
                    sim::Instant now);

  // For a virus scan at a server.
  content::ForScan open_for_scan(ContentId id, NodeId node, std::uint32_t mail, sim::Instant now);
  std::string message_class(ContentId id) const { return content::message_class(at(id)); }
  // Without the envelope in which it came by X.400.
  ContentId unwrapped(ContentId id);
  // From one message transfer agent to the next: what arrives, and how many octets that took.
  struct Transferred {
    ContentId content{};
    std::uint32_t octets = 0;
    std::string problem;  // when it cannot be read at the other end
  };
  Transferred transfer(ContentId id, NodeId from, NodeId to, const std::string& mts_id, std::uint32_t mail,
                       sim::Instant submitted, sim::Instant now);

  struct Delivery {
    Blame blame;
    std::vector<std::uint32_t> due;  // mail that its sender can send now
  };
  Delivery delivered(mail::AddressId mailbox, NodeId node, ContentId id, std::uint32_t mail, sim::Instant now);

  FetchResult fetch(const PlannedFetch& fetch, sim::Instant now);

  // At the end of a run.
  const std::vector<LineageRow>& lineage() const { return lineage_; }
  const std::vector<FetchResult>& fetches() const { return fetches_; }
  client::Shown shown(mail::AddressId mailbox, std::uint32_t mail) const;
  std::string signature(mail::AddressId mailbox, std::uint32_t mail) const;  // valid, invalid or none
  // As an Internet message: what came to that mailbox, or what was sent when nothing did. Empty for described mail.
  std::string octets(std::uint32_t mail, const std::vector<mail::AddressId>& recipients) const;

 private:
  struct Item {
    std::shared_ptr<const content::Content> content;
    bool described = false, infected = false;
    std::vector<ContentId> rendered{};  // described: by node and form, as far as it was
  };
  const builds::NodeBehaviour& behaviour(NodeId node) const { return behaviours_.of(node); }
  const client::ClientBehaviour& client_of(mail::AddressId address) const;
  content::FileTime file_time(sim::Instant at) const;
  content::ReferenceTimes times(sim::Instant submitted, sim::Instant now) const;
  Mailbox& mailbox(mail::AddressId address) { return mailboxes_[address]; }
  const Mailbox* find_mailbox(mail::AddressId address) const;
  ContentId& rendered(ContentId id, ContentForm form, NodeId node);

  std::optional<content::Message> meeting_object(const PlannedMail& mail, const PlannedContent& planned,
                                                 sim::Instant now);
  content::Message new_meeting(const PlannedMail& mail, const PlannedContent& planned, sim::Instant now);
  content::Message body(const PlannedMail* mail, Holding holding, sim::Instant now) const;
  void held(const PlannedMail& mail, const PlannedContent& planned, sim::Instant now);
  void note(const content::Lineage& lineage, std::uint32_t mail, NodeId node, mail::AddressId client, sim::Instant now);
  void keep_estimates(const content::Message& message, const std::vector<content::Estimate>& estimates);

  const Plan& plan_;
  const Behaviours& behaviours_;
  const AddressTable& addresses_;
  std::deque<Item> items_;
  std::map<std::uint32_t, ContentId> described_;                              // by index into the plan's contents
  std::map<std::tuple<ContentId, ContentForm, NodeId>, ContentId> rendered_;  // of what is not described
  std::map<ContentId, ContentId> unwrapped_;
  std::map<std::pair<ContentId, NodeId>, ContentId> transferred_;  // described content, by where it came to
  std::map<std::uint32_t, ContentId> submitted_;                   // by mail
  std::map<mail::AddressId, Mailbox> mailboxes_;
  std::map<std::string, std::string> meeting_keys_;  // by the request's mail
  std::vector<LineageRow> lineage_;
  std::map<std::tuple<std::uint32_t, NodeId, ContentForm>, bool> told_;  // conversions whose lineage is there already
  std::vector<FetchResult> fetches_;
};

}  // namespace deadletter::experiments
