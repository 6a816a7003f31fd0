// What the generic liar can say in a search: told with `--explain`, and in one sentence wherever a property holds against it.

import { isLiar } from "../liar/adversary.js";
import type { Alphabet } from "../liar/alphabet.js";
import { checksLiveness } from "../model/setting.js";
import type { TransitionSystem } from "../model/system.js";
import { typeNameOf } from "../model/terms.js";
import { counted, grouped } from "../parameters/words.js";
import type { Json, NodeId } from "../protocol/index.js";
import type { Caveat } from "../verdict/caveats.js";

/** What the generic liar can say in the run. */
export interface AlphabetShare {
  /** By the Byzantine node that says it: how many messages of each type. */
  readonly liars: readonly { readonly node: string; readonly types: Readonly<Record<string, number>> }[];
  /** The values that each field of them has, the same place of a message once. */
  readonly fields: readonly { readonly field: string; readonly values: readonly Json[] }[];
  /** States of correct nodes that were rehearsed to find them. */
  readonly rehearsed: number;
  /** Messages that correct nodes would only count, though no correct node says the same. */
  readonly leftOut: number;
  /** Whether there was more to try than is tried. */
  readonly isCut: boolean;
  /** How many of the search's local states were looked into, of how many, and what is missing in the alphabet. */
  readonly looked: number;
  readonly localStates: number;
  readonly missing: readonly Json[];
}

/** The alphabet of the generic liar in the run; null if the adversary is another one. */
function alphabetIn({ setting }: TransitionSystem): Alphabet | null {
  const { adversary, byzantine, config, bounds } = setting;
  if (adversary === null || !isLiar(adversary) || byzantine.length === 0) return null;
  return adversary.alphabet({ byzantine, config, views: bounds.views, beyond: checksLiveness(setting) });
}

/** What one Byzantine node can say to any correct node, as JSON, each message once. */
function textsOf(alphabet: Alphabet, system: TransitionSystem, self: NodeId): readonly string[] {
  const roles = new Set(system.nodes.slice(0, system.correctCount).map(({ spec }) => spec.role));
  const said = [...roles].flatMap((role) =>
    alphabet.of(self, role).map((message) => JSON.stringify(message)),
  );
  return [...new Set(said)];
}

/**
 * What `holds` rests on against the generic liar: how much it could say, and how that was found. `share`: what `--explain` has found out,
 * or null if nobody asked. None against other adversaries.
 */
export function liarCaveats(system: TransitionSystem, share: AlphabetShare | null): readonly Caveat[] {
  const alphabet = alphabetIn(system);
  if (alphabet === null) return [];
  const counts = system.setting.byzantine.map(
    (self) => `${self} could say ${counted(textsOf(alphabet, system, self).length, "message", grouped)}`,
  );
  const cut =
    alphabet.limits.length === 0
      ? ""
      : `; not everything was tried (limits: ${alphabet.limits.join(", ")}): narrow it with \`alphabet\` in the protocol`;
  const found = `found by rehearsal in ${counted(alphabet.stands, "state", grouped)} of correct nodes`;
  return [{ text: `${counts.join(", ")}, ${found}${cut}; ${missingText(share)}` }];
}

function missingText(share: AlphabetShare | null): string {
  if (share === null) return "--explain checks whether one is missing";
  const { missing, looked, localStates } = share;
  const many =
    missing.length === 0 ? "none is" : `${grouped(missing.length)} ${missing.length === 1 ? "is" : "are"}`;
  return `${many} missing in ${grouped(looked)} of the run's ${counted(localStates, "local state", grouped)}`;
}

/**
 * What the generic liar can say, and whether a correct node would react to anything else in a state that the search has come to: in as many
 * of these as can be looked into before `isOver`.
 */
export function alphabetShare(system: TransitionSystem, isOver: () => boolean): AlphabetShare | null {
  const alphabet = alphabetIn(system);
  if (alphabet === null) return null;
  const { byzantine } = system.setting;
  const correct = system.nodes.slice(0, system.correctCount);
  const stands = correct.flatMap((table) =>
    Array.from({ length: table.localCount }, (_, local) => ({
      spec: table.spec,
      context: table.context,
      state: table.localState(local),
    })),
  );
  const said = correct.flatMap((table) =>
    table.messagesSent().map(({ message }) => ({ from: table.spec.id, message })),
  );
  const { looked, lies } = alphabet.missing(stands, said, { isOver });
  const messages = (self: string) => textsOf(alphabet, system, self);
  const types = (texts: readonly string[]) => {
    const counts: Record<string, number> = {};
    for (const text of texts) {
      const type = typeNameOf(JSON.parse(text) as Json);
      counts[type] = (counts[type] ?? 0) + 1;
    }
    return counts;
  };
  return {
    liars: byzantine.map((node) => ({ node, types: types(messages(node)) })),
    fields: fieldsIn(byzantine.flatMap(messages).map((text) => JSON.parse(text) as Json)),
    rehearsed: alphabet.stands,
    leftOut: alphabet.leftOut,
    isCut: alphabet.isCut,
    looked,
    localStates: stands.length,
    missing: lies.map(({ message }) => message),
  };
}

/** The values of the fields of some messages that hold neither structs nor lists. */
function fieldsIn(messages: readonly Json[]): AlphabetShare["fields"] {
  const values = new Map<string, Map<string, Json>>();
  const visit = (value: Json, name: string): void => {
    if (Array.isArray(value)) for (const item of value) visit(item as Json, name);
    else if (typeof value === "object" && value !== null)
      for (const [field, item] of Object.entries(value)) visit(item as Json, field);
    else if (!["tag", "signer", "among"].includes(name)) {
      const known = values.get(name) ?? new Map<string, Json>();
      values.set(name, known.set(JSON.stringify(value), value));
    }
  };
  for (const message of messages) visit(message, "");
  return [...values]
    .map(([field, known]) => ({
      field,
      values: [...known].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value),
    }))
    .sort((a, b) => (a.field < b.field ? -1 : 1));
}
