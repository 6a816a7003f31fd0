// Helpers that several benches share: the list of mutants, medians.

import { registry } from "../src/catalogue/other-protocols.js";
import { pbftMutants } from "../src/protocols/pbft/index.js";

/** The full names of all mutants, in the order of the catalogue. */
export const everyMutant: readonly string[] = [
  ...pbftMutants,
  ...registry.flatMap(({ mutants }) => mutants),
].map(({ name }) => name);

/** The median; of an even number of values, the lower of the two in the middle. */
export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor((numbers.length - 1) / 2)]!;
}
