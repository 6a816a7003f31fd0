// What somebody wants checked, before the defaults are filled in: the same words on the command line, in the built-in
// suite and in a project's own `turncoat.config`.

import type { Reduction } from "../explore/search-result.js";
import type { Losing, Recovery } from "../model/setting.js";
import type { TimingRequest } from "../model/timed/timing.js";
import type { Authentication } from "../protocol/index.js";
import type { Verdict } from "../verdict/verdict.js";

export interface CheckRequest {
  /** A built-in name, a mutant's name, or the path of a module. */
  readonly protocol: string;
  /** n; default 4. */
  readonly replicas?: number;
  /** The f that quorums are computed from; default floor((n-1)/3). */
  readonly faults?: number;
  /** Names, `all` or `none`; default: the strongest that the protocol has. */
  readonly adversaries?: readonly string[];
  /** Ids, or `each` for one run per inequivalent placement; default `each`. */
  readonly byzantine?: readonly string[] | "each";
  /** Names; default: every property that the protocol supports. */
  readonly properties?: readonly string[];
  /** V: views 0..V; default 1, or 0 for a protocol without views. */
  readonly views?: number;
  /** What becomes of a message once it is sent, by name; default `async`. */
  readonly network?: string;
  /** How often correct replicas may crash in a run; default 0. */
  readonly crashes?: number;
  /** What a crash takes away; default `volatile`. */
  readonly losing?: Losing;
  /** Whether whoever crashes must come back; default `maybe`. */
  readonly recovery?: Recovery;
  /** R: distinct requests; default 2 for safety, 1 where clients are nodes. */
  readonly requests?: number;
  /** S: sequence numbers; default 1. */
  readonly slots?: number;
  /** K: a checkpoint every K sequence numbers; default: none. */
  readonly checkpointInterval?: number;
  /** L: how far above a stable checkpoint slots may be used; default: 2K. */
  readonly window?: number;
  /** B: requests under one sequence number; default: one, and which comes first is a choice. */
  readonly batch?: number;
  /** How many requests each client makes, one after the other; default 1. */
  readonly operations?: number;
  /** How many of a client's requests, the last ones, read instead of appending; default 0. */
  readonly reads?: number;
  /** Whether reads are answered without being ordered; default: no. */
  readonly readOnly?: boolean;
  /** How requests are authenticated; default `signatures`. */
  readonly authentication?: Authentication;
  /** Whether clients are nodes; default: one run with and one without, as far as the properties watch clients. */
  readonly clients?: boolean;
  /** Times, for runs of the fuzzer in virtual time; what is left out has its default. Default: no times. */
  readonly timing?: TimingRequest;
  /** Which reduction the search uses; default: the search's own. */
  readonly reduce?: Reduction;
  /** The verdict that a suite counts as success; `any` where the run is only for information. */
  readonly expect?: Verdict | "any";
}

/** A list of requests under one heading. */
export interface Suite {
  readonly name: string;
  readonly requests: readonly CheckRequest[];
}
