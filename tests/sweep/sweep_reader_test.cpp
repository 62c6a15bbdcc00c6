// sweep.sqlite read back: what was written, and nothing of a file that is damaged or that no sweep wrote.
#include "experiments/sweep/sweep_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <cmath>

#include "experiments/sweep/sweep_file.h"
#include "tests/report/made_run.h"

namespace deadletter::testing {
namespace {

using experiments::CellResult;
using experiments::CellState;
using experiments::CollectedSweep;
using experiments::FactorValue;
using experiments::SweepCell;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Two variants, each with ten seeds; the last run of the second came to no end.
struct Written {
  TemporaryFolder folder;
  std::string path = folder / "sweep.sqlite";

  Written() {
    experiments::Sweep sweep;
    sweep.plan.id = "s", sweep.plan.question = "why?", sweep.build = "b";
    sweep.experiments = {{"e", "fixed"}};
    experiments::SweepFile file(path, sweep);
    for (const char* variant : {"broken", "fixed"})
      for (std::uint64_t seed = 1; seed <= 10; ++seed) add(file, variant, seed);
    file.finish();
  }
  static void add(experiments::SweepFile& file, const std::string& variant, std::uint64_t seed) {
    bool fixed = variant == "fixed", last = fixed && seed == 10;
    CellResult result{.state = last ? CellState::failed : CellState::done};
    result.status = last ? 70 : fixed ? 0 : 1;
    if (!last) result.metrics = {{"attempts", fixed ? 1.0 : 0.1 * static_cast<double>(seed)}, {"delay.p50", 1e-3}};
    if (!last && !fixed) result.failed = {"it arrives"}, result.metrics["ndr.4.4.7"] = 1;
    file.add({.key = fmt::format("{}{}", variant, seed),
              .experiment = "e",
              .variant = variant,
              .seed = seed,
              .factors = {{"gap", "5s"}, {"/mail/0/size", "1KB"}}},
             false, result);
  }
  CollectedSweep read() const { return experiments::read_sweep_file(path); }
  // What is said of the file after it was changed; "" when it is taken.
  static std::string refused(const std::string& sql) {
    Written copy;
    change_tables(copy.path, sql);
    try {
      copy.read();
    } catch (const experiments::SweepUnreadable& unreadable) {
      return unreadable.what();
    }
    return "";
  }
};

TEST(SweepReader, GivesBackWhatWasWritten) {
  CollectedSweep sweep = Written().read();
  EXPECT_EQ(sweep.id, "s");
  EXPECT_EQ(sweep.question, "why?");
  EXPECT_EQ(sweep.build, "b");
  EXPECT_EQ(sweep.baselines.at("e"), "fixed");
  ASSERT_EQ(sweep.cells.size(), 20U);
  EXPECT_EQ(sweep.cells[3].key, "broken4");
  EXPECT_EQ(sweep.cells[3].variant, "broken");
  EXPECT_EQ(sweep.cells[3].seed, 4U);
  EXPECT_EQ(sweep.cells[3].status, 1);
  EXPECT_THAT(sweep.cells[3].failed, ElementsAre("it arrives"));
  EXPECT_THAT(sweep.cells[3].factors, ElementsAre(FactorValue{"gap", "5s"}, FactorValue{"/mail/0/size", "1KB"}));
  EXPECT_EQ(sweep.metrics.at("attempts")[3], 0.1 * 4.0);
  EXPECT_EQ(sweep.metrics.at("ndr.4.4.7")[3], 1);
  EXPECT_EQ(sweep.metrics.at("ndr.4.4.7")[13], 0) << "no such report came";
  EXPECT_EQ(sweep.cells[19].state, CellState::failed);
  EXPECT_EQ(sweep.cells[19].status, 70);
}

TEST(SweepReader, RefusesWhatNoSweepWrites) {
  Written written;
  ASSERT_EQ(written.refused("SELECT 1"), "");
  EXPECT_THAT(written.refused("PRAGMA application_id = 7"), HasSubstr("0x00000007, expected 0x444C5357"));
  EXPECT_THAT(written.refused("PRAGMA user_version = 9"), HasSubstr("form 9"));
  EXPECT_THAT(written.refused("DROP TABLE factors"), HasSubstr("it has no table factors"));
  EXPECT_THAT(written.refused("ALTER TABLE metrics RENAME COLUMN value TO v"), HasSubstr("no such column: value"));
  EXPECT_THAT(written.refused("DELETE FROM sweep"), HasSubstr("table sweep is empty"));
  EXPECT_THAT(written.refused("DELETE FROM cells WHERE cell = 5"), HasSubstr("column cell of table cells"));
  EXPECT_THAT(written.refused("UPDATE cells SET state = 'dome' WHERE cell = 5"), HasSubstr("else than a state"));
  EXPECT_THAT(written.refused("UPDATE cells SET status = 3 WHERE cell = 5"), HasSubstr("else than an exit status"));
  EXPECT_THAT(written.refused("UPDATE cells SET seed = -1 WHERE cell = 5"), HasSubstr("else than a seed"));
  EXPECT_THAT(written.refused("UPDATE cells SET variant = NULL WHERE cell = 5"), HasSubstr("else than a text"));
  EXPECT_THAT(written.refused("UPDATE metrics SET value = 9e999 WHERE cell = 5"), HasSubstr("else than a figure"));
  EXPECT_THAT(written.refused("UPDATE metrics SET value = 'x' WHERE cell = 5"), HasSubstr("else than a real number"));
  EXPECT_THAT(written.refused("UPDATE metrics SET cell = 99 WHERE cell = 5"), HasSubstr("else than a cell"));
  EXPECT_THAT(written.refused("INSERT INTO metrics VALUES (20, 'attempts', 1)"), HasSubstr("a cell that is done"));
  EXPECT_THAT(written.refused("UPDATE cells SET seed = 2 WHERE cell = 1"),
              HasSubstr("two of its runs are of e broken"));
}

// A view of that name could be asked for ever.
TEST(SweepReader, AsksNoViews) {
  EXPECT_THAT(Written().refused("DROP TABLE failures; CREATE VIEW failures AS WITH RECURSIVE r(n) AS "
                                "(SELECT 1 UNION ALL SELECT n FROM r) SELECT n AS cell, 'x' AS text FROM r"),
              HasSubstr("it holds a view"));
}

TEST(SweepReader, AFileCutOffAnywhereIsRefused) {
  Written written;
  std::string whole = read_file(written.path);
  for (std::size_t cut = 1; cut <= whole.size(); cut += 509) {
    std::size_t left = whole.size() - cut;
    write_file(written.path, whole.substr(0, left));
    EXPECT_THROW(written.read(), experiments::SweepUnreadable) << left << " of " << whole.size() << " octets";
  }
}

TEST(SweepReader, OctetsThatWereFlippedAreRefusedOrLeaveEveryCell) {
  Written written;
  std::string whole = read_file(written.path);
  std::size_t refused = 0, flipped = 0;
  for (std::size_t at = 0; at < whole.size(); at += 41, ++flipped) {
    std::string octets = whole;
    octets[at] = static_cast<char>(octets[at] ^ (flipped % 3 == 0 ? 0xff : flipped % 3 == 1 ? 0x01 : 0x80));
    write_file(written.path, octets);
    try {
      CollectedSweep sweep = written.read();
      EXPECT_EQ(sweep.cells.size(), 20U) << "octet " << at;
      for (const auto& [name, figures] : sweep.metrics)
        for (double figure : figures) EXPECT_TRUE(std::isfinite(figure)) << "octet " << at;
    } catch (const experiments::SweepUnreadable&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, flipped / 20) << "of " << flipped;
}

}  // namespace
}  // namespace deadletter::testing
