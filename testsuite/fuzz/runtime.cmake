# Fuzzers over what the runtime reads from strangers: images, and peers on the network.

find_package(Threads REQUIRED)
find_package(Boost 1.74 REQUIRED COMPONENTS context)
find_package(ZLIB REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(zstd REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(liburing REQUIRED IMPORTED_TARGET liburing)

set(files_of_tests ${PROJECT_SOURCE_DIR}/testsuite/unit/runtime/qcow2/files.cpp)
file(GLOB fuzzed_runtime_sources CONFIGURE_DEPENDS
     ${PROJECT_SOURCE_DIR}/runtime/aio/*.cpp
     ${PROJECT_SOURCE_DIR}/runtime/coroutine/*.cpp
     ${PROJECT_SOURCE_DIR}/runtime/drivers/qcow2/*.cpp
     ${PROJECT_SOURCE_DIR}/runtime/export/*.cpp
     ${PROJECT_SOURCE_DIR}/runtime/export/nbd/*.cpp
     ${PROJECT_SOURCE_DIR}/runtime/export/vhost_user/*.cpp)
add_library(lockvet_fuzzed_runtime STATIC EXCLUDE_FROM_ALL
            ${fuzzed_runtime_sources} ${files_of_tests}
            ${PROJECT_SOURCE_DIR}/runtime/graph/dirty_bitmap.cpp)
target_link_libraries(lockvet_fuzzed_runtime
  PUBLIC lockvet_annotations Threads::Threads PkgConfig::liburing Boost::context
  PRIVATE ZLIB::ZLIB PkgConfig::zstd)
target_compile_definitions(lockvet_fuzzed_runtime PUBLIC LOCKVET_RUNTIME_CHECKS=1)
lockvet_fuzzed(lockvet_fuzzed_runtime)

add_executable(fuzz_qcow2_seeds qcow2_seeds.cpp ${files_of_tests})
target_link_libraries(fuzz_qcow2_seeds PRIVATE lockvet_qcow2)
lockvet_warnings(fuzz_qcow2_seeds)
add_custom_command(
  OUTPUT ${seeds}/qcow2-made
  COMMAND ${CMAKE_COMMAND} -E make_directory ${seeds}/qcow2
  COMMAND fuzz_qcow2_seeds ${seeds}/qcow2
  COMMAND ${CMAKE_COMMAND} -E touch ${seeds}/qcow2-made
  DEPENDS fuzz_qcow2_seeds
  COMMENT "Making images for the fuzzer" VERBATIM)
add_custom_target(fuzz-qcow2-seeds DEPENDS ${seeds}/qcow2-made)
lockvet_fuzzer(qcow2 lockvet_fuzzed_runtime fuzz-qcow2-seeds)

foreach(name nbd_negotiation nbd_requests vhost_user_messages vhost_user_rings)
  lockvet_fuzzer(${name} lockvet_fuzzed_runtime fuzz-seeds)
endforeach()

# What reads text from clients and people, without what acts upon it.
find_package(nlohmann_json 3.11 REQUIRED)
set(control ${PROJECT_SOURCE_DIR}/runtime/control)
add_library(lockvet_fuzzed_control STATIC EXCLUDE_FROM_ALL
  ${control}/json/json_stream.cpp
  ${control}/json/key_value.cpp
  ${control}/net/http_request.cpp
  ${control}/schema/block_types.cpp
  ${control}/schema/conform.cpp)
target_link_libraries(lockvet_fuzzed_control PUBLIC nlohmann_json::nlohmann_json)
lockvet_fuzzed(lockvet_fuzzed_control)
lockvet_fuzzer(qmp lockvet_fuzzed_control fuzz-seeds)
