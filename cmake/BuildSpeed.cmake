# What makes whole builds fast: precompiled headers, and sources compiled several at once.

# Headers of others, which nearly every file includes and which never change, are parsed once for
# all targets that are compiled alike. Without them most of a build is spent on parsing those. Only
# by Clang: GCC's builds stay without, and so show where a file forgot to include what it uses.

option(LOCKVET_PRECOMPILE "Parse the headers of LLVM and the standard library once" ON)

set(lockvet_standard_headers
  <algorithm> <array> <atomic> <chrono> <expected> <functional> <map> <memory> <optional> <set>
  <span> <string> <string_view> <system_error> <thread> <unordered_map> <utility> <vector>)

set(lockvet_llvm_headers
  <llvm/ADT/DenseMap.h> <llvm/ADT/DenseSet.h> <llvm/ADT/MapVector.h> <llvm/ADT/SetVector.h>
  <llvm/ADT/SmallString.h> <llvm/ADT/STLExtras.h> <llvm/ADT/StringExtras.h>
  <llvm/ADT/StringMap.h> <llvm/Support/Error.h> <llvm/Support/FileSystem.h>
  <llvm/Support/FormatVariadic.h> <llvm/Support/JSON.h> <llvm/Support/MemoryBuffer.h>
  <llvm/Support/Path.h> <llvm/Support/raw_ostream.h>)

#   lockvet_precompile(<target> AS <group> HEADERS <headers>...)
# The first target of a group makes what the others use. They must have the same options.
function(lockvet_precompile target)
  cmake_parse_arguments(PARSE_ARGV 1 precompile "" "AS" "HEADERS")
  if(NOT LOCKVET_PRECOMPILE OR NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    return()
  endif()
  get_property(first GLOBAL PROPERTY lockvet_precompiled_${precompile_AS})
  if(first)
    target_precompile_headers(${target} REUSE_FROM ${first})
  else()
    set_property(GLOBAL PROPERTY lockvet_precompiled_${precompile_AS} ${target})
    target_precompile_headers(${target} PRIVATE ${precompile_HEADERS})
  endif()
endfunction()

# Half of what is left is our own headers. For builds that are made once and whole they are parsed
# once for several sources; a build that a person changes files in is better off without.
option(LOCKVET_UNITY "Compile several sources of a room at once" OFF)

function(lockvet_unity target)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ${LOCKVET_UNITY} UNITY_BUILD_BATCH_SIZE 8)
  # GCC takes what a unity file includes for headers, whose anonymous namespaces it warns of.
  if(LOCKVET_UNITY AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${target} PRIVATE -Wno-subobject-linkage)
  endif()
endfunction()
