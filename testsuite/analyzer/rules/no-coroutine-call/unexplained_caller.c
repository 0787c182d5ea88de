// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// Which function a pointer holds is up to the object. Where there are many kinds of objects, and
// its caller is also called from code of which nothing tells where it runs, those of coroutines are
// not known.

#include "../Inputs/world.h"

struct Device {
  int (*read)(struct Device *device);
  struct Device *parent;
};

static int proxy_read(struct Device *device) { // silent: a guest may be who reads proxies
  (void)device;
  return sync_read();
}

static int null_read(struct Device *device) { return device == NULL; }
static int zero_read(struct Device *device) { return device == NULL; }
static int rom_read(struct Device *device) { return device == NULL; }
static int host_read(struct Device *device) { return device == NULL; }

void device_init(struct Device *device, int kind) {
  device->read = kind == 0   ? null_read
                 : kind == 1 ? zero_read
                 : kind == 2 ? rom_read
                 : kind == 3 ? host_read
                             : proxy_read;
}

static int default_read(struct Device *device) {
  return device->parent->read(device->parent);
}

void coroutine_fn co_serve(struct Device *device) {
  default_read(device);
}

int guest_reads(struct Device *device) {
  return default_read(device);
}

// The same with nobody else who calls, and with few kinds of objects.

struct Channel {
  int (*read)(struct Channel *channel);
};

static int socket_read(struct Channel *channel) {
  (void)channel;
  return sync_read(); // lockvet-error{{no-coroutine-call: socket_read() can run in a coroutine}}
}

void socket_init(struct Channel *channel) {
  channel->read = socket_read;
}

static int channel_read(struct Channel *channel) {
  return channel->read(channel);
}

void coroutine_fn co_receive(struct Channel *channel) {
  channel_read(channel);
}

struct Stream {
  int (*fill)(struct Stream *stream);
};

static int stream_fill(struct Stream *stream) {
  (void)stream;
  return sync_read(); // lockvet-error{{no-coroutine-call: stream_fill() can run in a coroutine}}
}

void stream_init(struct Stream *stream) {
  stream->fill = stream_fill;
}

static int read_line(struct Stream *stream) {
  return stream->fill(stream);
}

void coroutine_fn co_read_line(struct Stream *stream) {
  read_line(stream);
}

int guest_reads_line(struct Stream *stream) {
  return read_line(stream);
}

// What a call hands over is run on its way, whoever else calls.

typedef int Reader(struct Channel *channel);

static int load(struct Channel *channel, Reader *reader) {
  return reader(channel);
}

static int read_header(struct Channel *channel) {
  (void)channel;
  return sync_read(); // lockvet-error{{no-coroutine-call: read_header() can run in a coroutine}}
}

void coroutine_fn co_load(struct Channel *channel) {
  load(channel, read_header);
}

static int read_nothing(struct Channel *channel) {
  return channel == NULL;
}

int guest_loads(struct Channel *channel) {
  return load(channel, read_nothing);
}
