# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Lines taken apart for highlighting and for several lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vrc import syntax


def kinds(line):
    return [(token.kind, token.text) for token in syntax.tokens(line) if token.kind != "blank"]


def test_tokens():
    assert kinds('paths --limit 3 [co_fn,!"a b"] ... /x y/ (a|b::c)*:callers') == [
        ("command", "paths"), ("option", "--limit"), ("name", "3"), ("operator", "["),
        ("label", "co_fn"), ("operator", ","), ("operator", "!"), ("string", '"a b"'),
        ("operator", "]"), ("operator", "..."), ("regex", "/x y/"), ("operator", "("),
        ("name", "a"), ("operator", "|"), ("name", "b::c"), ("operator", ")"), ("operator", "*"),
        ("step", ":callers")]  # fmt: skip
    assert kinds("source a/b [c") == [("command", "source"), ("word", "a/b"), ("word", "[c")]
    assert kinds("  # x") == [("comment", "# x")]


@given(st.text() | st.text("[]()!|\":/\\ \n#.-abc"))
def test_every_text_is_tokens(text):
    assert "".join(token.text for token in syntax.tokens(text)) == text
    assert syntax.is_incomplete(text) in (True, False)
    assert not syntax.is_incomplete(text + "\n")
    for command in syntax.commands_in(text):
        assert "\n" not in command and command.strip()


@pytest.mark.parametrize(
    "text, expected",
    [
        ("callers a", False),
        ("callers [a", True),
        ("callers [a]", False),
        ("paths (a", True),
        ("paths a \\", True),
        ('callers "["', False),
        ("callers /(/", False),
        ("source a(", False),
        ("paths (a\n", False),
        ("# (", False),
    ],
)
def test_incomplete(text, expected):
    assert syntax.is_incomplete(text) is expected


def test_commands_of_a_paste():
    assert syntax.commands_in("callers a\n\ncallees [b,\nc]\nquit") == [
        "callers a", "callees [b, c]", "quit"]  # fmt: skip
    assert syntax.commands_in("paths a \\\n b") == ["paths a    b"]


def test_pipes():
    assert syntax.split_pipe("callers a |> sort | uniq") == ("callers a", "sort | uniq")
    assert syntax.split_pipe('paths a|b "|>"') == ('paths a|b "|>"', None)
