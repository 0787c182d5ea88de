#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Keeps what a fuzzer has found: the fewest of the inputs in the folders that cover as much as all
# of them, as corpus/<name>.tar.xz beside this script. The archive is the same for the same inputs.
#
#   testsuite/fuzz/keep_corpus.sh build/asan qcow2 found [FOLDER...]

set -euo pipefail

if (($# < 3)); then
  printf 'Usage: keep_corpus.sh BUILD NAME FOLDER...\n' >&2
  exit 2
fi
build=$1
name=$2
shift 2

corpus=$(cd "$(dirname "$0")" && pwd)/corpus
few=$(mktemp -d)
trap 'rm -rf "$few"' EXIT
"$build/testsuite/fuzz/fuzz_$name" -merge=1 -max_len=65536 "$few" "$@"
mkdir -p "$corpus"
tar --create --xz --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner \
  --directory="$few" --file="$corpus/$name.tar.xz" .
printf '%s inputs are in %s\n' "$(find "$few" -type f | wc -l)" "$corpus/$name.tar.xz"
