/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The end of a loop whose work other threads let go of: AioContext::stop(), let_go(), end() and the
 * destructor, in runtime/aio/aio_context.cpp.
 *
 * Proven: the loop ends once it is stopped and nobody holds it, and does not sleep for ever before
 * that (an invalid end state); nobody touches the context after it was destroyed; and nobody gets
 * hold of it when it has ended.
 *
 * -DBUG: threads that are within let_go() are not counted as visitors.
 */

#define WORKERS 2

byte held = WORKERS;       /* each worker begins with a hold */
bool ended = false;        /* the top bit of held_ */
bool stopping = false;
bool sleeping = false;
bool woken = false;
byte visitors = 0;
bool destroyed = false;

inline notify() {
  assert(!destroyed);
  if
  :: sleeping ->
     atomic { was_sleeping = sleeping; sleeping = false }
     if
     :: was_sleeping -> assert(!destroyed); woken = true
     :: else
     fi
  :: else
  fi
}

proctype worker() {
  bool was_sleeping;
  bool last;
#if !defined(BUG)
  visitors++;
#endif
  assert(!destroyed);
  atomic { last = (held == 1); held-- }
  if
  :: last ->
     assert(!destroyed);
     if
     :: stopping -> notify()
     :: else
     fi
  :: else
  fi;
#if !defined(BUG)
  assert(!destroyed);
  visitors--
#endif
}

proctype stopper() {
  bool was_sleeping;
  visitors++;
  stopping = true;
  notify();
  visitors--
}

proctype loop() {
  bool block;
  do
  :: stopping ->
     atomic {
       if
       :: held == 0 -> ended = true
       :: else
       fi
     }
     if
     :: ended -> break
     :: else -> goto sleep
     fi
  :: else ->
sleep:
     sleeping = true;
     /* may_end(): two loads */
     block = true;
     if
     :: stopping ->
        if
        :: held == 0 -> block = false
        :: else
        fi
     :: else
     fi;
     if
     :: block -> woken
     :: else
     fi;
     sleeping = false;
     woken = false
  od;
  visitors == 0;
  destroyed = true
}

/* One more user, who asks for a hold at any time, and then must not find a destroyed context. */
proctype late() {
  atomic {
    if
    :: ended                      /* refused */
    :: else -> held++; run worker()
    fi
  }
}

init {
  atomic {
    byte number = 0;
    do
    :: number < WORKERS -> run worker(); number++
    :: else -> break
    od;
    run stopper();
    run late();
    run loop()
  }
}
