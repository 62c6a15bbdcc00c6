// A desk at which a Scanner is driven by hand: it performs the scanner's actions and writes down what happened, a line
// each: "<time> <item> <what>". Everything passes a ScanWatch on its way; `tamper` may change what the watch hears.
//
//   ScanDesk desk;                       // one thread, ten seconds an item, no matter how large
//   desk.arrive("m1"), desk.arrive("m2", {.infected = true});
//   desk.run_until(Duration::minutes(1));
//   EXPECT_THAT(desk.lines("judged"), ElementsAre("00:00:10 m1 judged clean", "00:00:20 m2 judged deleted"));
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "models/scanner/scanner.h"
#include "tests/support/scan_watch.h"

namespace deadletter::scanner {

struct Sort {
  std::uint64_t size = 1000;
  std::string message_class = "IPM.Note";
  std::vector<std::string_view> attachments{};
  bool infected = false, cleanable = false;
  std::uint64_t known_since = 0;
  bool readable = true;
  std::int32_t error = 0;
  bool hangs = false;  // its scan never ends by itself
};

class ScanDesk {
 public:
  ScannerBehaviour behaviour;
  std::function<void(Scanner::Actions&)> tamper = [](Scanner::Actions&) {};
  bool hears_of_cuts = true;  // else a slice goes on as if nobody waited

  explicit ScanDesk(Site site = Site::store);

  // A name that is new is a new item of that sort; a known one keeps its sort.
  void arrive(const std::string& name, const Sort& sort = {});
  void open(const std::string& name, const Sort& sort = {});
  void change(const std::string& name, const Sort& sort);
  void update(std::uint64_t version);
  void forget(const std::string& name);
  void stored(const std::string& name);
  void restart();
  void run_until(Duration end);
  // Until nothing more is going to happen.
  void run_out();

  const std::vector<std::string>& lines() const { return lines_; }
  std::vector<std::string> lines(const std::string& words) const;
  std::vector<std::string> ruled_by(const std::string& name) const;
  const std::vector<std::string>& broken();
  Scanner& scanner();
  ScanWatch& watch() { return scanner(), *watch_; }
  Instant now() const { return now_; }

 private:
  struct Named {
    std::string name;
    Sort sort;
    Blame blame;
    bool gone = false;
  };
  using Due = std::tuple<Instant, int, std::uint64_t>;
  void ask(const std::string& name, const Sort& sort, Event event);
  ItemId id_of(const std::string& name, const Sort& sort);
  Item item(ItemId id) const;
  bool excluded(const Item& item) const;
  void perform(const Scanner::Actions& actions);
  void perform(const ScanAction& action);
  void say(ItemId item, const std::string& words);
  void say(const std::string& words);
  bool step(Instant end);

  Site site_;
  std::unique_ptr<Scanner> scanner_;
  std::unique_ptr<ScanWatch> watch_;
  Instant now_;
  std::map<Due, ScanId> calendar_;  // what ends comes before what times out; no scan: clients open something
  std::uint64_t posted_ = 0;
  std::vector<Named> items_;
  std::vector<std::string> lines_;
};

}  // namespace deadletter::scanner
