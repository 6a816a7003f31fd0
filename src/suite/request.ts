// A request: what somebody wants checked, before defaults are filled in. It has the same fields on the
// command line, in the built-in suites, and in a project's `turncoat.config`.

import type { Reduction } from "../explore/search-result.js";
import type { TimingRequest } from "../model/timed/timing.js";
import type { AskedFields } from "../parameters/search.js";
import type { Verdict } from "../verdict/verdict.js";

/**
 * A request for searches. Its parameters have the names of the library; a parameter that is left out has its
 * default.
 */
export interface CheckRequest extends AskedFields {
  /** A built-in name, a mutant's name, or the path of a module. */
  readonly protocol: string;
  /** Which reduction the search uses; default: the search's own. */
  readonly reduce?: Reduction;
  /** The verdict that a suite counts as success; `any` where the run is only for information. */
  readonly expect?: Verdict | "any";
}

/** A request for the fuzzer, which can also make runs in virtual time. */
export interface FuzzRequest extends CheckRequest {
  /** Parts that are left out have their defaults. Default: untimed. */
  readonly timing?: TimingRequest;
}

/** A list of requests under one heading. */
export interface Suite {
  readonly name: string;
  readonly requests: readonly CheckRequest[];
}
