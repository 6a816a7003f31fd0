// OSDI'99, section 5.2: requests with authenticators. A MAC convinces one replica, and nobody else.

import test from "ava";
import { nobodyWaitsForEver } from "../../../properties/index.js";
import { search } from "../../../src/explore/search.js";
import type { Authentication, Config } from "../../../src/protocol/index.js";
import { requestOf } from "../../../src/protocols/pbft/requests.js";
import { pbftSetting, withClient } from "../../support/settings.js";
import {
  A,
  AFor,
  authenticated as config,
  drive,
  type Happening,
  newView,
  prePrepare,
  prepared,
  viewChange,
} from "./support.js";

const replica = (self: string, ...happenings: readonly Happening[]) => drive(self, happenings, { config });
const toAll = AFor("r0", "r1", "r2", "r3");

test("a client makes an authenticator for all replicas", (t) => {
  t.deepEqual(requestOf(config, "c0", 1), toAll);
  t.deepEqual(requestOf({ ...config, authentication: "signatures" }, "c0", 1), A);
});

test("a replica believes a request whose MAC for it is right, whatever the others are", (t) => {
  t.deepEqual(replica("r1", AFor("r1")).last, ["request(A) -> r0", "set-timer 1"]);
  t.deepEqual(replica("r1", AFor("r0", "r2", "r3")).last, []);
});

test("neither is a signature an authenticator, nor an authenticator a signature", (t) => {
  t.deepEqual(replica("r1", A).last, []);
  t.deepEqual(drive("r1", [toAll]).last, []);
});

test("the primary proposes a request with the authenticator that it came with", (t) => {
  const { state } = replica("r0", AFor("r0", "r2"));
  t.deepEqual(state.log[0]!.proposal!.body.request, AFor("r0", "r2"));
});

test("a backup keeps a pre-prepare for later whose request is not authentic yet", (t) => {
  const proposal = prePrepare(0, 1, AFor("r0", "r2"));
  const { last, state } = replica("r1", proposal);
  t.deepEqual(last, ["defer r0 pre-prepare 0 1"]);
  t.deepEqual(state.log, []);
  t.deepEqual(replica("r1", proposal, AFor("r1"), proposal).last, ["prepare(0, 1, A)"]);
  t.deepEqual(replica("r2", proposal).last, ["prepare(0, 1, A)", "set-timer 1"]);
});

test("what a quorum has prepared is believed, however spoiled its authenticator is", (t) => {
  const certificate = { ...prepared(0, 1, A), prePrepare: prePrepare(0, 1, AFor()) };
  const changes = [viewChange("r0", 1, [certificate]), viewChange("r2", 1), viewChange("r3", 1)];
  t.deepEqual(replica("r2", newView(1, changes)).last, ["view-change(1)", "prepare(1, 1, A)", "set-timer 2"]);
});

/** The client shows its requests to whom it likes; nobody else is faulty. */
const alone = (authentication: Authentication) => {
  const parameters: Config = { ...withClient, slots: 2, authentication, showsWaiting: true };
  return pbftSetting("byzantine-client", "c0", { config: parameters, properties: [nobodyWaitsForEver] });
};

test("a client that convinces the primary alone makes it wait for ever", async (t) => {
  const { verdict, counterexample } = await search(alone("authenticators"));
  t.is(verdict, "violated");
  t.is(counterexample!.actions.length, 1);
  t.is(counterexample!.explanation, "nothing that must happen is left to happen, and r0 still waits");
});

test("with signatures it does not: who sees a request is convinced", async (t) => {
  const { byzantine, ...setting } = alone("signatures");
  const { verdict, frontier, states } = await search({ ...setting, byzantine: [...byzantine, "r3"] });
  t.is(verdict, "holds");
  t.is(frontier, 0);
  t.is(states, 6928);
});
