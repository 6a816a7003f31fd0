// Operations of clients on a shared object, as a history records them: what was asked, when, and what was answered.

import type { Json } from "../protocol/index.js";

/** One operation of one process. Times only order calls and returns; no two are equal. */
export interface Operation {
  /** Who has asked: a process has one operation at a time. */
  readonly process: string;
  /** The name of the operation, `read` for one. */
  readonly name: string;
  /** Its argument; null if it has none. */
  readonly input: Json;
  /** What was answered; null if nothing is known of it. */
  readonly output: Json;
  /** When it was called. */
  readonly called: number;
  /** When it returned; null if it never did: then it took effect at some time after the call, or will, or never does. */
  readonly returned: number | null;
  /** Where it stands in the file, counted from 1; null if it comes from elsewhere. */
  readonly line: number | null;
}

/** An operation in words: `process 3: cas [1,2]`, and what was answered, if that is more than what was asked. */
export function inWords({ process, name, input, output, returned, line }: Operation): string {
  const [asked, answered] = [JSON.stringify(input), JSON.stringify(output)];
  const argument = input === null ? "" : ` ${asked}`;
  const isNews = input === null || (output !== null && answered !== asked);
  const answer = returned === null ? ", never answered" : isNews ? `, answered ${answered}` : "";
  return `process ${process}: ${name}${argument}${answer}${line === null ? "" : ` (line ${line})`}`;
}
