// `turncoat explore`: serves the interactive page, on which a person chooses the next action.

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { statSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { type Command, InvalidArgumentError } from "commander";
import { findProtocol, type SettingDescription, settingFrom } from "../catalogue/index.js";
import { readLink } from "../explorer/links.js";
import { endOf } from "../explorer/open-sessions.js";
import { explorerApp } from "../explorer/server.js";
import { type Place, Session } from "../explorer/session.js";
import { UserError } from "../model/errors.js";
import { visibleText } from "../model/visible-text.js";
import { settingName } from "../render/setting.js";
import { planToSee } from "../suite/plan.js";
import { readTrace } from "../trace/index.js";
import { pageAsset } from "../viewer/asset.js";
import { exitCode } from "./exit-codes.js";
import { type ModuleOptions, refuseForeignModule, withModuleOption } from "./foreign-modules.js";
import { onInterrupt } from "./interrupt.js";
import { givenSettingOptions, requestFrom, type SettingOptions, withSettingOptions } from "./options.js";

interface ExploreOptions extends SettingOptions, ModuleOptions {
  readonly port?: number;
  readonly open?: boolean;
}

export function addExplore(command: Command): void {
  command.argument(
    "[protocol or trace]",
    "pbft, a mutant, ./my-protocol.ts, a trace file, or a link to a state (default: pbft)",
  );
  withSettingOptions(command)
    .optionsGroup("The page:")
    .option("--port <n>", "the port, on this machine only (default: a free one)", port)
    .option("--open", "open the page in the browser")
    .addHelpText(
      "after",
      "\nExamples:\n  turncoat explore pbft/quorum-2f\n  turncoat explore corpus/pbft-new-view-unjustified.json --open",
    )
    .action(async (subject: string | undefined, options: ExploreOptions) => {
      process.exitCode = await explore(subject ?? "pbft", options);
    });
  withModuleOption(command);
}

function port(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > 65_535)
    throw new InvalidArgumentError("Use a port from 0 (a free one) to 65535.");
  return number;
}

async function explore(subject: string, options: ExploreOptions): Promise<number> {
  const { session, place, note, watches } = await opened(subject, options);
  pageAsset(); // what is wrong with it is told before anything is served
  const token = randomBytes(18).toString("base64url");
  const app = explorerApp({
    token,
    session,
    place,
    ...(watches && { watches }),
    admit: (protocol) => refuseForeignModule("the link or file", protocol, options),
  });
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

interface Subject {
  readonly session: Session;
  readonly place: Place;
  readonly note: string | null;
  readonly watches?: readonly string[];
}

async function opened(subject: string, options: ExploreOptions): Promise<Subject> {
  if (subject.includes("#")) {
    refuseSettingOptions(subject, options);
    const link = readLink(subject.slice(subject.indexOf("#")));
    refuseForeignModule("the link", link.setting.protocol, options);
    const { session } = await begun(link.setting);
    let place = session.startOf(link.start) ?? session.starts[0]!;
    for (const key of link.path) place = session.take(place, key) ?? place;
    return { session, place, note: null, ...(link.watches && { watches: link.watches }) };
  }
  if (subject.endsWith(".json") && statSync(subject, { throwIfNoEntry: false })?.isFile()) {
    refuseSettingOptions(subject, options);
    const trace = await readTrace(subject);
    refuseForeignModule(subject, trace.setting.protocol, options);
    const session = new Session(await settingFrom(trace.setting), trace.setting.protocol);
    const { at: place, note } = endOf(session, trace);
    return { session, place, note };
  }
  const runs = planToSee(await findProtocol(subject), requestFrom(subject, options));
  const { description } = runs[0]!;
  const others =
    runs.length > 1 ? ` (the first of ${runs.length}: choose another one with options, as for check)` : "";
  return { ...(await begun(description)), note: `${settingName(description)}${others}` };
}

async function begun(description: SettingDescription) {
  const session = new Session(await settingFrom(description), description.protocol);
  return { session, place: session.starts[0]! };
}

function refuseSettingOptions(subject: string, options: ExploreOptions): void {
  const given = givenSettingOptions(options);
  if (given.length > 0)
    throw new UserError("bad-option", `What to explore stands in ${subject}: leave out ${given.join(", ")}.`);
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
