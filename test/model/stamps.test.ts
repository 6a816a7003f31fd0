import test from "ava";
import * as Schema from "effect/Schema";
import { search } from "../../src/explore/search.js";
import { hasInternedStamp, isMadeBy, stampInterned, stampMaker } from "../../src/model/stamps.js";
import type { Behaviour, Json } from "../../src/protocol/index.js";
import { everythingSeen } from "../support/random-protocol.js";
import { seen, to, toySetting } from "../support/toy.js";

test("a stamp is seen by who asks for it, and by nothing else", (t) => {
  const [maker, other] = [{}, {}];
  for (const object of [{ a: 1 }, [1, 2], Object.create(null) as object]) {
    const keys = Reflect.ownKeys(object);
    t.false(isMadeBy(object, maker));
    t.false(hasInternedStamp(object));
    stampMaker(object, maker);
    t.true(isMadeBy(object, maker));
    t.false(isMadeBy(object, other));
    t.false(hasInternedStamp(object));
    stampInterned(object);
    t.true(hasInternedStamp(object));
    t.deepEqual(Reflect.ownKeys(object), keys);
  }
});

test("a copy of a stamped object has no stamp", (t) => {
  const maker = {};
  const object = { a: 1 };
  stampMaker(object, maker);
  stampInterned(object);
  for (const copy of [{ ...object }, Object.assign({}, object), structuredClone(object)]) {
    t.false(isMadeBy(copy, maker));
    t.false(hasInternedStamp(copy));
  }
});

const Counted = Schema.Struct({
  words: Schema.Array(Schema.Struct({ word: Schema.String })),
  any: Schema.Unknown,
});
type Counted = { readonly words: readonly { readonly word: string }[]; readonly any: { readonly all: Json } };

/** Of a node that takes in three words in any order, and makes its states of others in some way. */
async function statesMade(make: (state: Counted) => unknown) {
  const setting = toySetting(
    {
      state: Counted as unknown as Behaviour<Json, Json>["state"],
      init: ({ self }) =>
        to(
          make({ words: [], any: { all: [] } }) as Json,
          self === "r1" ? ["a", "b", "c"].map((message) => ({ kind: "send", to: "r0", message })) : [],
        ),
      step: ({ self }, state, input) => {
        const { words } = state as unknown as Counted;
        if (self !== "r0" || input.kind !== "message") return to(state);
        const word = input.message as string;
        if (words.some((other) => other.word === word)) return to(state);
        const next = [...words, { word }];
        return to(
          make({ words: next, any: { all: next } }) as Json,
          [],
          [seen(next.map((w) => w.word).join(""))],
        );
      },
    },
    { properties: [everythingSeen] },
  );
  const { verdict, states, transitions } = await search(setting, { reduction: "none" });
  return { verdict, states, transitions };
}

test("whatever objects a state is made of, and whatever becomes of them later, the states are the same", async (t) => {
  const spoiled: { words: { word: string }[]; any: { all: Json[] } }[] = [];
  const spoilingThoseBefore = (state: (typeof spoiled)[number]) => {
    for (const earlier of spoiled.splice(0, spoiled.length - 3)) {
      earlier.words.push({ word: "z" });
      earlier.any.all.push("z");
    }
    spoiled.push(state);
    return state;
  };
  const ways: { readonly [name: string]: (state: Counted) => unknown } = {
    plain: (state) => state,
    frozen: (state) => Object.freeze(state),
    cloned: (state) => structuredClone(state),
    proxied: (state) => new Proxy(state, {}),
    "with a proxy of what was interned": (state) => ({ ...state, words: new Proxy(state.words, {}) }),
    "without a prototype": (state) => Object.assign(Object.create(null), state),
    "changed later": (state) => spoilingThoseBefore(structuredClone(state) as never),
    "frozen, and changed inside later": (state) =>
      Object.freeze(spoilingThoseBefore(structuredClone(state) as never)),
  };
  for (const [name, make] of Object.entries(ways))
    t.deepEqual(await statesMade(make), { verdict: "holds", states: 16, transitions: 15 }, name);
  class Words {
    all = [];
  }
  for (const any of [new Map(), new Words()])
    await t.throwsAsync(
      statesMade((state) => ({ ...state, any })),
      { message: /expected a JSON value, found a (Map|Words)/ },
    );
});
