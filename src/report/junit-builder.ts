// Imports the library that writes JUnit XML. It is CommonJS, and its declarations promise a default export,
// but what it exports is that default itself: a builder that all would share.

import exported, { type Builder } from "junit-report-builder";

const shared = exported as unknown as Builder;

export type { Builder, TestCase } from "junit-report-builder";

/** A builder of one's own. */
export function builderFor(name: string): Builder {
  return shared.newBuilder().name(name);
}
