// The trace's vocabulary is closed: each kind stands in its place and has a name and a meaning of its own.
#include "models/mail/record.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace deadletter::mail {
namespace {

TEST(Vocabulary, HasOneRowForEachKindInOrder) {
  std::set<std::string> names, meanings;
  for (std::size_t i = 0; i < vocabulary().size(); ++i) {
    const WhatInfo& info = vocabulary()[i];
    EXPECT_EQ(static_cast<std::size_t>(info.what), i) << info.name;
    EXPECT_STREQ(text(info.what), info.name);
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
    EXPECT_TRUE(meanings.insert(info.meaning).second) << info.name;
  }
  EXPECT_EQ(vocabulary().back().what, What::change) << "a kind was added behind the last one without its row";
}

}  // namespace
}  // namespace deadletter::mail
