/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * A coroutine that tells others where it waits and then suspends, while those wake it from their own
 * threads: Coroutine::wake(), suspend() and move_to() of runtime/coroutine/coroutine.cpp. A home is a
 * thread that takes one coroutine after the other from its queue. Between its waits the coroutine
 * moves from one home to the other.
 *
 * Proven: no thread enters a coroutine that another still runs (its stack would have two users); no
 * wake-up is lost (an invalid end state); and each wake-up is of one wait.
 *
 * -DBUG: move_to() puts the coroutine into the other home's queue before it has suspended, instead of
 * by what suspend_then() calls afterwards.
 */

#define HOMES 2
#define WAITS 3

chan queue[HOMES] = [2] of { bit };   /* the one coroutine, posted */
byte home = 0;                        /* Coroutine::home_ */
bool running = false;                 /* somebody runs on its stack */
bool published = false;               /* it has said that it waits */
byte waits = 0;
byte at = 0;                          /* which step of its body comes next */
bool finished = false;

/* Whoever answers: it sees the published wait and wakes, from a thread of its own. */
proctype waker() {
  do
  :: atomic { published -> published = false }
     queue[home]!1
  :: finished -> break
  od
}

/* One home thread. Steps of the body run while it has entered the coroutine. */
proctype home_thread(byte me) {
  byte target;
  do
  :: queue[me]?_ ->
     /* enter() */
     atomic { assert(!running); assert(home == me); running = true }
     do
     :: at == 0 ->
        if
        :: waits == WAITS -> finished = true; running = false; break
        :: else ->
           at = 1;
           waits++;
           published = true;
           /* suspend(): the wake-up may be in the queue already */
           running = false;
           break
        fi
     :: at == 1 ->
        at = 0;
        target = (home + 1) % HOMES;
#if defined(BUG)
        home = target;
        queue[target]!1;
        running = false;
#else
        running = false;
        home = target;
        queue[target]!1;
#endif
        break
     od
  :: finished -> break
  od
}

init {
  atomic {
    queue[0]!1;
    run home_thread(0);
    run home_thread(1);
    run waker()
  }
}
