// Checks that a value is finite: one that is cyclic, or nested too deeply, cannot be compared, interned or
// written.

/** Nothing that a protocol means is nested deeper. */
const maxDepth = 500;

/**
 * Where a value contains itself, or is nested too deeply, in words; null if it does neither. `isKnown`: objects that need not be looked into.
 *
 * ```ts
 * nestingProblem({ peers: [1] }) // => null
 * ```
 */
export function nestingProblem(
  value: unknown,
  isKnown: (part: object) => boolean = () => false,
): string | null {
  // A value that contains itself is nested without end: nearly all pass this, for which no paths are written.
  if (isShallow(value, isKnown, 0)) return null;
  const above = new Set<object>();
  const walk = (part: unknown, path: string): string | null => {
    if (typeof part !== "object" || part === null || isKnown(part)) return null;
    if (above.has(part)) return `contains itself, at ${path}`;
    if (above.size >= maxDepth) return `is nested more than ${maxDepth} deep, at ${path.slice(0, 80)}...`;
    above.add(part);
    for (const [key, item] of Object.entries(part)) {
      const problem = walk(item, Array.isArray(part) ? `${path}[${key}]` : `${path}.${key}`);
      if (problem !== null) return problem;
    }
    above.delete(part);
    return null;
  };
  return walk(value, "");
}

/** Whether a value is nested no deeper than it may be. */
function isShallow(value: unknown, isKnown: (part: object) => boolean, depth: number): boolean {
  if (typeof value !== "object" || value === null || isKnown(value)) return true;
  if (depth >= maxDepth) return false;
  for (const item of Array.isArray(value) ? value : Object.values(value))
    if (!isShallow(item, isKnown, depth + 1)) return false;
  return true;
}

/** What is longer is cut. */
const maxShown = 160;

/**
 * A value that was refused, in a few words: JSON as it is, cut where it is long, and anything else by what it is.
 *
 * ```ts
 * shownValue(new Map()) // => "a Map"
 * ```
 */
export function shownValue(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return "a function";
  if (value instanceof Promise) return "a Promise (handlers must not be async)";
  const kind = typeof value === "object" && value !== null ? value.constructor?.name : undefined;
  if (kind !== undefined && kind !== "Object" && kind !== "Array")
    return `${/^[AEIOU]/.test(kind) ? "an" : "a"} ${kind}`;
  const text = textOf(value);
  return text.length > maxShown ? `${text.slice(0, maxShown)}...` : text;
}

/** The text of any value for a message, whatever it is. */
export function textOf(value: unknown): string {
  try {
    return (
      JSON.stringify(value, (_, part: unknown) =>
        typeof part === "number" && !Number.isFinite(part) ? String(part) : part,
      )?.replaceAll(/"(NaN|-?Infinity)"/g, "$1") ?? String(value)
    );
  } catch {
    return String(value);
  }
}
