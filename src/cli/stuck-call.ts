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

/** The user's function that a thread is calling; null if it is in none, or does not answer. */
export function stuckCall(threadId: number): Promise<StuckCall | null> {
  return new Promise((resolve) => {
    const session = new Session();
    const timer = setTimeout(() => end(null), answerMs);
    const end = (call: StuckCall | null) => {
      clearTimeout(timer);
      try {
        session.disconnect();
      } catch {
        // it has ended already
      }
      resolve(call);
    };
    try {
      session.connect();
      askIn(session, threadId, end);
    } catch {
      end(null);
    }
  });
}

function askIn(session: Session, threadId: number, end: (call: StuckCall | null) => void): void {
  const scripts = new Map<string, string>();
  let where: string | null = null;
  let asked = -1;
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
        asked = send("Runtime.evaluate", { expression: askForCall, returnByValue: true });
      } else if (message.id === asked) {
        send("Debugger.disable"); // this resumes it
        const call = message.result?.result?.value;
        end(typeof call === "string" ? { call, where } : null);
      }
    });
    send("Debugger.enable");
    send("Debugger.pause");
  });
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
