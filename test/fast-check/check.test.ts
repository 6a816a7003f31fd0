import test from "ava";
import * as Schema from "effect/Schema";
import * as fc from "fast-check";
import { agreement } from "../../properties/agreement.js";
import { check, type ScheduledCase, scheduledRuns } from "../../src/fast-check/index.js";
import { UserError } from "../../src/model/errors.js";
import { invariant, world } from "../../src/protocol/index.js";
import { deafAndListening } from "../support/counting-property.js";
import { tooFewEchoes } from "./broadcasts.js";

const broken = "pbft/quorum-2f";

test("the error has the seed, the path and the run in words, and they repeat it", async (t) => {
  const error = await t.throwsAsync(check(broken, {}, { seed: 1, numRuns: 500 }));
  const [, path] = /path: "([^"]+)"/.exec(error.message) ?? [];
  t.regex(error.message, /seed: 1,/);
  t.regex(error.message, /pbft\/quorum-2f, n = 4, f = 1, Byzantine: r0 \(equivocating-primary\)/);
  t.regex(error.message, /agreement is violated after 4 actions: r\d executed c\d:1:\w at slot 1, but r\d/); // as short as the search's counterexample
  const again = await t.throwsAsync(check(broken, {}, { seed: 1, path: path!, endOnFailure: true }));
  t.regex(again.message, /agreement is violated after 4 actions/);
});

test("what fails shrinks to a run without faults", async (t) => {
  const property = fc.asyncProperty(await scheduledRuns(broken), async (one) => one.run().violation === null);
  const details = (await fc.check(property, { seed: 1, numRuns: 500 })) as fc.RunDetails<[ScheduledCase]>;
  t.deepEqual(details.counterexample?.[0].plan, []);
  t.is(details.counterexample?.[0].run().actions.length, 4);
});

test("a protocol that has no name is checked with its own adversaries and properties", async (t) => {
  const { protocol, adversary } = tooFewEchoes;
  const options = { adversaries: [adversary], properties: [agreement], phases: 0 };
  await t.throwsAsync(check(protocol, options, { seed: 1, numRuns: 200 }), {
    message: /agreement is violated/,
  });
  await check(protocol, { ...options, adversaries: ["none"] }, { seed: 1, numRuns: 20 });
});

test("a specification has one node, and only what is claimed of it is checked", async (t) => {
  const clock = world({
    ...{ name: "clock", summary: "an hour clock", state: Schema.Number, initial: [1] },
    next: (hour) => [(hour % 12) + 1],
  });
  const below = (most: number) => invariant<number>("below", ([node]) => node!.state < most);
  await check(clock, { properties: [below(13)] }, { seed: 1, numRuns: 20 });
  await t.throwsAsync(check(clock, { properties: [below(7)] }, { seed: 1, numRuns: 100 }), {
    message: /clock, n = 1, f = 0, Byzantine: none/,
  });
  await t.throwsAsync(check(clock), { message: /^Nothing to check: clock is a specification/ });
});

test("properties that no run has put to the test are an error", async (t) => {
  await t.throwsAsync(check("pbft", { properties: ["agreement"], maxActions: 2 }, { seed: 1, numRuns: 5 }), {
    message: /^vacuous: no run has put agreement to the test/,
  });
});

test.serial("a property that has not observed anything in any run is told of", async (t) => {
  const said: string[] = [];
  const { warn } = console;
  console.warn = (text: string) => said.push(text);
  t.teardown(() => {
    console.warn = warn;
  });
  const asked = { adversaries: ["silent"], properties: deafAndListening, clients: false, maxActions: 100 };
  await check("pbft", asked, { seed: 1, numRuns: 5 });
  t.deepEqual(
    said.map((text) => text.split(":")[1]).filter((text) => text?.includes("observed anything")),
    [" deaf has not observed anything"],
  );
});

test("what says that something happens is no matter for random runs", async (t) => {
  const error = await t.throwsAsync(check("pbft", { properties: ["clients-are-served"] }));
  t.true(error instanceof UserError);
  t.regex(error.message, /^clients-are-served says that something happens/);
});
