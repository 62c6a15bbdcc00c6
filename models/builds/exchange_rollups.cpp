// Rollups of Exchange. Each installs on one release and contains those before it on that release.
//
// NOT MODELLED: which services a rollup restarts is not known from a document.
#include "models/builds/updates.h"

namespace deadletter::builds {
namespace {

constexpr const char* kUpdates2007 = "microsoft/Get-ExchangeBuildNumber; OfficeDocs-Exchange build numbers";
constexpr const char* kUpdates = "OfficeDocs-Exchange build numbers";
constexpr const char* kRollup870540 = "OfficeDocs-Exchange build numbers; Exchange team blog 2004-08-17";

struct Row {
  const char* update;  // the article, or what people call it when it has none that is known
  const char* also;
  const char* file;
  const char* date;
  const char* source;
};

struct Series {
  const char* branch;
  const char* title;
  std::vector<Row> rows{};  // oldest first
};

const std::vector<Series>& series() {
  static const std::vector<Series> all = {
      {"exchange-2000-sp3",
       "Exchange 2000 SP3",
       {{"rollup-2003-09", "", "6.0.6487", "2003-09", kUpdates},
        {"KB836488", "rollup-2004-04", "6.0.6556", "2004-04", kRollup870540},
        {"KB870540", "rollup-2004-08", "6.0.6603", "2004-08", kRollup870540},
        {"rollup-2008-03", "", "6.0.6620.5", "2008-03", kUpdates},
        {"rollup-2008-08", "", "6.0.6620.7", "2008-08", kUpdates}}},
      {"exchange-2003-sp2",
       "Exchange Server 2003 SP2",
       {{"rollup-2008-03", "", "6.5.7653.33", "2008-03", kUpdates},
        {"rollup-2008-08", "", "6.5.7654.4", "2008-08", kUpdates}}},
      {"exchange-2007-rtm",
       "Exchange Server 2007",
       {{"RU1", "", "8.0.708.3", "2007-04-17", kUpdates2007},
        {"RU2", "", "8.0.711.2", "2007-05-08", kUpdates2007},
        {"RU3", "", "8.0.730.1", "2007-06-28", kUpdates2007},
        {"RU4", "", "8.0.744.0", "2007-08-23", kUpdates2007},
        {"RU5", "", "8.0.754.0", "2007-10-25", kUpdates2007},
        {"RU6", "", "8.0.783.2", "2008-02-21", kUpdates2007},
        {"RU7", "", "8.0.813.0", "2008-07-08", kUpdates2007}}},
      {"exchange-2007-sp1",
       "Exchange Server 2007 SP1",
       {{"KB945684", "RU1", "8.1.263.1", "2008-02-28", kUpdates2007},
        {"KB948016", "RU2", "8.1.278.2", "2008-05-08", kUpdates2007},
        {"KB949870", "RU3", "8.1.291.2", "2008-07-08", kUpdates2007},
        {"KB952580", "RU4", "8.1.311.3", "2008-10-07", kUpdates2007},
        {"KB953467", "RU5", "8.1.336.1", "2008-11-20", kUpdates2007},
        {"KB959241", "RU6", "8.1.340.1", "2009-02-10", kUpdates2007},
        {"KB960384", "RU7", "8.1.359.2", "2009-03-18", kUpdates2007},
        {"KB968012", "RU8", "8.1.375.2", "2009-05-19", kUpdates2007},
        {"KB970162", "RU9", "8.1.393.1", "2009-07-16", kUpdates2007},
        {"KB981407", "RU10", "8.1.436.0", "2010-04-13", kUpdates2007}}},
      {"exchange-2007-sp2",
       "Exchange Server 2007 SP2",
       {{"KB971534", "RU1", "8.2.217.3", "2009-11-19", kUpdates2007},
        {"KB972076", "RU2", "8.2.234.1", "2010-01-22", kUpdates2007},
        {"KB979784", "RU3", "8.2.247.2", "2010-03-17", kUpdates2007},
        {"KB981383", "RU4", "8.2.254.0", "2010-04-09", kUpdates2007},
        {"KB2407132", "RU5", "8.2.305.3", "2010-12-07", kUpdates2007}}},
  };
  return all;
}

}  // namespace

std::vector<Package> exchange_rollups() {
  std::vector<Package> list;
  for (const Series& s : series()) {
    std::string before;
    for (const Row& row : s.rows) {
      const char* called = *row.also == '\0' ? row.update : row.also;
      list.push_back({.update = row.update,
                      .branch = s.branch,
                      .file = row.file,
                      .also = row.also,
                      .title = std::string(s.title) + " " + called,
                      .date = row.date,
                      .known = Known::documented,
                      .source = row.source});
      if (!before.empty()) list.back().contains = {before};
      before = row.update;
    }
  }
  return list;
}

}  // namespace deadletter::builds
