// This process has one core, as far as Node says: commands make their runs one after the other in the thread that has made those of earlier commands,
// and not in two new ones that begin cold. What several threads do is tested where --workers names them, and where commands are processes.

import { syncBuiltinESMExports } from "node:module";
import os from "node:os";

Object.assign(os, { availableParallelism: () => 1 });
syncBuiltinESMExports();
