# Installs the build tree BUILD into a fresh prefix, then configures, builds and runs the project CONSUMER against it.
set(prefix "${BUILD}/install-test/prefix")
set(tree "${BUILD}/install-test/consumer")

function(step what)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${what}: status ${status}\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE "${BUILD}/install-test")
step("install" "${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${prefix}")
foreach(file IN ITEMS bin/strikenet share/doc/strikenet/LICENSE share/doc/strikenet/copyright)
  if(NOT EXISTS "${prefix}/${file}")
    message(FATAL_ERROR "install: ${file} is missing")
  endif()
endforeach()
step("installed command" "${prefix}/bin/strikenet" --version)

step("configure" "${CMAKE_COMMAND}" -G Ninja -S "${CONSUMER}" -B "${tree}" "-DCMAKE_PREFIX_PATH=${prefix}")
step("build" "${CMAKE_COMMAND}" --build "${tree}")
step("run" "${tree}/one_smile")

# Convexity and the quotes bound the price: from below by the line through the calls struck at 90 and 100,
# 7.9 - (13.7 - 7.9) / 2; from above by the chord between those at 100 and 110, (8.1 + 4.4) / 2.
string(STRIP "${output}" price)
if(NOT price MATCHES "^[0-9]+\\.[0-9]+$" OR price LESS 5.0 OR price GREATER 6.25)
  message(FATAL_ERROR "run: the price is '${price}', but must be a number from 5 to 6.25")
endif()
