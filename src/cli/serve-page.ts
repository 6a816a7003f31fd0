// A page that a command serves on this machine only, until somebody interrupts it.

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import type { AddressInfo } from "node:net";
import type { Hono } from "hono";
import { UserError } from "../model/errors.js";
import { visibleText } from "../model/visible-text.js";
import { exitCode } from "./exit-codes.js";
import { onInterrupt } from "./interrupt.js";

/** Where the page is served, and whether a browser is opened. */
export interface PageOptions {
  readonly port?: number;
  readonly open?: boolean;
}

/** What makes the address of a page one that nobody can guess. */
export function newToken(): string {
  return randomBytes(18).toString("base64url");
}

/** Serves an application under its token, and says where, after a note if there is one. */
export async function servePage(
  app: Hono,
  token: string,
  note: string | null,
  options: PageOptions,
): Promise<number> {
  const { serve } = await import("@hono/node-server");
  const signal = onInterrupt();
  const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: options.port ?? 0 });
  await new Promise<void>((resolve, reject) => {
    server.once("listening", resolve);
    server.once("error", reject);
  }).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(
      "bad-option",
      `The page cannot be served on port ${options.port ?? 0}: ${error.code ?? error.message}. Use another --port.`,
    );
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${token}/`;
  if (note !== null) console.log(visibleText(note));
  console.log(`${url}\nCtrl-C ends it.`);
  if (options.open) openBrowser(url);
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve());
  });
  server.close();
  if ("closeAllConnections" in server) server.closeAllConnections();
  return exitCode.holds;
}

function openBrowser(url: string): void {
  const [command, ...args] =
    process.platform === "darwin"
      ? ["open", url]
      : process.platform === "win32"
        ? ["cmd", "/c", "start", "", url]
        : ["xdg-open", url];
  const child = spawn(command!, args, { stdio: "ignore", detached: true });
  child.on("error", () => console.error(`No browser could be opened: open ${url}`));
  child.unref();
}
