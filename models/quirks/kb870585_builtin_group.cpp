// KB870585: You receive a "5.2.1" non-delivery report when you send an e-mail message to a public folder on Exchange
// Server 2003 or on Exchange 2000 Server.
//
// CAUSE, as the article has it: whether a SID is that of a known built-in group is asked of an array in the store, and
// the array does not have the built-in groups that Windows Server 2003 introduced. Read here as: the array ends with
// those of Windows 2000, S-1-5-32-544 to 554 [inferred: what was known when Exchange 2000 was made].
// All else follows: the store looks such a SID up in the directory like any other; every domain of the forest has a
// group of that SID, so in a forest of several domains it cannot be told which one is meant, and delivery is refused.
// In a forest of one domain the search finds one group, and nothing is amiss.
#include "models/quirks/quirk.h"

namespace deadletter::quirks {

namespace {

constexpr store::BuiltinRange kWindows2000{544, 554};

void lay(builds::NodeBehaviour& b, Blame kb) {
  b.store.builtin_groups.set(kWindows2000, {Layer::quirk, "KB870585"}, kb);
}

}  // namespace

Quirk kb870585_builtin_group() {
  auto package = [&](const char* branch, const char* file, const char* date) {
    return builds::Package{.update = "KB870585",
                           .branch = branch,
                           .file = file,
                           .restarts = {"information-store", "system-attendant", "iis-admin"},
                           .date = date,
                           .source = "KB870585"};
  };
  builds::Package rtm = package("exchange-2003-rtm", "Store.exe 6.5.6981.0", "2004-09-15");
  builds::Package sp1 = package("exchange-2003-sp1", "Store.exe 6.5.7232.35", "2004-09-16");
  builds::Package sp3 = package("exchange-2000-sp3", "Store.exe 6.0.6617.6", "2004-09-13");
  // By the builds of Store.exe on one branch [inferred].
  sp1.contains = {"KB843242"};
  sp3.needs = {"KB870540"};
  return {
      .kb = "KB870585",
      .title =
          "You receive a \"5.2.1\" non-delivery report when you send an e-mail message to a public folder on "
          "Exchange Server 2003 or on Exchange 2000 Server",
      .source = "KB870585 revision 7.2; its conditions: mskb/870585",
      .changes = {{.what = "The store's list of built-in groups ends with those of Windows 2000.",
                   .evidence = Evidence::documented,
                   .affects = {"exchange-2000-rtm", "exchange-2000-sp1", "exchange-2000-sp2", "exchange-2000-sp3",
                               "exchange-2003-rtm", "exchange-2003-sp1"},
                   .lay = lay,
                   .remedies = {{.updates = {"KB870585"}, .text = "hotfix KB870585"}}}},
      .packages = {std::move(rtm), std::move(sp1), std::move(sp3)},
      .workarounds = {"The sender is taken out of the built-in group."},
  };
}

}  // namespace deadletter::quirks
