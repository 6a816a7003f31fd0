// Repeats every experiment of the works that this project started from, and writes docs/experiments: `npm run
// seeds`.

import { benchArguments } from "../arguments.js";
import { distalgo, failures } from "./distalgo.js";
import { growth, throughput, wan } from "./exercise.js";
import { tutorial } from "./tutorial.js";

benchArguments();
const experiments = { tutorial, distalgo, failures, growth, throughput, wan };

for (const [name, make] of Object.entries(experiments)) {
  const startedAt = performance.now();
  await make();
  console.log(`${name}: ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
}
