// The full cross product: correct PBFT and every mutant under every adversary in every inequivalent place. Nothing is
// expected of a mutant under an adversary that is too weak for it; where it must fall, the built-in suite says so.

import { pbftMutants } from "../protocols/pbft/index.js";
import { pbftSuites } from "./pbft.js";
import type { Suite } from "./request.js";

/** See the file comment. */
export const pbftFullSuites: readonly Suite[] = [
  ...pbftSuites,
  ...pbftMutants.map(({ name, falls }) => ({
    name: `${name} under everything`,
    requests: [{ protocol: name, adversaries: ["none", "all"], views: falls.views, clients: falls.clients }],
  })),
];
