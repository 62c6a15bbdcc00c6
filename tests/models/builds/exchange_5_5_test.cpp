// The Internet Mail Service of Exchange 5.5 is a transport of its own.
#include <gtest/gtest.h>

#include "models/builds/installation.h"
#include "models/builds/settings.h"

namespace deadletter::builds {
namespace {

NodeBehaviour behaviour(const char* text) { return profile_of(parse_build(text).build); }

std::string shown(const NodeBehaviour& behaviour, std::string_view name) {
  for (const AttributeRow& row : attribute_rows(behaviour))
    if (row.info->name == name) return row.value;
  return "no such attribute";
}

// Exchange 5.5 knows of ESMTP what its log shows: SIZE, which it uses, but no PIPELINING, 8BITMIME or CHUNKING.
TEST(Exchange55, HasATransportOfItsOwn) {
  NodeBehaviour b = behaviour("exchange-5.5-sp4 on windows-2000-sp4");
  EXPECT_EQ(shown(b, "queue.ladder"), "15m, 30m, 1h, 4h");
  EXPECT_EQ(shown(b, "queue.glitch"), "none");
  EXPECT_EQ(shown(b, "smtp.server.capabilities"), "XEXCH50, HELP, ETRN, DSN, SIZE 0, AUTH LOGIN");
  auto use = [&](smtp::Extension extension, bool offered) {
    return b.smtp_client.use_extension.rule({extension, offered, true}).outcome == smtp::UseExtension::use;
  };
  EXPECT_TRUE(use(smtp::Extension::size, true));
  EXPECT_FALSE(use(smtp::Extension::size, false));
  for (auto extension : {smtp::Extension::pipelining, smtp::Extension::eight_bit_mime, smtp::Extension::chunking,
                         smtp::Extension::enhanced_status_codes})
    EXPECT_FALSE(use(extension, true)) << static_cast<int>(extension);
  for (const AttributeRow& row : attribute_rows(b))
    EXPECT_EQ(row.laid.by.find("Windows"), std::string::npos) << row.info->name;
}

}  // namespace
}  // namespace deadletter::builds
