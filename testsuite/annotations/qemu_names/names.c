// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// The names of QEMU's tree, in its places, with the warnings that they stand for.

#include <stdbool.h>
#include <stdint.h>

#include <lockvet/qemu_names.h>

typedef struct TSA_CAPABILITY("mutex") QemuMutex {
  int lock;
} QemuMutex;
void qemu_mutex_lock(QemuMutex* mutex) TSA_ACQUIRE(*mutex);
void qemu_mutex_unlock(QemuMutex* mutex) TSA_RELEASE(*mutex);
void reader_lock(QemuMutex* mutex) TSA_ACQUIRE_SHARED(*mutex);
void reader_unlock(QemuMutex* mutex) TSA_RELEASE_SHARED(*mutex);
void assert_locked(QemuMutex* mutex) TSA_ASSERT(*mutex);
void assert_readable(QemuMutex* mutex) TSA_ASSERT_SHARED(*mutex);

void no_coroutine_fn TSA_ACQUIRE(graph_lock) TSA_NO_TSA bdrv_graph_wrlock(void);
void no_coroutine_fn TSA_RELEASE(graph_lock) TSA_NO_TSA bdrv_graph_wrunlock(void);
void coroutine_fn TSA_ACQUIRE_SHARED(graph_lock) TSA_NO_TSA bdrv_graph_co_rdlock(void);
void coroutine_fn TSA_RELEASE_SHARED(graph_lock) TSA_NO_TSA bdrv_graph_co_rdunlock(void);

typedef struct BlockDriverState BlockDriverState;
typedef void coroutine_fn CoroutineEntry(void* opaque);
struct BlockDriver {
  int coroutine_fn GRAPH_RDLOCK_PTR (*bdrv_co_preadv)(BlockDriverState* bs, int64_t offset);
  void GRAPH_WRLOCK_PTR (*bdrv_add_child)(BlockDriverState* parent, BlockDriverState* child);
  void GRAPH_UNLOCKED_PTR (*bdrv_drain)(BlockDriverState* bs);
};

static QemuMutex aio_lock;
static int pending TSA_GUARDED_BY(aio_lock);
static int* cursor TSA_PT_GUARDED_BY(aio_lock);

static int coroutine_fn GRAPH_RDLOCK bdrv_co_flush(BlockDriverState* bs) {
  return bs != 0;
}
static inline int coroutine_mixed_fn no_coroutine_fn bdrv_flush(BlockDriverState* bs) {
  IO_OR_GS_CODE();
  return bs != 0;
}
void GRAPH_WRLOCK bdrv_replace(BlockDriverState* from, BlockDriverState* to);
void GRAPH_UNLOCKED bdrv_drained_begin(BlockDriverState* bs);
void locked_inc(void) TSA_REQUIRES(aio_lock);
int locked_get(void) TSA_REQUIRES_SHARED(aio_lock);
void kick(void) TSA_EXCLUDES(aio_lock);
void main_loop_only(void) TSA(requires_capability(lockvet_main_loop));

int no_graph_lock(struct BlockDriver* drv, BlockDriverState* bs) {
  IO_CODE();
  bdrv_replace(bs, bs);        // expected-warning {{'bdrv_replace' requires holding graph lock}}
  drv->bdrv_add_child(bs, bs); // expected-warning {{'bdrv_add_child' requires holding graph lock}}
  drv->bdrv_drain(bs);
  drv->bdrv_co_preadv(bs, 0); // expected-warning {{'bdrv_co_preadv' requires holding graph lock}}
  return bdrv_co_flush(bs);   // expected-warning {{'bdrv_co_flush' requires holding graph lock}}
}

void drains_under_the_lock(BlockDriverState* bs) {
  bdrv_graph_wrlock();
  bdrv_drained_begin(bs);
  // expected-warning@-1 {{cannot call function 'bdrv_drained_begin' while graph lock}}
  bdrv_graph_wrunlock();
}

int no_mutex(void) {
  main_loop_only();     // expected-warning {{requires holding role 'lockvet_main_loop'}}
  locked_inc();         // expected-warning {{'locked_inc' requires holding mutex 'aio_lock'}}
  int seen = *cursor;   // expected-warning {{pointed to by 'cursor' requires holding}}
  seen += locked_get(); // expected-warning {{'locked_get' requires holding mutex 'aio_lock'}}
  return seen + pending; // expected-warning {{reading variable 'pending' requires holding}}
}

void kicks_under_the_lock(void) {
  qemu_mutex_lock(&aio_lock);
  kick(); // expected-warning {{cannot call function 'kick' while mutex 'aio_lock' is held}}
  qemu_mutex_unlock(&aio_lock);
}

int graph_lock_held(struct BlockDriver* drv, BlockDriverState* bs) {
  bdrv_drained_begin(bs);
  bdrv_graph_wrlock();
  bdrv_replace(bs, bs);
  drv->bdrv_add_child(bs, bs);
  bdrv_graph_wrunlock();
  bdrv_graph_co_rdlock();
  int ret = bdrv_co_flush(bs) + drv->bdrv_co_preadv(bs, 0) + bdrv_flush(bs);
  bdrv_graph_co_rdunlock();
  return ret;
}

int mutex_held(void) {
  GLOBAL_STATE_CODE();
  main_loop_only();
  kick();
  qemu_mutex_lock(&aio_lock);
  locked_inc();
  pending++;
  qemu_mutex_unlock(&aio_lock);
  reader_lock(&aio_lock);
  int seen = pending + *cursor + locked_get();
  reader_unlock(&aio_lock);
  return seen;
}

void asserted(void) {
  assert_locked(&aio_lock);
  pending++;
}

int asserted_readable(void) {
  assert_readable(&aio_lock);
  return pending;
}

void TSA_NO_TSA not_analysed(void) {
  pending++;
}
