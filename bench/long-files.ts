// Which of the long tests one run of bench/long-tests.ts has, and what it says of them at its end.

import type { Shard } from "../src/cli/options.js";

/** What became of a test file. */
export interface Ended {
  readonly file: string;
  readonly isPassed: boolean;
  readonly seconds: number;
}

/** The files whose path has one of the texts, or all without texts; then every K-th of them, from the I-th. */
export function chosenFiles(files: readonly string[], texts: readonly string[], shard?: Shard): string[] {
  const named = files.filter((file) => texts.length === 0 || texts.some((text) => file.includes(text)));
  return shard ? named.filter((_, at) => at % shard.of === shard.index - 1) : named;
}

/** Texts that no file has: a run that left them out would pass without having tested what was asked for. */
export function unknownTexts(files: readonly string[], texts: readonly string[]): string[] {
  return texts.filter((text) => !files.some((file) => file.includes(text)));
}

/** A line for each file, slowest first, and then what failed or was not run. */
export function summary(wanted: readonly string[], ended: readonly Ended[]): string[] {
  const failed = ended.filter(({ isPassed }) => !isPassed).map(({ file }) => file);
  const missing = wanted.filter((file) => !ended.some((one) => one.file === file));
  return [
    ...ended
      .toSorted((one, other) => other.seconds - one.seconds)
      .map(
        ({ file, isPassed, seconds }) =>
          `${isPassed ? "passed" : "FAILED"} ${seconds.toFixed(0).padStart(6)} s  ${file}`,
      ),
    `${ended.length - failed.length} of ${wanted.length} files passed.`,
    ...failed.map((file) => `failed: npx ava ${file}`),
    ...missing.map((file) => `not run: ${file}`),
  ];
}
