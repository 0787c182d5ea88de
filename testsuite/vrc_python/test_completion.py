# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What is offered where, and among a hundred thousand names."""

import random

import pytest
import vrc

pytest.importorskip("prompt_toolkit")
from prompt_toolkit.completion import CompleteEvent  # noqa: E402
from prompt_toolkit.document import Document  # noqa: E402
from vrc.completer import CommandCompleter  # noqa: E402

GRAPH = vrc.from_edges(
    [("bdrv_co_preadv", "qemu_coroutine_yield"), ("io::File::pread", "operator<"),
     ("bdrv_co_pwritev", "qcow2_co_preadv_part")],
    labels={"coroutine_fn": ["bdrv_co_preadv"], "requires:graph_lock": ["bdrv_co_pwritev"]},
)  # fmt: skip


def offered(text, graph=GRAPH):
    """The lines that completion can make of a text."""
    completer = CommandCompleter(graph._session)
    found = completer.get_completions(Document(text), CompleteEvent(completion_requested=True))
    return [text[: len(text) + c.start_position] + c.text for c in found]


@pytest.mark.parametrize(
    "text, first",
    [
        ("fu", "functions"),
        ("  calle", "  callees"),
        ("scs", None),
        ("callers bdrvp", "callers bdrv_co_preadv"),
        ("callers preadv", "callers bdrv_co_preadv"),
        ("callers pread", "callers pread"),
        ("callers File::p", "callers io::File::pread"),
        ("callers operator", 'callers "operator<"'),
        ('callers "oper', 'callers "operator<"'),
        ("callers !bdrv_co_pr", "callers !bdrv_co_preadv"),
        ("paths (bdrv_co_pw", "paths (bdrv_co_pwritev"),
        ("paths bdrv_co_preadv ... qcow", "paths bdrv_co_preadv ... qcow2_co_preadv_part"),
        ("paths [co", "paths [coroutine_fn"),
        ("paths [!graph", "paths [!requires:graph_lock"),
        ("paths [requires:", "paths [requires:graph_lock"),
        ('paths [coroutine_fn,"bdrv_co_pw', 'paths [coroutine_fn,"bdrv_co_pwritev"'),
        ("callers [coroutine_fn]:all_calle", "callers [coroutine_fn]:all_callees"),
        ("callers [coroutine_fn:callees,g", "callers [coroutine_fn:callees,requires:graph_lock"),
        ("callers bdrv_co_preadv:calle", "callers bdrv_co_preadv:callees"),
        ("paths --avoid bdrv_co_pr", "paths --avoid bdrv_co_preadv"),
        ("paths --edges ", "paths --edges all"),
        ("paths --edges=flow,re", "paths --edges=flow,ref"),
        ("paths --limit 1", None),
        ("label corou", "label coroutine_fn"),
        ("label seen bdrv_co_pr", "label seen bdrv_co_preadv"),
        ("why bdrv_co_pr", "why bdrv_co_preadv"),
        ("why bdrv_co_preadv corou", "why bdrv_co_preadv coroutine_fn"),
        ("what-if label bdrv_co_preadv corou", "what-if label bdrv_co_preadv coroutine_fn"),
        ("check bdrv", None),
        ("sql bdrv", None),
        ("help cal", "help callees"),
        ("help spe", "help specs"),
        ("# fu", None),
        ("nonsense bdrv", None),
        ("callers /bd", None),
    ],
)
def test_what_comes_first(text, first):
    assert (offered(text) or [None])[0] == first


def test_an_empty_word_offers_everything():
    assert "quit" in offered("")
    assert len(offered("callers ")) == len({*offered("callers ")}) >= 6
    assert len(offered("callers [")) == len(GRAPH.labels)


def test_case_counts_only_with_capitals():
    graph = vrc.from_edges([("BlockDriver", "blockdev")])
    assert sorted(offered("callers blockd", graph)) == ["callers BlockDriver", "callers blockdev"]
    assert offered("callers BlockD", graph) == ["callers BlockDriver"]


def test_few_of_a_hundred_thousand_names_are_offered():
    words = ["bdrv", "qemu", "co", "read", "write", "block", "job", "ram", "virtio", "net", "init"]
    chance = random.Random(1)
    names = {"_".join(chance.choices(words, k=4)) + str(number) for number in range(100_000)}
    graph = vrc.from_edges([], nodes=names)
    for pattern in ("", "b", "bdrvread", "virtnetinit7", "qxz", "bdrv_co_read", "9999"):
        found = graph._session.similar_names(pattern, 100)
        assert len(found) <= 100 and bool(found) == (pattern != "qxz")
        assert set(found) <= names
