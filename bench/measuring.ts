// What several benches measure with.

import { registry } from "../src/catalogue/other-protocols.js";
import { pbftMutants } from "../src/protocols/pbft/index.js";

/** Every mutant of every protocol, by its whole name, in the order of the catalogue. */
export const everyMutant: readonly string[] = [
  ...pbftMutants,
  ...registry.flatMap(({ mutants }) => mutants),
].map(({ name }) => name);

/** CPU seconds of the whole process, since it began or since a moment. */
export function cpuSeconds(since?: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
}

/** The lower one of two. */
export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor((numbers.length - 1) / 2)]!;
}
