// A mutant: a protocol with one known flaw, made by replacing one rule. Mutants show that a property can fail
// and that an adversary can do harm.

import type { AskedFields, TimingFields } from "../parameters/search.js";
import type { Json, NodeId, Protocol } from "../protocol/index.js";

/** The smallest known setting in which a mutant violates a property. */
export interface KnownViolation extends Asking {
  /** The violated property. */
  readonly property: string;
  /** An adversary that exposes the flaw, mostly the weakest one; docs/adversaries.md names others. */
  readonly adversary: string;
  readonly byzantine: readonly NodeId[];
  readonly views: number;
  /**
   * Whether clients are nodes of the run. Then there is one request, otherwise two, unless `requests` says
   * otherwise.
   */
  readonly clients: boolean;
  /** For a flaw that only timed runs find: what is left out has its default. */
  readonly timing?: Partial<TimingFields>;
}

/** What else can be asked of a run, each with its default. */
type Asking = Omit<AskedFields, "adversaries" | "properties" | "byzantine" | "views" | "clients">;

/** A protocol with one known flaw. */
export interface Mutant {
  /** The protocol's name, a slash, and the flaw's: `pbft/quorum-2f`. */
  readonly name: string;
  /** The changed rule, in one sentence. */
  readonly flaw: string;
  /** Where the flaw was seen, or "derived". */
  readonly source: string;
  readonly protocol: Protocol<Json, Json>;
  readonly exposedBy: KnownViolation;
  /** The names of the rules that it replaces: one, unless a flaw is one idea in two places. */
  readonly changes: readonly string[];
  /** The name of the correct protocol, if it is not the part before the slash. */
  readonly original?: string;
}

/** A flaw as its protocol defines it: the rules that differ. */
export interface Flaw<Rules> extends Pick<Mutant, "flaw" | "source" | "exposedBy"> {
  /** Without the protocol's name. */
  readonly name: string;
  readonly rules: Partial<Rules>;
}

/**
 * The mutants of a protocol, given its rules, the function `make` from rules to protocol, and the flaws. A mutant's protocol is made when it is
 * asked for: a command needs few of the hundreds.
 */
export function mutantsOf<Rules, Message, Request>(
  original: string,
  rules: Rules,
  make: (rules: Rules, name: string, summary: string) => Protocol<Message, Request>,
  flaws: readonly Flaw<Rules>[],
): readonly Mutant[] {
  return flaws.map(({ name: flawName, flaw, source, rules: changed, exposedBy }) => {
    const name = `${original}/${flawName}`;
    let protocol: Protocol<Json, Json> | undefined;
    return {
      ...{ name, flaw, source, exposedBy, changes: Object.keys(changed as object) },
      get protocol() {
        protocol ??= make({ ...rules, ...changed }, name, flaw) as unknown as Protocol<Json, Json>;
        return protocol;
      },
    };
  });
}
