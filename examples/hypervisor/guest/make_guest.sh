#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Makes a small Linux guest in a folder: the kernel of Debian's package for clouds, as `vmlinuz`,
# and an `initramfs` of busybox with the modules of virtio's disks. run_guest.sh boots it.
#
#   examples/hypervisor/guest/make_guest.sh FOLDER

set -euo pipefail

if (($# != 1)); then
  printf 'Usage: make_guest.sh FOLDER\n' >&2
  exit 2
fi
mkdir -p "$1"
folder=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The package of that name depends on the one that has the kernel.
package=$(apt-cache depends linux-image-cloud-amd64 |
  sed -n 's/^ *Depends: *\(linux-image-[0-9][^ ]*\)$/\1/p' | head -n 1)
if [[ -z $package ]]; then
  printf 'make_guest.sh: apt knows no linux-image-cloud-amd64; run apt-get update.\n' >&2
  exit 1
fi
(cd "$work" && apt-get --quiet --quiet download "$package")
dpkg-deb --extract "$work/$package"_*.deb "$work/package"
cp "$work"/package/boot/vmlinuz-* "$folder/vmlinuz"

root=$work/root
mkdir -p "$root"/{bin,dev,lib/modules,mnt,proc,sys,tmp}
cp "$(command -v busybox)" "$root/bin/busybox"
modules=$(echo "$work"/package/lib/modules/*/kernel/drivers)
# In the order in which they need each other.
for module in virtio/virtio_ring virtio/virtio virtio/virtio_pci_modern_dev \
  virtio/virtio_pci_legacy_dev virtio/virtio_pci block/virtio_blk; do
  cp "$modules/$module.ko" "$root/lib/modules/"
  basename "$module" >>"$root/lib/modules/order"
done
cp "$here/init" "$root/init"
(cd "$root" && find . | busybox cpio -o -H newc 2>/dev/null | gzip) >"$folder/initramfs"
printf 'made %s/vmlinuz and %s/initramfs of %s\n' "$folder" "$folder" "$package"
