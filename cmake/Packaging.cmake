# cpack -G DEB: one package with the command, the annotation headers and the documentation.

set(CPACK_PACKAGE_NAME lockvet)
set(CPACK_PACKAGE_VENDOR "The Lockvet authors")
set(CPACK_PACKAGE_CONTACT "The Lockvet authors <lockvet@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_RESOURCE_FILE_LICENSE "${PROJECT_SOURCE_DIR}/LICENSE")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# The parser needs Clang's own headers (stddef.h and friends) at run time.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libclang-common-22-dev")
include(CPack)
