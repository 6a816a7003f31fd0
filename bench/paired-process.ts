// One measurement of bench/paired.ts, in a process of its own: `node paired-process.js BUILD ROW` prints it as JSON.

import { loaderOf, rows } from "./paired-rows.js";

const [build, row] = process.argv.slice(2);
console.log(JSON.stringify(await rows[row!]!(loaderOf(build!))));
