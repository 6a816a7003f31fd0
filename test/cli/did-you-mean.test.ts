// A name that is nearly right is answered with the one that was meant, before all that there are.

import test from "ava";
import { nearest } from "../../src/protocol/did-you-mean.js";
import { directoryWith, turncoat } from "./support.js";

const config = (request: object) => ({
  "turncoat.config.json": JSON.stringify({
    suites: [{ name: "mine", requests: [{ protocol: "pbft", ...request }] }],
  }),
});
const mistaken: readonly [command: string, meant: string, files?: { readonly [name: string]: string }][] = [
  ["check pbtf", '"pbft"'],
  ["check pbft/quorum-2g", '"pbft/quorum-2f"'],
  ["check quorum-2f", '"pbft/quorum-2f"'],
  ["fuzz pxos", '"paxos"'],
  ["simulate tendermnt", '"tendermint"'],
  ["check pbft --adversary silnt", '"silent"'],
  ["check pbft --adversary silent+lying-votr", '"lying-voter"'],
  ["simulate --adversary randon", '"random"'],
  ["check pbft --property agreemnt", '"agreement"'],
  ["simulate --property agreemnt", '"agreement"'],
  ["check pbft --network asinc", '"async"'],
  ["check pbft --reduce dominanse", '"dominance"'],
  ["check --suite standart", '"standard"'],
  ["check pbft --losing volatil", '"volatile"'],
  ["fuzz pbft --strategy mixd", '"mixed"'],
  ["replay x.json --emit mermaidd", '"mermaid"'],
  ["list adversary", '"adversaries"'],
  ["simulate --sweep byzantin=0..2", '"byzantine"'],
  ["chek pbft", "check"],
  ["check pbft --viewz 1", "--views"],
  ["check", '"views"', config({ viewz: 1 })],
  ["check", '"silent"', config({ adversaries: ["silnt"] })],
  ["simulate --sweep sweep.json", '"replicas"', { "sweep.json": '{ "base": { "replica": 4 } }' }],
];

for (const [command, meant, files] of mistaken)
  test(`${command}${files ? " with files" : ""}: did you mean ${meant}?`, async (t) => {
    const { code, stdout, stderr } = await turncoat(await directoryWith(t, files), ...command.split(" "));
    t.is(code, 2);
    t.is(stdout, "");
    t.regex(stderr, new RegExp(`[Dd]id you mean ${meant}\\?`));
    const list = stderr.search(/There are:|Built-in are|Allowed choices|options are/);
    if (list >= 0) t.true(stderr.indexOf("Did you mean") < list);
  });

test("what is not near is not guessed", (t) => {
  t.is(nearest("zab", ["pbft", "paxos"]), null);
  t.is(nearest("", ["pbft"]), null);
  t.is(nearest("x".repeat(10_000), ["pbft"]), null);
  t.is(nearest("PBFT", ["pbft"]), "pbft");
});
