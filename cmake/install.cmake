# cmake --install: the program, the libraries with their headers, and what a person starts from: topologies, experiments
# and their schemas, in folders that refer to each other as in the sources. find_package(deadletter CONFIG) finds it.

include(CMakePackageConfigHelpers)
set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/deadletter)
set(data_folder ${CMAKE_INSTALL_DATADIR}/deadletter)

install(TARGETS deadletter RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS deadletter_sim deadletter_models deadletter_topologies deadletter_experiments EXPORT deadletterTargets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT deadletterTargets NAMESPACE deadletter:: DESTINATION ${package_folder})

# "sim/engine.h" is include/deadletter/sim/engine.h.
install(DIRECTORY sim models topologies experiments DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/deadletter
        FILES_MATCHING PATTERN "*.h" PATTERN articles EXCLUDE PATTERN scale EXCLUDE)
install(DIRECTORY topologies experiments DESTINATION ${data_folder}
        FILES_MATCHING PATTERN "*.json" PATTERN cli EXCLUDE PATTERN config EXCLUDE PATTERN run EXCLUDE)
install(FILES LICENSE README.md CHANGELOG.md CITATION.cff DESTINATION ${CMAKE_INSTALL_DOCDIR})

configure_package_config_file(cmake/deadletterConfig.cmake.in ${PROJECT_BINARY_DIR}/deadletterConfig.cmake
                              INSTALL_DESTINATION ${package_folder})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/deadletterConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/deadletterConfig.cmake ${PROJECT_BINARY_DIR}/deadletterConfigVersion.cmake
        DESTINATION ${package_folder})
