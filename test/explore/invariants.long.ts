// Predicates on states, and events that no property hears, on more random protocols than differential.test.ts has.

import type { Property } from "../../src/protocol/index.js";
import { agreeOnRandomProtocols, apart, hearsX, much, places, together } from "../support/agreeing.js";

const cases: { readonly [name: string]: readonly Property[] } = {
  "what is seen of states": [places],
  "two views of states, one of them of few": [places, much],
  "one event among many": [hearsX],
  "one event among many, and views": [hearsX, much],
  "an invariant of pairs": [apart],
  "an invariant of whole states, with another beside it": [together, apart],
};

for (const [name, properties] of Object.entries(cases))
  agreeOnRandomProtocols(`${name},`, properties, 40, {
    seed: 20261129,
    violated: properties.includes(apart) ? 4 : 0,
  });
