// Nothing that a protocol's author writes is trusted: every mistake gets a name, the node and the input.

import test from "ava";
import * as Schema from "effect/Schema";
import { search } from "../../src/explore/search.js";
import { UserError, type UserErrorCode } from "../../src/model/errors.js";
import type { Json, Outcomes } from "../../src/protocol/index.js";
import { type Toy, to, toySetting } from "../support/toy.js";

let calls = 0;

const atStart = "at its start";
const onGo = 'on {"kind":"message","from":"r1","message":"go"} in state {"count":0}';

/** A protocol whose nodes greet each other, and then make a mistake. */
function onMessage(mistake: (state: { count: number }) => unknown): Toy {
  return {
    init: () => to({ count: 0 }, [{ kind: "broadcast", message: "go" }]),
    step: (_context, state) => mistake(state as { count: number }) as Outcomes<Json, Json>,
  };
}

type Mistake = readonly [what: string, toy: Toy, code: UserErrorCode, message: string];

function nondeterministic(why: string, when: string): string {
  return (
    `r0 is nondeterministic: ${why}, ${when}. A step function must depend on its arguments alone; ` +
    "return several labelled outcomes where there is a choice, marked as random where chance decides."
  );
}

const malformed = "r0 returned something malformed:";

const mistakes: readonly Mistake[] = [
  [
    "throws",
    onMessage(() => {
      throw new Error("no idea");
    }),
    "protocol-threw",
    `r0 threw "no idea", ${onGo}.`,
  ],
  [
    "throws at its start",
    {
      init: () => {
        throw new Error("no idea");
      },
    },
    "protocol-threw",
    `r0 threw "no idea", ${atStart}.`,
  ],
  [
    "mutates its state",
    onMessage((state) => {
      state.count++;
      return to(state);
    }),
    "protocol-mutated-input",
    `r0 mutated its input (Cannot assign to read only property 'count' of object '#<Object>'), ${onGo}. ` +
      "States and messages are immutable: return a new object.",
  ],
  [
    "adds to its state",
    onMessage((state) => to(Object.assign(state, { more: 1 }))),
    "protocol-mutated-input",
    `r0 mutated its input (Cannot add property more, object is not extensible), ${onGo}. ` +
      "States and messages are immutable: return a new object.",
  ],
  [
    "draws a random number",
    onMessage(() => to({ count: Math.random() })),
    "protocol-nondeterministic",
    nondeterministic("it asked Math.random", onGo),
  ],
  [
    "draws a random number at its start",
    { init: () => to(Math.random()) },
    "protocol-nondeterministic",
    nondeterministic("it asked Math.random", atStart),
  ],
  [
    "looks at the clock",
    onMessage(() => to({ count: Date.now() })),
    "protocol-nondeterministic",
    nondeterministic("it asked Date.now", onGo),
  ],
  [
    "remembers something outside its state",
    onMessage(() => to({ count: ++calls })),
    "protocol-nondeterministic",
    nondeterministic("two evaluations of the same step differ (.state.count: 1, then 2)", onGo),
  ],
  [
    "returns nothing",
    onMessage(() => undefined),
    "protocol-malformed",
    `r0 must return a non-empty list of outcomes, ${onGo}.`,
  ],
  [
    "returns no outcome",
    onMessage(() => []),
    "protocol-malformed",
    `r0 must return a non-empty list of outcomes, ${onGo}.`,
  ],
  [
    "returns an outcome that is null",
    onMessage(() => [null]),
    "protocol-malformed",
    `r0 returned an outcome without a state, ${onGo}.`,
  ],
  [
    "returns an outcome without effects",
    onMessage(() => [{ state: 1, events: [] }]),
    "protocol-malformed",
    `r0 returned an outcome without a list of effects and a list of events, ${onGo}.`,
  ],
  [
    "returns an outcome without events",
    onMessage(() => [{ state: 1, effects: [] }]),
    "protocol-malformed",
    `r0 returned an outcome without a list of effects and a list of events, ${onGo}.`,
  ],
  [
    "tells of an unknown event",
    onMessage(() => [{ state: 1, effects: [], events: [{ kind: "executes", slot: 1 }] }]),
    "protocol-malformed",
    `r0 returned an event of unknown kind: {"kind":"executes","slot":1}; there are executed, invoked, accepted, custom, ${onGo}.`,
  ],
  [
    "executes without a request",
    onMessage(() => [
      { state: 1, effects: [], events: [{ kind: "executed", slot: 1, position: 1, result: null }] },
    ]),
    "protocol-malformed",
    `r0 returned an event whose request is not a string: {"kind":"executed","slot":1,"position":1,"result":null}, ${onGo}.`,
  ],
  [
    "executes at no slot",
    onMessage(() => [
      { state: 1, effects: [], events: [{ kind: "executed", position: 1, request: "a", result: null }] },
    ]),
    "protocol-malformed",
    `r0 returned an event whose slot is not a whole number: {"kind":"executed","position":1,"request":"a","result":null}, ${onGo}.`,
  ],
  [
    "executes something numbered",
    onMessage(() => [
      {
        state: 1,
        effects: [],
        events: [{ kind: "executed", slot: 1, position: 1, request: 7, result: null }],
      },
    ]),
    "protocol-malformed",
    `r0 returned an event whose request is not a string: {"kind":"executed","slot":1,"position":1,"request":7,"result":null}, ${onGo}.`,
  ],
  [
    "accepts nothing in particular",
    onMessage(() => [{ state: 1, effects: [], events: [{ kind: "accepted", result: 1 }] }]),
    "protocol-malformed",
    `r0 returned an event whose request is not a string: {"kind":"accepted","result":1}, ${onGo}.`,
  ],
  [
    "reports without data",
    onMessage(() => [{ state: 1, effects: [], events: [{ kind: "custom", name: "x" }] }]),
    "protocol-malformed",
    `r0 returned an event whose data is not a value (null will do): {"kind":"custom","name":"x"}, ${onGo}.`,
  ],
  [
    "tells of null",
    onMessage(() => [{ state: 1, effects: [], events: [null] }]),
    "protocol-malformed",
    `r0 returned an event that is no object: null, ${onGo}.`,
  ],
  [
    "returns two outcomes with one label",
    onMessage((state) => [...to(state), ...to(1)]),
    "protocol-malformed",
    `${malformed} two outcomes of one step have the same label (none), ${onGo}.`,
  ],
  [
    "asks for an unknown effect",
    onMessage(() => [{ state: 1, effects: [{ kind: "teleport" }], events: [] }]),
    "protocol-malformed",
    `${malformed} an effect of unknown kind: {"kind":"teleport"}; there are send, broadcast, set-timer, cancel-timer, defer, ${onGo}.`,
  ],
  [
    "returns a state that does not fit its schema",
    { ...onMessage(() => to({ count: "many" })), state: Schema.Struct({ count: Schema.Number }) as never },
    "protocol-malformed",
    `${malformed} a state does not fit its schema: .count: expected a finite number, found "many", ${onGo}.`,
  ],
  [
    "sends a message that does not fit the protocol's schema",
    {
      ...onMessage(() => to(1, [{ kind: "send", to: "r1", message: { lost: true } }])),
      message: Schema.String as never,
    },
    "protocol-malformed",
    `r0 sent a message that does not fit the protocol's schema: the value itself: expected a string, found {"lost":true}, ${onGo}.`,
  ],
];

for (const [what, toy, code, message] of mistakes)
  test(`a node that ${what} is reported as ${code}, with the node and the input`, async (t) => {
    const error = await t.throwsAsync(search(toySetting(toy)), { instanceOf: UserError });
    t.is((error as UserError).code, code);
    t.is(error!.message, message);
  });

test("an input as long as a novel is cut short in the message", async (t) => {
  const toy = onMessage(() => {
    throw new Error("no idea");
  });
  const init = () => to({ count: 0 }, [{ kind: "broadcast", message: "go ".repeat(10_000) }]);
  const error = await t.throwsAsync(search(toySetting({ ...toy, init })), { instanceOf: UserError });
  t.true(error!.message.length < 1300);
});
