# `cmake --install` and `cpack -G DEB`: one package with the commands, the Python package, the
# annotation headers and the documentation. What it must hold is checked by scripts/check-package.
# All but the documentation is installed by its own folder.

include(CMakePackageConfigHelpers)

# Debian's name for it, whatever case the project has.
set(lockvet_doc_dir ${CMAKE_INSTALL_DATADIR}/doc/lockvet)

install(DIRECTORY docs DESTINATION ${lockvet_doc_dir} FILES_MATCHING PATTERN "*.md"
        PATTERN "*.png")
install(FILES README.md DESTINATION ${lockvet_doc_dir} OPTIONAL)
install(FILES LICENSE DESTINATION ${lockvet_doc_dir} RENAME copyright)

# annotations/CMakeLists.txt exports the headers' target; this lets users ask for a version of it.
write_basic_package_version_file(
  ${CMAKE_CURRENT_BINARY_DIR}/lockvet-annotations-config-version.cmake
  COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/lockvet-annotations-config-version.cmake
        DESTINATION ${CMAKE_INSTALL_DATADIR}/cmake/lockvet-annotations)

set(CPACK_PACKAGE_NAME lockvet)
set(CPACK_PACKAGE_VENDOR "The Lockvet authors")
set(CPACK_PACKAGE_CONTACT "The Lockvet authors <lockvet@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_RESOURCE_FILE_LICENSE "${PROJECT_SOURCE_DIR}/LICENSE")
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# The parser needs Clang's own headers (stddef.h and friends) at run time.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libclang-common-22-dev")
# For vrc's prompt and `import vrc`; both commands work without Python.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "python3, python3-prompt-toolkit")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "graphviz, python3-networkx, python3-numpy")
include(CPack)
