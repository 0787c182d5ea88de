/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The hand-shake between a loop that falls asleep and threads that post to it: AioContext::post(),
 * notify() and wait_for_something() in runtime/aio/aio_context.cpp. One step here is one atomic access
 * there; all of them are sequentially consistent, so that any interleaving is what can happen.
 *
 * Proven: no item stays in the queue while the loop sleeps for ever (Spin finds that as an invalid
 * end state), and every item runs once. A late wake-up may come when it is not needed; that is
 * harmless, and allowed.
 *
 * -DBUG: the loop looks at the queue first and says that it sleeps afterwards.
 */

#define POSTERS 3
#define POSTS 2            /* by each */
#define ALL (POSTERS * POSTS)

byte incoming = 0;         /* how many items are in the lock-free stack */
bool sleeping = false;
byte event_counter = 0;    /* the eventfd: a blocked loop goes on when it is not zero */
byte ran = 0;

proctype poster() {
  byte posted = 0;
  bool was_sleeping;
  do
  :: posted < POSTS ->
     atomic { incoming++; assert(incoming <= ALL) }
     /* notify(): a plain load first, the exchange only if that says so */
     if
     :: sleeping ->
        atomic { was_sleeping = sleeping; sleeping = false }
        if
        :: was_sleeping -> event_counter = 1
        :: else
        fi
     :: else
     fi;
     posted++
  :: else -> break
  od
}

proctype loop() {
  bool block;
  byte taken;
  do
  :: ran == ALL -> break
  :: else ->
     /* run_ready(): takes all at once */
     atomic { taken = incoming; incoming = 0 }
     ran = ran + taken;
     if
     :: ran == ALL -> break
     :: taken > 0     /* progress: another turn without blocking */
     :: else ->
#if defined(BUG)
        block = (incoming == 0);
        sleeping = true;
#else
        sleeping = true;
        block = (incoming == 0);
#endif
        if
        :: block -> event_counter > 0      /* blocks until it can be executed */
        :: else
        fi;
        sleeping = false;
        event_counter = 0
     fi
  od;
  assert(incoming == 0 && ran == ALL)
}

init {
  atomic {
    byte number = 0;
    do
    :: number < POSTERS -> run poster(); number++
    :: else -> break
    od;
    run loop()
  }
}
