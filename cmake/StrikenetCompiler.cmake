# One place for the language, the warnings and the visibility that every target of ours is built with.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

set(STRIKENET_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  list(APPEND STRIKENET_WARNINGS -Wno-restrict)  # false alarms in std::string, GCC bug 105651
endif()

# The same input must give the same bits on every machine of one architecture: no contraction into fused operations.
set(STRIKENET_FLOATING_POINT -ffp-contract=off)

# Where every binary looks for the libraries of this build: beside itself, as once installed, so that nothing has to be
# edited on installation. CMake makes room for the edit with empty entries, and an empty entry is the current folder.
include(GNUInstallDirs)
file(RELATIVE_PATH STRIKENET_LIBRARIES_FROM_BIN "/${CMAKE_INSTALL_BINDIR}" "/${CMAKE_INSTALL_LIBDIR}")
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
cmake_path(APPEND CMAKE_RUNTIME_OUTPUT_DIRECTORY "${STRIKENET_LIBRARIES_FROM_BIN}" OUTPUT_VARIABLE libraries)
cmake_path(NORMAL_PATH libraries OUTPUT_VARIABLE CMAKE_LIBRARY_OUTPUT_DIRECTORY)
set(CMAKE_BUILD_WITH_INSTALL_RPATH ON)
set(CMAKE_INSTALL_RPATH "$ORIGIN/${STRIKENET_LIBRARIES_FROM_BIN}")
set(CMAKE_INSTALL_RPATH_USE_LINK_PATH ON)  # of libraries that are where the loader does not look

option(STRIKENET_ASAN_UBSAN "Build with the address and undefined-behaviour sanitizers" OFF)
if(STRIKENET_ASAN_UBSAN)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()
option(STRIKENET_TSAN "Build with the thread sanitizer" OFF)
if(STRIKENET_TSAN)
  add_compile_options(-fsanitize=thread -fno-omit-frame-pointer)
  add_link_options(-fsanitize=thread)
endif()
option(STRIKENET_FUZZ "Build the programs of tests/fuzz; needs clang" OFF)
if(STRIKENET_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()
option(STRIKENET_COVERAGE "Build with coverage counters" OFF)
if(STRIKENET_COVERAGE)
  add_compile_options(--coverage)
  add_link_options(--coverage)
endif()

# What Debian's hardening=+all asks for, and control flow and stack protected as its later releases do, in what is built
# to be used. scripts/check_binaries.py reads it off the binaries. Sanitizers watch for more, and do not go with it.
option(STRIKENET_HARDENING "Harden release builds; off where the flags come from elsewhere" ON)
if(STRIKENET_HARDENING AND NOT STRIKENET_ASAN_UBSAN AND NOT STRIKENET_TSAN
    AND NOT STRIKENET_FUZZ AND NOT STRIKENET_COVERAGE)
  set(STRIKENET_HARDENED ON)
  include(CheckPIESupported)
  check_pie_supported(LANGUAGES CXX)
  set(to_be_used "$<CONFIG:Release,RelWithDebInfo>")
  foreach(flag IN ITEMS -fstack-protector-strong -fstack-clash-protection -Wformat -Werror=format-security
      -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
    add_compile_options("$<${to_be_used}:${flag}>")
  endforeach()
  add_link_options("$<${to_be_used}:LINKER:-z,relro,-z,now,-z,noexecstack>")
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|amd64|AMD64)$")
    add_compile_options("$<${to_be_used}:-fcf-protection=full>")
  endif()
endif()
