# Compiler flags that every target of the project shares, and the one function that makes a folder a library.

include(GNUInstallDirs)

add_library(deadletter_options INTERFACE)
target_compile_options(deadletter_options INTERFACE -Wall -Wextra -Wpedantic -Werror)
# Fields that a designated initializer leaves out get their defaults, which is what it is used for here.
target_compile_options(deadletter_options INTERFACE -Wno-missing-field-initializers)
# GCC 12 sees an overlap in every "literal" + std::string (PR 105651, mended in 13).
target_compile_options(deadletter_options INTERFACE $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>)
# std::stable_sort of libstdc++ 12 uses a function that clang 19 knows to be deprecated.
target_compile_options(deadletter_options INTERFACE $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>)
target_include_directories(deadletter_options INTERFACE ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}/generated)

# The builds that are made every day precompile what nearly every file includes, which halves their time; the others
# (dev, clang) do without, so that a forgotten include is still found.
function(deadletter_precompile target)
  if(DEADLETTER_PRECOMPILE)
    target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>
                           "$<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>")
    target_precompile_headers(${target} PRIVATE <fmt/format.h> <algorithm> <functional> <map> <memory> <optional> <set>
                              <string> <variant> <vector> ${ARGN})
  endif()
endfunction()

# deadletter_folder(<name> [PUBLIC <libraries>...] [PRIVATE <libraries>...] [EXTRA <files>...] [PRECOMPILE <headers>...]
#                   [ALONE <files>...])
# All .cpp files of the current folder and those below it become the static library deadletter_<name>, to those who link
# it deadletter::<name>. The options stay at home: whoever uses an installed library has their own.
function(deadletter_folder name)
  cmake_parse_arguments(ARG "" "" "PUBLIC;PRIVATE;EXTRA;PRECOMPILE;ALONE" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$|/node_modules/")
  add_library(deadletter_${name} STATIC ${sources} ${ARG_EXTRA})
  target_link_libraries(deadletter_${name} PUBLIC $<BUILD_INTERFACE:deadletter_options> ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE})
  target_include_directories(deadletter_${name} INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/deadletter>)
  target_compile_features(deadletter_${name} PUBLIC cxx_std_20)
  add_library(deadletter::${name} ALIAS deadletter_${name})
  set_target_properties(deadletter_${name} PROPERTIES EXPORT_NAME ${name})
  deadletter_precompile(deadletter_${name} ${ARG_PRECOMPILE})
  # Eight files at a time compile in less than a third of what each takes alone. Their own names must differ then, but
  # for those of the files that are ALONE.
  set_target_properties(deadletter_${name} PROPERTIES UNITY_BUILD ${DEADLETTER_PRECOMPILE} UNITY_BUILD_BATCH_SIZE 8)
  if(DEADLETTER_PRECOMPILE)
    target_compile_options(deadletter_${name} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
  endif()
  set_source_files_properties(${ARG_ALONE} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  if(name IN_LIST DEADLETTER_UNOPTIMIZED)
    target_compile_options(deadletter_${name} PRIVATE -O0)
  endif()
  if(DEADLETTER_FUZZ)
    target_compile_options(deadletter_${name} PRIVATE -fsanitize=fuzzer-no-link)
  endif()
endfunction()
