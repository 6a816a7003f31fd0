// Names of files that are made of other names: of protocols, which may be paths, properties and adversaries.

/** So many characters of a part are kept: file systems allow 255 for all. */
const maxPart = 60;

/**
 * A name for a file, made of parts. It never begins with a dash, which other programs take for an option.
 *
 * ```ts
 * fileName("./lib/my-protocol.ts", "agreement"); // => "lib-my-protocol-agreement"
 * fileName("pbft/quorum-2f"); // => "pbft-quorum-2f"
 * ```
 */
export function fileName(...parts: readonly string[]): string {
  const plain = parts.map(plainPart).filter((part) => part !== "");
  return plain.join("-") || "unnamed";
}

function plainPart(name: string): string {
  const dashed = name.replace(/\.[cm]?[jt]s$/, "").replace(/[^A-Za-z0-9]+/g, "-");
  return dashed.replace(/^-+/, "").slice(0, maxPart).replace(/-+$/, "");
}
