# Tests of the project rather than of the code: sources that follow the rules, headers that stand alone, and a package
# that can be used. Included by tests/CMakeLists.txt.
find_package(Python3 REQUIRED COMPONENTS Interpreter)

foreach(check layers mirror readme)
  add_test(NAME project.${check} COMMAND Python3::Interpreter "${PROJECT_SOURCE_DIR}/scripts/check_${check}.py")
endforeach()
foreach(test checks first_command)
  add_test(NAME project.${test}_test COMMAND Python3::Interpreter "${PROJECT_SOURCE_DIR}/tests/scripts/${test}_test.py")
endforeach()

# What every binary says of itself: the build tree's here, the installed ones' in test_install.cmake.
set(check_binaries "${PROJECT_SOURCE_DIR}/scripts/check_binaries.py")
if(STRIKENET_HARDENED AND CMAKE_BUILD_TYPE MATCHES "^(Release|RelWithDebInfo)$")
  list(APPEND check_binaries --hardened)
endif()
add_test(NAME project.binaries COMMAND Python3::Interpreter ${check_binaries}
  "${CMAKE_RUNTIME_OUTPUT_DIRECTORY}" "${CMAKE_LIBRARY_OUTPUT_DIRECTORY}")
if(TARGET strikenet_app)
  add_test(NAME project.options COMMAND Python3::Interpreter
    "${PROJECT_SOURCE_DIR}/scripts/check_options.py" "$<TARGET_FILE:strikenet_app>")
endif()

# The attacks of scripts/attack find commands that are broken.
if(TARGET strikenet_app)
  add_test(NAME project.attacks_find_what_they_should COMMAND /usr/bin/python3 -B
    "${PROJECT_SOURCE_DIR}/tests/attack/attack_test.py" "$<TARGET_FILE:strikenet_app>"
    $<$<BOOL:${STRIKENET_ASAN_UBSAN}>:--sanitized> COMMAND_EXPAND_LISTS)
  set_tests_properties(project.attacks_find_what_they_should PROPERTIES TIMEOUT 600)
endif()

# report.html, opened in a headless Chromium. By Debian's Python, for which Debian has Selenium.
if(STRIKENET_BROWSER AND TARGET strikenet_app)
  add_test(NAME project.browser COMMAND /usr/bin/python3
    "${PROJECT_SOURCE_DIR}/tests/browser/report_test.py" "$<TARGET_FILE:strikenet_app>" "${PROJECT_SOURCE_DIR}")
  set_tests_properties(project.browser PROPERTIES TIMEOUT 900 RUN_SERIAL ON)
endif()

# Networks written by the onnx package and run by onnxruntime, against the books of options that they are. By the Python
# of scripts/python-packages.
if(STRIKENET_ONNXRUNTIME AND TARGET strikenet_app)
  add_test(NAME project.onnxruntime COMMAND "${PROJECT_SOURCE_DIR}/build/python/bin/python"
    "${PROJECT_SOURCE_DIR}/tests/onnx/onnxruntime_test.py" "$<TARGET_FILE:strikenet_app>")
  set_tests_properties(project.onnxruntime PROPERTIES TIMEOUT 300)
endif()

# Each public header is the first line of a file of its own. Once is enough: not under sanitizers.
if(NOT STRIKENET_ASAN_UBSAN AND NOT STRIKENET_TSAN)
  set(include_folder "${PROJECT_SOURCE_DIR}/include")
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE "${include_folder}" "${include_folder}/*.h")
  foreach(header IN LISTS headers)
    string(REPLACE "/" "_" name "${header}")
    set(source "${CMAKE_BINARY_DIR}/headers/${name}.cc")
    file(CONFIGURE OUTPUT "${source}" CONTENT "#include \"${header}\"\n#include \"${header}\"\n")
    list(APPEND header_sources "${source}")
  endforeach()
  add_library(strikenet_headers OBJECT ${header_sources})
  target_include_directories(strikenet_headers PRIVATE "${include_folder}")
  target_link_libraries(strikenet_headers PRIVATE strikenet_ql)  # for the one header that names it
  target_compile_options(strikenet_headers PRIVATE ${STRIKENET_WARNINGS} -O0 -U_FORTIFY_SOURCE)
  set_target_properties(strikenet_headers PROPERTIES CXX_CLANG_TIDY "")
endif()

# A project of its own, built against an installed copy. Not with instrumented libraries: it is built without them.
if(NOT STRIKENET_ASAN_UBSAN AND NOT STRIKENET_COVERAGE)
  add_test(NAME project.install
    COMMAND ${CMAKE_COMMAND} -D "BUILD=${CMAKE_BINARY_DIR}" -D "CONSUMER=${PROJECT_SOURCE_DIR}/tests/install"
      -D "CHECK_BINARIES=${Python3_EXECUTABLE};${check_binaries}"
      -P "${PROJECT_SOURCE_DIR}/tests/install/test_install.cmake")
  set_tests_properties(project.install PROPERTIES TIMEOUT 300)
endif()
