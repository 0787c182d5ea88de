// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
//
// A flag tells how the lock is held, and others may change it: which release fits is not known, so
// that none is wrong as long as one way to it fits.

#include "../Inputs/locks.h"

struct Inode {
  struct RwLock lock;
};

static void inode_lock(struct Inode* inode) {
  rw_wrlock(&inode->lock);
}
static void inode_unlock(struct Inode* inode) {
  rw_wrunlock(&inode->lock);
}
static void inode_lock_shared(struct Inode* inode) {
  rw_rdlock(&inode->lock);
}
static void inode_unlock_shared(struct Inode* inode) {
  rw_rdunlock(&inode->lock);
}
void upgrade(struct Inode* inode, bool* is_shared);

void write_directly(struct Inode* inode) { // silent
  bool is_shared = true;
  if (is_shared)
    inode_lock_shared(inode);
  else
    inode_lock(inode);
  upgrade(inode, &is_shared);
  if (is_shared)
    inode_unlock_shared(inode);
  else
    inode_unlock(inode);
}

static void drop_all(struct Inode* inode) {
  rw_wrunlock(&inode->lock); // lockvet-error{{phantom-unlock: drop_all() gives back Inode::lock}}
}

void mistaken(struct Inode* inode) {
  inode_lock_shared(inode);
  drop_all(inode);
}
