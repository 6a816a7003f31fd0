// Orders of delivery: a broadcast that waits for what comes before keeps them, and one that does not wait breaks each.

import test from "ava";
import * as Schema from "effect/Schema";
import { assertHolds, assertViolated } from "turncoat/assert";
import { causalOrder, fifoOrder, totalOrder } from "../../properties/index.js";
import { defineProtocol, NodeId, reply, SetOf } from "../../src/protocol/index.js";

const Note = { sender: NodeId, number: Schema.Number, after: Schema.Array(Schema.String) };
const NoteStruct = Schema.Struct(Note);
type Note = typeof NoteStruct.Type;
const nameOf = ({ sender, number }: Note) => `${sender}:${number}`;

/** r0 broadcasts two messages, and r1 one after it has delivered the first; `waits`: for which order a node waits. */
function broadcast(waits: "fifo" | "causal" | "total" | "nothing") {
  const isReady = (delivered: readonly string[], note: Note, all: readonly string[]) => {
    if (waits === "nothing") return true;
    if (waits === "causal") return note.after.every((before) => delivered.includes(before));
    if (waits === "fifo") return note.number === 1 || delivered.includes(`${note.sender}:${note.number - 1}`);
    return all[delivered.length] === nameOf(note); // as if somebody had put them in order
  };
  return defineProtocol({
    name: `waits-for-${waits}`,
    summary: "delivers what is broadcast",
    messages: { note: Note },
    state: { delivered: Schema.Array(Schema.String), waiting: SetOf(NoteStruct) },
    initial: { delivered: [], waiting: [] },
    requests: ["A"],
    onStart: ({ self }, state) => {
      const own = (number: number, after: readonly string[]) => ({
        tag: "note" as const,
        sender: self,
        number,
        after,
      });
      return self === "r0"
        ? reply(state)
            .broadcast(own(1, []))
            .broadcast(own(2, ["r0:1"]))
        : reply(state);
    },
    on: {
      note: ({ self }, state, { message }) => {
        const { tag: _, ...note } = message;
        const known = (one: Note) =>
          state.delivered.includes(nameOf(one)) ||
          state.waiting.some((other) => nameOf(other) === nameOf(one));
        if (known(note)) return reply(state);
        let [delivered, waiting] = [state.delivered, [...state.waiting, note]];
        const fresh: Note[] = [];
        for (;;) {
          const next = waiting.find((one) => isReady(delivered, one, ["r0:1", "r0:2", "r1:1"]));
          if (!next) break;
          waiting = waiting.filter((one) => one !== next);
          delivered = [...delivered, nameOf(next)];
          fresh.push(next);
        }
        const shown = fresh.reduce(
          (turn, one) => turn.shows("delivered", { message: nameOf(one), ...one }),
          reply({ delivered, waiting }),
        );
        return self === "r1" && fresh.some((one) => nameOf(one) === "r0:1")
          ? shown.broadcast({ tag: "note" as const, sender: self, number: 1, after: ["r0:1"] })
          : shown;
      },
    },
  });
}

const bounds = { replicas: 4, faults: 0, requests: 1, views: 0, traces: null } as const;
const orders = { fifo: fifoOrder(), causal: causalOrder(), total: totalOrder() };
const lengths = { fifo: 1, causal: 1, total: 4 };

for (const order of ["fifo", "causal", "total"] as const) {
  test(`${order} order is kept by a broadcast that waits for it`, async (t) => {
    const [result] = await assertHolds(broadcast(order), { ...bounds, properties: [orders[order]] });
    t.true(result!.properties[0]!.comparisons > 0);
  });
  test(`${order} order is broken by one that does not wait`, async (t) => {
    const { actions } = await assertViolated(broadcast("nothing"), {
      ...bounds,
      properties: [orders[order]],
    });
    t.is(actions.length, lengths[order]);
  });
}
