// Bags of properties: their order, what blame they carry, what equality means, and that each known tag has one name.
#include "models/content/property.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "models/content/message.h"

namespace deadletter::content {
namespace {

std::vector<Tag> tags_of(const Properties& properties) {
  std::vector<Tag> tags;
  for (const Property& p : properties.all()) tags.push_back(p.tag);
  return tags;
}

TEST(Property, ABagIsInTheOrderOfItsTagsHoweverItWasFilled) {
  std::mt19937 random(5);
  for (int i = 0; i < 200; ++i) {
    std::vector<const TagInfo*> order;
    for (const TagInfo& info : known_tags()) order.push_back(&info);
    std::shuffle(order.begin(), order.end(), random);
    Properties bag;
    for (const TagInfo* info : order) bag.set(info->tag, std::int32_t{info->tag.id});
    ASSERT_TRUE(std::ranges::is_sorted(tags_of(bag)));
    ASSERT_EQ(bag.all().size(), known_tags().size());
  }
}

TEST(Property, StandardTagsComeBeforeNames) {
  Properties bag;
  bag.set({Set::internet_headers, 1}, true);
  bag.set({Set::meeting, 0x23}, true);
  bag.set({Set::standard, 0x7fff}, true);
  bag.set({Set::meeting, 0x01}, true);
  EXPECT_EQ(
      tags_of(bag),
      (std::vector<Tag>{{Set::standard, 0x7fff}, {Set::meeting, 1}, {Set::meeting, 0x23}, {Set::internet_headers, 1}}));
}

TEST(Property, SettingAgainReplacesValueAndBlame) {
  Properties bag;
  Blame article = blame_of("KB938650");
  bag.set(tag::kSubject, std::string("one"), article);
  EXPECT_EQ(bag.find(tag::kSubject)->blame, article);
  bag.set(tag::kSubject, std::string("two"));
  EXPECT_EQ(bag.all().size(), 1U);
  EXPECT_EQ(bag.get_text(tag::kSubject), "two");
  EXPECT_FALSE(bag.find(tag::kSubject)->blame);
}

TEST(Property, WhatIsErasedIsGoneAndTheRestStays) {
  Properties bag;
  bag.set(tag::kSubject, std::string("one"));
  bag.set(tag::kBody, std::string("two"));
  bag.erase(tag::kSubject);
  bag.erase(tag::kSubject);
  EXPECT_FALSE(bag.has(tag::kSubject));
  EXPECT_TRUE(bag.has(tag::kBody));
  EXPECT_EQ(bag.find(tag::kHtml), nullptr);
}

TEST(Property, AValueOfAnotherTypeIsNotTaken) {
  Properties bag;
  bag.set(tag::kSubject, std::int32_t{7});
  EXPECT_TRUE(bag.has(tag::kSubject));
  EXPECT_EQ(bag.get<std::string>(tag::kSubject), nullptr);
  EXPECT_EQ(bag.get_text(tag::kSubject), "");
  EXPECT_EQ(*bag.get<std::int32_t>(tag::kSubject), 7);
}

// The articles behind a value are beside it: what was read is the same for a user.
TEST(Property, EqualityIsAboutValuesNotAboutBlame) {
  Properties one, other;
  one.set(tag::kTrackStatusTime, FileTime{}, blame_of("KB938650"));
  one.missing = blame_of("KB938650");
  other.set(tag::kTrackStatusTime, FileTime{});
  EXPECT_EQ(one, other);
  other.set(tag::kTrackStatusTime, FileTime{1});
  EXPECT_NE(one, other);
  other.set(tag::kTrackStatusTime, std::int32_t{0});
  EXPECT_NE(one, other) << "zero of another type";
}

TEST(Property, EveryKnownTagHasOneNameAndEveryNameOneTag) {
  std::set<std::string> names;
  std::set<Tag> tags;
  for (const TagInfo& info : known_tags()) {
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
    EXPECT_TRUE(tags.insert(info.tag).second) << info.name;
    EXPECT_EQ(find_tag(info.tag), &info);
    EXPECT_EQ(find_tag(std::string_view(info.name)), &info);
    EXPECT_EQ(name_of(info.tag), info.name);
    bool named = info.tag.set != Set::standard;
    EXPECT_EQ(std::string_view(info.name).starts_with("PidLid"), named) << info.name;
    EXPECT_TRUE(named || info.tag.id < 0x8000) << info.name;
  }
  EXPECT_TRUE(std::ranges::is_sorted(known_tags(), {}, &TagInfo::tag));
}

TEST(Property, UnknownTagsAreCalledByTheirNumbers) {
  EXPECT_EQ(find_tag(Tag{Set::standard, 0x5ffc}), nullptr);
  EXPECT_EQ(find_tag("PR_RTF_COMPRESSED"), nullptr);
  EXPECT_EQ(find_tag(""), nullptr);
  EXPECT_EQ(name_of({Set::standard, 0x5ffc}), "0x5ffc");
  EXPECT_EQ(name_of({Set::meeting, 0x42}), "meeting:0x0042");
  EXPECT_EQ(name_of({Set::appointment, 0x9999}), "appointment:0x9999");
  EXPECT_EQ(name_of({Set::common, 1}), "common:0x0001");
  EXPECT_EQ(name_of({Set::internet_headers, 1}), "internet-headers:0x0001");
}

TEST(Property, TypesAndTextsOfValues) {
  EXPECT_EQ(type_of(std::int32_t{1}), Type::integer);
  EXPECT_EQ(type_of(true), Type::boolean);
  EXPECT_EQ(type_of(std::string("x")), Type::text);
  EXPECT_EQ(type_of(FileTime{}), Type::time);
  EXPECT_EQ(type_of(Binary{}), Type::binary);
  EXPECT_EQ(text(Value(std::int32_t{-7})), "-7");
  EXPECT_EQ(text(Value(false)), "FALSE");
  EXPECT_EQ(text(Value(FileTime{})), "1601-01-01 00:00:00Z");
  EXPECT_EQ(text(Value(Binary{"abc"})), "3 octets");
  EXPECT_EQ(text(Value(std::string(60, 'x'))), std::string(60, 'x'));
  EXPECT_EQ(text(Value(std::string(61, 'x'))), std::string(60, 'x') + "…");
  EXPECT_EQ(text(Value(std::string(59, 'x') + "üü")), std::string(59, 'x') + "…") << "no character is cut";
}

TEST(Property, ARowKnowsItsAddressTypeAndAnswer) {
  Row row = make_row("ann@contoso.com", "", RecipientType::cc);
  EXPECT_EQ(row.address(), "ann@contoso.com");
  EXPECT_EQ(row.properties.get_text(tag::kDisplayName), "ann@contoso.com");
  EXPECT_EQ(row.type(), RecipientType::cc);
  EXPECT_EQ(Row{}.type(), RecipientType::to);
  const std::pair<TrackStatus, bool> answers[] = {{TrackStatus::none, false},
                                                  {TrackStatus::organized, false},
                                                  {TrackStatus::tentative, true},
                                                  {TrackStatus::accepted, true},
                                                  {TrackStatus::declined, true}};
  EXPECT_FALSE(row.answered()) << "unset is none";
  for (auto [status, answered] : answers) {
    row.properties.set(tag::kTrackStatus, static_cast<std::int32_t>(status));
    EXPECT_EQ(row.answered(), answered) << static_cast<int>(status);
  }
}

TEST(Property, ARecipientIsFoundWithoutCase) {
  Message message;
  message.recipients = {make_row("Ann@Contoso.com"), make_row("bob@contoso.com")};
  EXPECT_EQ(message.find_recipient("BOB@contoso.com"), &message.recipients[1]);
  EXPECT_EQ(message.find_recipient("ann@contoso.com"), &message.recipients[0]);
  EXPECT_EQ(message.find_recipient("eve@contoso.com"), nullptr);
  EXPECT_EQ(nesting(message), 1U);
}

}  // namespace
}  // namespace deadletter::content
