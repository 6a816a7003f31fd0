// A class in ordinary style goes through as it is, by one worker or two, with or without a break; and what leaks is named.

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import test from "ava";
import { parse, turncoat } from "../cli/support.js";
import { check, realFile, verdictOf } from "./support.js";

const module = fileURLToPath(new URL("../../../test/real/fixtures/ordinary.ts", import.meta.url));

const withClass = (name: string) => `
import { ${name} } from ${JSON.stringify(module)};
const make = (io) => {
  const numberOf = (id) => Number(id.slice(1));
  const node = new ${name}(numberOf(io.self), io.peers.map(numberOf), (to, mail) => io.send("r" + to, mail));
  node.on("leader", (leader) => io.executed("r" + leader, { slot: 1, position: 1 }));
  return { roots: { node }, message: (_, mail) => node.deliver(mail), request: (who) => { if (who === io.self) node.elect(); } };
};`;

const options = { replicas: 3, requests: ["r0", "r1"], requestCount: 2, views: 2, properties: ["agreement"] };

test("whoever is answered too late leads beside the rightful leader: the shortest run of an election among three", async (t) => {
  const result = await check(await realFile(t, withClass("ElectionNode"), options));
  t.like(verdictOf(result), { verdict: "violated", actions: 4 });
});

test("two workers, and a search that was cut and goes on, come to the same", async (t) => {
  const file = await realFile(t, withClass("ElectionNode"), { ...options, views: 1 });
  const directory = file.replace(/\/[^/]*$/, "");
  const runOf = async (...more: string[]) => {
    const [run] = parse(await turncoat(directory, "check", ...more, "--json")).runs;
    return [run.verdict, run.states, run.transitions, run.depth];
  };
  const alone = await runOf(file, "--workers", "1");
  t.is(alone[0], "holds");
  t.deepEqual(await runOf(file, "--workers", "2"), alone);
  const cut = parse(
    await turncoat(directory, "check", file, "--workers", "1", "--max-states", "20", "--json"),
  );
  t.is(cut.runs[0].verdict, "inconclusive");
  const [checkpoint] = (await readdir(join(directory, "traces"))).filter((name) =>
    name.endsWith(".checkpoint"),
  );
  t.deepEqual(await runOf("--resume", join("traces", checkpoint!), "--workers", "1"), alone);
});

test("a static counter is named", async (t) => {
  await t.throwsAsync(check(await realFile(t, withClass("NumberedNode"), options)), {
    message: /hidden state: on its start .*First difference: \.node\.serial is \d+ or \d+/,
  });
});
