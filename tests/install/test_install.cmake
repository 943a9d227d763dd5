# Installs the build tree BUILD into a fresh prefix, then configures, builds and runs the project CONSUMER, and those
# in its folders testing and quantlib, against it. CHECK_BINARIES is the command that reads the installed binaries.
set(prefix "${BUILD}/install-test/prefix")

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
step("check of the installed binaries" ${CHECK_BINARIES} "${prefix}")
step("installed command" "${prefix}/bin/strikenet" --version)

# Builds and runs the project in `folder`, whose program must print a price from `lowest` to `highest`.
function(price_of folder program lowest highest)
  set(tree "${BUILD}/install-test/${program}")
  step("configure ${program}" "${CMAKE_COMMAND}" -G Ninja -S "${folder}" -B "${tree}" "-DCMAKE_PREFIX_PATH=${prefix}")
  step("build ${program}" "${CMAKE_COMMAND}" --build "${tree}")
  execute_process(COMMAND "${tree}/${program}" RESULT_VARIABLE status OUTPUT_VARIABLE price)
  string(STRIP "${price}" price)
  if(NOT status EQUAL 0 OR NOT price MATCHES "^[0-9]+\\.[0-9]+$" OR price LESS lowest OR price GREATER highest)
    message(FATAL_ERROR "${program}: status ${status}, the price is '${price}', "
      "but must be a number from ${lowest} to ${highest}")
  endif()
endfunction()

# A test with EXPECT_ARBITRAGE_FREE passes.
step("configure my_surface" "${CMAKE_COMMAND}" -G Ninja -S "${CONSUMER}/testing" -B "${BUILD}/install-test/my_surface"
  "-DCMAKE_PREFIX_PATH=${prefix}")
step("build my_surface" "${CMAKE_COMMAND}" --build "${BUILD}/install-test/my_surface")
step("run my_surface" "${BUILD}/install-test/my_surface/my_surface")

# Convexity and the quotes bound the price: from below by the line through the calls struck at 90 and 100,
# 7.9 - (13.7 - 7.9) / 2; from above by the chord between those at 100 and 110, (8.1 + 4.4) / 2.
price_of("${CONSUMER}" one_smile 5.0 6.25)

# An American put struck at 105: at least the European one, which is 5 more than the call whose bounds are those above,
# discounted by 0.98; at most that and the interest on the strike, 0.02 * 105.
price_of("${CONSUMER}/quantlib" one_option 9.8 13.2)
