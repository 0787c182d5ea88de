# Finds LLVM and Clang 22 and offers one target, lockvet_llvm, that links the two shared libraries.
# Linking the shared libraries keeps a debug link under a second and the Debian package small.

find_package(LLVM 22.1 REQUIRED CONFIG HINTS /usr/lib/llvm-22/lib/cmake/llvm)
find_package(Clang REQUIRED CONFIG HINTS ${LLVM_DIR}/../clang)

add_library(lockvet_llvm INTERFACE)
target_include_directories(lockvet_llvm SYSTEM INTERFACE ${LLVM_INCLUDE_DIRS} ${CLANG_INCLUDE_DIRS})
separate_arguments(lockvet_llvm_definitions UNIX_COMMAND "${LLVM_DEFINITIONS}")
list(FILTER lockvet_llvm_definitions EXCLUDE REGEX "_GNU_SOURCE|_GLIBCXX_ASSERTIONS")
target_compile_options(lockvet_llvm INTERFACE ${lockvet_llvm_definitions})
target_link_libraries(lockvet_llvm INTERFACE LLVM)

add_library(lockvet_clang INTERFACE)
target_link_libraries(lockvet_clang INTERFACE lockvet_llvm clang-cpp)
