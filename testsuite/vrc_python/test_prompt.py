# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The interactive vrc, driven through a pseudo-terminal as a person would."""

import os
import re
import shutil
import sys

import pytest

pytest.importorskip("prompt_toolkit")
pytest.importorskip("pexpect")
try:
    for descriptor in os.openpty():
        os.close(descriptor)
except OSError:
    pytest.skip("there are no pseudo-terminals here", allow_module_level=True)
pytest.importorskip("pyte")
from terminal import Terminal  # noqa: E402

VRC = os.environ.get("VRC", "vrc")
UP, DOWN, CTRL_C, CTRL_D, CTRL_R, TAB = "\x1b[A", "\x1b[B", "\x03", "\x04", "\x12", "\t"


@pytest.fixture
def start(tmp_path, store):
    """Starts vrc in an empty folder with the small store beside it."""
    started = []

    def run(*arguments, database=store, **options):
        command = [VRC, "--db", str(database), *arguments]
        started.append(Terminal(command, folder=tmp_path, **options))
        started[-1].prompt()
        return started[-1]

    yield run
    for terminal in started:
        terminal.child.close(force=True)


def test_a_question_and_its_answer(start):
    vrc = start()
    text = vrc.run("callers co_read_block")
    assert re.search(r"co_read_file -> co_read_block +direct .*source.c:9", text)
    vrc.send("quit\r")
    assert vrc.end() == 0


@pytest.mark.parametrize("keys", [CTRL_D, "q\r", "quit\r"])
def test_leaving(start, keys):
    vrc = start()
    vrc.send(keys)
    assert vrc.end() == 0


def test_completion_of_commands(start):
    vrc = start()
    vrc.send("fun" + TAB)
    vrc.wait_line("(vrc) functions")
    vrc.send(CTRL_C)
    vrc.prompt()
    vrc.send("calle" + TAB)
    text = vrc.wait("Who calls these functions")
    assert "What these functions call" in text


def test_completion_of_options_and_their_values(start):
    vrc = start()
    vrc.send("paths --thr" + TAB)
    vrc.wait_line("(vrc) paths --through")
    vrc.send(CTRL_C)
    vrc.prompt()
    vrc.send("paths --edges direct,vi" + TAB)
    vrc.wait_line("(vrc) paths --edges direct,virtual")
    vrc.send(CTRL_C)
    vrc.prompt()
    vrc.send("callers --" + TAB)
    assert "--include-ref" in vrc.wait("count mentions")


def test_completion_of_labels_in_brackets(start):
    vrc = start()
    vrc.send("functions [no_co" + TAB)
    vrc.wait_line("(vrc) functions [no_coroutine_fn")
    vrc.send("]:calle" + TAB)
    vrc.wait("callers")
    vrc.send(TAB + "\r")
    vrc.wait(lambda text: "[no_coroutine_fn]:callers" in text or ":callees" in text)


def test_fuzzy_completion_of_names(start):
    vrc = start()
    vrc.send("callers cordblk" + TAB)
    vrc.wait_line("(vrc) callers co_read_block")
    vrc.send("\r")
    vrc.wait("co_read_file -> co_read_block")
    vrc.prompt()
    vrc.send("callers co_" + TAB)
    vrc.wait_line("(vrc) callers co_read_")
    text = vrc.wait("co_read_file  ")
    assert "source.c:9" in text, "the menu says where a function is"


def test_completion_of_files(start, tmp_path):
    (tmp_path / "questions.vrc").write_text("functions main\n")
    (tmp_path / "a folder").mkdir()
    vrc = start()
    vrc.send("source ques" + TAB)
    vrc.wait_line("(vrc) source questions.vrc")
    vrc.send("\r")
    vrc.wait("source.c:11")
    vrc.prompt()
    vrc.send('cd "a' + TAB)
    vrc.wait_line('(vrc) cd "a folder/"')
    vrc.send("\r")
    assert str(tmp_path / "a folder") in vrc.run("pwd")


def test_history_outlives_the_session_and_can_be_searched(start):
    vrc = start()
    vrc.run("functions main")
    vrc.run("callers co_read_block")
    vrc.run("pwd")
    vrc.send(CTRL_D)
    vrc.end()
    vrc = start()
    vrc.send(UP)
    vrc.wait_line("(vrc) pwd")
    vrc.send(CTRL_C)
    vrc.prompt()
    vrc.send("func" + UP)
    vrc.wait_line("(vrc) functions main")
    vrc.send(CTRL_C)
    vrc.prompt()
    vrc.send(CTRL_R + "read_bl")
    vrc.wait_line("(reverse-i-search)`read_bl': callers co_read_block")
    vrc.send("\r")
    vrc.wait_line("(vrc) callers co_read_block")
    vrc.send("\r")
    vrc.wait("co_read_file -> co_read_block")


