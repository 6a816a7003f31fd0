// Runs commands of `turncoat` one after the other in one process that has loaded it already (command-host.ts). Each has its own directory,
// words, standard output and standard error, and gives its exit code; it has no signals, no terminal, and no thread that watches it:
// whoever tests these starts a process. test/cli/binary.test.ts holds what it says against what the process says.

import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { registerCompletionHandler } from "ava";

/** What is to be run. */
export interface Order {
  readonly directory: string;
  readonly args: readonly string[];
  /** The width of what is printed, as COLUMNS says it. */
  readonly columns?: number | undefined;
}

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What the host says. */
export interface Answer {
  /** null: the command was not begun, and another host has to run it. */
  readonly outcome: Outcome | null;
  /** The host ends now. */
  readonly isLast: boolean;
}

let host: ChildProcess | null = null;
const alive = new Set<ChildProcess>();
let last: Promise<unknown> = Promise.resolve();

/** Runs a command after those that were asked for before it. */
export function warm(directory: string, args: readonly string[], columns?: number): Promise<Outcome> {
  const outcome = last.then(() => answered({ directory, args, columns }));
  last = outcome.catch(() => {});
  return outcome;
}

async function answered(order: Order): Promise<Outcome> {
  host ??= begun();
  const { outcome, isLast } = await answerOf(host, order);
  if (isLast) host = null;
  return outcome ?? answered(order);
}

function begun(): ChildProcess {
  const child = fork(fileURLToPath(new URL("./command-host.js", import.meta.url)), {
    execArgv: [], // the threads of AVA have source maps, which the command line has not
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  alive.add(child);
  child.once("exit", () => alive.delete(child));
  return child;
}

/** The thread of the tests waits for the host while a command runs, and otherwise not. */
async function answerOf(child: ChildProcess, order: Order): Promise<Answer> {
  child.ref();
  child.channel?.ref();
  const answer = await new Promise<Answer>((resolve, reject) => {
    const ended = () => reject(new Error(`the host of commands ended: turncoat ${order.args.join(" ")}`));
    child.once("exit", ended);
    child.once("message", (said: Answer) => {
      child.off("exit", ended);
      resolve(said);
    });
    child.send(order);
  });
  child.unref();
  child.channel?.unref();
  return answer;
}

// The thread ends after its hosts, which write down what they have covered.
registerCompletionHandler(() => {
  for (const child of alive) {
    child.ref();
    if (child.connected) child.disconnect();
  }
});
