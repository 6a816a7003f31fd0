// The canonical text of a JSON value: JSON with sorted keys and no spaces. Equal values have equal texts.

const texts = new WeakMap<object, string>();

/**
 * The text of a value; that of an object that cannot change is remembered.
 *
 * ```ts
 * sortedText({ view: 1, slot: [2] }) // => '{"slot":[2],"view":1}'
 * ```
 */
export function sortedText(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "undefined";
  const known = texts.get(value);
  if (known !== undefined) return known;
  const text = Array.isArray(value)
    ? `[${value.map(sortedText).join()}]`
    : `{${Object.keys(value)
        .sort()
        .map((key) => `${nameText(key)}:${sortedText((value as Record<string, unknown>)[key])}`)
        .join()}}`;
  if (Object.isFrozen(value)) texts.set(value, text);
  return text;
}

/** The name of a field as JSON. */
function nameText(name: string): string {
  return /^[\w-]*$/.test(name) ? `"${name}"` : JSON.stringify(name);
}
