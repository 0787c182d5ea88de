# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Mistakes in queries say where they are; whatever is asked, nothing else comes of it."""

import pytest
import vrc
from hypothesis import given, settings
from hypothesis import strategies as st

GRAPH = vrc.from_edges([("main", "work"), ("work", "sl\u00e9\u00e9p")], labels={"slow": ["work"]})


@pytest.mark.parametrize(
    "ask, text, marked",
    [
        (GRAPH.functions, "main mian", "mian"),
        (GRAPH.functions, "[slow, slwo]", "slwo"),
        (GRAPH.functions, 'work "sl\u00e9\u00e9p" nobody', "nobody"),
        (GRAPH.paths, "main ... [slow", ""),
        (GRAPH.paths, "main | (work))", ")"),
        (GRAPH.count, "main /(/", ""),
        (GRAPH.query, "callers [slwo]", "slwo]"),
        (GRAPH.query, "calers main", "calers"),
        (GRAPH.query, "paths --limit x main", "x main"),
        (lambda spec: GRAPH.paths("main ... work", avoid=spec), "work mian", "mian"),
    ],
)
def test_the_place_of_a_mistake(ask, text, marked):
    with pytest.raises(vrc.QueryError) as caught:
        ask(text)
    error = caught.value
    assert error.text == text
    if marked:
        assert text[error.offset :].startswith(marked)
    message, line, caret = str(error).split("\n")
    assert message == error.message and line == f"  {text}"
    assert caret == " " * (2 + error.offset) + "^"


def test_tabs_and_lines_keep_the_caret_in_place():
    error = vrc.QueryError("wrong", 5, "a\n\tb c\nd")
    assert str(error) == "wrong\n  \tb c\n  \t  ^"
    assert isinstance(error, vrc.Error)


PIECES = st.sampled_from(["main", "work", "slow", "[", "]", "(", ")", "!", "|", ",", "*", "+", "?",
                          "...", ":callers", ":all_callees", "/w/", '"', "\\", " ", "\u00e9",
                          "--limit", "--", "file:x", ":", "\n", "\x00"])  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=30))
def test_no_query_does_more_than_fail(text):
    for ask in (GRAPH.functions, GRAPH.count, lambda text: GRAPH.paths(text, limit=3),
                lambda text: GRAPH.query(f"callers {text}")):
        try:
            ask(text)
        except vrc.QueryError as error:
            assert error.offset >= 0 and "^" in str(error)
        except vrc.Error:
            pass
        except UnicodeEncodeError:
            assert any("\ud800" <= c <= "\udfff" for c in text)
