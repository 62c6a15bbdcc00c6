// What a scanner decides, over all facts: the tables here are the oracle, read from the top, the first row that fits.
#include <gtest/gtest.h>

#include <optional>

#include "models/scanner/behaviour.h"

namespace deadletter::scanner {
namespace {

// Empty: whatever it is.
struct Row {
  const char* because;
  std::optional<Site> site;
  std::optional<Event> event;
  std::optional<bool> on, proactive, background, current, excluded, full;
  When then;
};

constexpr std::optional<bool> any = std::nullopt;
constexpr auto anywhere = std::optional<Site>{};
constexpr auto anything = std::optional<Event>{};

const Row kRows[] = {
    // because                        site             event                    on    pro   back  curr. excl. full
    {"no scanner", anywhere, anything, false, any, any, any, any, any, When::not_now},
    {"not a second time", anywhere, anything, any, any, any, true, any, any, When::not_now},
    {"it is excluded", anywhere, anything, any, any, any, any, true, any, When::not_now},
    {"a client waits", Site::store, Event::open, any, any, any, any, any, any, When::now},
    {"not ahead of a client", Site::store, Event::arrival, any, false, any, any, any, any, When::not_now},
    {"no room", Site::store, Event::arrival, any, any, any, any, any, true, When::not_now},
    {"ahead of a client", Site::store, Event::arrival, any, any, any, any, any, any, When::low_priority},
    {"at the next opening", Site::store, Event::signature_update, any, any, false, any, any, any, When::not_now},
    {"the whole store", Site::store, Event::signature_update, any, any, any, any, any, any, When::background},
    {"mail waits for it", Site::transport, Event::arrival, any, any, any, any, any, any, When::now},
    {"it passed long ago", Site::transport, anything, any, any, any, any, any, any, When::not_now},
};

template <class T>
bool fits(const std::optional<T>& wanted, T value) {
  return !wanted || *wanted == value;
}

bool fits(const Row& row, const WhenFacts& f) {
  return fits(row.site, f.site) && fits(row.event, f.event) && fits(row.on, f.on) && fits(row.proactive, f.proactive) &&
         fits(row.background, f.background) && fits(row.current, f.current) && fits(row.excluded, f.excluded) &&
         fits(row.full, f.waiting >= f.low_queue);
}

template <class Visit>
void every_fact(Visit visit) {
  for (Site site : {Site::store, Site::transport})
    for (Event event : {Event::arrival, Event::open, Event::signature_update})
      for (unsigned bits = 0; bits < 32; ++bits)
        for (auto [waiting, low_queue] : {std::pair{0U, 30U}, {29U, 30U}, {30U, 30U}, {31U, 30U}, {0U, 0U}, {0U, 1U}})
          visit(WhenFacts{site, event, (bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0,
                          (bits & 16) != 0, waiting, low_queue});
}

// How often the table and the point differ.
std::size_t differences(const ScannerBehaviour& behaviour) {
  std::size_t count = 0;
  every_fact([&](const WhenFacts& facts) {
    const Row* row = std::begin(kRows);
    while (!fits(*row, facts)) ++row;
    count += behaviour.when.rule(facts).outcome == row->then ? 0 : 1;
  });
  return count;
}

TEST(ScannerPoints, WhenAnItemIsScannedFollowsTheTableForAllFacts) {
  EXPECT_EQ(differences(ScannerBehaviour{}), 0U);
  for (const Row& row : kRows) {
    bool used = false;
    every_fact([&](const WhenFacts& facts) {
      const Row* first = std::begin(kRows);
      while (!fits(*first, facts)) ++first;
      used = used || first == &row;
    });
    EXPECT_TRUE(used) << row.because;
  }
}

TEST(ScannerPoints, ADeviationInOneCaseIsADifferenceFromTheTable) {
  ScannerBehaviour behaviour;
  behaviour.when.deviate(
      [](const WhenFacts& f, const When& below) {
        bool last_place = f.event == Event::arrival && f.waiting == 29 && below == When::low_priority;
        return last_place ? When::not_now : below;
      },
      blame_of("KB100001"));
  EXPECT_EQ(differences(behaviour), 2U) << "with background on and off";
}

std::size_t not_retried(const ScannerBehaviour& behaviour) {
  std::size_t count = 0;
  for (Site site : {Site::store, Site::transport})
    for (std::int32_t code : {0, -2147467259, -2147221221, 1})
      for (std::uint32_t attempts : {1U, 2U, 100U, 4294967295U})
        for (bool timed_out : {false, true})
          count +=
              behaviour.scan_failed.rule({site, code, attempts, timed_out}).outcome == ScanFailed::retry_later ? 0 : 1;
  return count;
}

TEST(ScannerPoints, AFailedScanIsTriedLaterWhateverFailed) { EXPECT_EQ(not_retried(ScannerBehaviour{}), 0U); }

TEST(ScannerPoints, AScanThatIsReleasedAfterItsTimeOutWouldBeNoticed) {
  ScannerBehaviour behaviour;
  behaviour.scan_failed.deviate(
      [](const ScanFailedFacts& f, const ScanFailed& below) {
        return f.timed_out ? ScanFailed::release_unscanned : below;
      },
      blame_of("KB100001"));
  EXPECT_EQ(not_retried(behaviour), 32U);
}

TEST(ScannerPoints, NoScannerIsInstalledByItself) {
  ScannerBehaviour usual;
  EXPECT_EQ(*usual.enabled, Switch::off);
  EXPECT_EQ(*usual.transport, Switch::off);
  EXPECT_EQ(*usual.low_queue, 30U);
  EXPECT_EQ(*usual.timeout, Duration::minutes(3));
}

// ---- scanner.exclusions

struct Covered {
  const char* pattern;
  const char* message_class;
  std::vector<std::string_view> attachments;
  bool covered;
};

TEST(ScannerExclusions, AClassCoversTheClassesBelowItAndAnEndingCoversWhatHasNoOther) {
  const Covered rows[] = {
      {"IPM.Note", "IPM.Note", {}, true},
      {"IPM.Note", "ipm.note.smime.multipartsigned", {}, true},
      {"ipm.NOTE", "IPM.Note", {}, true},
      {"IPM.Note", "IPM.Notes", {}, false},
      {"IPM.Note", "IPM", {}, false},
      {"IPM.Note", "", {}, false},
      {"IPM.Note", "ENVELOPE.IPM.Note", {}, false},
      {"ENVELOPE", "ENVELOPE.IPM.Note", {}, true},
      {".zip", "IPM.Note", {"a.zip"}, true},
      {".zip", "IPM.Note", {"A.ZIP", "b.zip"}, true},
      {".zip", "IPM.Note", {"a.zip", "b.exe"}, false},
      {".zip", "IPM.Note", {}, false},
      {".zip", "IPM.Note", {"zip"}, false},
      {".zip", "IPM.Note", {".zip"}, true},
      {".Note", "IPM.Note", {}, false},
      {"zip", "IPM.Note", {"a.zip"}, false},
  };
  for (const Covered& row : rows) {
    Exclusions exclusions{{"X.Other", row.pattern}};
    EXPECT_EQ(exclusions.cover(row.message_class, row.attachments), row.covered)
        << row.pattern << " and " << row.message_class;
  }
  EXPECT_FALSE(Exclusions{}.cover("IPM.Note", std::vector<std::string_view>{"a.zip"}));
  EXPECT_TRUE((Exclusions{{".zip", ".rar"}}.cover("IPM", std::vector<std::string_view>{"a.zip", "a.rar"})));
}

TEST(ScannerExclusions, APatternIsWordsWithDotsBetweenThem) {
  for (const char* right : {"IPM", "IPM.Note", ".zip", ".tar.gz", "a-b_c.9"}) EXPECT_TRUE(is_exclusion(right)) << right;
  for (const char* wrong : {"", ".", "IPM.", "IPM..Note", "..zip", "*.zip", "IPM Note", "IPM\n", "é"})
    EXPECT_FALSE(is_exclusion(wrong)) << wrong;
  EXPECT_TRUE(is_exclusion(std::string(255, 'a')));
  EXPECT_FALSE(is_exclusion(std::string(256, 'a')));
}

}  // namespace
}  // namespace deadletter::scanner
