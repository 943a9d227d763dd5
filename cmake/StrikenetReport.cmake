# What report.html is made of: our page in lib/report/page, and the charting libraries as Debian packages them
# (libjs-chart.js, libjs-three; docs/decisions/0006-charts.md). All become part of the library, byte by byte. Without the
# charting libraries everything else is built, and the command says what it leaves out.
set(page_folder "${PROJECT_SOURCE_DIR}/lib/report/page")
set(javascript_folders /usr/share/javascript /usr/local/share/javascript)
find_file(STRIKENET_CHART_JS chart.js/chart.min.js PATHS ${javascript_folders} NO_DEFAULT_PATH)
find_file(STRIKENET_THREE_JS three/three.min.js PATHS ${javascript_folders} NO_DEFAULT_PATH)
find_file(STRIKENET_ORBIT_CONTROLS_JS three/examples/js/controls/OrbitControls.js
  PATHS ${javascript_folders} NO_DEFAULT_PATH)
if(NOT STRIKENET_CHART_JS OR NOT STRIKENET_THREE_JS OR NOT STRIKENET_ORBIT_CONTROLS_JS)
  message(STATUS "report.html is left out: it needs the packages libjs-chart.js and libjs-three")
endif()

set(embeds "")
set(assignments "")
set(embedded_files "")
foreach(part IN ITEMS
    "html=${page_folder}/report.html" "css=${page_folder}/report.css" "script=${page_folder}/report.js"
    "licences=${page_folder}/licences.html" "charts=${STRIKENET_CHART_JS}" "three=${STRIKENET_THREE_JS}"
    "controls=${STRIKENET_ORBIT_CONTROLS_JS}")
  string(REGEX MATCH "^([a-z]+)=(.*)$" matched "${part}")
  set(name "${CMAKE_MATCH_1}")
  set(path "${CMAKE_MATCH_2}")
  if(path)
    string(APPEND embeds "STRIKENET_EMBED(${name}, \"${path}\");\n")
    string(APPEND assignments "  parts.${name} = between(strikenet_page_${name}, strikenet_page_${name}_end);\n")
    list(APPEND embedded_files "${path}")
  endif()
endforeach()
set(page_parts "${CMAKE_CURRENT_BINARY_DIR}/page_parts.cc")
configure_file("${PROJECT_SOURCE_DIR}/lib/report/page_parts.cc.in" "${page_parts}" @ONLY)
set_source_files_properties("${page_parts}" PROPERTIES OBJECT_DEPENDS "${embedded_files}")
target_sources(strikenet_report PRIVATE "${page_parts}")
