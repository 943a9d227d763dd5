# What `cmake --install` puts where: libraries, headers, the command, the CMake package and the licences.
include(CMakePackageConfigHelpers)
set(package_folder "${CMAKE_INSTALL_LIBDIR}/cmake/strikenet")

install(TARGETS strikenet strikenet_quantlib_shared EXPORT strikenetTargets
  LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}")
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
  FILES_MATCHING PATTERN "*.h")
if(TARGET strikenet_app)
  install(TARGETS strikenet_app RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
endif()

install(EXPORT strikenetTargets NAMESPACE strikenet:: DESTINATION "${package_folder}")
configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/strikenetConfig.cmake.in"
  "${PROJECT_BINARY_DIR}/strikenetConfig.cmake" INSTALL_DESTINATION "${package_folder}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/strikenetConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/strikenetConfig.cmake" "${PROJECT_BINARY_DIR}/strikenetConfigVersion.cmake"
  DESTINATION "${package_folder}")
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" "${PROJECT_SOURCE_DIR}/copyright" DESTINATION "${CMAKE_INSTALL_DOCDIR}")
