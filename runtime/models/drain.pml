/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The drain counter: requests of two contexts enter the gate of a root and, while they are in flight,
 * the one of the graph lock. The main loop takes the lock for writing, drains the root, once within
 * the other, and writes again in the drained section. While it waits, a callback drains, too:
 * Gate, MainLoop::wait_while() and GraphLock::wrlock(), as DrainedSection and Transaction of
 * runtime/graph use them. Loads and stores are in order here: graph_lock.pml is about the fences.
 *
 * Proven: in a drained section nobody is in flight; no request, drain or writer waits for ever (an
 * invalid end state), also where who drains waits for requests that wait for the graph lock, since
 * a writer that waits steps back from it meanwhile; nested sections end with the last.
 *
 * -DBUG: a request that leaves looks for somebody who waits before it counts down.
 */

#define CONTEXTS 2
#define REQUESTS 2
#define ROUNDS 2

#define ROOT 0             /* BlockBackend's gate */
#define LOCK 1             /* the graph lock's */
#define GATES 2

byte inside[GATES];        /* Gate::inside_, the sum */
byte closings[GATES];      /* Gate::closings_; it is closed unless that is 0 */
bool queued[4];            /* Gate::waiters_, by gate and context */
bool admitted[4];

byte waiting = 0;          /* MainLoop::waiting_ */
bool nudged = false;       /* the bottom half that wakes the main loop */

/* For the proof only. */
byte doing_io = 0;
byte sections = 0;         /* drained sections in force */
bool writing = false;

inline leave(gate) {
#if defined(BUG)
  if
  :: waiting > 0 -> nudged = true
  :: else
  fi;
  inside[gate]--
#else
  inside[gate]--;
  if
  :: waiting > 0 -> nudged = true
  :: else
  fi
#endif
}

inline enter(gate) {
  inside[gate]++;
  if
  :: closings[gate] > 0 ->
     leave(gate);
     if
     :: atomic { closings[gate] > 0 -> queued[gate * 2 + me] = true };
        atomic { admitted[gate * 2 + me] -> admitted[gate * 2 + me] = false }
     :: atomic { closings[gate] == 0 -> inside[gate]++ }
     fi
  :: closings[gate] == 0
  fi
}

inline open(gate) {
  atomic {
    closings[gate]--;
    number = 0;
    do
    :: number < CONTEXTS && closings[gate] == 0 ->
       if
       :: queued[gate * 2 + number] ->
          queued[gate * 2 + number] = false;
          admitted[gate * 2 + number] = true;
          inside[gate]++
       :: else
       fi;
       number++
    :: else -> break
    od;
    number = 0
  }
}

proctype context(byte me) {
  byte requests = 0;
  do
  :: requests == REQUESTS -> break
  :: else ->
     requests++;
     enter(ROOT);
     enter(LOCK);
     doing_io++;
     assert(sections == 0 && !writing);
     doing_io--;
     leave(LOCK);
     leave(ROOT)
  od
}

/* The callback: a drained section of its own, while the main loop waits for `gate`. */
inline drain_inside(gate) {
  if
  :: gate == LOCK -> open(LOCK)           /* MainLoop::Claim: the writer steps back */
  :: else
  fi;
  closings[ROOT]++;
  waiting++;
  do
  :: inside[ROOT] == 0 -> break
  :: inside[ROOT] != 0 -> atomic { nudged -> nudged = false }
  od;
  waiting--;
  sections++;
  assert(doing_io == 0);
  sections--;
  open(ROOT);
  if
  :: gate == LOCK -> closings[LOCK]++
  :: else
  fi
}

/* wait_while() somebody is inside. */
inline wait_for(gate) {
  waiting++;
  do
  :: inside[gate] == 0 -> break
  :: inside[gate] != 0 ->
     /* poll(): until there is something to run */
     if
     :: atomic { nudged -> nudged = false }
     :: callback -> callback = false; drain_inside(gate)
     fi
  od;
  waiting--
}

inline write() {
  closings[LOCK]++;
  wait_for(LOCK);
  writing = true;
  assert(doing_io == 0);
  writing = false;
  open(LOCK)
}

proctype main_loop() {
  byte rounds = 0;
  byte number = 0;
  bool callback;
  do
  :: rounds == ROUNDS -> break
  :: else ->
     rounds++;
     callback = true;
     /* Something else changes, so that requests of this root come to wait for the lock. */
     write();
     /* The outer section, and the inner one, which finds it drained. */
     closings[ROOT]++;
     wait_for(ROOT);
     sections++;
     assert(doing_io == 0);
     closings[ROOT]++;
     wait_for(ROOT);
     write();
     open(ROOT);
     assert(closings[ROOT] > 0 && doing_io == 0);
     sections--;
     open(ROOT)
  od
}

init {
  atomic {
    run context(0);
    run context(1);
    run main_loop()
  }
}
