// The canonical text of a JSON value: JSON with sorted keys and no spaces. Equal values have equal texts.

const texts = new WeakMap<object, string>();

/** A longer text is made anew of its parts' texts: whole states are asked for once each, and all of their texts would fill the memory. */
const rememberedMax = 16_384;

/**
 * The text of a value; that of an object that cannot change is remembered, unless it is long.
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
  if (text.length <= rememberedMax && Object.isFrozen(value)) texts.set(value, text);
  return text;
}

/** The name of a field as JSON. */
function nameText(name: string): string {
  return /^[\w-]*$/.test(name) ? `"${name}"` : JSON.stringify(name);
}
