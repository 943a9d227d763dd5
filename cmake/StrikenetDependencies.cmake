# Third-party libraries. Everything is linked dynamically; Eigen, Boost, nlohmann-json and CLI11 are headers only.
find_package(Eigen3 REQUIRED NO_MODULE)
find_package(glog REQUIRED)
find_package(Boost REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(date REQUIRED)
find_package(Threads REQUIRED)
find_package(ZLIB REQUIRED)
if(STRIKENET_APPS)
  find_package(CLI11 REQUIRED)
endif()

# Debian ships no CMake package for libcsv or QuantLib.
function(strikenet_find_library name header library)
  find_path(${name}_INCLUDE ${header} REQUIRED)
  find_library(${name}_LIBRARY ${library} REQUIRED)
  add_library(strikenet_${name} INTERFACE)
  target_include_directories(strikenet_${name} SYSTEM INTERFACE "${${name}_INCLUDE}")
  target_link_libraries(strikenet_${name} INTERFACE "${${name}_LIBRARY}")
endfunction()

strikenet_find_library(csv csv.h csv)
strikenet_find_library(mpfi mpfi.h mpfi)
foreach(library mpfr gmp)
  find_library(${library}_LIBRARY ${library} REQUIRED)
  target_link_libraries(strikenet_mpfi INTERFACE "${${library}_LIBRARY}")
endforeach()

# Debian's CMake package of onnx names files that another package has.
strikenet_find_library(onnx_proto onnx/onnx_pb.h onnx_proto)
find_library(protobuf_LIBRARY protobuf REQUIRED)
target_link_libraries(strikenet_onnx_proto INTERFACE "${protobuf_LIBRARY}")
target_compile_definitions(strikenet_onnx_proto INTERFACE ONNX_ML ONNX_NAMESPACE=onnx)

# Debian's CMake package of Ceres hands out the static library, with the GPL parts of SuiteSparse in its wake.
strikenet_find_library(ceres ceres/ceres.h ceres)
target_link_libraries(strikenet_ceres INTERFACE Eigen3::Eigen glog::glog)

# pkg-config hands out -fopenmp with QuantLib; we take the header and the library alone.
strikenet_find_library(ql ql/quantlib.hpp QuantLib)
# QuantLib keeps its evaluation date in a singleton whose only copy is a template's static variable. Hidden, we would
# have a copy of our own, and setting it would change nothing in the library.
target_compile_options(strikenet_ql INTERFACE -fvisibility=default)

# Debian's CMake files of Clp, where there are any, name packages that it does not ship.
strikenet_find_library(clp coin/ClpSimplex.hpp Clp)
find_library(coinutils_LIBRARY CoinUtils REQUIRED)
target_link_libraries(strikenet_clp INTERFACE "${coinutils_LIBRARY}")
strikenet_find_library(cbc coin/CbcModel.hpp Cbc)
foreach(library Cgl OsiClp Osi)
  find_library(${library}_LIBRARY ${library} REQUIRED)
  target_link_libraries(strikenet_cbc INTERFACE "${${library}_LIBRARY}")
endforeach()
target_link_libraries(strikenet_cbc INTERFACE strikenet_clp)
