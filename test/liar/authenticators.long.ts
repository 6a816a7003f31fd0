// The generic liar's authenticators in PBFT, with signatures between replicas and without; and that nothing has changed where there are none.

import { createHash } from "node:crypto";
import test from "ava";
import { findProtocol } from "../../src/catalogue/load.js";
import { settingIn } from "../../src/catalogue/setting.js";
import { search } from "../../src/explore/search.js";
import { liarOf } from "../../src/liar/adversary.js";
import type { Json, Protocol } from "../../src/protocol/index.js";
import { clientIds } from "../../src/protocol/index.js";
import { macRules, pbftMacs } from "../../src/protocols/pbft-macs/index.js";

const config = { replicas: 4, faults: 1, requests: 2, slots: 1, clients: false };

/** The search against the liar at r0, in view 0. */
async function searched(name: string, mutant?: Protocol<Json, Json>) {
  const entry = await findProtocol(name);
  const setting = settingIn(entry, {
    ...{ protocol: name, config: { ...config, authentication: "authenticators" }, byzantine: ["r0"] },
    ...{
      adversary: "arbitrary",
      network: "async",
      bounds: { views: 0 },
      properties: ["agreement", "validity"],
    },
  });
  const protocol = mutant ?? entry.protocol;
  return search({ ...setting, protocol, adversary: liarOf(protocol) }, { reduction: "dominance" });
}

test("it exposes a replica that does not check its own MAC", async (t) => {
  t.timeout(600_000);
  const unchecked = pbftMacs(
    {
      ...macRules,
      requestIsAuthentic: (all, { signer, body }) =>
        clientIds(all).includes(body.client) && signer === body.client,
    },
    "pbft-macs/unchecked",
    "does not check MACs of requests",
  ) as unknown as Protocol<Json, Json>;
  for (const { verdict, counterexample } of [
    await searched("pbft/authenticator-unchecked"),
    await searched("pbft-macs", unchecked),
  ])
    t.deepEqual([verdict, counterexample?.property], ["violated", "validity"]);
});

for (const name of ["pbft", "pbft-macs"])
  test(`${name} with authenticators holds against it`, async (t) => {
    t.timeout(600_000);
    const { verdict, states } = await searched(name);
    t.deepEqual([verdict, states], ["holds", 14_665]);
  });

/** Taken before it made authenticators. */
const alphabets = [
  ["bracha", "r0", 0, 6, "aa2c5b655215e254"],
  ["ibft", "r1", 1, 22, "2227de9cc58b4aa3"],
  ["hotstuff", "r0", 1, 19, "dae4755330e4224c"],
  ["tendermint", "r0", 1, 19, "b77ac88e2abef61a"],
  ["pbft", "r0", 0, 4, "d4aa360627d83c0a"],
  ["pbft", "r1", 1, 14, "ecedab752d65766e"],
  ["pbft-macs", "r0", 0, 11, "2966a1d9d8ad2c8b"],
] as const;

for (const [name, node, views, count, digest] of alphabets)
  test(`without authenticators it says what it said before: ${name} at ${node}`, async (t) => {
    const { protocol } = await findProtocol(name);
    const { lies } = liarOf(protocol).alphabet({ byzantine: [node], config, views, beyond: false });
    const made = createHash("sha256").update(JSON.stringify(lies)).digest("hex").slice(0, 16);
    t.deepEqual([lies.length, made], [count, digest]);
  });
