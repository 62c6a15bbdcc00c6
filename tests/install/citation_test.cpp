// CITATION.cff names the version that is being built, and all that its format asks for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/command.h"

namespace deadletter::testing {
namespace {

TEST(Citation, IsOfThisVersionAndHasWhatTheFormatAsksFor) {
  std::string text = "\n" + read_file(source_path("CITATION.cff"));
  for (const char* line :
       {"\ncff-version: 1.2.0\n", "\nmessage: ", "\ntitle: ", "\nabstract: ", "\nauthors:\n  - name: ",
        "\nlicense: Apache-2.0\n", "\nkeywords:\n", "\nversion: " DEADLETTER_VERSION "\n"})
    EXPECT_THAT(text, ::testing::HasSubstr(line));
}

}  // namespace
}  // namespace deadletter::testing
