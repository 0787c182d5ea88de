// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A backing image is replaced under the writer's lock. One branch, several calls down, drains the
// image first: it waits until its requests are done, which wait for the reader's lock.

#include <lockvet/lockvet.h>
#include <lockvet/qemu_names.h>

void graph_wrlock(void) TSA_ACQUIRE(graph_lock);
void graph_wrunlock(void) TSA_RELEASE(graph_lock);

// Runs the event loop until no request is in flight.
void LV_LABEL("drains") drain_begin(void);
void drain_end(void);

struct Image {
  struct Image *backing;
  int references;
};

static void close_image(struct Image *image) {
  drain_begin();
  image->backing = 0;
  drain_end();
}

static void drop(struct Image *image) {
  if (--image->references == 0)
    close_image(image);
}

static void GRAPH_WRLOCK replace_backing(struct Image *image, struct Image *backing) {
  struct Image *old = image->backing;
  image->backing = backing;
  if (old)
    drop(old);
}

int main(void) {
  struct Image old = {0, 1};
  struct Image image = {&old, 1};
  graph_wrlock();
  replace_backing(&image, 0);
  graph_wrunlock();
  return 0;
}
