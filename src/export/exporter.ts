// The interface of an exporter: writes a trace in a format for other tools. One file for each format.

import type { ReplayResult } from "../trace/replay-result.js";
import type { Trace } from "../trace/schema.js";

/** A trace that was replayed on its own protocol. */
export interface ReplayedTrace {
  readonly trace: Trace;
  readonly result: ReplayResult;
  /** The same trace on the protocol of which this one is a mutant, to compare with. Default: there is none. */
  readonly onOriginal?: { readonly protocol: string; readonly result: ReplayResult } | null;
  /** Where the trace stands, for comments in what is written. */
  readonly file: string;
}

/** Writes one format. */
export interface Exporter {
  readonly name: string;
  /** One sentence for lists. */
  readonly summary: string;
  /** What a file of this format is usually called: the end of its name. */
  readonly ending: string;
  /** The whole text of the file, ending in a newline. It says which version of Turncoat wrote it, and nothing of the time. */
  write(replayed: ReplayedTrace): string;
}
