// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// What a function does only for a pointer that is there does not happen where null is handed over.

#include "../Inputs/locks.h"

struct Disk {
  struct Mutex lock;
  int errors;
};
struct Report {
  int lines;
};
static struct Disk disk;

static void count_errors(struct Report *report) {
  if (!report)
    return;
  mutex_lock(&disk.lock);
  report->lines += disk.errors;
  mutex_unlock(&disk.lock);
}

static void finish(struct Report *report, const char *name) {
  if (name)
    count_errors(report);
}

static void call_back(void (*done)(struct Report *report), struct Report *report) {
  if (done) {
    mutex_lock(&disk.lock);
    done(report); // lockvet-error{{lock-excluded: call_back() holds }}
    mutex_unlock(&disk.lock);
  }
}

void reports(struct Report *report) {
  mutex_lock(&disk.lock);
  count_errors(report); // lockvet-error{{lock-excluded: reports() holds }}
  mutex_unlock(&disk.lock);
}

void reports_deep(struct Report *report) {
  mutex_lock(&disk.lock);
  finish(report, "disk"); // lockvet-error{{lock-excluded: reports_deep() holds }}
  mutex_unlock(&disk.lock);
}

void reports_back(struct Report *report) {
  mutex_lock(&disk.lock);
  call_back(count_errors, report); // lockvet-error{{lock-excluded: reports_back() holds }}
  mutex_unlock(&disk.lock);
}

void reports_nothing(struct Report *report) { // silent
  mutex_lock(&disk.lock);
  count_errors(NULL);
  finish(NULL, "disk");
  finish(report, NULL);
  call_back(NULL, report);
  mutex_unlock(&disk.lock);
}
