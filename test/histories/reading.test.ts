// Histories in the forms in which they are found, and what is wrong with a file.

import test from "ava";
import fc from "fast-check";
import { eventsOf, operationsOf } from "../../src/histories/index.js";
import { kv, linearize, type Operation, register } from "../../src/linearizability/index.js";
import type { Json } from "../../src/protocol/index.js";

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

test("a map may take several lines, several maps one; a list around all of them and comments say nothing", (t) => {
  const events = eventsOf("a", edn);
  const unnumbered = (text: string) => eventsOf("a", text).map(({ line: _, ...event }) => event);
  const same = events.map(({ line: _, ...event }) => event);
  for (const text of [
    edn.replaceAll(", :", ",\n :"),
    edn.replace(" ; a comment", "").replaceAll("\n", " "),
    `; a history\n\n(${edn} ; the end )\n)\n; of it`,
    `[ ; what follows is a vector\n${edn}]`,
    `[#_ {:process 9, :type :invoke} ${edn}]`,
    `#_{:process 9, :type :invoke}\n${edn} #_ {:process 9, :type :ok}`,
    `(${edn.replaceAll("{:process", "#jepsen.history.Op {:process")})`,
    edn.replaceAll("}", ', :error "a } or a ] ; \\" {"}'),
  ])
    t.deepEqual(unnumbered(text), same, text);
  t.deepEqual(
    eventsOf("a", edn.replaceAll(", :", ",\n :")).map(({ line }) => line),
    [1, 5, 9, 13, 17, 22, 26, 30],
  );
  for (const text of [`[${asJson.replaceAll("\n", ",\n")}]`, asJson.replaceAll(",", ",\n  ")])
    t.deepEqual(unnumbered(text), same, text);
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

test("Porcupine's form of a key-value store has its key beside the value; an answer is for the key that was asked", (t) => {
  const text = `{:process 0, :type :invoke, :f :put, :key "x", :value "1"}
{:process 1, :type :invoke, :f :get, :key "x", :value nil}
{:process 0, :type :ok, :f :put, :key "x", :value "1"}
{:process 0, :type :invoke, :f :append, :key "x", :value "2"}
{:process 0, :type :info, :f :append, :key "x", :value "2"}
{:process 1, :type :ok, :f :get, :key "x", :value "12"}`;
  const operations = operationsOf("a", eventsOf("a", text), kv);
  t.deepEqual(
    operations.map(({ name, input, output, returned }) => [name, input, output, returned]),
    [
      ["put", ["x", "1"], ["x", "1"], 2],
      ["get", ["x", null], ["x", "12"], 5],
      ["append", ["x", "2"], null, null],
    ],
  );
  t.true(linearize(operations, kv).isLinearizable);
  const stale = text.replace('"12"', '"2"');
  t.false(linearize(operationsOf("a", eventsOf("a", stale), kv), kv).isLinearizable);
  t.throws(
    () =>
      operationsOf("a", eventsOf("a", text.replace(':key "x", :value "12"', ':key "y", :value "12"')), kv),
    {
      message: 'line 6 of a: process 1 ends get of "y", and has called it for "x" in line 2',
    },
  );
});

/** Events of random operations of some processes, which end as they should, or not at all. */
const randomEvents = fc
  .array(
    fc.record({
      process: fc.nat(2),
      f: fc.constantFrom("read", "write"),
      value: fc.nat(2),
      end: fc.constantFrom("ok", "ok", "fail", "info"),
    }),
    {
      minLength: 2,
      maxLength: 10,
    },
  )
  .map((drawn) => {
    let next = 3;
    const names = ["0", "1", "2"];
    const open = new Map<number, { readonly f: string; readonly value: number }>();
    return drawn.map(({ process, f, value, end }) => {
      const call = open.get(process);
      const name = names[process]!;
      if (call === undefined) {
        open.set(process, { f, value });
        return { process: name, type: "invoke", f, value: f === "read" ? null : value };
      }
      open.delete(process);
      if (end === "info") names[process] = String(next++); // as in Jepsen, a process that knows nothing is replaced
      return {
        process: name,
        type: end,
        f: call.f,
        value: call.f === "read" && end === "ok" ? value : call.f === "read" ? null : call.value,
      };
    });
  });

test("random histories say the same in every form, and are judged as by all orders of what may have happened", (t) => {
  let count = 0;
  for (const events of fc.sample(randomEvents, { seed: 3, numRuns: 400 })) {
    const edn = events.map(
      ({ process, type, f, value }) =>
        `{:process ${process}, :type :${type}, :f :${f}, :value ${value ?? "nil"}}`,
    );
    const log = events.map(
      ({ process, type, f, value }) => `INFO jepsen.util - ${process}\t:${type}\t:${f}\t${value ?? "nil"}`,
    );
    const of = (text: string) => operationsOf("a", eventsOf("a", text), register);
    const operations = of(edn.join("\n"));
    t.deepEqual(of(events.map((event) => JSON.stringify(event)).join("\n")), operations);
    t.deepEqual(of(log.join("\n")), operations);
    const whole = operations.map(({ process, name, input, output, called, returned }) =>
      JSON.stringify({
        ...{ ClientId: Number(process), Call: called, Input: { f: name, value: input }, Output: output },
        ...(returned !== null && { Return: returned }),
      }),
    );
    const expected = isExplained(operations, 0);
    t.is(linearize(operations, register, 0).isLinearizable, expected);
    if (whole.length > 0)
      t.is(linearize(of(whole.reverse().join("\n")), register, 0).isLinearizable, expected);
    if (!expected) count++;
  }
  t.is(count, 100);
});

/** By the definition: some order of all that returned, and of some that did not, keeps to real time and to a register. */
function isExplained(rest: readonly Operation[], value: Json): boolean {
  if (rest.every(({ returned }) => returned === null)) return true;
  return rest.some((next) => {
    const others = rest.filter((one) => one !== next);
    if (others.some(({ returned }) => returned !== null && returned < next.called)) return false;
    if (next.name === "write") return isExplained(others, next.input);
    return (next.returned === null || next.output === value) && isExplained(others, value);
  });
}

test("what is called when another returns overlaps with it, and 10,000 operations are read and judged", (t) => {
  const line = (ClientId: number, Call: number, Return: number, f: string, value: Json, Output: Json) =>
    JSON.stringify({ ClientId, Call, Return, Input: { f, value }, Output });
  const of = (lines: readonly string[]) =>
    linearize(operationsOf("a", eventsOf("a", lines.join("\n")), register), register, 0).isLinearizable;
  t.true(of([line(0, 1, 5, "write", 1, null), line(1, 5, 9, "read", null, 0)]));
  t.false(of([line(0, 1, 5, "write", 1, null), line(1, 6, 9, "read", null, 0)]));
  const many = Array.from({ length: 5_000 }, (_, i) => [
    line(0, 4 * i, 4 * i + 2, "write", i, null),
    line(1, 4 * i + 1, 4 * i + 3, "read", null, i),
  ]).flat();
  t.true(of(many));
});

const good = "{:process 0, :type :invoke, :f :read, :value nil}";

for (const [text, message] of [
  ["", /a has no operation: a line is/],
  ["hello\nworld", /a has no operation/],
  [`${good}\n{:process 1, :type :inv`, /line 2 of a is not EDN: a bracket or a quote is missing/],
  [`${good}\n${good} }`, /line 2 of a is not EDN/],
  [`(${good}`, /line 1 of a is not EDN: a bracket/],
  [`[${good})`, /line 1 of a is not EDN: a bracket/],
  [`(${good})\n\n${good}`, /line 3 of a is not EDN: a bracket/],
  [`${good}\n{:process 1,\n :type :invoke\n`, /line 2 of a is not EDN/],
  [`${good}\nhello there`, /line 2 of a is no operation, but/],
  ["()", /a has no operation/],
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
  ['{"ClientId": 0, "Call": 1, "Input": {"value": 1}}', /line 1 of a has no f in its Input/],
  [
    '{"ClientId": 0, "Call": 2, "Return": 1, "Input": {"f": "read"}}',
    /line 1 of a returns before it is called/,
  ],
  [
    `${good}\n{"ClientId": 0, "Call": 1, "Input": {"f": "read"}}`,
    /line 2 of a is a whole operation with its times, and other lines are events/,
  ],
  [
    `${good}\n{:process 0, :type :ok, :f :write, :value 1}`,
    /line 2 of a: process 0 ends write, and has called read in line 1/,
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
