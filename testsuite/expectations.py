# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a test file says must be found in it, and the comparison with what was found.

A comment beside the code, in the manner of clang -verify:

    coroutine_call();  // lockvet-error{{coroutine-call: calls coroutine_fn 'coroutine_call'}}
    // lockvet-warning@-1 2 {{rule: part of the message}}
    // lockvet-note@+3{{part of a witness step's reason}}
    // lockvet-error-re@other.h:12{{rule: a python [Rr]egular expression}}
    // lockvet-silent

The first word of an error or warning is the rule's id, which must match whole; what follows is a
part of the message. Every finding must be expected and every expectation met. Steps of a witness
need no expectation (a test pins those that it is about), unless all_notes is set.
"""

import os
import re
from dataclasses import dataclass, field

KINDS = ("error", "warning", "note")

_DIRECTIVE = re.compile(
    r"lockvet-(?P<kind>error|warning|note)(?P<re>-re)?"
    r"(?:@(?P<where>[^\s{]+))?"
    r"\s*(?:(?P<count>\d+)\s*)?"
    r"\{\{(?P<text>.*?)\}\}"
)
_MENTION = re.compile(r"lockvet-(error|warning|note|silent)\b")
_SILENT = re.compile(r"lockvet-silent\b")
_RULE = re.compile(r"(?P<rule>[a-z][a-z0-9-]*)(?::\s*(?P<text>.*))?$", re.S)


class ExpectationError(Exception):
    """A comment that looks like an expectation and is none; the text names its place."""


@dataclass
class Expectation:
    """`count` findings (or steps) of a kind at a place."""

    kind: str
    file: str
    line: int
    rule: str  # "" for a witness step
    text: str
    regex: bool
    count: int
    written: str  # file:line of the comment

    def fits(self, seen):
        if (self.kind, self.line) != (seen.kind, seen.line) or not same_file(self.file, seen.file):
            return False
        if self.rule and self.rule != seen.rule:
            return False
        return bool(re.search(self.text, seen.text)) if self.regex else self.text in seen.text

    def __str__(self):
        rule = f"{self.rule}: " if self.rule else ""
        place = f"{self.file}:{self.line}"
        return f"{place}: {self.kind}: {rule}{self.text}  (asked for at {self.written})"


@dataclass
class Seen:
    """A finding, or (with no rule) a step of a witness."""

    kind: str
    file: str
    line: int
    rule: str
    text: str

    def __str__(self):
        rule = f"{self.rule}: " if self.rule else ""
        return f"{self.file}:{self.line}: {self.kind}: {rule}{self.text}"


@dataclass
class Expectations:
    expected: list = field(default_factory=list)
    silent: list = field(default_factory=list)  # the places of lockvet-silent


def same_file(left, right):
    return left == right or os.path.realpath(left) == os.path.realpath(right)


def _place(where, path, line):
    """The file and line that `@where` names, seen from `path`:`line`."""
    if not where:
        return path, line
    name, _, number = where.rpartition(":")
    if re.fullmatch(r"[+-]\d+", number) and not name:
        return path, line + int(number)
    if re.fullmatch(r"\d+", number):
        return (os.path.join(os.path.dirname(path), name) if name else path), int(number)
    raise ValueError(f"'@{where}' is neither @+N, @-N, @LINE nor @FILE:LINE")


def _parse_one(match, path, line):
    file, at = _place(match["where"], path, line)
    if at < 1:
        raise ValueError(f"'@{match['where']}' points before the first line")
    rule, text = "", match["text"].strip()
    if match["kind"] != "note":
        parts = _RULE.match(text)
        if not parts:
            raise ValueError(f"'{text}' does not begin with the id of a rule and a colon")
        rule, text = parts["rule"], parts["text"] or ""
    if not text and not rule:
        raise ValueError("an expectation without text")
    if match["re"]:
        try:
            re.compile(text)
        except re.error as error:
            raise ValueError(f"'{text}' is not a regular expression: {error}") from None
    count = int(match["count"] or 1)
    if count == 0:
        raise ValueError("a count of zero; leave the expectation out")
    return Expectation(
        match["kind"], file, at, rule, text, bool(match["re"]), count, f"{path}:{line}"
    )


def parse(text, path):
    """The expectations in the text of one file."""
    found = Expectations()
    # Split at newlines only: a compiler counts no other character as the end of a line.
    for line, content in enumerate(text.split("\n"), start=1):
        matches = list(_DIRECTIVE.finditer(content))
        silent = list(_SILENT.finditer(content))
        rest = _SILENT.sub("", _DIRECTIVE.sub("", content))
        if _MENTION.search(rest):
            raise ExpectationError(
                f"{path}:{line}: not an expectation: {content.strip()}\n"
                "  write lockvet-error[-re][@place] [count] {{rule: text}}, or lockvet-silent"
            )
        found.silent += [f"{path}:{line}"] * len(silent)
        for match in matches:
            try:
                found.expected.append(_parse_one(match, path, line))
            except ValueError as error:
                raise ExpectationError(f"{path}:{line}: {error}") from None
    return found


def parse_files(paths):
    """The expectations of several files together, which must not contradict each other."""
    everything = Expectations()
    for path in paths:
        with open(path, encoding="utf-8", errors="replace", newline="") as file:
            one = parse(file.read(), path)
        everything.expected += one.expected
        everything.silent += one.silent
    if everything.silent and everything.expected:
        raise ExpectationError(
            f"{everything.silent[0]}: lockvet-silent, but "
            f"{everything.expected[0].written} expects a finding"
        )
    if not everything.silent and not everything.expected:
        raise ExpectationError(
            f"{', '.join(paths)}: no expectation; say lockvet-silent where nothing must be found"
        )
    return everything


def seen_in(findings):
    """Findings as `lockvet check --format json` prints them, and the steps of their witnesses."""
    results, steps = [], []
    for finding in findings:
        results.append(
            Seen(finding["severity"], finding["file"], finding["line"], finding["rule"],
                 finding["message"])
        )  # fmt: skip
        for step in finding["witness"]:
            steps.append(Seen("note", step["file"], step["line"], "", step["reason"]))
    return results, steps


def compare(expectations, findings, all_notes=False):
    """A list of lines that say what differs; empty where everything is as expected."""
    results, steps = seen_in(findings)
    open_results, open_steps = list(results), list(steps)
    missing = []
    # The most exact first, so that a short text does not take the finding that a longer one needs.
    for wanted in sorted(expectations.expected, key=lambda e: -len(e.text)):
        # A finding whose rule the configuration turned down to "note" is expected as one.
        pools = [open_results, open_steps] if wanted.kind == "note" else [open_results]
        lacking = wanted.count
        for pool in pools:
            for seen in [s for s in pool if wanted.fits(_with_rule(s, wanted))][:lacking]:
                pool.remove(seen)
                lacking -= 1
        if lacking:
            times = f" ({lacking} of {wanted.count} missing)" if wanted.count > 1 else ""
            missing.append(f"  {wanted}{times}")
    report = []
    if missing:
        report += ["expected and not found:"] + missing
    if open_results:
        report += ["found and not expected:"] + [f"  {seen}" for seen in open_results]
    if all_notes and open_steps:
        report += ["witness steps found and not expected:"] + [f"  {seen}" for seen in open_steps]
    return report


def _with_rule(seen, wanted):
    """A finding of severity note is matched by its rule and message in one text."""
    if wanted.kind != "note" or not seen.rule:
        return seen
    return Seen(seen.kind, seen.file, seen.line, "", f"{seen.rule}: {seen.text}")
