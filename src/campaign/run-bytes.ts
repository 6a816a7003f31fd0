// The outcome of a search as bytes: its result, or the fault that the user's code has thrown in it.

import { promisify } from "node:util";
import { deflateRaw, inflateRaw } from "node:zlib";
import type { SearchResult } from "../explore/search-result.js";
import type { PlannedRun } from "../suite/plan.js";
import type { PortableError } from "../threads/portable-error.js";

/** A search that was made. */
export type MadeSearch = { readonly result: SearchResult } | { readonly error: PortableError };

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

/** Bytes, deflated beside the event loop, fast rather than well. */
export function deflated(bytes: Uint8Array): Promise<Buffer> {
  return deflate(bytes, { level: 1 });
}

/** The bytes again. */
export function inflated(bytes: Uint8Array): Promise<Buffer> {
  return inflate(bytes);
}

/** A search as text. */
export function encodeRun(made: MadeSearch): Uint8Array {
  return Buffer.from(JSON.stringify(made));
}

/** The search again. */
export async function decodeRun(bytes: Uint8Array): Promise<MadeSearch> {
  return JSON.parse((await inflated(bytes)).toString()) as MadeSearch;
}

/** Whether a search has not come out as its suite expects; where nothing is expected, every property has to hold. */
export function isUnexpected(expect: PlannedRun["expect"], made: MadeSearch): boolean {
  if ("error" in made) return true;
  return expect !== "any" && made.result.verdict !== (expect ?? "holds");
}
