import test from "ava";
import { settingCaptions, settingJson, settingName, splitName } from "../../src/render/setting.js";
import { description } from "../report/fixtures.js";

const withClient = { ...description, config: { ...description.config, requests: 1, clients: true } };

test("a setting has a short name", (t) => {
  t.is(settingName(description), "pbft, arbitrary at r0, views 0-1");
  t.is(
    settingName({ ...withClient, byzantine: ["r0", "r1"] }),
    "pbft, arbitrary at r0, r1, views 0-1, with clients",
  );
  t.is(settingName({ ...description, adversary: null, byzantine: [] }), "pbft, no adversary, views 0-1");
});

test("captions tell once what several rows share", (t) => {
  const safety = "n=4, f=1, async network, 2 requests, 1 slot, no client nodes";
  t.deepEqual(settingCaptions([description, { ...description, byzantine: ["r1"] }]), [safety]);
  t.deepEqual(settingCaptions([description, withClient, description]), [
    safety,
    "n=4, f=1, async network, 1 request, 1 slot, client nodes",
  ]);
  t.deepEqual(settingCaptions([]), []);
});

test("the JSON of a setting splits the mutant from its protocol", (t) => {
  t.deepEqual(settingJson({ ...description, protocol: "pbft/quorum-2f" }, false), {
    protocol: "pbft",
    mutant: "quorum-2f",
    replicas: 4,
    faults: 1,
    adversary: "arbitrary",
    byzantine: ["r0"],
    network: "async",
    clients: false,
    bounds: { views: 1, requests: 2, slots: 1 },
    insideContract: false,
  });
});

test("a path is a protocol without mutants", (t) => {
  t.deepEqual(splitName("pbft"), ["pbft", null]);
  t.deepEqual(splitName("pbft/quorum-2f"), ["pbft", "quorum-2f"]);
  for (const path of ["./pbft/quorum-2f", "/pbft/quorum-2f", "lib/pbft.ts", "../x.js", "a/b/c.mjs"])
    t.deepEqual(splitName(path), [path, null]);
});
