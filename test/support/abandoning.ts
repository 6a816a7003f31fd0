// Abandons work at random points, as a busy machine, a limit or an interrupt would: time flies, so nearly every look at the clock is a
// reason to give up what is at hand, and also the loops with short turns look each time.

import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { lookOnceIn } from "../../src/watch/clock.js";

const realNow = performance.now.bind(performance);

/** Numbers from 0 up to 1, always the same for one seed. */
export function uniformFrom(seed: number): () => number {
  const random = xoroshiro128plus(seed);
  return () => (random.next() >>> 0) / 2 ** 32;
}

/** Does `work` while every question for the time is answered with up to `stepMs` milliseconds more than the one before. */
export async function whileTimeFlies<T>(
  seed: number,
  work: () => Promise<T> | T,
  stepMs = 200,
): Promise<Awaited<T>> {
  const uniform = uniformFrom(seed);
  let time = realNow();
  const turns = lookOnceIn(1);
  performance.now = () => {
    time += uniform() * stepMs;
    return time;
  };
  try {
    return await work();
  } finally {
    performance.now = realNow;
    lookOnceIn(turns);
  }
}
