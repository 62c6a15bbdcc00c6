# The folder is the registry: every models/quirks/kbNNN_name.cpp (or qNNN_name.cpp) is a quirk. A quirk comes with its
# experiment and its test, or the project does not configure.

file(GLOB quirk_files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/models/quirks/kb*.cpp
     ${PROJECT_SOURCE_DIR}/models/quirks/q[0-9]*.cpp)
set(declarations "")
set(calls "")
foreach(file ${quirk_files})
  cmake_path(GET file STEM quirk)
  string(REGEX MATCH "^k?[bq][0-9]+" article ${quirk})
  set(experiment experiments/articles/${quirk}.json)
  set(test tests/articles/${article}_test.cpp)
  foreach(companion ${experiment} ${test})
    if(NOT EXISTS ${PROJECT_SOURCE_DIR}/${companion})
      message(FATAL_ERROR "models/quirks/${quirk}.cpp has no ${companion}. A quirk is three files: the quirk itself, the "
                          "experiment that shows it (${experiment}) and the test that proves it (${test}). "
                          "Add the missing one or take the quirk out.")
    endif()
  endforeach()
  string(APPEND declarations "Quirk ${quirk}();\n")
  string(APPEND calls "      ${quirk}(),\n")
endforeach()

set(DEADLETTER_QUIRK_CATALOGUE ${PROJECT_BINARY_DIR}/generated/quirk_list.h)
file(GENERATE OUTPUT ${DEADLETTER_QUIRK_CATALOGUE} CONTENT "// Made by cmake/quirks.cmake from the names of the files in models/quirks/.
#pragma once
#include <vector>

#include \"models/quirks/quirk.h\"

namespace deadletter::quirks {

${declarations}
inline std::vector<Quirk> quirk_list() {
  return {
${calls}  };
}

}  // namespace deadletter::quirks
")
