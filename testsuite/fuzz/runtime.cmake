# Fuzzers over what the runtime reads from strangers.

find_package(Threads REQUIRED)
find_package(Boost 1.74 REQUIRED COMPONENTS context)
find_package(ZLIB REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(zstd REQUIRED IMPORTED_TARGET libzstd)

set(files_of_tests ${PROJECT_SOURCE_DIR}/testsuite/unit/runtime/qcow2/files.cpp)
file(GLOB fuzzed_runtime_sources CONFIGURE_DEPENDS
     ${PROJECT_SOURCE_DIR}/runtime/coroutine/*.cpp
     ${PROJECT_SOURCE_DIR}/runtime/drivers/qcow2/*.cpp)
add_library(lockvet_fuzzed_runtime STATIC EXCLUDE_FROM_ALL
            ${fuzzed_runtime_sources} ${files_of_tests})
target_include_directories(lockvet_fuzzed_runtime PUBLIC ${PROJECT_SOURCE_DIR})
target_link_libraries(lockvet_fuzzed_runtime
  PUBLIC lockvet_annotations Threads::Threads
  PRIVATE Boost::context ZLIB::ZLIB PkgConfig::zstd)
target_compile_definitions(lockvet_fuzzed_runtime PUBLIC LOCKVET_RUNTIME_CHECKS=1)
target_compile_options(lockvet_fuzzed_runtime PUBLIC ${fuzz_sanitizers} -g1 -O1
                       PRIVATE -fsanitize=fuzzer-no-link)
target_link_options(lockvet_fuzzed_runtime INTERFACE ${fuzz_sanitizers})
lockvet_warnings(lockvet_fuzzed_runtime)

add_executable(fuzz_qcow2_seeds qcow2_seeds.cpp ${files_of_tests})
target_link_libraries(fuzz_qcow2_seeds PRIVATE lockvet_qcow2)
lockvet_warnings(fuzz_qcow2_seeds)
set(qcow2_seeds ${CMAKE_CURRENT_BINARY_DIR}/seeds/qcow2)
add_custom_command(
  OUTPUT ${qcow2_seeds}/../qcow2-made
  COMMAND ${CMAKE_COMMAND} -E make_directory ${qcow2_seeds}
  COMMAND fuzz_qcow2_seeds ${qcow2_seeds}
  COMMAND ${CMAKE_COMMAND} -E touch ${qcow2_seeds}/../qcow2-made
  DEPENDS fuzz_qcow2_seeds
  COMMENT "Making images for the fuzzer" VERBATIM)
add_custom_target(fuzz-qcow2-seeds DEPENDS ${qcow2_seeds}/../qcow2-made)
lockvet_fuzzer(qcow2 lockvet_fuzzed_runtime fuzz-qcow2-seeds)
