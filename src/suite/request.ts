// What somebody wants checked, before the defaults are filled in: the same words on the command line, in
// the built-in suite and in a project's own `turncoat.config`.

import type { Reduction } from "../explore/search-result.js";
import type { TimingRequest } from "../model/timed/timing.js";
import type { AskedFields } from "../parameters/search.js";
import type { Verdict } from "../verdict/verdict.js";

/**
 * What a search is asked for: the parameters that can be asked for, by their names in the library; what is
 * left out has its default.
 */
export interface CheckRequest extends AskedFields {
  /** A built-in name, a mutant's name, or the path of a module. */
  readonly protocol: string;
  /** Which reduction the search uses; default: the search's own. */
  readonly reduce?: Reduction;
  /** The verdict that a suite counts as success; `any` where the run is only for information. */
  readonly expect?: Verdict | "any";
}

/** The same for the fuzzer, which makes runs in virtual time, too. */
export interface FuzzRequest extends CheckRequest {
  /** What is left out has its default. Default: no times. */
  readonly timing?: TimingRequest;
}

/** A list of requests under one heading. */
export interface Suite {
  readonly name: string;
  readonly requests: readonly CheckRequest[];
}
