// One measurement of bench/paired.ts, in a process of its own: `node paired-process.js BUILD ROW` prints it as JSON.

import { benchArguments } from "./arguments.js";
import { loaderOf, rows } from "./paired-rows.js";

const [build, row] = benchArguments({ allowPositionals: true }).positionals;
console.log(JSON.stringify(await rows[row!]!(loaderOf(build!))));
