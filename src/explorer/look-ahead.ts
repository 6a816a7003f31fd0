// Look-ahead: while a person reads what can happen next, the model works out what can happen after that. It remembers what nodes and
// adversary do, so the list that follows a click is there sooner. Nothing that is shown depends on it.

import { Abandoned, watched } from "../watch/clock.js";
import { enabledIn } from "./enabled.js";
import type { Place, Session } from "./session.js";

/** Others have their turn after each state, for so many milliseconds. */
const pauseMs = 4;

/** How many of the next states are looked at. */
const mostStates = 40;

/** Looks ahead from one place at a time. */
export class LookAhead {
  #timer: NodeJS.Timeout | null = null;

  /** Begins with the states that can follow this one; what was going on from another one ends. */
  from(session: Session, { vector }: Place): void {
    this.stop();
    const states = enabledIn(session.system, vector).map(({ next }) => next);
    this.#goOn(session, states.slice(0, mostStates));
  }

  /** Ends it. */
  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #goOn(session: Session, [state, ...others]: readonly Int32Array[]): void {
    if (!state) return;
    this.#timer = setTimeout(() => {
      if (isLookedAt(session, state)) this.#goOn(session, others);
    }, pauseMs).unref();
  }
}

/** Whether it could be; an error in a user's step is told when somebody goes there. */
function isLookedAt(session: Session, state: Int32Array): boolean {
  try {
    watched(
      () => true,
      () => enabledIn(session.system, state),
    );
    return true;
  } catch (error) {
    return error instanceof Abandoned;
  }
}
