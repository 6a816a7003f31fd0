// Asks a stuck thread which function it is calling, with V8's debugger: the thread is paused, its stack is
// read, and it continues.

import { Session } from "node:inspector";
import { fileURLToPath, pathToFileURL } from "node:url";
import { bundleDirectory, compiledDirectory } from "../bundle/own-code.js";
import { askForCall } from "../watch/calls.js";

/** A function of the user's that has not returned yet. */
export interface StuckCall {
  /** See watch/calls.ts. */
  readonly call: string;
  /** File and line of the user's module, or null. */
  readonly where: string | null;
}

/** How long to wait for the thread to answer, in milliseconds. */
const answerMs = 3000;

/** The directory of Turncoat's own code. */
const own = [compiledDirectory, ...(bundleDirectory === null ? [] : [bundleDirectory])].map(
  (directory) => pathToFileURL(directory).href,
);

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: {
    readonly callFrames?: readonly Frame[];
    readonly scriptId?: string;
    readonly url?: string;
  };
  readonly result?: { readonly result?: { readonly value?: unknown } };
}

interface Frame {
  readonly location: { readonly scriptId: string; readonly lineNumber: number };
}

/** The threads that have been asked and have not answered yet, with what they will say. */
const asked = new Map<number, Promise<StuckCall | null>>();

/**
 * The user's function that a thread is calling; null if it is in none, or has not answered after so many milliseconds. It may still
 * answer later, and has to be told to go on then: a thread whose debugger leaves while it pauses stays paused for ever.
 */
export async function stuckCall(threadId: number, patienceMs = answerMs): Promise<StuckCall | null> {
  const answer = asked.get(threadId) ?? ask(threadId);
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), patienceMs);
  });
  const call = await Promise.race([answer, silence]);
  clearTimeout(timer);
  return call;
}

function ask(threadId: number): Promise<StuckCall | null> {
  const session = new Session();
  const answer = new Promise<StuckCall | null>((resolve) => {
    try {
      session.connect();
      askIn(session, threadId, resolve);
    } catch {
      resolve(null); // somebody else debugs this process, or the thread has ended
    }
  }).finally(() => {
    asked.delete(threadId);
    session.disconnect();
  });
  asked.set(threadId, answer);
  return answer;
}

function askIn(session: Session, threadId: number, end: (call: StuckCall | null) => void): void {
  const scripts = new Map<string, string>();
  let answer: StuckCall | null = null;
  let where: string | null = null;
  let [evaluating, resuming] = [-1, -1];
  let count = 0;
  // biome-ignore lint/suspicious/noExplicitAny: the types of node:inspector do not know NodeWorker's parameters
  session.on("NodeWorker.attachedToWorker" as any, ({ params }: any) => {
    if (params.workerInfo.workerId !== String(threadId)) return;
    const { sessionId } = params;
    const send = (method: string, more = {}) => {
      const message = JSON.stringify({ id: ++count, method, params: more });
      session.post("NodeWorker.sendMessageToWorker", { sessionId, message });
      return count;
    };
    // biome-ignore lint/suspicious/noExplicitAny: as above
    session.on("NodeWorker.receivedMessageFromWorker" as any, ({ params: received }: any) => {
      if (received.sessionId !== sessionId) return;
      const message = JSON.parse(received.message) as Message;
      if (message.method === "Debugger.scriptParsed") {
        scripts.set(message.params!.scriptId!, message.params!.url!);
      } else if (message.method === "Debugger.paused") {
        where = placeIn(message.params?.callFrames ?? [], scripts);
        evaluating = send("Runtime.evaluate", { expression: askForCall, returnByValue: true });
      } else if (message.id === evaluating) {
        const call = message.result?.result?.value;
        answer = typeof call === "string" ? { call, where } : null;
        resuming = send("Debugger.disable"); // this resumes it
      } else if (message.id === resuming) {
        end(answer);
      }
    });
    send("Debugger.enable");
    send("Debugger.pause");
  });
  // biome-ignore lint/suspicious/noExplicitAny: as above
  session.on("NodeWorker.detachedFromWorker" as any, () => end(answer)); // the thread has ended
  session.post("NodeWorker.enable", { waitForDebuggerOnStart: false });
}

/** The innermost stack frame that is neither ours nor Node's. */
function placeIn(frames: readonly Frame[], scripts: ReadonlyMap<string, string>): string | null {
  for (const { location } of frames) {
    const url = scripts.get(location.scriptId) ?? "";
    if (url === "" || own.some((directory) => url.startsWith(directory)) || url.startsWith("node:")) continue;
    const file = url.startsWith("file:") ? fileURLToPath(url) : url;
    return `${file}:${location.lineNumber + 1}`;
  }
  return null;
}
