// Makes text of unknown origin safe to print: terminals obey escape sequences, and bidirectional controls
// make a line look like another one. Both are shown as JSON would write them; so are lone surrogates and
// U+FFFE and U+FFFF, which no file format allows.

/**
 * The text with every control character but the newline and the tab shown as `\u001b`. Applied twice it does no more.
 *
 * ```ts
 * visibleText("a\u001b[31m") // => "a\\u001b[31m"
 * ```
 */
export function visibleText(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cs}\p{Bidi_Control}\u2028\u2029\ufffe\uffff]/gu, (character) =>
    character === "\n" || character === "\t"
      ? character
      : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
