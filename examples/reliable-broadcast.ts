// One round of reliable broadcast with Byzantine faults, as tlaplus/Examples has it (bcastByz, after Srikanth and Toueg, 1987): a process
// receives any set of messages at once. The whole state is one number, with a few bits for each variable.

import * as Schema from "effect/Schema";
import { invariant, world } from "turncoat/vocabulary";

const [v1, sent, accepted] = [1, 2, 3]; // and v0, which is 0

const bits = (set: number): number => (set === 0 ? 0 : (set & 1) + bits(set >> 1));
const sizes = Array.from({ length: 16 }, (_, set) => bits(set));

/** From the lowest bit on: what each of four processes has received, 4 bits; where each is, 2 bits; who has sent, 4 bits; who is faulty, 2 bits. */
const received = (state: number, process: number) => (state >> (4 * process)) & 15;
const place = (state: number, process: number) => (state >> (16 + 2 * process)) & 3;
const senders = (state: number) => (state >> 24) & 15;
const faulty = (state: number) => (state >> 28) & 3;
const at = (process: number, where: number) => where << (16 + 2 * process);

/** N = 4, T = 1, F = 1. */
const reliableBroadcast = world<number>({
  name: "reliable-broadcast",
  summary: "one round of reliable broadcast, with a Byzantine process",
  state: Schema.Number,
  initial: Array.from({ length: 64 }, (_, index) => {
    const places = [0, 1, 2, 3].reduce((sum, process) => sum | at(process, (index >> process) & 1), 0);
    return places | ((index >> 4) << 28);
  }),
  next: (state) => {
    const next: number[] = [];
    const deliverable = senders(state) | (1 << faulty(state));
    for (let process = 0; process < 4; process++) {
      if (process === faulty(state)) continue;
      const where = place(state, process);
      if (where === accepted) continue;
      const had = received(state, process);
      const fresh = deliverable & ~had;
      // Every set of messages that were not received yet, the empty one last: a guard over several messages at once.
      for (let some = fresh; ; some = (some - 1) & fresh) {
        const has = had | some;
        const rest = state & ~at(process, 3) & ~(15 << (4 * process));
        const after = (to: number, says: number) =>
          rest | (has << (4 * process)) | at(process, to) | (says << 24);
        if (where === v1) next.push(after(sent, 1 << process));
        if (where <= v1 && sizes[has]! >= 2 && sizes[has]! < 3) next.push(after(sent, 1 << process));
        if (where <= v1 && sizes[has]! >= 3) next.push(after(accepted, 1 << process));
        if (where === sent && sizes[has]! >= 3) next.push(after(accepted, 0));
        if (some === 0) break;
      }
    }
    return next;
  },
});
export default reliableBroadcast;

export const properties = [
  invariant<number>("who accepts has heard three", ([node]) =>
    [0, 1, 2, 3].every((process) => {
      const { state } = node!;
      return place(state, process) !== accepted || sizes[received(state, process)]! >= 3;
    }),
  ),
];
