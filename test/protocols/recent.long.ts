// The same protocols: what holds within larger bounds, and the flaws that take longer to find.

import test from "ava";
import { slowNeighbourSuites } from "../../src/suite/other-protocols.js";
import { outcomes } from "../support/other-protocols.js";

const names = ["streamlet", "common-coin", "viewstamped", "autobahn", "raft"];

const expected: { readonly [line: string]: string } = {};

for (const { name, requests } of slowNeighbourSuites)
  if (names.includes(name))
    for (const request of requests) {
      const { expect: _, ...asked } = request;
      const key = JSON.stringify(asked);
      test(key, async (t) => {
        t.is((await outcomes(request)).join("; "), expected[key]!);
      });
    }