def test_ctrl_c_ends_a_long_search_and_nothing_else(start, endless_store):
    vrc = start(database=endless_store)
    vrc.send("paths --all --limit 0 the_start ... the_end\r")
    for _ in range(20):
        vrc.read()
    assert "interrupted" not in vrc.text() and vrc.text().count("(vrc)") == 1
    vrc.send(CTRL_C)
    vrc.wait("interrupted", seconds=10)
    vrc.prompt()
    assert "the_start" in vrc.run("functions the_start")


def test_ctrl_c_at_the_prompt_drops_the_line(start):
    vrc = start()
    vrc.send("callers nobody" + CTRL_C)
    vrc.prompt()
    assert "error" not in vrc.text()


def test_long_output_goes_through_the_pager(start, tmp_path):
    pager = tmp_path / "pager"
    pager.write_text("#!/bin/sh\necho \"PAGED $1 $(wc -l)\"\n")
    pager.chmod(0o755)
    vrc = start(rows=12, environment={"PAGER": f"{pager} with-an-option"})
    assert re.search(r"PAGED with-an-option \d+", vrc.run("help"))
    assert "PAGED" not in vrc.run("functions main"), "short output stays where it is"


@pytest.mark.skipif(not shutil.which("less"), reason="no less")
def test_less_can_be_left(start):
    vrc = start(rows=12, environment={"PAGER": "less"})
    vrc.send("help\r")
    vrc.wait(lambda text: text.split("\n")[-1].strip() == ":")
    vrc.send(CTRL_C)
    for _ in range(10):
        vrc.read()
    assert vrc.text().split("\n")[-1].strip() == ":", "Ctrl-C is for less, which stays"
    vrc.send("q")
    vrc.prompt()
    assert "source.c" in vrc.run("functions main")


def test_output_can_be_piped(start):
    vrc = start()
    assert "2\n" in vrc.run("functions [coroutine_fn] |> wc -l")


def test_a_mistake_is_pointed_at(start):
    vrc = start()
    text = vrc.run("paths main ... [coroutine_fm] ... disk_read")
    lines = text.split("\n")
    (shown,) = [n for n, line in enumerate(lines) if line.startswith("  paths main")]
    assert lines[shown + 1].index("^") == lines[shown].index("coroutine_fm")
    assert "did you mean 'coroutine_fn'?" in lines[shown - 1]
    assert "(vrc)" in lines[-1], "the session goes on"


def test_several_lines_make_one_command(start):
    vrc = start()
    vrc.send("paths [\r")
    vrc.wait("...")
    vrc.send("coroutine_fn]\\\r wait_for_disk\r")
    text = vrc.wait("-> wait_for_disk")
    assert "co_read_block" in text
    vrc.prompt()
    vrc.send("paths (main\r\r")
    vrc.wait("error:")
    vrc.prompt()


def test_pasted_lines_are_commands_of_their_own(start):
    vrc = start()
    vrc.send("\x1b[200~functions main\nfunctions [external]\x1b[201~\r")
    text = vrc.wait("sleep_a_while")
    assert "main " in text


def test_json_and_a_directory(start, tmp_path):
    (tmp_path / "there").mkdir()
    vrc = start("--format", "json", "-C", "there")
    assert '[{"name":"main"' in vrc.run("functions main")
    assert str(tmp_path / "there") in vrc.run("pwd")


def test_an_error_at_the_start(tmp_path):
    vrc = Terminal([VRC, "--db", "none.db"], folder=tmp_path)
    assert vrc.end() == 2
    assert b"none.db" in vrc.seen


def test_without_prompt_toolkit_lines_are_read_plainly(tmp_path, store):
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "prompt_toolkit.py").write_text(
        "raise ImportError('none', name='prompt_toolkit')\n"
    )
    # The package's own folder comes first on the path, and this before Debian's.
    vrc = Terminal([VRC, "--db", str(store)], folder=tmp_path,
                   environment={"PYTHONPATH": str(broken)})
    vrc.wait("install python3-prompt-toolkit")
    vrc.prompt()
    assert "source.c" in vrc.run("functions main")
    assert "^" in vrc.run("functions mian")
    vrc.send("quit\r")
    assert vrc.end() == 0


def test_a_file_of_that_name_is_not_run(tmp_path, store):
    (tmp_path / "vrc.py").write_text("print('wrong')\n")
    vrc = Terminal([VRC, "--db", str(store)], folder=tmp_path)
    vrc.prompt()
    assert "wrong" not in vrc.text()
    vrc.send("q\r")
    assert vrc.end() == 0


def test_the_module_can_be_started_alone(tmp_path, store):
    path = {"PYTHONPATH": os.environ["PYTHONPATH"]} if "PYTHONPATH" in os.environ else {}
    vrc = Terminal([sys.executable, "-m", "vrc", "--db", str(store)], folder=tmp_path,
                   environment=path)
    assert "source.c" in vrc.run("functions main")
