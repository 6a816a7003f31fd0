// "Did you mean ...?": the known name closest to an unknown one.

import { distance } from "fastest-levenshtein";

/**
 * The name that is nearest, or null if none is near: letters exchanged, missing or too many, in at most a third of it; or the
 * last part of a name in several parts.
 *
 * ```ts
 * nearest("pbtf", ["pbft", "paxos"]) // => "pbft"
 * nearest("quorum-2f", ["pbft", "pbft/quorum-2f"]) // => "pbft/quorum-2f"
 * nearest("raft", ["pbft", "paxos"]) // => null
 * ```
 */
export function nearest(name: string, names: readonly string[]): string | null {
  const written = name.toLowerCase();
  if (written.length === 0 || written.length > 100) return null;
  const part = names.find((candidate) => candidate.endsWith(`/${written}`));
  if (part !== undefined) return part;
  const [best] = names
    .map((candidate) => ({ candidate, away: mistakes(written, candidate.toLowerCase()) }))
    .filter(({ candidate, away }) => away <= Math.max(1, Math.floor(candidate.length / 3)))
    .sort((a, b) => a.away - b.away);
  return best?.candidate ?? null;
}

/** How many letters are wrong; two that have changed places are one mistake. */
function mistakes(written: string, meant: string): number {
  const letters = (text: string) => [...text].sort().join("");
  return Math.max(0, distance(written, meant) - (letters(written) === letters(meant) ? 1 : 0));
}

/** `Did you mean "pbft"? `, to stand before the list of what there is; nothing if no name is near. */
export function didYouMean(name: string, names: readonly string[]): string {
  const near = nearest(name, names);
  return near === null ? "" : `Did you mean "${near}"? `;
}
