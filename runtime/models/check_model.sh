#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Checks one model exhaustively with Spin, or shows that Spin finds the bug that is seeded in it.

set -euo pipefail

usage() {
  printf 'Usage: check_model.sh MODEL.pml [--seeded-bug]\n' >&2
  exit 2
}

(($# == 1 || $# == 2)) || usage
model=$(realpath "$1")
defines=()
if (($# == 2)); then
  [[ $2 == --seeded-bug ]] || usage
  defines=(-DBUG)
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$model" "$work"
cd "$work"
model=${model##*/}
spin "${defines[@]}" -a "$model"
# The search needs no more than safety: assertions, and processes that wait for ever.
"${CC:-cc}" -O2 -DSAFETY -DCOLLAPSE -DMEMLIM=2048 -w -o pan pan.c
./pan -m1000000 >output || true
grep -E 'State-vector|states, stored|errors:|actual memory|assertion violated|invalid end state' \
  output || true

if grep -qE 'max search depth too small|Search not completed|out of memory' output &&
  ! grep -q '^pan:1:' output; then
  printf 'FAILED: the search did not see every state.\n'
  exit 1
fi
errors=$(sed -n 's/.*errors: \([0-9]*\).*/\1/p' output)
if ((${#defines[@]} == 0)); then
  [[ $errors == 0 ]] || {
    spin -t -p "$model" | tail -n 60
    exit 1
  }
  printf 'Every state was seen, and none is wrong.\n'
else
  [[ ${errors:-0} != 0 ]] || {
    printf 'FAILED: Spin does not find the seeded bug.\n'
    exit 1
  }
  printf 'Spin finds the seeded bug; the end of its trail:\n'
  spin "${defines[@]}" -t -p "$model" | tail -n 25
fi
