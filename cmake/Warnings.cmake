# The warnings that the project's own code compiles under. Thread-safety analysis is part of them,
# since Lockvet is its own first customer.

option(LOCKVET_WERROR "Treat warnings as errors" ON)

function(lockvet_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    target_compile_options(${target} PRIVATE -Wthread-safety -Wthread-safety-beta)
  endif()
  if(LOCKVET_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
endfunction()
