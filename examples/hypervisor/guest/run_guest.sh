#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Boots a guest that make_guest.sh has made, without KVM, and has it run a script. Its console is
# shown; the exit status is the script's. More options go to QEMU, such as those of a disk:
#
#   examples/hypervisor/guest/run_guest.sh FOLDER SCRIPT [QEMU-OPTION...]

set -euo pipefail

if (($# < 2)); then
  printf 'Usage: run_guest.sh FOLDER SCRIPT [QEMU-OPTION...]\n' >&2
  exit 2
fi
folder=$1
script=$2
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The kernel unpacks one archive after the other.
cp "$script" "$work/workload"
(cd "$work" && echo workload | busybox cpio -o -H newc 2>/dev/null | gzip) >"$work/added"
cat "$folder/initramfs" "$work/added" >"$work/initramfs"

# vhost-user needs memory that another process can map.
qemu-system-x86_64 -accel tcg -cpu max -machine q35,memory-backend=ram -smp 2 -m 256M \
  -object memory-backend-memfd,id=ram,size=256M,share=on \
  -kernel "$folder/vmlinuz" -initrd "$work/initramfs" \
  -append "console=ttyS0 quiet loglevel=4 panic=-1 tsc=unstable" \
  -nodefaults -display none -no-reboot -serial stdio "$@" | tee "$work/console"
status=$(tr -d '\r' <"$work/console" | sed -n 's/^guest: the workload ends with //p')
exit "${status:-1}"
