# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes deeply nested code and its compile_commands.json into a folder."""

import json
import os
import sys


def bodies():
    yield "parentheses", "return " + "(" * 10000 + "f(x)" + ")" * 10000 + ";"
    yield "additions", "return " + " + ".join(["f(x)"] * 10000) + ";"
    yield "calls", "return " + "f(" * 200 + "x" + ")" * 200 + ";"
    yield "conditionals", "return " + "x ? f(x) : " * 2000 + "f(0);"
    yield "else_ifs", "if (x == 0) f(0);\n" + "".join(
        f"else if (x == {number}) f({number});\n" for number in range(1, 2000)
    )  # fmt: skip
    yield "blocks", "{" * 10000 + "f(x);" + "}" * 10000


folder = sys.argv[1]
source = os.path.join(folder, "deep.c")
with open(source, "w", encoding="utf-8") as file:
    file.write("int f(int x);\n")
    for name, body in bodies():
        file.write(f"int {name}(int x) {{ {body} }}\n")
arguments = ["cc", "-fbracket-depth=100000", "-w", "-c", source]
with open(os.path.join(folder, "compile_commands.json"), "w", encoding="utf-8") as file:
    json.dump([{"directory": folder, "file": source, "arguments": arguments}], file)
