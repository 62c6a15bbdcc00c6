// The catalogue: what it says of releases and how well it knows it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/builds/installation.h"

namespace deadletter::builds {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;

// File builds are for people; the catalogue's own order is the order of dates.
TEST(Catalogue, SaysHowWellItIsKnownAndIsInOrder) {
  for (const Product& product : products()) {
    std::string before;
    for (const Release& release : product.releases) {
      if (release.date.empty()) continue;
      EXPECT_LT(before, release.date) << release.name;
      EXPECT_FALSE(release.source.empty()) << release.name;
      EXPECT_FALSE(release.file.empty()) << release.name;
      before = release.date;
    }
  }
  EXPECT_EQ(find_release("exchange-2003-sp2").release->known, Known::recalled);
  EXPECT_NE(find_release("exchange-2003-sp2").release->note.find("6.5.7683"), std::string::npos);
}

TEST(Catalogue, AMailClientIsNoMailServer) {
  ParsedBuild parsed = parse_build("outlook-2003-sp3");
  ASSERT_EQ(parsed.errors.size(), 1U);
  EXPECT_EQ(parsed.errors[0].message, "outlook-2003-sp3 is a mail client: a mail server is wanted here");
  EXPECT_THAT(parse_build("outlook-2003-sp3", Kind::client).errors, IsEmpty());
  EXPECT_EQ(parse_build("postfix-2.4", Kind::client).errors.at(0).message,
            "postfix-2.4 is a mail server: a mail client is wanted here");
  EXPECT_THAT(parse_build("outlook-2003", Kind::client).errors.at(0).choices, Contains("outlook-2003-sp3"));
  EXPECT_THAT(parse_build("outlook-2003").errors.at(0).choices, Not(Contains("outlook-2003-sp3")));
}

}  // namespace
}  // namespace deadletter::builds
