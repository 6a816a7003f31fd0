// The options of a search.

import type { Identity } from "../identity/identity.js";
import type { Json } from "../protocol/index.js";
import type { Limits } from "../verdict/limits.js";
import type { SettingSource } from "../verdict/setting-source.js";
import type { Progress } from "./progress.js";
import type { Reduction } from "./search-result.js";

export interface SearchOptions extends Limits {
  /**
   * Default: `visible-steps` on the `async` network, and none on others, where it is not sound. With
   * `dominance` what is violated is looked for once more with visible steps, for a shortest counterexample;
   * where dominance is not sound the search is made with visible steps, and the result says why. With
   * `sleep-sets` the states, and the length of a counterexample, are those of `none`; such a search leaves no
   * checkpoint, and is made by one thread.
   */
  readonly reduction?: Reduction;
  /**
   * Whether states that differ only in names count as one (see model/symmetry/symmetry.ts). Default: no.
   * Where it is not sound the search is made without, and the result says why. Such a search leaves no
   * checkpoint.
   */
  readonly symmetry?: boolean;
  /**
   * Whether messages are forgotten once nobody will listen to them any more (see model/dead-messages.ts).
   * Default: no. The same holds for it where it is not sound, and for checkpoints.
   */
  readonly deadMessages?: boolean;
  /**
   * Whether searches inside a node, under visible steps and dominance, are made by tallies (see
   * tallies/tallied-exploration.ts). Default: `large`, those that are too large to look at every subset of
   * what is counted: from 16,384 components on, or from the number that is given. `never`: exact whatever it takes. `always`: all of them.
   * By tallies other states may be stored than without, and also than after `resume`: a few more or fewer, with the same observations.
   */
  readonly tallies?: "never" | "large" | "always" | number;
  /** Called a few times a second. */
  readonly onProgress?: (progress: Progress) => void;
  /**
   * Called once for each tuple of monitor states that is reached (one for each property): what a reduction
   * must keep.
   */
  readonly onObservation?: (monitorStates: readonly Json[]) => void;
  /**
   * Where the search is saved: every `everySeconds` (default 60), and when a limit or an interrupt ends it.
   */
  readonly checkpoint?: {
    readonly file: string;
    readonly everySeconds?: number;
    readonly setting: Json;
    /**
     * What the setting is made of (see `identityOf`): a search of other code is not resumed. Default:
     * that is not compared.
     */
    readonly identity?: Identity;
  };
  /** Goes on from `checkpoint.file`, and ends with the same counts as if it had never been interrupted. */
  readonly resume?: boolean;
  /** Whether the result says where the states come from (see explain.ts). */
  readonly explain?: boolean;
  /**
   * How many distinct counterexamples to look for (see distinct.ts); default 1. States that violate something
   * are not expanded, and fair circles are looked for only where nothing is stuck.
   */
  readonly maxViolations?: number;
  /**
   * Goes on past violations, until every state is counted: so a violation hides neither another one nor the
   * verdict of another property. At most `maxViolations` distinct counterexamples are kept; default then:
   * 10. Such a search leaves no checkpoint and is made by one thread; with `dominance` it is made with
   * visible steps, and the result says so. Default: no.
   */
  readonly pastViolations?: boolean;
  /**
   * Several threads, for large spaces: they take over when there are `from` states. Default: 400,000, and not while more than one state of
   * ten needs a search inside a node, which each thread would make for itself. What comes out is the same; but of a violation they find out
   * only that there is one, and one thread then looks for it once more. Only for searches of `always` properties without symmetry, dead messages, explanation
   * or several counterexamples; all others are made by one thread.
   */
  readonly workers?:
    | { readonly count: number; readonly source: SettingSource; readonly from?: number }
    | undefined;
  /** Ends the search at the next opportunity. */
  readonly signal?: AbortSignal;
}
