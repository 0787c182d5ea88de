# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# shellcheck shell=bash
#
# What the scripts share; sourced by them. Needs bash, and the caller's `set -euo pipefail`.

# Used by those who source this.
# shellcheck disable=SC2034
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Printed in front of messages: the script that a person started.
program=$(basename "$0")

fail() {
  printf '%s: %s\n' "$program" "$*" >&2
  exit 2
}

# Whether to colour, from a --color argument: as it says, or if standard output is a terminal.
wants_color() {
  case $1 in
    always) return 0 ;;
    never) return 1 ;;
    *) [[ -t 1 && -z ${NO_COLOR:-} && ${TERM:-dumb} != dumb ]] ;;
  esac
}

# Processors that this process may use, which in a container are fewer than the machine has.
# shellcheck disable=SC2034
jobs=$(nproc)
