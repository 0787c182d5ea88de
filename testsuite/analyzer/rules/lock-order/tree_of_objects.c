// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// The lock of a child is taken under that of its parent: an order by class says nothing of what
// else is taken under one of them. Where no two are held at once, it does.

#include <pthread.h>

struct Device {
  pthread_mutex_t lock;
  struct Device *parent;
};
struct Port {
  pthread_mutex_t lock;
  struct Device *device;
};
static pthread_mutex_t peers_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t ports_lock = PTHREAD_MUTEX_INITIALIZER;

static void add_device(struct Device *device) {
  pthread_mutex_lock(&device->lock);
  pthread_mutex_unlock(&device->lock);
}

void add_child(struct Device *device, struct Device *child) { // silent
  pthread_mutex_lock(&device->lock);
  add_device(child);
  pthread_mutex_unlock(&device->lock);
}

void add_peer(struct Device *device) { // silent
  pthread_mutex_lock(&peers_lock);
  add_device(device);
  pthread_mutex_unlock(&peers_lock);
}

void find_peer(struct Device *device) { // silent
  pthread_mutex_lock(&device->lock);
  pthread_mutex_lock(&peers_lock);
  pthread_mutex_unlock(&peers_lock);
  pthread_mutex_unlock(&device->lock);
}

void add_port(struct Port *port) {
  pthread_mutex_lock(&ports_lock);
  // lockvet-error@+1{{lock-order: add_port() holds ports_lock and takes Port::lock; find_port()}}
  pthread_mutex_lock(&port->lock);
  pthread_mutex_unlock(&port->lock);
  pthread_mutex_unlock(&ports_lock);
}

void find_port(struct Port *port) {
  pthread_mutex_lock(&port->lock);
  pthread_mutex_lock(&ports_lock);
  pthread_mutex_unlock(&ports_lock);
  pthread_mutex_unlock(&port->lock);
}
