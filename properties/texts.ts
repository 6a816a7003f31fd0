// A set of texts as a JSON-like value. Monitors are immutable, and in a simulation they see many thousands of events: so that
// adding one text does not copy all of them, they lie in buckets.

/** Bucket -> its texts. Two sets with the same texts are equal values, whatever was added first. */
export type Texts = { readonly [bucket: string]: { readonly [text: string]: true } };

const buckets = 64;

export function has(texts: Texts, text: string): boolean {
  return texts[bucketOf(text)]?.[text] === true;
}

/** The set with one text more; the same value if it is there already. */
export function add(texts: Texts, text: string): Texts {
  const bucket = bucketOf(text);
  return texts[bucket]?.[text] ? texts : { ...texts, [bucket]: { ...texts[bucket], [text]: true } };
}

export function sizeOf(texts: Texts): number {
  return Object.values(texts).reduce((sum, bucket) => sum + Object.keys(bucket).length, 0);
}

function bucketOf(text: string): number {
  let sum = 0;
  for (let i = 0; i < text.length; i++) sum = (sum * 31 + text.charCodeAt(i)) % 65521;
  return sum % buckets;
}
