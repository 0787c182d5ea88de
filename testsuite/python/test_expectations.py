# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The verify logic of the lit suites: a harness that passes wrong results is worse than none."""

import os
import sys

import pytest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import expectations  # noqa: E402


def finding(line, message="calls f", rule="coroutine-call", severity="error", file="a.c", steps=()):
    witness = [{"function": "g", "file": f, "line": n, "reason": r} for f, n, r in steps]
    return {"rule": rule, "severity": severity, "message": message, "function": "g", "file": file,
            "line": line, "column": 1, "witness": witness}  # fmt: skip


def compare(text, findings, **options):
    return expectations.compare(expectations.parse(text, "a.c"), findings, **options)


def test_met():
    assert compare("f(); // lockvet-error{{coroutine-call: calls f}}", [finding(1)]) == []


def test_part_of_the_message_is_enough():
    assert compare("f(); // lockvet-error{{coroutine-call: alls}}", [finding(1)]) == []
    assert compare("f(); // lockvet-error{{coroutine-call}}", [finding(1)]) == []


@pytest.mark.parametrize(
    "seen",
    [
        finding(2),
        finding(1, message="calls g"),
        finding(1, rule="coroutine"),
        finding(1, severity="warning"),
        finding(1, file="b.c"),
    ],
)
def test_another_finding_is_both_missing_and_unexpected(seen):
    report = compare("f(); // lockvet-error{{coroutine-call: calls f}}", [seen])
    assert report[0] == "expected and not found:"
    assert "asked for at a.c:1" in report[1]
    assert report[2] == "found and not expected:"
    assert len(report) == 4


def test_missing():
    assert len(compare("// lockvet-warning{{x: y}}", [])) == 2


def test_unexpected():
    assert compare("// lockvet-silent", [finding(1)])[0] == "found and not expected:"


def test_silent():
    assert compare("// lockvet-silent", []) == []


@pytest.mark.parametrize("where", ["@-1", "@1", "@a.c:1"])
def test_places(where):
    text = f"f();\n// lockvet-error{where}{{{{coroutine-call: calls f}}}}"
    assert compare(text, [finding(1)]) == []


def test_place_below():
    assert compare("// lockvet-error@+2 {{coroutine-call: calls}}\n\nf();", [finding(3)]) == []


def test_count():
    text = "// lockvet-error 2 {{coroutine-call: calls f}}"
    assert compare(text, [finding(1), finding(1)]) == []
    assert "(1 of 2 missing)" in compare(text, [finding(1)])[1]
    assert compare(text, [finding(1)] * 3)[0] == "found and not expected:"


def test_two_on_one_line_and_the_exact_one_first():
    text = "// lockvet-error{{x: calls}} lockvet-error{{x: calls g}}"
    assert compare(text, [finding(1, "calls g", "x"), finding(1, "calls h", "x")]) == []


def test_regular_expression():
    assert compare("// lockvet-error-re{{coroutine-call: ^calls .$}}", [finding(1)]) == []
    assert compare("// lockvet-error-re{{coroutine-call: ^calls$}}", [finding(1)]) != []


def test_text_is_no_regular_expression():
    assert compare("// lockvet-error{{coroutine-call: c.lls}}", [finding(1)]) != []


def test_notes_need_no_expectation_unless_asked():
    seen = [finding(1, steps=[("a.c", 2, "calls f here")])]
    text = "// lockvet-error{{coroutine-call: calls f}}\n"
    assert compare(text, seen) == []
    assert compare(text, seen, all_notes=True)[0].startswith("witness steps")
    assert compare(text + "// lockvet-note{{calls f here}}", seen, all_notes=True) == []
    assert compare(text + "// lockvet-note{{calls g here}}", seen) != []


def test_finding_of_severity_note():
    seen = [finding(1, severity="note")]
    assert compare("// lockvet-note{{coroutine-call: calls f}}", seen) == []
    assert compare("// lockvet-silent", seen) != []


@pytest.mark.parametrize(
    "text",
    [
        "// lockvet-error",
        "// lockvet-error{x: y}",
        "// lockvet-error{{x: y}",
        "// lockvet-error{{No Rule: y}}",
        "// lockvet-error@here{{x: y}}",
        "// lockvet-error@-5{{x: y}}",
        "// lockvet-error 0 {{x: y}}",
        "// lockvet-error-re{{x: (}}",
        "// lockvet-note{{}}",
        "// lockvet-error{{x: y}} lockvet-warning{z}",
    ],
)
def test_malformed(text):
    with pytest.raises(expectations.ExpectationError, match="a.c:1: "):
        expectations.parse(text, "a.c")


def test_other_words_are_no_expectations():
    assert expectations.parse("// lockvet-errors and lockvet: allow(x)", "a.c").expected == []


def test_files(tmp_path):
    loud, quiet = tmp_path / "loud.c", tmp_path / "quiet.c"
    loud.write_text("// lockvet-error{{x: y}}\n")
    quiet.write_bytes(b"\xff lockvet-silent\n")
    assert len(expectations.parse_files([str(loud)]).expected) == 1
    assert len(expectations.parse_files([str(quiet)]).silent) == 1
    with pytest.raises(expectations.ExpectationError, match="lockvet-silent, but"):
        expectations.parse_files([str(loud), str(quiet)])
    loud.write_text("int x;\n")
    with pytest.raises(expectations.ExpectationError, match="no expectation"):
        expectations.parse_files([str(loud)])


def test_form_feed_ends_no_line():
    assert compare("\f\n\v // lockvet-error{{coroutine-call: calls f}}", [finding(2)]) == []
