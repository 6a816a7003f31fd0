// The clock by which long loops end in time. The caller of a piece of work gives it a condition for ending (limits, an interrupt): see
// `watched`. The loops inside, however deep, only call `look`, or `glance` where a turn is short, at points where nothing is half done. There
// the work may be abandoned, by an exception.
//
// An interrupt is heard without the event loop: see shared.ts. In the library, where only the event loop tells of it, work is
// abandoned to ask it, and begun again with twice the time; what was evaluated is remembered.

import { beat, heartbeats } from "./shared.js";

/** A piece of work was given up at a point where nothing was half done. Not an error: it is caught by whoever asked for it. */
export class Abandoned extends Error {
  override readonly name = "Abandoned";
}

/** How often limits are looked at, in milliseconds. */
export const lookEveryMs = 50;

/** Short turns look at the time once in so many: a power of two. */
let glances = 64;

/** Short turns look at the time once in so many from now on; returns how many it was before. For tests, which abandon work anywhere. */
export function lookOnceIn(turns: number): number {
  const before = glances;
  glances = turns;
  return before;
}

/** Whether the work at hand has to be abandoned now. */
export type Duty = () => boolean;

let duty: Duty | null = null;
let nextLook = 0;
let glanced = 0;

/** Does a piece of work; `mustEnd` is asked every {@link lookEveryMs} from its loops. @throws {Abandoned} once that says true. */
export function watched<T>(mustEnd: Duty, work: () => T): T {
  const before = duty;
  duty = mustEnd;
  nextLook = performance.now() + lookEveryMs;
  beat();
  try {
    return work();
  } finally {
    duty = before;
  }
}

/** To be called in each turn of a long loop, where nothing is half done. @throws {Abandoned} see the file comment. */
export function look(): void {
  beat();
  if (duty === null) return;
  const now = performance.now();
  if (now < nextLook) return;
  hearInterrupt();
  const mustEnd = duty();
  nextLook = performance.now() + lookEveryMs;
  if (mustEnd) throw new Abandoned("given up");
}

/** The same where something is half done: whoever watches is asked, for it shows progress, but nothing is abandoned. */
export function lookInBetween(): void {
  try {
    look();
  } catch (error) {
    if (!(error instanceof Abandoned)) throw error;
  }
}

/** The same for turns that take a microsecond or less. */
export function glance(): void {
  if ((++glanced & (glances - 1)) === 0) look();
}

const listeners: (() => void)[] = [];

/** Calls `end` once the user wants an end: at the next look. */
export function whenInterrupted(end: () => void): void {
  listeners.push(end);
}

/** Tells the listeners, if the user wants an end. */
export function hearInterrupt(): void {
  if (listeners.length > 0 && heartbeats?.isInterrupted) for (const end of listeners.splice(0)) end();
}

/** Whether an interrupt is heard at a look; otherwise the event loop has to be asked. */
export const hearsInterrupts = heartbeats !== null;
