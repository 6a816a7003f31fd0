// What Mermaid's own parser makes of the diagrams.

import test from "ava";
import mermaidParser from "mermaid";
import { exporterNamed } from "../../src/export/index.js";
import { awkward, kinds, traceNamed } from "./traces.js";

const { write } = exporterNamed("mermaid");

/** What Mermaid has understood. It writes `#59;` as `ﬂ°°59¶ß` until it draws. */
async function understood(text: string) {
  await mermaidParser.parse(text); // it learns what diagrams there are when it is first asked
  const { db } = await mermaidParser.mermaidAPI.getDiagramFromText(text);
  // biome-ignore lint/suspicious/noExplicitAny: Mermaid does not say what its sequence diagrams are made of
  const sequence = db as any;
  const decoded = (said: string) =>
    said.replaceAll(/ﬂ°°(\d+)¶ß/g, (_, code: string) => String.fromCodePoint(Number(code)));
  const { LINETYPE } = sequence as { readonly LINETYPE: { readonly [name: string]: number } };
  const kind = (type: number) => Object.entries(LINETYPE).find(([, value]) => value === type)![0];
  return {
    actors: [...sequence.getActors().values()].map((actor) => decoded(actor.description)),
    lines: (sequence.getMessages() as { type: number; message: unknown; from: string; to: string }[]).map(
      ({ type, message, from, to }) => [kind(type), from ?? "", to ?? "", decoded(String(message ?? ""))],
    ),
  };
}

for (const [name, actions, loop, make] of kinds)
  test(`Mermaid reads "${name}", one arrow or note for each action`, async (t) => {
    const replayed = await make();
    const { lines, actors } = await understood(write(replayed));
    const numbers = lines.flatMap(([, , , said]) => /^(\d+)\. /.exec(said!)?.[1] ?? []).map(Number);
    t.deepEqual(
      numbers,
      Array.from({ length: actions + loop }, (_, index) => index + 1),
    );
    t.is(lines.filter(([kind]) => kind === "LOOP_START").length, loop > 0 ? 1 : 0);
    t.is(lines.filter(([kind]) => kind === "LOOP_END").length, loop > 0 ? 1 : 0);
    const users = name === "a simulated run" ? 1 : 0; // who gives it its requests
    t.is(actors.length, users + replayed.result.starts.length + replayed.result.setting.byzantine.length);
    t.regex(lines.at(-1)![3]!, / is violated (after \d+ actions?|by a loop of \d+ actions? after \d+): /);
  });

test("an equivocation, as Mermaid understands it", async (t) => {
  const { actors, lines } = await understood(write(await traceNamed("two requests at one slot")));
  t.deepEqual(actors, ["r0 (Byzantine)", "r1", "r2", "r3"]);
  t.deepEqual(lines, [
    [
      "NOTE",
      "n0",
      "n3",
      "pbft/quorum-2f, n = 4, f = 1, Byzantine: r0 (equivocating-primary)<br/>" +
        "async network, views 0..0, 2 requests, 1 slot; replicas have all requests from the start",
    ],
    ["DOTTED", "n0", "n1", "1. pre-prepare view 0 slot 1 c0:1:A (Byzantine)"],
    ["DOTTED", "n0", "n1", "2. commit view 0 slot 1 c0:1:A (Byzantine)"],
    ["NOTE", "n1", "n1", "r1 executes c0:1:A at slot 1, as its request number 1"],
    ["DOTTED", "n0", "n2", "3. pre-prepare view 0 slot 1 c1:1:B (Byzantine)"],
    ["DOTTED", "n0", "n2", "4. commit view 0 slot 1 c1:1:B (Byzantine)"],
    ["NOTE", "n2", "n2", "r2 executes c1:1:B at slot 1, as its request number 1"],
    [
      "NOTE",
      "n0",
      "n3",
      "agreement is violated after 4 actions: r1 executed c0:1:A at slot 1, but r2 executed c1:1:B there.",
    ],
  ]);
});

test("the heading says how nodes began that had a choice", async (t) => {
  const { lines } = await understood(write(await traceNamed("a new view without reason")));
  t.true(lines[0]![3]!.endsWith("from the start<br/>r0 starts with c0:1:A; c1:1:B"));
});

test("a loss ends in a cross, and no text can end a statement", async (t) => {
  const { lines } = await understood(write(await traceNamed("a loss")));
  t.deepEqual(
    lines.map(([kind, from, to]) => [kind, from, to]),
    [
      ["NOTE", "n0", "n1"],
      ["SOLID_CROSS", "n0", "n1"],
      ["NOTE", "n0", "n1"],
    ],
  );
  t.is(lines[1]![3], `1. ping no n ${awkward.replaceAll(/\s+/g, " ")} (lost)`);
});

test("a loop goes round the actions that are repeated", async (t) => {
  const { lines } = await understood(write(await traceNamed("a circle")));
  t.deepEqual(
    lines.map(([kind, , , said]) => [kind, said!.slice(0, 21)]),
    [
      ["NOTE", "toy, n = 1, f = 0, By"],
      ["NOTE", "1. timer go fires"],
      ["NOTE", "r0 sets timer go"],
      ["LOOP_START", "again and again"],
      ["NOTE", "2. timer on fires"],
      ["NOTE", "r0 sets timer on"],
      ["NOTE", "3. timer on fires"],
      ["NOTE", "r0 sets timer on"],
      ["LOOP_END", ""],
      ["NOTE", "eventually-x is viola"],
    ],
  );
});
