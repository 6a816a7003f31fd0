// PBFT and its mutants once more, wrapped as stateful classes with async methods: the same verdicts, the same shortest lengths, the same
// numbers of states and transitions as the pure functions.

import { fileURLToPath } from "node:url";
import test from "ava";
import { findProtocol, type Protocol, search, settingFrom } from "../../src/index.js";
import type { Json } from "../../src/protocol/index.js";
import { plan } from "../../src/suite/plan.js";
import type { CheckRequest } from "../../src/suite/request.js";
import { realFile, verdictOf } from "./support.js";

const wrapper = fileURLToPath(new URL("../../../test/real/fixtures/stateful.ts", import.meta.url));

/** The protocol of this name with replicas that are classes. */
async function wrapped(t: Parameters<typeof realFile>[0], name: string): Promise<Protocol<Json, Json>> {
  const source = `import { stateful } from ${JSON.stringify(wrapper)};\nconst make = stateful(${JSON.stringify(name)});`;
  const file = await realFile(t, source, { ask: "at-start", random: [0, 0.5], unordered: true });
  const [pure, real] = [(await findProtocol(name)).protocol, (await findProtocol(file)).protocol];
  return {
    ...pure,
    nodes: (config) => {
      const replicas = new Map(real.nodes(config).map((node) => [node.id, node]));
      return pure.nodes(config).map((node) => replicas.get(node.id) ?? node);
    },
  };
}

async function same(
  t: Parameters<typeof realFile>[0],
  name: string,
  request: Omit<Partial<CheckRequest>, "protocol"> = {},
) {
  const [run] = plan(await findProtocol(name), { protocol: name, ...request });
  const setting = await settingFrom(run!.description);
  const options = run!.reduction === null ? {} : { reduction: run!.reduction };
  const pure = await search(setting, options);
  const real = await search({ ...setting, protocol: await wrapped(t, name) }, options);
  const summary = (result: typeof pure) => ({ ...verdictOf(result), transitions: result.transitions });
  t.deepEqual(summary(real), summary(pure));
  t.true(pure.states > 10);
}

for (const flaw of ["quorum-2f", "votes-ignore-digest", "view-change-forgets"])
  test(`pbft/${flaw} as a class is pbft/${flaw}`, (t) => same(t, `pbft/${flaw}`));

test("PBFT in view 0 with an equivocating primary as a class is PBFT", (t) =>
  same(t, "pbft", {
    ...{ adversaries: ["equivocating-primary"], byzantine: ["r0"], views: 0, properties: ["agreement"] },
    ...{ reduce: "visible-steps", clients: false },
  }));

test("PBFT that crashes and restarts as a class is PBFT", (t) =>
  same(t, "pbft", {
    ...{ adversaries: ["none"], crashes: 1, views: 0, properties: ["agreement"] },
    ...{ reduce: "none", clients: false, requests: 1 },
  }));

for (const flaw of ["quorum-2f", "votes-ignore-digest", "view-change-forgets"])
  test(`pbft/${flaw} as a class: searches by tallies find the same as those that look at every subset of the votes`, async (t) => {
    const name = `pbft/${flaw}`;
    const [run] = plan(await findProtocol(name), { protocol: name });
    const setting = { ...(await settingFrom(run!.description)), protocol: await wrapped(t, name) };
    const [whole, tallied] = await Promise.all(
      (["never", "always"] as const).map((tallies) =>
        search(setting, { reduction: "visible-steps", tallies }),
      ),
    );
    t.deepEqual(verdictOf(tallied!), verdictOf(whole!));
    t.true(tallied!.tallies!.searches > 0);
  });
