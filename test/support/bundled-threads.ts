// Starts the threads of this process from the bundle, as the process `turncoat` does: a thread then begins in a third of the time that it takes from
// compiled files. A command with several runs starts two of them. What tests cover is not recorded in such threads, so nothing is lost.

import { existsSync, statSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import workerThreads, { Worker, type WorkerOptions } from "node:worker_threads";

const build = fileURLToPath(new URL("../../", import.meta.url));
const bundle = `${build}bundle/`;

/** The bundle is used if it was made after everything was compiled, as in src/cli/main.ts. */
function isBundled(): boolean {
  const [made, compiled] = [`${bundle}start.js`, `${build}tsconfig.tsbuildinfo`].map(
    (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0,
  );
  return made! > compiled!;
}

/** The file of the bundle for a compiled one, if it has one. */
function bundled(module: string | URL): string | URL {
  if (!(module instanceof URL) || module.protocol !== "file:") return module;
  const name = relative(build, fileURLToPath(module)).split(sep).join("-");
  return existsSync(bundle + name) ? new URL(name, new URL("../../bundle/", import.meta.url)) : module;
}

class BundledWorker extends Worker {
  constructor(module: string | URL, options?: WorkerOptions) {
    super(bundled(module), options);
  }
}

if (isBundled()) {
  Object.assign(workerThreads, { Worker: BundledWorker });
  syncBuiltinESMExports();
}
