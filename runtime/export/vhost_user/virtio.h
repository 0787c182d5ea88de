// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The kernel's descriptions of virtio's rings and block devices, as far as they are C++. Values;
// they need no lock.

#ifndef LOCKVET_RUNTIME_EXPORT_VHOST_USER_VIRTIO_H
#define LOCKVET_RUNTIME_EXPORT_VHOST_USER_VIRTIO_H

// Helpers for rings as they were before virtio 1, in C only.
#define VIRTIO_RING_NO_LEGACY

#include <linux/virtio_blk.h>
#include <linux/virtio_ring.h>

#endif // LOCKVET_RUNTIME_EXPORT_VHOST_USER_VIRTIO_H
