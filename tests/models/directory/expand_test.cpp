// Lists become recipients: in which order, how often, and where that ends.
#include "models/directory/expand.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "tests/models/directory/sample.h"

namespace deadletter::directory {
namespace {

using testing::Names;
using testing::Sample;

class Expand : public ::testing::Test {
 protected:
  Expand() {
    sample.domain("contoso.com"), sample.domain("emea.contoso.com");
    sample.catalog("gc", "contoso.com"), sample.catalog("emea-gc", "emea.contoso.com");
    for (const char* name : {"ann", "bob", "carl", "dora"}) sample.user(name, "contoso.com");
  }
  Expansion expand(const std::string& list, const View& view = {}) const {
    return directory::expand(sample.directory(), sample.id(list), view);
  }
  // "recipients | lists | again, circles"
  std::string result(const std::string& list, const View& view = {}) const {
    Expansion e = expand(list, view);
    return sample.names(e.recipients) + " | " + sample.names(e.lists) + " | " + std::to_string(e.again) + ", " +
           std::to_string(e.circles) + (e.unheld.empty() ? "" : " | not " + sample.names(e.unheld));
  }

  Sample sample;
};

TEST_F(Expand, AListIsReadFromTopToBottom) {
  sample.list("all", "contoso.com", {"carl", "ann", "bob"});
  EXPECT_EQ(result("all"), "carl, ann, bob | all | 0, 0");
}

TEST_F(Expand, AListInAListIsReadWhereItStands) {
  sample.list("inner", "contoso.com", {"bob", "carl"});
  sample.list("outer", "contoso.com", {"dora", "inner", "ann"});
  EXPECT_EQ(result("outer"), "dora, bob, carl, ann | outer, inner | 0, 0");
}

TEST_F(Expand, AnEmptyListIsNobody) {
  sample.list("none", "contoso.com");
  sample.list("more", "contoso.com", {"none", "none", "ann"});
  EXPECT_EQ(result("none"), " | none | 0, 0");
  EXPECT_EQ(result("more"), "ann | more, none | 0, 0");
}

TEST_F(Expand, WhoIsOnTwoListsIsThereOnce) {
  sample.list("left", "contoso.com", {"ann", "bob"});
  sample.list("right", "contoso.com", {"bob", "carl", "ann"});
  sample.list("top", "contoso.com", {"left", "right", "carl"});
  EXPECT_EQ(result("top"), "ann, bob, carl | top, left, right | 3, 0");
}

TEST_F(Expand, AListThatIsReachedTwiceIsOpenedOnce) {
  sample.list("shared", "contoso.com", {"dora"});
  sample.list("left", "contoso.com", {"ann", "shared"});
  sample.list("right", "contoso.com", {"shared", "bob"});
  sample.list("top", "contoso.com", {"left", "right"});
  EXPECT_EQ(result("top"), "ann, dora, bob | top, left, shared, right | 0, 0") << "and it is no circle";
}

TEST_F(Expand, AListThatContainsItselfEnds) {
  sample.list("self", "contoso.com", {"ann"});
  sample.put("self", {"self", "bob"});
  EXPECT_EQ(result("self"), "ann, bob | self | 0, 1");
}

TEST_F(Expand, TwoListsThatContainOneAnotherEnd) {
  sample.list("one", "contoso.com", {"ann"});
  sample.list("other", "contoso.com", {"one", "bob"});
  sample.put("one", {"other", "carl"});
  EXPECT_EQ(result("one"), "ann, bob, carl | one, other | 0, 1");
  EXPECT_EQ(result("other"), "ann, carl, bob | other, one | 0, 1");
}

TEST_F(Expand, EveryWayBackIsACircle) {
  sample.list("a", "contoso.com");
  sample.list("b", "contoso.com", {"a"});
  sample.list("c", "contoso.com", {"a", "b"});
  sample.put("b", {"c"});
  sample.put("a", {"b", "c", "a"});
  EXPECT_EQ(result("a"), " | a, b, c | 0, 4") << "b in a, a and b in c, a in a; c is met again after it was closed";
}

TEST_F(Expand, ContactsAndFoldersAreRecipientsAndSecurityGroupsAreLists) {
  sample.add(Kind::contact, "zoe", "contoso.com");
  sample.add(Kind::public_folder, "orders", "contoso.com");
  sample.team(GroupScope::universal, "staff", "contoso.com", {"zoe", "orders"});
  sample.list("all", "contoso.com", {"staff", "ann"});
  EXPECT_EQ(result("all"), "zoe, orders, ann | all, staff | 0, 0");
}

TEST_F(Expand, AListWhoseMembersAreElsewhereLeadsNowhere) {
  sample.team(GroupScope::global, "emea", "emea.contoso.com", {"bob"});
  sample.list("all", "contoso.com", {"ann", "emea", "carl", "emea"});
  sample.list("more", "contoso.com", {"emea", "all"});
  EXPECT_EQ(result("more", sample.at("gc")), "ann, carl | more, all | 0, 0 | not emea");
  EXPECT_EQ(result("more", sample.at("emea-gc")), "bob, ann, carl | more, emea, all | 0, 0");
  EXPECT_EQ(result("emea", sample.at("gc")), " |  | 0, 0 | not emea");
}

TEST_F(Expand, WhoJoinedTheListIsThereWhenTheControllerHasIt) {
  sample.list("all", "contoso.com", {"ann"});
  sample.delay("gc", "emea-gc", 15);
  sample.add_at(10, "gc", "all", "bob");
  EXPECT_EQ(result("all", sample.at("gc", 10)), "ann, bob | all | 0, 0");
  EXPECT_EQ(result("all", sample.at("emea-gc", 24)), "ann | all | 0, 0");
  EXPECT_EQ(result("all", sample.at("emea-gc", 25)), "ann, bob | all | 0, 0");
}

TEST_F(Expand, FiveThousandOfFiveDomainsComeInTheirOrder) {
  const char* domains[] = {"contoso.com", "emea.contoso.com", "asia.contoso.com", "amer.contoso.com", "it.contoso.com"};
  Names everyone, lists;
  for (int d = 0; d < 5; ++d) {
    if (d > 1) sample.domain(domains[d]);
    Names teams;
    for (int team = 0; team < 20; ++team) {
      Names people;
      for (int i = 0; i < 50; ++i) {
        people.push_back("u" + std::to_string(d * 1000 + team * 50 + i));
        sample.user(people.back(), domains[d]);
      }
      everyone.insert(everyone.end(), people.begin(), people.end());
      teams.push_back("team " + std::to_string(d) + "." + std::to_string(team));
      sample.list(teams.back(), domains[d], people);
    }
    lists.push_back("all of " + std::string(domains[d]));
    sample.list(lists.back(), domains[d], teams);
  }
  sample.list("everybody", "contoso.com", lists);
  sample.list("twice", "contoso.com", {"everybody", "everybody"});
  for (const std::string& name : everyone) sample.put("twice", {name});
  for (const char* list : {"everybody", "twice"}) {
    Expansion e = expand(list, sample.at("gc"));
    Names names;
    for (ObjectId id : e.recipients) names.push_back(sample.directory().object(id).name);
    EXPECT_EQ(names, everyone);
    EXPECT_EQ(e.lists.size(), 106U + (list == std::string("twice") ? 1U : 0U));
    EXPECT_EQ(e.again, list == std::string("twice") ? 5000U : 0U);
    EXPECT_EQ(e.circles, 0U);
  }
}

TEST_F(Expand, TwentyThousandListsInsideOneAnotherAreNotTooDeep) {
  std::string inner = "ann";
  for (int i = 0; i < 20'000; ++i) {
    std::string outer = "l" + std::to_string(i);
    sample.list(outer, "contoso.com", {inner});
    inner = outer;
  }
  sample.put("l0", {inner});
  Expansion e = expand(inner);
  EXPECT_EQ(sample.names(e.recipients), "ann");
  EXPECT_EQ(e.lists.size(), 20'000U);
  EXPECT_EQ(e.circles, 1U);
}

// The plain reading, recursive: the oracle for lists that contain one another at random.
struct Reader {
  const Directory& directory;
  Expansion result{};
  std::map<ObjectId, int> lists{};  // 1 open, 2 closed
  std::set<ObjectId> met{};

  void read(ObjectId list) {
    lists[list] = 1;
    result.lists.push_back(list);
    for (ObjectId member : directory.members(list, {})) {
      bool is_list = directory.object(member).kind == Kind::group;
      if (is_list && !lists.contains(member))
        read(member);
      else if (is_list)
        result.circles += lists[member] == 1 ? 1 : 0;
      else if (met.insert(member).second)
        result.recipients.push_back(member);
      else
        ++result.again;
    }
    lists[list] = 2;
  }
};

TEST_F(Expand, WhateverListsContainTheyAreReadAsAPersonWouldReadThem) {
  std::size_t circles = 0, again = 0;
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    std::mt19937_64 random(seed);
    Directory directory;
    directory.add(Domain{"contoso.com"});
    std::vector<ObjectId> people, lists;
    for (int i = 0; i < 8; ++i)
      people.push_back(directory.add(Object{Kind::user, "u" + std::to_string(i), DomainId{0}}));
    for (int i = 0; i < 8; ++i)
      lists.push_back(directory.add(Object{Kind::group, "l" + std::to_string(i), DomainId{0}}));
    for (ObjectId list : lists)
      for (auto n = random() % 6; n > 0; --n)
        directory.add_member(list, random() % 2 == 0 ? people[random() % 8] : lists[random() % 8]);
    for (ObjectId list : lists) {
      Reader reader{directory};
      reader.read(list);
      Expansion e = directory::expand(directory, list, {});
      ASSERT_EQ(e.recipients, reader.result.recipients) << seed;
      ASSERT_EQ(e.lists, reader.result.lists) << seed;
      ASSERT_EQ(e.again, reader.result.again) << seed;
      ASSERT_EQ(e.circles, reader.result.circles) << seed;
      circles += e.circles, again += e.again;
    }
  }
  EXPECT_GT(circles, 1000U);
  EXPECT_GT(again, 1000U);
}

}  // namespace
}  // namespace deadletter::directory
