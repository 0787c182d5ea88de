# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes the first inputs of the text fuzzers: small, valid or nearly so, one idea each."""

import os
import sys

import nbd_seeds
import vhost_user_seeds

PREFIX = b"\x01\x40"  # fuzz_source_line takes the column and width from two bytes
EDGES = b"\x0f"  # fuzz_query takes edges and filters from a byte; these are the usual edges

SEEDS = {
    "nbd_negotiation": nbd_seeds.NEGOTIATIONS,
    "nbd_requests": nbd_seeds.REQUESTS,
    "vhost_user_messages": vhost_user_seeds.messages(),
    "vhost_user_rings": vhost_user_seeds.rings(),
    "config": [
        b"",
        b"---\n{}\n",
        b"coroutine_predicates: [in_fiber]\nblocking: [a, b]\nnot_blocking: [c]\nroots: [d]\n",
        b"labels:\n- label: coroutine_fn\n  name: f\n- {label: x, regex: '^(a|b){2,3}$'}\n"
        b"- {label: y, macro: M}\n",
        b"profile: qemu\nmain_loop_predicates: [at_home]\nlocks:\n- name: M\n  kind: coroutine\n"
        b"  reentrant: true\n  allows: [poll, suspend, block]\n  object: this\n  acquire: [a]\n"
        b"  acquire_shared: [b]\n  try_acquire: [c]\n  try_acquire_shared: [d]\n"
        b"  try_succeeds_with: false\n  acquire_or_error: [e]\n  acquire_shared_or_error: [f]\n"
        b"  release: [g]\n  release_shared: [g]\n  assert_held: [h]\n  tells_held: [m]\n"
        b"  upgrade: [n]\n  downgrade: [o]\n  requires: [i]\n"
        b"  requires_shared: [j]\n  excludes: [k]\n- {name: N, kind: spin, object: 3}\n"
        b"- {name: G, kind: graph, global: g, release: [l]}\n- {name: T, kind: thread}\n",
        b"registrars:\n- {function: f, argument: 1, context: outside, label: x, waits: true}\n"
        b"- function: g\n  argument: 0\n  context: coroutine\n",
        b"waits:\n- {function: f, does: wait, object: this, releases: 1}\n"
        b"- {function: g, does: start, object: 0, entry: 2}\n- {function: h, does: join}\n",
        b"rules:\n  coroutine-call: off\n  no-coroutine-call: error\n",
        b"suppress:\n- path: 'a/**/b*[!c]?.c'\n  rules: [x]\n  reason: \"y\\x41\"\n",
        b"%YAML 1.2\n---\nroots:\n  - &a !t |\n    text\n  - *a\n  - ? b\n    : c\n...\n",
        b"roots: >-\n  folded\nlabels: 'it''s'\n# comment\n",
    ],
    "baseline": [
        b'{"version":1,"findings":[]}',
        b'{"version":1,"findings":[{"fingerprint":"' + b"0a" * 16
        + b'","rule":"r","function":"f","count":2}]}',
        b'{"version":2,"findings":[{}, null, "\\ud800"]}',
    ],
    "qmp": [
        b'{"execute": "qmp_capabilities"}\n{"execute": "query-version", "id": [1, null]}',
        b'{"execute": "blockdev-add", "arguments": {"driver": "qcow2", "node-name": "a",'
        b' "backing": null, "cache": {"direct": true}, "file": {"driver": "file",'
        b' "filename": "x\\u00e9", "aio": "threads", "locking": "off"}}}',
        b'{"execute": "object-add", "arguments": {"qom-type": "throttle-group", "id": "g",'
        b' "limits": {"iops-total": 1, "bps-read-max": 2}}}{"qom-type": "iothread", "id": "i"}',
        b'{"type": "nbd", "id": "e", "node-name": "a", "iothread": ["i", "j"]}',
        b"[[[[[[[[[[[[[[[[[[1]]]]\n1 2 true \xff{}",
        b"driver=raw,offset=1M,size=10G,file.driver=null-co,file.read-zeroes=on",
        b"driver=blkdebug,image=a,,b,inject-error.0.event=l2_load,inject-error.0.once=y",
        b"nbd,id=e,node-name=a,iothread.0=i,iothread.1=j",
        b"GET /metrics?x HTTP/1.1\r\nHost: [::1]:80\r\nX: y\r\n\r\n",
    ],
    "query": [
        EDGES + b"a b [x] /^s/",
        EDGES + b"[x] [!y]* [y:callees]",
        EDGES + b"a ... (b|[x,!external])+ c?",
        b"\x7f[x|y,[file:block/*.c]]:callers:all_callees ... \"s::a\":all_callers",
        b"\xbf![function_pointer] !!a",
        b"\x4f(([x] [y])* [])+ /[a-c](?=x)|\\//",
    ],
    "source_line": [
        PREFIX + b"  f(); // lockvet: allow(coroutine-call, x) why",
        PREFIX + b"/* lockvet: allow(a) */ g(\"//\", '\\'', 1'000);",
        PREFIX + b"\tx /**/ /*! lockvet: allow */",
        PREFIX + "\t漢字 e\u0301 🙂 \x1b[31m".encode() + b"\xff\xed\xa0\x80" * 40,
    ],
}


def main(root):
    for name, seeds in SEEDS.items():
        folder = os.path.join(root, name)
        os.makedirs(folder, exist_ok=True)
        for index, seed in enumerate(seeds):
            with open(os.path.join(folder, f"seed-{index}"), "wb") as file:
                file.write(seed)


if __name__ == "__main__":
    main(sys.argv[1])
