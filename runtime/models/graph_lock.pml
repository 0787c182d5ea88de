/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The graph lock: readers in several contexts, each of which counts in a cell of its own, and a
 * writer that closes the gate, passes the heavy fence, and waits until the sum of the cells is zero:
 * Gate in runtime/graph/gate.h and gate.cpp, GraphLock::wrlock() and MainLoop::wait_while().
 *
 * Memory is that of x86: what a context stores waits in its store buffer, here one for its cell,
 * until it is flushed, which can happen at any later step or, by the heavy fence, for all at once.
 * Loads of other variables overtake it. The mutex and the posting of a nudge flush, too.
 *
 * Proven: nobody reads while the writer writes; no reader and no writer waits for ever (an invalid
 * end state); who waits is let in before the next writer, which waits
 * for it.
 *
 * -DBUG: the writer passes no fence between closing and looking.
 */

#define READERS 2
#define READS 2
#define WRITES 2

byte cell[3];              /* ContextCounter::cells_, as others see them; the last is the writer's */
byte buffered[READERS];    /* what the context itself sees of its cell */
bool closed = false;       /* Gate::closed_ */
bool waiting = false;      /* MainLoop::waiting_ */
bool nudged = false;       /* the bottom half that wakes the main loop */
bool queued[READERS];      /* Gate::waiters_ */
bool admitted[READERS];    /* Coroutine::wake() by open() */

/* For the proof only. */
byte inside = 0;
bool writing = false;
byte ended = 0;

/* Sums are modulo 256, as a reader may count down in another cell than the one it counted up in. */
#define SUM ((cell[0] + cell[1] + cell[2]) & 255)

inline flush(context) { cell[context] = buffered[context] }

inline count_up(context) { buffered[context] = (buffered[context] + 1) & 255 }

/* leave(): counts down, and after the light fence looks for somebody who waits for that. */
inline leave(context) {
  buffered[context] = (buffered[context] + 255) & 255;
  if
  :: waiting -> atomic { flush(context); nudged = true }
  :: else
  fi
}

/* The store buffers are flushed whenever the processor likes. */
proctype processor() {
  do
  :: atomic { cell[0] != buffered[0] -> flush(0) }
  :: atomic { cell[1] != buffered[1] -> flush(1) }
  :: atomic { ended == READERS + 1 && cell[0] == buffered[0] && cell[1] == buffered[1] -> break }
  od
}

proctype reader(byte me) {
  byte reads = 0;
  byte at = me;            /* the context that it is in */
  do
  :: reads == READS -> break
  :: else ->
     reads++;
     /* co_enter() */
     count_up(at);
     if
     :: closed ->
        leave(at);
        /* wait_in_line(), under the mutex */
        if
        :: atomic { closed -> flush(at); queued[me] = true };
           atomic { admitted[me] -> admitted[me] = false }
        :: atomic { !closed -> count_up(at); flush(at) }
        fi
     :: !closed
     fi;
     inside++;
     assert(!writing);
     /* It may move to the other context, which posts it there, and leave from there. */
     if
     :: atomic { flush(at); at = 1 - at }
     :: skip
     fi;
     inside--;
     leave(at)
  od;
  ended++
}

proctype writer() {
  byte writes = 0;
  byte number;
  do
  :: writes == WRITES -> break
  :: else ->
     writes++;
     /* close(), and wait_while() */
     closed = true;
     waiting = true;
#if !defined(BUG)
     atomic { flush(0); flush(1) }
#endif
     do
     :: SUM == 0 -> break
     :: SUM != 0 ->
        /* poll(): until there is something to run */
        atomic { nudged -> nudged = false }
     od;
     waiting = false;
     writing = true;
     assert(inside == 0);
     writing = false;
     /* open(), under the mutex; what it does to its own cell nobody else looks at */
     atomic {
       number = 0;
       do
       :: number < READERS ->
          if
          :: queued[number] ->
             queued[number] = false;
             admitted[number] = true;
             cell[2] = (cell[2] + 1) & 255
          :: else
          fi;
          number++
       :: else -> break
       od;
       number = 0;
       closed = false
     }
  od;
  ended++
}

init {
  atomic {
    run processor();
    run reader(0);
    run reader(1);
    run writer()
  }
}
