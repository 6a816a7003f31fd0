import { join } from "node:path";
import test from "ava";
import { noPaint } from "../../src/render/paint.js";
import { renderReplay } from "../../src/render/render.js";
import { readTrace, replay, replayIn } from "../../src/trace/index.js";
import { root } from "../cli/support.js";
import { equivocation, fallOf } from "../trace/fixtures.js";

test("a replayed trace reads step by step and ends with the two facts that conflict", async (t) => {
  t.deepEqual(renderReplay(await replay(await equivocation())), [
    "pbft/quorum-2f, n = 4, f = 1, Byzantine: r0 (equivocating-primary)",
    "async network, views 0..0, 2 requests, 1 slot; replicas have all requests from the start",
    "",
    "  1  r0 ⇢ r1  pre-prepare view 0 slot 1 c0:1:A  (Byzantine)",
    "        r1 sends to all replicas: prepare view 0 slot 1 c0:1:A",
    "        r1 sends to all replicas: commit view 0 slot 1 c0:1:A",
    "  2  r0 ⇢ r1  commit view 0 slot 1 c0:1:A  (Byzantine)",
    "        r1 executes c0:1:A at slot 1, as its request number 1",
    "        r1 sends to c0: reply view 0 c0 timestamp 1 A@1",
    "  3  r0 ⇢ r2  pre-prepare view 0 slot 1 c1:1:B  (Byzantine)",
    "        r2 sends to all replicas: prepare view 0 slot 1 c1:1:B",
    "        r2 sends to all replicas: commit view 0 slot 1 c1:1:B",
    "  4  r0 ⇢ r2  commit view 0 slot 1 c1:1:B  (Byzantine)",
    "        r2 executes c1:1:B at slot 1, as its request number 1",
    "        r2 sends to c1: reply view 0 c1 timestamp 1 B@1",
    "",
    "agreement is violated after 4 actions: r1 executed c0:1:A at slot 1, but r2 executed c1:1:B there.",
  ]);
});

test("a node that had a choice at its start tells which it took", async (t) => {
  const trace = await readTrace(join(root, "corpus", "pbft-new-view-unjustified.json"));
  t.deepEqual(renderReplay(await replay(trace)).slice(2, 5), [
    "",
    "   0  r0 starts with c0:1:A; c1:1:B",
    "   1  r0 → r2  pre-prepare view 0 slot 1 c0:1:A",
  ]);
});

test("a liveness violation ends with where everybody is stuck", async (t) => {
  const { setting, counterexample } = await fallOf("pbft/primary-forever");
  const replayed = replayIn(setting, "clients-are-served", counterexample);
  const lines = renderReplay(replayed);
  // The objects of a class may hold whole libraries.
  const nodes = replayed.nodes.map((node) => ({ ...node, state: { library: ["x".repeat(1000), "y"] } }));
  t.is(
    renderReplay({ ...replayed, nodes }).at(-1),
    `  c0  timer set: retransmit, library: [${"x".repeat(499)}... (505 more characters)`,
  );
  t.deepEqual(lines.slice(-5), [
    "clients-are-served is violated after 4 actions: nothing that must happen is left to happen, and the client of c0:1:A still waits.",
    "  r1  view 0, no timer set, pending: [c0:1:A]",
    "  r2  view 0, no timer set, pending: [c0:1:A]",
    "  r3  view 0, no timer set, pending: [c0:1:A]",
    "  c0  timer set: retransmit, waiting: c0:1:A",
  ]);
});

test("a trace that holds now, or diverges, says so at the end", async (t) => {
  const trace = await equivocation();
  t.is(
    renderReplay(await replay(trace, "pbft")).at(-1),
    "Diverged at action 2: r0 ⇢ r1  commit view 0 slot 1 c0:1:A  (Byzantine) is no longer possible.",
  );
  const { actions } = trace;
  t.is(
    renderReplay(await replay({ ...trace, actions: [actions[0]!, actions[0]!] })).at(-1),
    "Diverged at action 2: r0 ⇢ r1  pre-prepare view 0 slot 1 c0:1:A  (Byzantine) is no longer possible.",
  );
  t.is(
    renderReplay(await replay({ ...trace, start: { r1: "elsewhere" } })).at(-1),
    "Diverged at action 0: there is no such start.",
  );
});

test("colours are the caller's: what Byzantine nodes do and the verdict are bad, details are dim", async (t) => {
  const mark = (name: string) => (text: string) => `<${name}>${text}</${name}>`;
  const paint = { good: mark("good"), bad: mark("bad"), dim: mark("dim"), bold: mark("bold"), width: 80 };
  const result = await replay(await equivocation());
  const lines = renderReplay(result, paint);
  t.is(lines[3], "  1  <bad>r0 ⇢ r1  pre-prepare view 0 slot 1 c0:1:A  (Byzantine)</bad>");
  t.is(lines[4], "        <dim>r1 sends to all replicas: prepare view 0 slot 1 c0:1:A</dim>");
  t.is(lines[7], "        <bold>r1 executes c0:1:A at slot 1, as its request number 1</bold>");
  t.true(lines.at(-1)!.startsWith("<bad>agreement is violated"));
  t.deepEqual(
    lines.map((line) => line.replace(/<[^>]+>/g, "")),
    renderReplay(result, noPaint),
  );
});
