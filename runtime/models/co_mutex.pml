/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * CoMutex of runtime/coroutine/co_mutex.cpp: newcomers push themselves onto a lock-free stack, the
 * holder turns it into a queue, and an unlock hands the mutex to the oldest of it. Each coroutine is
 * a process, which is the harder case: each has a thread to itself.
 *
 * Proven: never two holders; nobody waits for ever (an invalid end state to Spin); nobody who comes
 * later overtakes one who waits: an unlock hands the mutex to who pushed first.
 *
 * -DBUG: an unlock that finds nobody in the holder's queue frees the mutex without looking whether
 * somebody has pushed meanwhile.
 */

#define COROUTINES 3
#define ROUNDS 2
#define FREE 255           /* &free_: nobody holds it */
#define NONE 254           /* nullptr: held, and nobody new waits */

byte newest = FREE;        /* the atomic: FREE, NONE, or the newest waiter */
byte next_of[COROUTINES];  /* Waiter::next */
byte oldest = NONE;        /* the holder's queue */
bool woken[COROUTINES];
byte holders = 0;

/* For the proof of fairness only: in which order waiters have pushed themselves, and are handed it. */
byte pushed[COROUTINES];
byte pushes = 0;
byte handed = 0;

inline lock(me) {
  seen = FREE;
  do
  :: atomic {
       seen == FREE ->
       if
       :: newest == FREE -> newest = NONE; break
       :: else -> seen = newest
       fi
     }
  :: seen != FREE ->
     next_of[me] = seen;
     atomic {
       if
       :: newest == seen ->
          newest = me;
          pushed[me] = pushes;
          pushes = (pushes + 1) % 64
       :: else -> seen = newest; goto again
       fi
     }
     /* suspend() */
     woken[me];
     woken[me] = false;
     break;
again: skip
  od
}

inline unlock(me) {
  if
  :: oldest == NONE ->
#if defined(BUG)
     newest = FREE;
     goto unlocked;
#else
     atomic {
       if
       :: newest == NONE -> newest = FREE; goto unlocked
       :: else
       fi
     }
#endif
     atomic { seen = newest; newest = NONE }
     do
     :: seen == NONE -> break
     :: else ->
        older = next_of[seen];
        next_of[seen] = oldest;
        oldest = seen;
        seen = older
     od
  :: else
  fi;
  seen = oldest;
  oldest = next_of[seen];
  atomic {
    assert(pushed[seen] == handed);
    handed = (handed + 1) % 64
  }
  woken[seen] = true;
unlocked: skip
}

proctype coroutine(byte me) {
  byte round = 0;
  byte seen;
  byte older;
  do
  :: round < ROUNDS ->
     lock(me);
     holders++;
     assert(holders == 1);
     holders--;
     unlock(me);
     round++
  :: else -> break
  od
}

init {
  atomic {
    byte number = 0;
    do
    :: number < COROUTINES -> run coroutine(number); number++
    :: else -> break
    od
  }
}
