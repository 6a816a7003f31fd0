// The adversary supports what correct nodes say.

import test from "ava";
import { Dice } from "../../../src/fuzz/dice.js";
import { support } from "../../../src/fuzz/strategies/support.js";
import type { World } from "../../../src/fuzz/world/world.js";
import type { Json } from "../../../src/protocol/index.js";

const vote = (signer: string, body: Json): Json => ({ tag: "signed", signer, body });

/** What is said in a world of two correct nodes, of which the second has said all this, and two Byzantine ones. */
function saidIn(messages: readonly Json[], calls: number, isOfUse = true): Map<string, number> {
  const said = new Map<string, number>();
  const world = {
    dice: new Dice(1),
    nodes: ["a", "b"],
    byzantine: ["x", "y"],
    said: messages.length,
    statement: (index: number) => ({ by: "b", from: "b", message: messages[index]! }),
    say: (self: string, to: number, message: Json) => {
      const text = `${self} to ${to}: ${JSON.stringify(message)}`;
      said.set(text, (said.get(text) ?? 0) + 1);
      return isOfUse;
    },
  } as unknown as World;
  for (let call = 0; call < calls; call++)
    if (support(world) !== isOfUse) throw new Error("the wrong answer");
  return said;
}

test("a signed statement is said in the speaker's own name, most often to the one who has said it", (t) => {
  const said = saidIn([vote("b", { tag: "prepare", digest: "A" })], 400);
  const texts = ["x", "y"].flatMap((self) =>
    [0, 1].map((to) => `${self} to ${to}: ${JSON.stringify(vote(self, { tag: "prepare", digest: "A" }))}`),
  );
  t.deepEqual([...said.keys()].sort(), texts.sort());
  for (const self of ["x", "y"]) {
    const count = (to: number) => said.get(texts.find((text) => text.startsWith(`${self} to ${to}`))!)!;
    t.true(count(1) > 2 * count(0));
  }
});

test("a statement that is not signed as a whole stays as it is", (t) => {
  const message = { tag: "echo", inner: vote("b", "A") };
  for (const text of saidIn([message], 50).keys())
    t.true(text.endsWith(`: ${JSON.stringify(message)}`), text);
});

test("what was said last is preferred, but anything may be said", (t) => {
  const messages = Array.from({ length: 64 }, (_, index) => vote("b", index));
  const said = saidIn(messages, 4000);
  const times = messages.map((_, index) =>
    [...said].reduce((sum, [text, count]) => sum + (text.includes(`"body":${index}}`) ? count : 0), 0),
  );
  t.true(times.every((count) => count > 0));
  const [old, last] = [times.slice(0, 56), times.slice(56)].map(
    (part) => part.reduce((a, b) => a + b) / part.length,
  );
  t.true(last! > 5 * old!);
});

test("where nobody has said anything, or it is of no use, nothing happens", (t) => {
  t.is(saidIn([], 5, false).size, 0);
  t.true(saidIn([vote("b", 1)], 5, false).size > 0);
});
