// From a topology's directory and an experiment's changes to the directory of a run: every name that is accepted is
// found, whom a server asks, and when a change is seen where.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>

#include "experiments/config/load.h"
#include "tests/support/command.h"

namespace deadletter::testing {
namespace {

using namespace experiments;
using sim::Duration;

struct Edit {
  std::string text, instead;
};

std::string full_topology(const std::vector<Edit>& edits) {
  std::string topology = read_file(source_path("tests/topologies/full_directory.json"));
  for (const Edit& e : edits) {
    std::size_t at = topology.find(e.text);
    EXPECT_NE(at, topology.npos) << e.text;
    if (at != topology.npos) topology.replace(at, e.text.size(), e.instead);
  }
  return topology;
}

// Nothing when there was a problem; `members` of the experiment, without braces.
std::optional<Plan> planned(const std::vector<Edit>& edits, const std::string& members = "") {
  TemporaryFolder folder;
  write_file(folder / "t.json", full_topology(edits));
  json::Problems problems;
  auto loaded =
      load_experiment_text(folder / "e.json", R"({"id": "e", "topology": "t.json")" + members + "}", {}, problems);
  EXPECT_TRUE(loaded) << json::render(problems);
  return loaded ? make_plan(*loaded, "base", {}, problems) : std::nullopt;
}

// A topology that `check` accepts or refuses is bound to the end; nothing else may come of it.
std::string verdict(const std::vector<Edit>& edits, const std::string& members = "") {
  try {
    return planned(edits, members) ? "accepted" : "refused";
  } catch (const std::exception& e) {
    return std::string("broke: ") + e.what();
  }
}

const PlannedDirectory& directory_of(const Plan& plan) { return *plan.directory; }

directory::ObjectId id_of(Plan& plan, const std::string& address) {
  return directory_of(plan).id_of(plan.addresses.intern(address)).value_or(directory::ObjectId{});
}

// ---- Names

const std::vector<Edit> kNamedByAProxy[] = {
    {{R"("members": ["team@contoso.com"])", R"("members": ["k@contoso.com"])"}},
    {{R"("kim@contoso.com": "owner")", R"("k@contoso.com": "owner")"}},
    {{R"("only_from": ["ann@contoso.com", "Helpers"])", R"("only_from": ["k@contoso.com"])"}},
};

TEST(DirectoryPlan, AUserMayBeNamedByEachOfHisAddresses) {
  for (const auto& edits : kNamedByAProxy) EXPECT_EQ(verdict(edits), "accepted") << edits[0].instead;
  EXPECT_EQ(verdict({}, R"(, "directory_changes": [{"at": "1h", "add": "k@contoso.com", "to": "Helpers"}])"),
            "accepted");
  auto plan = planned({});
  ASSERT_TRUE(plan);
  EXPECT_EQ(id_of(*plan, "k@contoso.com"), id_of(*plan, "kim@contoso.com"));
  EXPECT_EQ(plan->home_of(plan->addresses.intern("k@contoso.com")), plan->find_node("EX1"));
}

// As everywhere: the domain is compared without case, the local part as it is written.
TEST(DirectoryPlan, AUserInOtherLettersIsTheSameOrNone) {
  auto with = [](const char* address) {
    return planned({{R"("address": "kim@contoso.com", "name")", fmt::format(R"("address": "{}", "name")", address)}});
  };
  EXPECT_FALSE(with("KIM@contoso.com"));
  auto plan = with("kim@CONTOSO.com");
  ASSERT_TRUE(plan);
  EXPECT_EQ(directory_of(*plan).forests.object(id_of(*plan, "kim@contoso.com")).name, "Kim & <Zoë>");
}

TEST(DirectoryPlan, AGroupIsNotCalledWhatSomebodyElseIs) {
  for (const char* name : {"/Plain", "ann@contoso.com", "carl@adatum.com", "offers@contoso.com", "k@contoso.com"}) {
    std::vector<Edit> edits = {{R"({ "name": "Helpers",)", fmt::format(R"({{ "name": "{}",)", name)},
                               {R"("carl@adatum.com", "Helpers", )", R"("carl@adatum.com", )"},
                               {R"(["ann@contoso.com", "Helpers"])", R"(["ann@contoso.com"])"}};
    EXPECT_EQ(verdict(edits), "refused") << name;
  }
}

// ---- Who is asked: a global catalog before others; of the own site, then of the own domain, then the first.

struct Asked {
  std::string controllers, who;  // whom EX1 asks, of contoso.com and in Munich
};

std::string controller(const char* name, const char* domain, const std::string& more = "") {
  return fmt::format(R"({{ "name": "{}", "ad_domain": "{}"{} }})", name, domain, more);
}
const std::string kMunich = R"(, "site": "Munich")", kSeattle = R"(, "site": "Seattle")",
                  kNoCatalog = R"(, "global_catalog": false)";

TEST(DirectoryPlan, AServerAsksANearGlobalCatalogOfItsForest) {
  const Asked asked[] = {
      {controller("A", "contoso.com"), "A"},
      {controller("A", "old.example", kMunich), "nobody"},  // another forest
      {controller("A", "contoso.com") + "," + controller("B", "contoso.com"), "A"},
      {controller("A", "contoso.com", kSeattle) + "," + controller("B", "emea.contoso.com", kMunich), "B"},
      {controller("A", "emea.contoso.com", kMunich) + "," + controller("B", "contoso.com", kMunich), "B"},
      {controller("A", "emea.contoso.com") + "," + controller("B", "contoso.com"), "B"},
      {controller("A", "emea.contoso.com") + "," + controller("B", "contoso.com", kMunich + kNoCatalog), "A"},
      {controller("A", "emea.contoso.com", kNoCatalog) + "," + controller("B", "contoso.com", kNoCatalog), "B"},
  };
  for (const Asked& a : asked) {
    const std::string text = full_topology({});
    std::size_t begin = text.find(R"("controllers": [)") + 16, end = text.find(']', begin);
    auto plan = planned({{text.substr(begin, end - begin), a.controllers}});
    ASSERT_TRUE(plan) << a.controllers;
    directory::ControllerId who = directory_of(*plan).controllers[plan->find_node("EX1")->value];
    EXPECT_EQ(who.valid() ? directory_of(*plan).forests.controllers()[who.value].name : "nobody", a.who)
        << a.controllers;
    EXPECT_FALSE(directory_of(*plan).controllers[plan->find_node("mx.adatum.com")->value].valid());
  }
}

// ---- When a change is seen

struct Seen {
  std::string site_of_dc2, change;
  Duration by_dc1, by_dc2;  // from when on, after the start
};

TEST(DirectoryPlan, AChangeIsSeenElsewhereAfterTheTimeThatReplicationTakes) {
  constexpr Duration hour = Duration::hours(1), within = Duration::seconds(30);
  const std::string at_one = R"("at": "1h", "add": "ann@contoso.com", "to": "Team")";
  const Seen seen[] = {
      {kMunich, at_one, hour, hour + within},
      {kSeattle, at_one, hour, hour + within + Duration::minutes(15)},  // over M-S
      {"", at_one, hour, hour + within + Duration::hours(3)},           // of no site: the usual interval
      {kMunich, R"("add": "ann@contoso.com", "to": "Team")", {}, {}},   // so from the beginning
      {kMunich, R"("add": "ann@contoso.com", "to": "Team", "controller": "DC1")", {}, within},
  };
  for (const Seen& s : seen) {
    auto plan = planned({{R"("ad_domain": "emea.contoso.com", "global_catalog": false)",
                          R"("ad_domain": "emea.contoso.com")" + s.site_of_dc2},
                         {R"("scope": "global")", R"("scope": "universal")"}},
                        R"(, "directory_changes": [{)" + s.change + "}]");
    ASSERT_TRUE(plan) << s.change;
    auto is_member = [&](std::uint32_t controller, Duration at) {
      auto members = directory_of(*plan).forests.members(id_of(*plan, "team@contoso.com"), {{controller}, {at.ns}});
      return std::ranges::find(members, id_of(*plan, "ann@contoso.com")) != members.end();
    };
    for (std::uint32_t controller : {0U, 1U}) {
      Duration when = controller == 0 ? s.by_dc1 : s.by_dc2;
      EXPECT_TRUE(is_member(controller, when)) << controller << s.site_of_dc2 << s.change;
      EXPECT_EQ(is_member(controller, Duration{when.ns - 1}), s.by_dc2.ns == 0)
          << controller << s.site_of_dc2 << s.change;
    }
  }
}

TEST(DirectoryPlan, SomebodyWhoIsRemovedIsAMemberUntilThen) {
  auto plan =
      planned({}, R"(, "directory_changes": [{"at": "1h", "remove": "ann@contoso.com", "from": "event log readers",
                                                      "in": "emea.contoso.com"}])");
  ASSERT_TRUE(plan);
  const auto& forests = directory_of(*plan).forests;
  auto group = forests.builtin(*forests.find_domain("emea.contoso.com"), 573);
  ASSERT_TRUE(group);
  auto members = [&](Duration at) { return forests.members(*group, {{1}, {at.ns}}).size(); };
  EXPECT_EQ(members(Duration::minutes(59)), 1U);
  EXPECT_EQ(members(Duration::hours(1)), 0U);
}

}  // namespace
}  // namespace deadletter::testing
