// Histories in the forms in which they are found, and what is wrong with a file.

import test from "ava";
import { eventsOf, operationsOf } from "../../src/histories/index.js";
import { register } from "../../src/linearizability/index.js";

const edn = `{:process 0, :type :invoke, :f :write, :value 1}
{:process :nemesis, :type :info, :f :start, :value nil}
{:process 1, :type :invoke, :f :cas, :value [1 2]} ; a comment
{:process 0, :type :ok, :f :write, :value 1}
{:process 1, :type :info, :f :cas, :value [1 2], :error :timeout}
{:process 2, :type :invoke, :f :write, :value 3}
{:process 2, :type :fail, :f :write, :value 3}
{:process 3, :type :invoke, :f :read, :value nil}`;

const asLog = edn
  .split("\n")
  .map((line) => /:process :?(\S+), :type (\S+), :f (\S+), :value (\[.*?\]|\w+)/.exec(line)!.slice(1))
  .map((parts) => `2026-01-01 INFO  jepsen.util - ${parts.join("\t")}`)
  .join("\n");

const asJson = eventsOf("a", edn)
  .map(({ process, type, name, value }) => JSON.stringify({ process, type, f: name, value }))
  .join("\n");

test("EDN, a vector of EDN, a log and JSON say the same", (t) => {
  const events = eventsOf("a.edn", edn);
  t.deepEqual(events.length, 8);
  t.deepEqual(events[2], { line: 3, process: "1", type: "invoke", name: "cas", value: [1, 2] });
  t.deepEqual(eventsOf("a.edn", `[${edn}\n]`), events);
  t.deepEqual(
    eventsOf("a.log", `starting\n${asLog}`).map(({ line, ...event }) => ({ line: line - 1, ...event })),
    events,
  );
  t.deepEqual(eventsOf("a.json", asJson), events);
});

test("what failed did not happen; what has no known end never returned; the nemesis calls nothing", (t) => {
  const operations = operationsOf("a.edn", eventsOf("a.edn", edn), register);
  t.deepEqual(
    operations.map(({ process, name, called, returned }) => [process, name, called, returned]),
    [
      ["0", "write", 0, 3],
      ["1", "cas", 2, null],
      ["3", "read", 7, null],
    ],
  );
});

test("keywords are not texts, sets have no order, records of Jepsen are maps", (t) => {
  const value = (text: string) =>
    eventsOf("a", `#jepsen.history.Op{:process 0 :type :ok :f :read :value ${text}}`)[0]!.value;
  t.is(value(":a"), ":a");
  t.is(value('"a"'), "a");
  t.deepEqual(value("#{2 1}"), [1, 2]);
  t.deepEqual(value('[[:k "v"] nil]'), [[":k", "v"], null]);
  t.deepEqual(value("{:x 1}"), { ":x": 1 });
});

const good = "{:process 0, :type :invoke, :f :read, :value nil}";

for (const [text, message] of [
  ["", /a has no operation: a line is/],
  ["hello\nworld", /a has no operation/],
  [`${good}\n{:process 1, :type :inv`, /line 2 of a is not EDN: a bracket or a quote is missing/],
  [`${good}\n${good} }`, /line 2 of a is not EDN/],
  [`${good} ${good}`, /line 1 of a has 2 values/],
  ["[1 2]", /line 1 of a is no operation, but \[1,2\]/],
  ["{:type :invoke, :f :read}", /line 1 of a has no :process/],
  [
    "{:process 0, :type :begin, :f :read}",
    /line 1 of a has the type begin; there are invoke, ok, fail, info/,
  ],
  [
    "{:process 0, :type :ok, :f :read, :value 9007199254740993}",
    /number 9007199254740993, which is too large/,
  ],
  ['{"process": 0, "type": "ok"', /line 1 of a is not JSON/],
  [`${good}\n${good}`, /line 2 of a: process 0 calls read before its read of line 1 has ended/],
  [
    "{:process 0, :type :ok, :f :read, :value 1}",
    /line 1 of a: process 0 ends read, which it has not called/,
  ],
  ["{:process 0, :type :invoke, :f :raed}", /a register has no operation raed. Did you mean "?read"?/],
  ["{:process 0, :type :invoke, :f :cas, :value 1}", /line 1 of a: cas takes \[OLD, NEW\], not 1/],
] as const)
  test(`${JSON.stringify(text.slice(-60))} is refused with the line`, (t) => {
    t.throws(() => operationsOf("a", eventsOf("a", text), register), { message, name: "UserError" });
  });
