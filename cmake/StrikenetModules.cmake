# strikenet_module(NAME LIBRARIES...): lib/NAME/*.cc as one object library, strikenet_NAME.
# Third-party headers are seen by the module that names them and by nobody else.
function(strikenet_module name)
  file(GLOB sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/lib/${name}/*.cc")
  if(NOT sources)
    file(WRITE "${CMAKE_CURRENT_BINARY_DIR}/${name}_empty.cc" "")
    set(sources "${CMAKE_CURRENT_BINARY_DIR}/${name}_empty.cc")
  endif()
  add_library(strikenet_${name} OBJECT ${sources})
  target_include_directories(strikenet_${name} PUBLIC
    "${PROJECT_SOURCE_DIR}/include" PRIVATE "${PROJECT_SOURCE_DIR}/lib")
  target_compile_options(strikenet_${name} PRIVATE ${STRIKENET_WARNINGS} ${STRIKENET_FLOATING_POINT})
  target_compile_definitions(strikenet_${name} PRIVATE STRIKENET_BUILDING)
  target_link_libraries(strikenet_${name} PRIVATE ${ARGN})
endfunction()
