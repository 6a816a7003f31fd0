#!/usr/bin/env node
// The entry point. The command itself runs in a thread (program.ts); this one hears signals and watches it: see supervisor.ts.

import { supervise } from "./supervisor.js";

supervise(new URL("./program.js", import.meta.url));
