// How the values of options are read.

import test from "ava";
import { Command, InvalidArgumentError } from "commander";
import { type CampaignOptions, refuseOtherKind } from "../../src/cli/campaign-options.js";
import {
  bytes,
  duration,
  givenSettingOptions,
  integer,
  list,
  positive,
  requestFrom,
  type SettingOptions,
  withSettingOptions,
} from "../../src/cli/options.js";
import { UserError } from "../../src/model/errors.js";

function parsed(...args: string[]): SettingOptions {
  return withSettingOptions(new Command().exitOverride().configureOutput({ writeErr: () => {} }))
    .parse(args, { from: "user" })
    .opts();
}

test("a whole number is written in digits, and is at least what it has to be", (t) => {
  t.is(integer(0)("0"), 0);
  t.is(integer(1)("12"), 12);
  for (const text of ["0", "-1", "1.5", "1e3", "0x10", " 1", "", "one", "9007199254740993"])
    t.throws(() => integer(1)(text), {
      instanceOf: InvalidArgumentError,
      message: "Use a whole number of at least 1.",
    });
});

test("a positive number may have a fraction", (t) => {
  t.is(positive("0.5"), 0.5);
  t.is(positive("60"), 60);
  for (const text of ["0", "-1", "soon", "", "Infinity"])
    t.throws(() => positive(text), { instanceOf: InvalidArgumentError, message: "Use a number above 0." });
});

test("how long something may take is said in seconds, or with a unit", (t) => {
  const said = ["0.5", "60", "250ms", "30s", "5m", "2h"].map((text) => duration(text));
  t.deepEqual(said, [0.5, 60, 0.25, 30, 300, 7200]);
  for (const text of ["0", "0s", "-1", "3x", "s", "5 m", ""])
    t.throws(() => duration(text), {
      instanceOf: InvalidArgumentError,
      message: "Use a time above 0: a number of seconds, or such as 30s, 5m or 2h.",
    });
});

test("campaign start refuses what belongs to the other kind: a search knows no clock", (t) => {
  const refused = (options: Partial<CampaignOptions>) =>
    t.throws(() => refuseOtherKind({ traces: "", ...options }), { instanceOf: UserError })?.message;
  const ofRuns = (option: string) => `${option} is of random runs: leave it out, or leave out --check.`;
  t.is(refused({ check: true, gst: 100 }), ofRuns("--gst"));
  t.is(refused({ check: true, maxActions: 9 }), ofRuns("--max-actions"));
  t.is(refused({ maxStates: 9 }), "--max-states is of searches: it belongs to campaign start --check.");
  t.notThrows(() => refuseOtherKind({ traces: "", gst: 100 }));
});

test("an amount of memory has a unit, which is a power of 1024", (t) => {
  t.is(bytes("1KB"), 1024);
  t.is(bytes("512MB"), 512 * 1024 ** 2);
  t.is(bytes("4GB"), 4 * 1024 ** 3);
  t.is(bytes("1.5GiB"), 1.5 * 1024 ** 3);
  t.is(bytes("2 t"), 2 * 1024 ** 4);
  for (const text of ["512", "GB", "-1GB", "1PB", "1.GB"])
    t.throws(() => bytes(text), {
      instanceOf: InvalidArgumentError,
      message: "Use a number with a unit, as in 512MB or 4GB.",
    });
});

test("names are separated by commas, and none is empty", (t) => {
  t.deepEqual(list("a"), ["a"]);
  t.deepEqual(list("a, b ,c"), ["a", "b", "c"]);
  for (const text of ["", ",", "a,", "a,,b"])
    t.throws(() => list(text), {
      instanceOf: InvalidArgumentError,
      message: "Use names separated by commas.",
    });
});

test("the options make a request in which what was not given is absent", (t) => {
  t.deepEqual(requestFrom("pbft", parsed()), { protocol: "pbft" });
  t.deepEqual(
    requestFrom(
      "pbft",
      parsed(
        ...["--replicas", "7", "--faults", "2", "--adversary", "silent,arbitrary", "--byzantine", "r0,r1"],
        ...[
          "--property",
          "agreement",
          "--network",
          "async",
          "--views",
          "0",
          "--requests",
          "3",
          "--slots",
          "2",
        ],
      ),
    ),
    {
      protocol: "pbft",
      replicas: 7,
      faults: 2,
      adversaries: ["silent", "arbitrary"],
      byzantine: ["r0", "r1"],
      properties: ["agreement"],
      network: "async",
      views: 0,
      requests: 3,
      slots: 2,
    },
  );
  t.is(requestFrom("pbft", parsed("--byzantine", "each")).byzantine, "each");
});

test("the options that were given are known by name", (t) => {
  t.deepEqual(givenSettingOptions(parsed()), []);
  t.deepEqual(givenSettingOptions(parsed("--slots", "1", "--views", "0", "--network", "async")), [
    "--network",
    "--views",
    "--slots",
  ]);
});
