// `replay --step`: a trace on the terminal, one step at a time, by keys. The screen that was there before comes back at the end.

import { emitKeypressEvents, type Key } from "node:readline";
import type { Readable } from "node:stream";
import { ReadStream, WriteStream } from "node:tty";
import { UserError } from "../model/errors.js";
import { describer } from "../render/describe.js";
import type { Paint } from "../render/paint.js";
import { stepScreen } from "../render/step-screen.js";
import type { ReplayResult } from "../trace/index.js";
import { stateLines } from "../viewer/state-lines.js";

/** A terminal, as far as this needs one. */
export interface Terminal {
  /** What is typed; `setRawMode` is there if it is a real terminal. */
  readonly input: Readable & { setRawMode?(isRaw: boolean): unknown };
  readonly write: (text: string) => void;
  readonly size: () => { readonly columns: number; readonly rows: number };
}

const keysLine = "↓ ↑ PgDn PgUp Home End · 12 Enter: step 12 · / n: search · Tab: state · q: quit";

/**
 * The terminal of this process. Commands run in a thread, whose own standard input cannot be read key by key: it is opened again here.
 *
 * @throws {UserError} `bad-option` if input or output is no terminal.
 */
export function ownTerminal(isTerminal: { readonly input: boolean; readonly output: boolean }): Terminal {
  if (!isTerminal.input || !isTerminal.output)
    throw new UserError(
      "bad-option",
      `--step needs a terminal, and standard ${isTerminal.output ? "input" : "output"} is none: use --steps, or --state, which print all steps.`,
    );
  const input = new ReadStream(0);
  const output = new WriteStream(1); // knows the size of the window, and when it changes
  return {
    input,
    write: (text) => void process.stdout.write(text),
    size: () => {
      const [columns, rows] = output.getWindowSize();
      return { columns: columns || 80, rows: rows || 24 };
    },
  };
}

/** Shows the steps until somebody quits. `signal`: an interrupt. */
export function stepThrough(
  result: ReplayResult,
  { input, write, size }: Terminal,
  paint: Paint,
  signal: AbortSignal,
): Promise<void> {
  const changes = stateLines(result);
  const stepper = new Stepper(result);
  const draw = () => {
    const lines = stepScreen(result, changes, stepper, size(), paint);
    write(`\u001b[H${lines.map((line) => `${line}\u001b[K`).join("\r\n")}\u001b[J`);
  };
  return new Promise((resolve) => {
    const end = () => {
      input.removeListener("keypress", onKey);
      signal.removeEventListener("abort", end);
      input.removeListener("end", end);
      input.setRawMode?.(false);
      input.destroy(); // it would keep the process alive
      write("\u001b[?25h\u001b[?1049l");
      resolve();
    };
    const onKey = (text: string | undefined, key: Key) => {
      if (stepper.press(text, key)) draw();
      else end();
    };
    emitKeypressEvents(input);
    input.setRawMode?.(true);
    input.on("keypress", onKey);
    input.once("end", end);
    signal.addEventListener("abort", end);
    write("\u001b[?1049h\u001b[?25l"); // the other screen, and no cursor
    draw();
    input.resume();
  });
}

/** Where one is, and what keys do. */
class Stepper {
  moment = 0;
  node: string | null = null;
  readonly #result: ReplayResult;
  readonly #texts: readonly string[];
  /** What is being typed: the number of a step, or (after a slash) what is searched for. */
  #typed = "";
  #sought = "";
  #note = "";

  constructor(result: ReplayResult) {
    this.#result = result;
    const { setting, steps } = result;
    const describe = describer(setting.protocol, setting.config);
    this.#texts = steps.map(({ action, events }) =>
      `${describe.action(action)} ${JSON.stringify(events)}`.toLowerCase(),
    );
  }

  get foot(): string {
    return this.#typed !== "" ? `${this.#typed}_` : this.#note || keysLine;
  }

  /** False: to quit. */
  press(text: string | undefined, { name, ctrl, sequence }: Key): boolean {
    this.#note = "";
    if (ctrl && (name === "c" || name === "d")) return false;
    if (this.#typed !== "") {
      this.#type(text, name);
      return true;
    }
    const last = this.#result.steps.length;
    if (name === "q" || name === "escape") return false;
    if (text === "/" || /^\d$/.test(text ?? "")) this.#typed = text!;
    else if (name === "down" || name === "j" || name === "right" || name === "space")
      this.#go(this.moment + 1);
    else if (name === "up" || name === "k" || name === "left") this.#go(this.moment - 1);
    else if (name === "pagedown") this.#go(this.moment + 10);
    else if (name === "pageup") this.#go(this.moment - 10);
    else if (name === "home" || sequence === "g") this.#go(0);
    else if (name === "end" || sequence === "G") this.#go(last);
    else if (name === "n") this.#search();
    else if (name === "tab") this.#nextNode();
    return true;
  }

  #go(moment: number): void {
    this.moment = Math.max(0, Math.min(moment, this.#result.steps.length));
  }

  #type(text: string | undefined, name: string | undefined): void {
    if (name === "escape") this.#typed = "";
    else if (name === "backspace") this.#typed = this.#typed.slice(0, -1);
    else if (name === "return" || name === "enter") {
      const typed = this.#typed;
      this.#typed = "";
      if (typed.startsWith("/")) {
        this.#sought = typed.slice(1).toLowerCase() || this.#sought;
        this.#search();
      } else this.#go(Number(typed));
    } else if (text !== undefined && /^[^\p{Cc}]+$/u.test(text))
      if (this.#typed.startsWith("/") || /^\d$/.test(text)) this.#typed += text;
  }

  /** Goes on to the next step in whose words it stands, and after the last one to the first. */
  #search(): void {
    const found = [...this.#texts.keys()].filter((index) => this.#texts[index]!.includes(this.#sought));
    const next = found.find((index) => index + 1 > this.moment) ?? found[0];
    if (next === undefined) this.#note = `No step has "${this.#sought}".`;
    else this.#go(next + 1);
  }

  #nextNode(): void {
    const nodes = this.#result.starts.map(({ node }) => node);
    this.node = this.node === null ? (nodes[0] ?? null) : (nodes[nodes.indexOf(this.node) + 1] ?? null);
  }
}
