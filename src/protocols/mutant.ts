// A mutant is a protocol with one known flaw: one rule replaced, named after the flaw. It is how we know that a property
// can fail and that an adversary can hurt.

import type { AskedFields, TimingFields } from "../parameters/search.js";
import type { Json, NodeId, Protocol } from "../protocol/index.js";

/** The smallest setting in which a mutant is known to fall. */
export interface KnownViolation extends Asking {
  /** The property that it breaks. */
  readonly property: string;
  /** An adversary that exposes the flaw, mostly the weakest one; docs/adversaries.md knows of others. */
  readonly adversary: string;
  readonly byzantine: readonly NodeId[];
  readonly views: number;
  /** Whether clients are nodes of the run. Then there is one request, otherwise there are two, unless `requests` says more. */
  readonly clients: boolean;
  /** For a flaw that only timed runs find: what is left out has its default. */
  readonly timing?: Partial<TimingFields>;
}

/** What else can be asked of a run, each with its default. */
type Asking = Omit<AskedFields, "adversaries" | "properties" | "byzantine" | "views" | "clients">;

export interface Mutant {
  /** The protocol's name, a slash, and the flaw's: `pbft/quorum-2f`. */
  readonly name: string;
  /** The changed rule, in one sentence. */
  readonly flaw: string;
  /** Where it was seen, or "derived". */
  readonly source: string;
  readonly protocol: Protocol<Json, Json>;
  readonly exposedBy: KnownViolation;
  /** The names of the rules that it replaces: one, unless a flaw is one idea in two places. */
  readonly changes: readonly string[];
  /** The name of the correct protocol, if it is not the one that stands before the slash. */
  readonly original?: string;
}

/** A flaw as it is written down beside a protocol: the rules that differ. */
export interface Flaw<Rules> extends Pick<Mutant, "flaw" | "source" | "exposedBy"> {
  /** Without the protocol's name. */
  readonly name: string;
  readonly rules: Partial<Rules>;
}

/** The mutants of the protocol that `make` makes of its rules. */
export function mutantsOf<Rules, Message, Request>(
  original: string,
  rules: Rules,
  make: (rules: Rules, name: string, summary: string) => Protocol<Message, Request>,
  flaws: readonly Flaw<Rules>[],
): readonly Mutant[] {
  return flaws.map(({ name, flaw, source, rules: changed, exposedBy }) => ({
    name: `${original}/${name}`,
    flaw,
    source,
    protocol: make({ ...rules, ...changed }, `${original}/${name}`, flaw) as unknown as Protocol<Json, Json>,
    exposedBy,
    changes: Object.keys(changed as object),
  }));
}
