// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The corrected twin of bug.c: the image that is replaced goes to the caller, who drops it when the
// lock is given back.

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

static struct Image *GRAPH_WRLOCK replace_backing(struct Image *image, struct Image *backing) {
  struct Image *old = image->backing;
  image->backing = backing;
  return old;
}

int main(void) {
  struct Image first = {0, 1};
  struct Image image = {&first, 1};
  graph_wrlock();
  struct Image *old = replace_backing(&image, 0);
  graph_wrunlock();
  if (old)
    drop(old);
  return 0;
}
