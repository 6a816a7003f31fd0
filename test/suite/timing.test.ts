// From a request for timed runs to their settings: the figures of the proof, and what is refused.

import test from "ava";
import { findProtocol } from "../../src/catalogue/index.js";
import { search } from "../../src/explore/search.js";
import { UserError } from "../../src/model/errors.js";
import { plan } from "../../src/suite/plan.js";
import type { FuzzRequest } from "../../src/suite/request.js";
import { timedSetting } from "../support/settings.js";

async function planned(request: Partial<FuzzRequest>) {
  const { protocol = "pbft" } = request;
  return plan(await findProtocol(protocol), { protocol, timing: {}, ...request }).map(
    ({ description }) => description,
  );
}

async function refusal(request: Partial<FuzzRequest>): Promise<string> {
  try {
    await planned(request);
  } catch (error) {
    if (error instanceof UserError && error.code === "bad-option") return error.message;
    throw error;
  }
  return "not refused";
}

test("timed runs have a client, all views that may be needed, and the bound of the proof", async (t) => {
  const runs = await planned({});
  t.deepEqual(
    runs.map(({ byzantine }) => byzantine),
    [["r0"], ["r1"], ["r2"], ["r3"]],
  );
  for (const { config, bounds, properties, timing, network } of runs) {
    t.deepEqual(config, {
      replicas: 4,
      faults: 1,
      slots: 1,
      clients: true,
      requests: 1,
    });
    t.deepEqual(bounds, { views: 4 });
    t.deepEqual(properties, ["clients-are-served"]);
    t.deepEqual(timing, { gstMs: 60, deltaMs: 10, timeoutMs: 20, withinDeltas: 49 });
    t.is(network, "async");
  }
});

test("what is given is kept, and the rest follows from it", async (t) => {
  const [run] = await planned({ timing: { gstMs: 0, deltaMs: 10, timeoutMs: 5 }, byzantine: ["r0"] });
  t.deepEqual([run!.timing!.withinDeltas, run!.bounds.views], [35, 5]);
  const [other] = await planned({ timing: { withinDeltas: 7.5 }, views: 2, byzantine: ["r0"] });
  t.deepEqual([other!.timing!.withinDeltas, other!.bounds.views], [7.5, 2]);
});

test("mutants that only time shows run where they fall", async (t) => {
  const brief = async (protocol: string) => {
    const [run, ...others] = plan(await findProtocol(protocol), { protocol });
    const { adversary, byzantine, bounds, timing } = run!.description;
    return [others.length, adversary, byzantine, bounds.views, timing!.withinDeltas];
  };
  t.deepEqual(await brief("pbft/timeout-constant"), [0, "silent", ["r3"], 200, 49]);
});

test("what has no times is refused", async (t) => {
  const about = "Timed runs are about when clients are served:";
  t.is(await refusal({ clients: false }), `${about} --clients no leaves them out.`);
  t.is(
    await refusal({ crashes: 1 }),
    `${about} crashes have no times yet, so --crashes cannot be combined with them.`,
  );
  t.is(
    await refusal({ network: "lossy:1" }),
    `${about} what the network does to messages is said by --gst and --delta, so there are the networks async, once, fifo, and not lossy:1.`,
  );
  t.is(await refusal({ protocol: "bracha" }), `${about} bracha has no client nodes.`);
  t.is(
    await refusal({ properties: ["validity"] }),
    `${about} the property clients-are-served has to be among those named.`,
  );
  t.is(
    await refusal({ properties: ["clients-are-served", "nobody-waits-for-ever"] }),
    `${about} nobody-waits-for-ever says nothing of that; use clients-are-served.`,
  );
});

test("without a figure of the protocol's own, k has to be given", async (t) => {
  const missing =
    "pbft has no figure for how soon clients are served in such a run: give one in Deltas, as in --within 100.";
  t.is(await refusal({ replicas: 7 }), missing);
  t.is(await refusal({ requests: 2, slots: 2 }), missing);
  const [run] = await planned({ replicas: 7, timing: { withinDeltas: 100 }, byzantine: ["r0"] });
  t.is(run!.timing!.withinDeltas, 100);
});

test("the search knows no clock", async (t) => {
  await t.throwsAsync(search(timedSetting("silent", ["r0"])), {
    message:
      "The search knows no clock: every timer may fire at any moment. Timed runs are made by turncoat fuzz.",
  });
});
