// Stand-ins for what reaches outside the realm (files, network, processes): using one throws an error that names it. Importing one is
// allowed, because much code imports a module that it never uses.

import { current } from "./node.js";

const instead: { readonly [module: string]: string } = {
  net: "inject a transport, and have it call io.send",
  tls: "inject a transport, and have it call io.send",
  dgram: "inject a transport, and have it call io.send",
  http: "inject a transport, and have it call io.send",
  https: "inject a transport, and have it call io.send",
  http2: "inject a transport, and have it call io.send",
  dns: "use the ids of io.peers as addresses",
  fs: "inject a store that is kept in memory",
  "fs/promises": "inject a store that is kept in memory",
  worker_threads: "run what the worker does in the replica itself",
  child_process: "run what the process does in the replica itself",
  cluster: "one replica is one node; Turncoat makes as many as the run has",
};

/** Something of a module that must not be used; using it throws. */
export function refused(module: string, name: string): unknown {
  const refuse = (): never => {
    const text = `${name === "" ? module : `${module}.${name}`} reaches outside of the realm: ${instead[module] ?? "inject something in its place that keeps everything in memory"}`;
    if (current) current.refused ??= text;
    throw new Error(text);
  };
  // A function, so that code which extends or instanceof-checks it can be loaded.
  function stub(): never {
    return refuse();
  }
  return stub;
}
