// A mail client at work: sessions with its server, Outbox, what it fetches and when.
//
// It does no I/O: it is told what happened and answers with what it wants done. One of these for each person: it keeps
// nothing but numbers, and an Outbox only while something is in it.
//
//   session        closed -> open (start) -> closed (stop); the network is there or not, independently
//   connected      = open, and the network is there: only then anything is sent or fetched
//   Outbox         first in, first out. online, owa: an item leaves as soon as it is put in, or as soon as the client
//                  is connected. cached: with the upload timer, which a further item sets back, but never beyond
//                  `maximum` after the first; when the client becomes connected, at once
//   inbox          cached: the server's first word that something has come sets the download timer; what comes
//                  meanwhile is fetched with it and sets nothing back; when the client becomes connected, at once.
//                  online, owa: it is seen as soon as it comes
//   address types  the list is asked for when a session starts connected, else when it first becomes connected, and
//                  kept until a later session has another (Outlook keeps it in the profile, value 01026687). With
//                  `address_types_read` = change it is asked for before every upload, too
//   address book   cached: when connected and the last one is `oab` old, then every `oab`; never when that is 0
//
// Sources: msoutlook.info/question/300 (timers); MS/959956, MS-OXOMSG 2.2.4.3 (list); MS/841273 (address book). How
// well each is known is marked in behaviour.cpp.
// NOT MODELLED: folders other than Inbox and Outbox, conflicts, header mode, several profiles.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "models/behaviour/blame.h"
#include "models/client/behaviour.h"
#include "sim/time.h"

namespace deadletter::client {

// The list as a server gives it out. A missing type keeps who left it out.
struct AddressTypeList {
  std::vector<std::string> types;                         // in capitals, as the server orders them
  std::vector<std::pair<std::string, Blame>> left_out{};  // types that a ruling took out of the list
  sim::Instant made{};                                    // when the server made it

  bool has(std::string_view type) const;
  Blame blame_of_missing(std::string_view type) const;
};

struct OutlookAction {
  enum class Kind : std::uint8_t {
    fetch_types,  // ask the server for the list, and tell types_fetched() before anything else
    submit,       // hand `item` to the server
    download,     // `count` items, the oldest first
    fetch_book,   // the offline address book
    timer         // tell timer() at `at`, with `timer` and `generation`
  };
  enum class Timer : std::uint8_t { upload, download, book };
  Kind kind = Kind::submit;
  std::uint32_t item = 0;
  std::uint32_t count = 0;
  sim::Instant at{};
  Timer timer = Timer::upload;
  std::uint32_t generation = 0;
};

class Outlook {
 public:
  using Actions = std::vector<OutlookAction>;
  using Timer = OutlookAction::Timer;

  Outlook(const ClientBehaviour& behaviour, Mode mode) : behaviour_(&behaviour), mode_(mode) {}

  void start(sim::Instant now, Actions& actions);  // a session; nothing when one is open
  void stop();
  void network(bool there, sim::Instant now, Actions& actions);  // there at first
  void send(std::uint32_t item, sim::Instant now, Actions& actions);
  void arrived(sim::Instant now, Actions& actions);  // one item more in the mailbox on the server
  void timer(Timer which, std::uint32_t generation, sim::Instant now, Actions& actions);
  void types_fetched();

  bool connected() const { return open_ && network_; }
  Mode mode() const { return mode_; }
  bool list_held() const { return list_held_; }
  // What becomes of one recipient of a submitted item.
  DecisionPoint<SubmitCheckFacts, SubmitCheck>::Ruling check(std::string_view type, const AddressTypeList& list) const;

  std::size_t in_outbox() const { return outbox_.size(); }
  std::uint32_t to_download() const { return on_server_; }

 private:
  // A timer that runs while it is set; only its last generation counts.
  struct Due {
    std::uint32_t generation = 0;
    bool set = false;
  };
  void became_connected(sim::Instant now, Actions& actions);
  void lost();
  void set_timer(Due& due, Timer which, sim::Instant at, Actions& actions);
  void upload(Actions& actions);
  void download(Actions& actions);
  void fetch_book(sim::Instant now, Actions& actions);

  const ClientBehaviour* behaviour_;
  std::vector<std::uint32_t> outbox_;
  std::uint32_t on_server_ = 0;
  Due upload_due_, download_due_;
  sim::Instant first_change_{};  // of those that the upload timer runs for
  std::uint32_t book_generation_ = 0;
  sim::Instant book_at_{};
  Mode mode_;
  bool open_ = false, network_ = true, list_held_ = false, list_of_session_ = false, book_held_ = false;
};

}  // namespace deadletter::client
