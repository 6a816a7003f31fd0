// The built-in suites as data; that their expectations come true is for the suites themselves to show.

import test from "ava";
import { findProtocol } from "../../src/catalogue/index.js";
import { pbftMutants } from "../../src/protocols/pbft/index.js";
import { pbftSuites } from "../../src/suite/pbft.js";
import { plan } from "../../src/suite/plan.js";
import type { CheckRequest, Suite } from "../../src/suite/request.js";

function requestsOf(suites: readonly Suite[]): readonly CheckRequest[] {
  return suites.flatMap(({ requests }) => requests);
}

async function runsOf(suites: readonly Suite[]): Promise<number> {
  const runs = requestsOf(suites).map(async (request) => plan(await findProtocol(request.protocol), request));
  return (await Promise.all(runs)).flat().length;
}

const names = pbftMutants.map(({ name }) => name);

/** Mutants that the plain search takes long to bring down. */
const slow = [
  "pbft/duplicate-votes-count",
  "pbft/prepares-are-commits",
  "pbft/primary-prepares",
  "pbft/new-view-unjustified",
  "pbft/backup-trusts-new-view",
  "pbft/certificate-unchecked",
  "pbft/quorum-fixed-2f+1",
  "pbft/pre-prepare-from-anyone",
  "pbft/view-change-not-deduplicated",
  "pbft/new-view-lowest-certificate",
  "pbft/checkpoint-proof-unchecked",
  "pbft/snapshot-unchecked",
  "pbft/no-watermarks",
  "pbft/executes-out-of-order",
  "pbft/old-timestamps-executed",
  "pbft/certificate-needs-authenticator",
  "pbft/primary-waits-for-ever",
];

test("standard expects correct PBFT to hold and every mutant to fall", (t) => {
  const [correct, weak, harmless, broken, ...rest] = pbftSuites.standard;
  t.is(rest.length, 0);
  t.true(correct!.requests.every(({ protocol, expect }) => protocol === "pbft" && expect === "holds"));
  t.deepEqual(
    weak!.requests.map(({ protocol, authentication, expect }) => [protocol, authentication, expect]),
    [["pbft", "authenticators", "violated"]],
  );
  t.deepEqual(
    harmless!.requests.map(({ protocol, expect }) => [protocol, expect]),
    [
      ["pbft/commit-before-prepared", "holds"],
      ["pbft/new-view-starts-at-zero", "holds"],
      ["pbft/replies-once", "holds"],
    ],
  );
  t.deepEqual(
    broken!.requests,
    names.map((protocol) => ({
      protocol,
      expect: "violated",
      reduce: slow.includes(protocol) ? "visible-steps" : "none",
    })),
  );
});

test("small is a part of standard, without the mutants that take their time", (t) => {
  const all = requestsOf(pbftSuites.standard);
  t.true(requestsOf(pbftSuites.small).every((request) => all.includes(request)));
  const missing = names.filter(
    (name) => !requestsOf(pbftSuites.small).some(({ protocol }) => protocol === name),
  );
  t.deepEqual(missing, slow);
});

const speakers = [
  "silent",
  "replayer",
  "equivocating-primary",
  "lying-voter",
  "checkpoint-liar",
  "certificate-withholder",
  "view-change-liar",
  "new-view-forger",
  "byzantine-client",
  "arbitrary",
];

test("full adds every mutant under every adversary that makes up its messages, and expects nothing there", (t) => {
  t.deepEqual(pbftSuites.full.slice(0, 4), [...pbftSuites.standard]);
  t.deepEqual(
    pbftSuites.full
      .slice(5)
      .flatMap(({ requests }) =>
        requests.map(({ protocol, adversaries, expect }) => [protocol, adversaries, expect] as const),
      ),
    names.map((name) => [name, ["none", ...speakers], "any"] as const),
  );
});

test("every request of the suites makes sense, and makes this many runs", async (t) => {
  t.is(await runsOf(pbftSuites.small), 51);
  t.is(await runsOf(pbftSuites.standard), 95);
});

test("standard puts the arbitrary adversary in every inequivalent place", async (t) => {
  const runs = await Promise.all(
    pbftSuites.standard[0]!.requests.map(async (request) => plan(await findProtocol("pbft"), request)),
  );
  const places = runs
    .flat()
    .filter(({ description }) => description.adversary === "arbitrary")
    .map(
      ({ description: { config, byzantine } }) =>
        `${byzantine.join()}${config.clients ? " clients" : ""}${config.reads ? " reads" : ""}${config.authentication ? " authenticators" : ""}`,
    );
  t.deepEqual(places, [
    "r3 clients reads",
    "r0 authenticators",
    "r0 clients reads",
    "c0,r0 clients",
    "r0",
    "r1",
    "r2",
    "r0",
    "r1",
    "r2",
    "r3",
    "r2 clients",
  ]);
});
