# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a person does with the page: click, expand, follow, step, search."""

import os

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.actions.wheel_input import ScrollOrigin
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

PATHS = "paths --html [coroutine_fn] ... sleep_a_while"


def all_of(browser, selector):
    return browser.find_elements(By.CSS_SELECTOR, selector)


def one(browser, selector):
    found = all_of(browser, selector)
    assert len(found) == 1, f"{selector}: {len(found)}"
    return found[0]


def names(browser, selector=".node"):
    return {node.get_attribute("aria-label") for node in all_of(browser, selector)}


def click_node(browser, name):
    one(browser, f'.node[aria-label="{name}"]').click()


def press(browser, key):
    ActionChains(browser).send_keys(key).perform()


def current_hop(browser):
    return one(browser, '.hop[aria-current="step"] .name').text


def test_a_click_shows_the_definition_and_the_callers(show):
    browser = show("callers --html wait_for_disk")
    assert names(browser) == {"wait_for_disk", "co_read_block", "unrelated_caller"}
    click_node(browser, "wait_for_disk")
    panel = one(browser, "#panel")
    assert one(panel, "h1").text == "wait_for_disk"
    assert one(panel, "h1 + .place").text == "source.c:8"
    assert "<!-- <script> {{data}}" in one(panel, ".snippet .is-here").text
    assert "2 callers" in panel.text and "1 callee" in panel.text
    labels = [chip.text for chip in all_of(panel, ".chip.label")]
    assert "<img src=x onerror='window.hacked=1'>" in labels
    assert not all_of(browser, "img")


def test_callers_are_expanded(show):
    browser = show("callers --html wait_for_disk")
    click_node(browser, "unrelated_caller")
    button = one(browser, "#expand-callers")
    assert button.text == "expand callers (1)"
    button.click()
    assert "far_caller" in names(browser)
    assert not one(browser, "#expand-callers").is_enabled()
    click_node(browser, "far_caller")
    one(browser, "#expand-callers").click()
    assert "main" in names(browser)
    one(browser, "#reset").click()
    assert "far_caller" not in names(browser)


def test_callees_are_expanded(show):
    browser = show("functions --html co_read_block")
    assert names(browser) == {"co_read_block"}
    click_node(browser, "co_read_block")
    one(browser, "#expand-callees").click()
    assert names(browser) == {"co_read_block", "wait_for_disk", "ops::read"}
    click_node(browser, "ops::read")
    one(browser, "#expand-callees").click()
    assert "disk_read" in names(browser)
    said = [title.get_attribute("textContent") for title in all_of(browser, ".edge.may title")]
    assert sorted(said) == ["flow source.c:12", "flow source.c:7"]
    assert len(all_of(browser, ".edge:not(.may)")) == 1


def test_a_witness_is_followed(show):
    browser = show(PATHS)
    assert "co_read_block" in one(browser, '.witness[data-witness="0"]').text
    assert not all_of(browser, ".is-marked")
    one(browser, '.witness[data-witness="0"]').click()
    way = ["co_read_block", "wait_for_disk", "sleep_a_while"]
    assert names(browser, ".node.is-marked") == set(way)
    assert len(all_of(browser, ".edge.is-marked")) == 2
    assert [hop.text for hop in all_of(browser, ".hop .name")] == way
    here = [line.text for line in all_of(browser, ".hop .snippet .is-here i")]
    assert here == ["9", "11", "8"]
    assert "wait_for_disk(n);" in all_of(browser, ".hop .snippet .is-here")[1].text
    assert current_hop(browser) == "co_read_block"
    for key, name in ((Keys.ARROW_RIGHT, "wait_for_disk"), (Keys.ARROW_DOWN, "sleep_a_while"),
                      (Keys.ARROW_DOWN, "sleep_a_while"), (Keys.ARROW_LEFT, "wait_for_disk")):
        press(browser, key)  # fmt: skip
        assert current_hop(browser) == name
        assert names(browser, ".node.is-chosen") == {name}
    press(browser, Keys.ESCAPE)
    assert not all_of(browser, ".is-marked")


def test_arrow_keys_come_back_to_the_witness(show):
    browser = show(PATHS)
    one(browser, '.witness[data-witness="1"]').click()
    click_node(browser, "co_read_file")
    assert not all_of(browser, ".hop")
    press(browser, Keys.ARROW_RIGHT)
    assert current_hop(browser) == "co_read_block"


def test_a_search_finds_what_is_not_drawn(show):
    browser = show(PATHS)
    assert "disk_read" not in names(browser)
    press(browser, "/")
    press(browser, "DISK_re")
    assert [found.text for found in all_of(browser, "#found .mono:first-child")] == ["disk_read"]
    press(browser, Keys.ENTER)
    assert "disk_read" in names(browser)
    assert one(browser, "#panel h1").text == "disk_read"
    assert "</script><script>window.hacked = 1</script>" in one(browser, "#panel .is-here").text
    assert not one(browser, "#found").is_displayed()


def test_the_drawing_moves(show):
    browser = show(PATHS)
    canvas = one(browser, "#canvas")
    before = canvas.get_attribute("transform")
    ActionChains(browser).move_to_element_with_offset(
        one(browser, "#drawing"), -150, 200).click_and_hold().move_by_offset(
        40, 30).release().perform()  # fmt: skip
    moved = canvas.get_attribute("transform")
    assert moved != before
    origin = ScrollOrigin.from_element(one(browser, "#drawing"))
    ActionChains(browser).scroll_from_origin(origin, 0, -100).perform()
    assert canvas.get_attribute("transform").split("scale")[1] != moved.split("scale")[1]
    one(browser, "#fit").click()
    assert canvas.get_attribute("transform") == before
    one(browser, "#turn").click()
    assert canvas.get_attribute("transform") != before


def test_an_explanation_is_a_witness(show):
    browser = show("why --html co_read_block")
    one(browser, '.witness[data-witness="0"]').click()
    assert "is marked coroutine_fn" in one(browser, "#panel").text
    assert "co_read_block(struct ops" in one(browser, ".hop .is-here").text


def test_what_is_no_graph_is_text(show):
    browser = show("paths --count --html [] []")
    assert one(browser, "#text").text.strip().isdigit()
    assert not one(browser, "#drawing").is_displayed()


def test_nothing_was_found(show):
    browser = show("paths --html sleep_a_while main")
    assert one(browser, "#text").is_displayed()


def test_the_page_says_when_a_source_has_changed(show, tree):
    notes = one(show("callers --html wait_for_disk"), "#notes").text
    assert "changed" not in notes and "no room" not in notes
    source = tree / "source.c"
    text, stamp = source.read_text(), source.stat()
    try:
        source.write_text("// a line more\n" + text)
        notes = one(show("callers --html wait_for_disk"), "#notes").text
        assert "changed since the index, so lines may be off: source.c" in notes
    finally:
        source.write_text(text)
        os.utime(source, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
