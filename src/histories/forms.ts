// The forms of a text in EDN or JSON: each map with all that is in it, however many lines it takes, with the line on which it begins. The reader
// `edn-data` gives only the first form of a text, and no lines.

import { UserError } from "../model/errors.js";

/** A form, without its comments. */
export interface Form {
  readonly line: number;
  readonly text: string;
}

const closing: { readonly [opening: string]: string } = { "{": "}", "[": "]", "(": ")" };

/** What may stand between forms. */
const space = /[\s,]/;

/**
 * The forms of a text, one after the other. A vector or a list around all of them, as `knossos` and `pr-str` write it, is taken away.
 *
 * ```ts
 * formsOf("a.edn", "({:f :read,\n :value 1} ; a comment\n {:f :write})") // => [{ line: 1, text: "{:f :read,\n :value 1}" }, { line: 2, text: "{:f :write}" }]
 * ```
 *
 * @throws {UserError} `bad-file` with the line of a form that does not end, or of a bracket too many.
 */
export function formsOf(file: string, text: string): Form[] {
  const unbalanced = (line: number) =>
    new UserError(
      "bad-file",
      `line ${line} of ${file} is not ${isJson(text) ? "JSON" : "EDN"}: a bracket or a quote is missing, or there is one too many`,
    );
  const forms: Form[] = [];
  const scanner = new Scanner(text);
  const around = scanner.opensAll();
  const aroundLine = scanner.line;
  if (around !== null) scanner.skip();
  for (scanner.toForm(); !scanner.isAtEnd; scanner.toForm()) {
    const { line, next } = scanner;
    if (next === around) {
      scanner.skip();
      scanner.toForm();
      if (scanner.isAtEnd) return forms;
      throw unbalanced(scanner.line);
    }
    const form = scanner.form();
    if (form === null) throw unbalanced(line);
    if (!form.startsWith("#_")) forms.push({ line, text: form }); // the form after it is taken for a comment
  }
  if (around !== null) throw unbalanced(aroundLine);
  return forms;
}

/** Whether objects of JSON are what the text has: their names are texts. */
function isJson(text: string): boolean {
  return /^[\s[,]*\{\s*"/.test(text);
}

/** Goes through a text, past texts, characters and comments as EDN has them. */
class Scanner {
  readonly #text: string;
  #at = 0;
  line = 1;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** The character that comes next. */
  get next(): string {
    return this.#text.charAt(this.#at);
  }

  /** Goes past a character. */
  skip(): string {
    const character = this.#text.charAt(this.#at++);
    if (character === "\n") this.line++;
    return character;
  }

  /** Goes to where the next form begins, or to the end. */
  toForm(): void {
    while (!this.isAtEnd && (space.test(this.next) || this.next === ";"))
      if (this.next === ";") this.#skipComment();
      else this.skip();
  }

  /** The bracket that closes what is around all forms, if the text begins with one that opens it: nothing but a form comes after that. */
  opensAll(): string | null {
    this.toForm();
    const [opening] = /^[[(](?=(?:[\s,]|;[^\n]*\n)*(?:[{#\])]|$))/.exec(this.#text.slice(this.#at)) ?? [];
    return opening === undefined ? null : closing[opening]!;
  }

  /** The form that begins here, without its comments; null if its brackets or quotes do not fit. */
  form(): string | null {
    const open: string[] = [];
    let form = "";
    do {
      if (this.isAtEnd) return null;
      if (this.next === ";") {
        this.#skipComment();
        continue;
      }
      if (open.length === 0 && form !== "" && !form.startsWith("#") && space.test(this.next)) return form;
      const character = this.skip();
      form += character;
      if (character === "\\") form += this.skip();
      else if (character === '"') {
        const rest = this.#restOfText();
        if (rest === null) return null;
        form += rest;
      } else if (character in closing) open.push(closing[character]!);
      else if (/[\])}]/.test(character) && open.pop() !== character) return null;
    } while (open.length > 0 || !(this.isAtEnd || /[\])}"]/.test(form.slice(-1))));
    return form;
  }

  /** What is left of a text whose first quote has been passed; null: it does not end. */
  #restOfText(): string | null {
    let rest = "";
    while (!this.isAtEnd) {
      const character = this.skip();
      rest += character;
      if (character === '"') return rest;
      if (character === "\\") rest += this.skip();
    }
    return null;
  }

  #skipComment(): void {
    while (!this.isAtEnd && this.next !== "\n") this.skip();
  }
}
