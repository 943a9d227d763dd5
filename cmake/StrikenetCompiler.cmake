# One place for the language, the warnings and the visibility that every target of ours is built with.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib")

set(STRIKENET_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  list(APPEND STRIKENET_WARNINGS -Wno-restrict)  # false alarms in std::string, GCC bug 105651
endif()

# The same input must give the same bits on every machine of one architecture: no contraction into fused operations.
set(STRIKENET_FLOATING_POINT -ffp-contract=off)

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
option(STRIKENET_COVERAGE "Build with coverage counters" OFF)
if(STRIKENET_COVERAGE)
  add_compile_options(--coverage)
  add_link_options(--coverage)
endif()
