// A heartbeat in shared memory: what each thread of the process shows to the thread that watches it, and the one thing that every thread
// is shown, whether the user wants an end. Where nobody watches (in the library) there is no such memory, and all this does nothing.

import {
  getEnvironmentData,
  isMainThread,
  setEnvironmentData,
  threadId,
  type Worker,
} from "node:worker_threads";

/** Threads find the memory under this key: what is set in one thread is there in all that it starts. */
const key = "turncoat.heartbeats";

/** Threads at most; those beyond have no heartbeat. */
const slots = 256;
/** Integers of a thread: its id + 1, whether it is at work, and its beats; then the numbers of its limits. */
const [idAt, busyAt, beatAt, stride] = [0, 1, 2, 3];
/** Integers at the beginning: what the user wants, whether anybody listens, how many slots are taken, and whether work is finished first. */
const [wishAt, listenersAt, takenAt, drainAt, headLength] = [0, 1, 2, 3, 4];
/** Limits of a thread: when its time is over (as in `Date.now`), and the bytes that the process may take; 0: none. */
const limitStride = 2;

/** What a thread shows. */
export interface Heartbeat {
  readonly threadId: number;
  /** Whether it is in a function of the user's. */
  readonly isBusy: boolean;
  /** Another number whenever it has looked at the clock. */
  readonly beat: number;
  /** When its time is over, as in `Date.now`; infinity: never. */
  readonly endsAt: number;
  readonly maxMemoryBytes: number;
}

class SharedHeartbeats {
  readonly #numbers: Int32Array;
  readonly #limits: Float64Array;

  constructor(memory: SharedArrayBuffer) {
    const limitBytes = slots * limitStride * 8;
    this.#limits = new Float64Array(memory, 0, slots * limitStride);
    this.#numbers = new Int32Array(memory, limitBytes);
  }

  static get bytes(): number {
    return slots * limitStride * 8 + (headLength + slots * stride) * 4;
  }

  /** Takes a slot for this thread; null if there is none left. */
  join(): Slot | null {
    const index = Atomics.add(this.#numbers, takenAt, 1);
    if (index >= slots) return null;
    const at = headLength + index * stride;
    Atomics.store(this.#numbers, at + idAt, threadId + 1);
    return {
      numbers: this.#numbers.subarray(at, at + stride),
      limits: this.#limits.subarray(index * limitStride, (index + 1) * limitStride),
    };
  }

  /** Takes a thread out that is ended, wherever it was. */
  forget(id: number): void {
    const taken = Math.min(slots, Atomics.load(this.#numbers, takenAt));
    for (let at = headLength; at < headLength + taken * stride; at += stride)
      if (Atomics.load(this.#numbers, at + idAt) === id + 1) Atomics.store(this.#numbers, at + idAt, 0);
  }

  all(): Heartbeat[] {
    const taken = Math.min(slots, Atomics.load(this.#numbers, takenAt));
    return Array.from({ length: taken }, (_, index) => {
      const at = headLength + index * stride;
      const [endsAt, bytes] = [this.#limits[index * limitStride]!, this.#limits[index * limitStride + 1]!];
      return {
        threadId: Atomics.load(this.#numbers, at + idAt) - 1,
        isBusy: Atomics.load(this.#numbers, at + busyAt) === 1,
        beat: Atomics.load(this.#numbers, at + beatAt),
        endsAt: endsAt === 0 ? Number.POSITIVE_INFINITY : endsAt,
        maxMemoryBytes: bytes === 0 ? Number.POSITIVE_INFINITY : bytes,
      };
    }).filter(({ threadId: id }) => id >= 0);
  }

  /** The user wants an end. */
  interrupt(): void {
    Atomics.store(this.#numbers, wishAt, 1);
  }

  get isInterrupted(): boolean {
    return Atomics.load(this.#numbers, wishAt) === 1;
  }

  /** After an interrupt, what was begun is to be finished: threads are not told of it. */
  finishFirst(): void {
    Atomics.store(this.#numbers, drainAt, 1);
  }

  get finishesFirst(): boolean {
    return Atomics.load(this.#numbers, drainAt) === 1;
  }

  /** Somebody will come to an end when the user wants one. */
  listen(): void {
    Atomics.add(this.#numbers, listenersAt, 1);
  }

  get isListening(): boolean {
    return Atomics.load(this.#numbers, listenersAt) > 0;
  }
}

export type Heartbeats = SharedHeartbeats;

/** A thread's part of the memory. */
interface Slot {
  readonly numbers: Int32Array;
  readonly limits: Float64Array;
}

/** Makes the memory: all threads that are started from now on have a heartbeat. */
export function watchThreads(): Heartbeats {
  const memory = new SharedArrayBuffer(SharedHeartbeats.bytes);
  setEnvironmentData(key, memory as never);
  return new SharedHeartbeats(memory);
}

const memory = isMainThread
  ? undefined
  : (getEnvironmentData(key) as unknown as SharedArrayBuffer | undefined);

/** The memory that this thread is watched by, or null. */
export const heartbeats: Heartbeats | null =
  memory instanceof SharedArrayBuffer ? new SharedHeartbeats(memory) : null;

const own = heartbeats?.join() ?? null;

/** Ends a thread, wherever it is: from now on nobody waits for its beats. */
export async function endThread(worker: Worker): Promise<void> {
  const { threadId: id } = worker;
  heartbeats?.forget(id);
  await worker.terminate();
  heartbeats?.forget(id); // it may have joined only meanwhile
}

/** This thread is getting on. */
export function beat(): void {
  if (own !== null) (own.numbers[beatAt] as number)++;
}

/** Says whether this thread is in a function of the user's. */
export function setBusy(isBusy: boolean): void {
  if (own !== null) own.numbers[busyAt] = isBusy ? 1 : 0;
}

/** Says which limits this thread is under: for the case that it can no longer look at them itself. */
export function showLimits(endsAt: number, maxMemoryBytes: number): void {
  if (own === null) return;
  own.limits[0] = Number.isFinite(endsAt) ? endsAt : 0;
  own.limits[1] = Number.isFinite(maxMemoryBytes) ? maxMemoryBytes : 0;
}
