# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Includes follow the arrows of docs/architecture.md, and this check can fail."""

import project
import pytest
import rooms

PAGE = """
```rooms
facts       ->
extract     -> facts
annotations ->
```

```libraries
clang       -> extract
```
"""


@pytest.fixture
def check():
    there = {"analyzer/facts/call.h", "analyzer/extract/walk.h"}
    return rooms.arrows(PAGE, exists=lambda path: path in there)


def test_project_follows_the_arrows():
    problems = project.problems_of(rooms.arrows(project.read(rooms.PAGE)))
    assert not problems, "\n" + "\n".join(problems)


def test_every_room_of_the_project_has_a_row():
    assert not rooms.without_row(project.read(rooms.PAGE), project.files())


def test_the_table_has_no_cycle():
    assert not rooms.cycles(project.read(rooms.PAGE))


def test_an_arrow_allows(check):
    assert not check("analyzer/extract/a.cpp", '#include "analyzer/facts/call.h"\n')
    assert not check("analyzer/extract/a.cpp", '#include "walk.h"\n')
    assert not check("analyzer/extract/a.cpp", "#include <clang/AST/Expr.h>\n")
    assert not check("analyzer/facts/a.cpp", '#include "llvm/ADT/StringRef.h"\n#include <map>\n')
    assert not check("annotations/include/lockvet/a.h", "#include <lockvet/b.h>\n")


def test_no_arrow_forbids(check):
    assert check("analyzer/facts/a.h", '#include "analyzer/extract/walk.h"\n') == [
        "analyzer/facts/a.h: 'facts' may not know 'extract', and includes analyzer/extract/walk.h"
    ]
    assert check("analyzer/facts/a.h", "  #  include <analyzer/extract/walk.h>\n")
    assert check("analyzer/facts/a.cpp", '#include "../extract/walk.h"\n')
    assert check("annotations/include/lockvet/a.h", '#include "analyzer/facts/call.h"\n')
    assert check("analyzer/facts/a.cpp", "#include <lockvet/lockvet.h>\n")


def test_libraries_belong_to_rooms(check):
    assert check("analyzer/facts/a.cpp", '#include "clang/AST/Expr.h"\n') == [
        "analyzer/facts/a.cpp: only extract may include clang/AST/Expr.h"
    ]
    assert not check("analyzer/facts/a.cpp", '#include "clangd/x.h"\n')


def test_files_outside_the_rooms_are_free(check):
    assert not check("testsuite/unit/facts/a.cpp", "#include <clang/AST/Expr.h>\n")
    assert not check("analyzer/facts/page.md", '#include "analyzer/extract/walk.h"\n')


def test_a_room_without_a_row():
    assert rooms.without_row(PAGE, ["analyzer/facts/a.h", "analyzer/new/a.h"]) == ["new"]
    assert not rooms.without_row(PAGE, ["analyzer/CMakeLists.txt"])


def test_rooms_of_the_runtime_have_its_folder_in_front():
    page = PAGE.replace("facts       ->", "facts       ->\nruntime/facts -> annotations")
    there = {"runtime/facts/call.h"}
    check = rooms.arrows(page, exists=lambda path: path in there)
    assert not check("runtime/facts/a.cpp", '#include "call.h"\n#include <lockvet/b.h>\n')
    assert check("analyzer/facts/a.cpp", '#include "runtime/facts/call.h"\n') == [
        "analyzer/facts/a.cpp: 'facts' may not know 'runtime/facts', and includes "
        "runtime/facts/call.h"
    ]
    assert rooms.without_row(page, ["runtime/facts/a.h", "runtime/new/a.h"]) == ["runtime/new"]
    assert not rooms.without_row(page, ["runtime/models/a.pml"])


def test_a_cycle():
    page = PAGE.replace("facts       ->", "facts       -> extract")
    assert rooms.cycles(page) == ["extract", "facts"]


@pytest.mark.parametrize(
    "page",
    [
        "no block",
        PAGE.replace("facts       ->", "facts -> nobody"),
        PAGE.replace("facts       ->", "facts"),
        PAGE.replace("annotations ->", "facts ->"),
    ],
)
def test_a_page_that_cant_be_read(page):
    with pytest.raises(rooms.PageError):
        rooms.arrows(page)
