// The connection to the Redis server of a campaign. bullmq and ioredis are loaded here and only here: they are
// optional peer dependencies, which nobody needs on one machine.

import type { Redis } from "ioredis";
import { UserError } from "../model/errors.js";

/** The environment variable that stands for `--redis`. */
export const serverVariable = "TURNCOAT_REDIS";

/** A server that was named. The address may have a password in it; only `shown` may be printed. */
export interface ServerAddress {
  readonly url: string;
  readonly shown: string;
}

/** The server that an option or the environment names. @throws {UserError} `bad-option` if neither does, or it is no URL. */
export function serverAddress(option: string | undefined): ServerAddress {
  const url = option ?? process.env[serverVariable];
  if (url === undefined || url === "")
    throw new UserError(
      "bad-option",
      `Which server? Give --redis redis://HOST:PORT, or set ${serverVariable} (rediss:// for TLS; a password belongs into the environment).`,
    );
  const from = option === undefined ? serverVariable : "--redis";
  if (!URL.canParse(url) || !/^rediss?:$/.test(new URL(url).protocol))
    throw new UserError(
      "bad-option",
      `${from} is not a URL of Redis: it looks like redis://HOST:PORT or rediss://USER:PASSWORD@HOST:PORT.`,
    );
  const { protocol, host, pathname } = new URL(url);
  return { url, shown: `${protocol}//${host}${pathname === "/" ? "" : pathname}` };
}

/** Loads a package that is not there unless the user has installed it. */
async function optional<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "ERR_MODULE_NOT_FOUND" || !/'(bullmq|ioredis)'/.test(message)) throw error;
    throw new UserError(
      "bad-option",
      "Campaigns on several machines need two packages more: npm install bullmq ioredis",
    );
  }
}

/** The packages that talk to the server. */
export async function packages() {
  return optional(async () => {
    const [bullmq, ioredis] = await Promise.all([import("bullmq"), import("ioredis")]);
    return { Queue: bullmq.Queue, Worker: bullmq.Worker, Redis: ioredis.Redis };
  });
}

/** Milliseconds to wait for a server that does not answer at all. */
const firstAnswerMs = 5000;

/**
 * Connects to a server. Later losses of the connection are waited out: commands wait until it is back.
 *
 * @throws {UserError} `bad-option` if the server does not answer now, or refuses.
 */
export async function connect({ url, shown }: ServerAddress): Promise<Redis> {
  const { Redis } = await packages();
  let wasThere = false;
  const redis = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: null, // as BullMQ demands of those who wait
    connectTimeout: firstAnswerMs,
    retryStrategy: (times) => (wasThere ? Math.min(100 * times, 1000) : null),
  });
  let last: Error | null = null;
  redis.on("error", (error) => {
    last = error; // without a listener it would be thrown
  });
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    redis.disconnect();
    throw new UserError("bad-option", refusalText(shown, reasonOf(last ?? (error as Error))));
  }
  wasThere = true;
  return redis;
}

/** Never with the URL, which may have a password. */
function reasonOf(error: NodeJS.ErrnoException): string {
  return (error.code ?? error.message.split("\n")[0]!).replace(/\.$/, "");
}

/** What to do about a server that does not let us in, by how it says so. */
const advice: readonly (readonly [reason: RegExp, what: string])[] = [
  [
    /^(SELF_SIGNED_CERT|DEPTH_ZERO_SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER))/,
    "its certificate is of nobody whom this machine knows. Name the certificate authority: NODE_EXTRA_CA_CERTS=ca.pem",
  ],
  [/^ERR_TLS_CERT_ALTNAME_INVALID/, "its certificate is for another name than the one in the URL"],
  [/^CERT_HAS_EXPIRED/, "its certificate has expired"],
  [
    /^(NOAUTH|WRONGPASS)/,
    `it wants a password, or another one. Set ${serverVariable} to redis://:PASSWORD@HOST:PORT (rediss:// for TLS)`,
  ],
];

function refusalText(shown: string, reason: string): string {
  const what = advice.find(([how]) => how.test(reason))?.[1];
  if (what !== undefined) return `${shown} does not let us in (${reason}): ${what}.`;
  const isPlain = shown.startsWith("redis:") && reason === "ECONNRESET";
  const hint = isPlain ? " If it speaks TLS, its URL begins with rediss://." : "";
  return `${shown} does not answer as a Redis server: ${reason}.${hint}`;
}

/** Whether a server has refused to write because it has no memory or disk left, or is a replica: it may take it later. */
export function isRefusal(error: unknown): error is Error {
  return error instanceof Error && /^(OOM|MISCONF|READONLY|NOREPLICAS|LOADING|BUSY)\b/.test(error.message);
}

/** What a server would lose, in sentences; nothing if it keeps everything on disk and never throws keys away. */
export async function doubtsAbout(redis: Redis): Promise<string[]> {
  const info = await redis.info();
  const value = (name: string) => new RegExp(`^${name}:(.*?)\r?$`, "m").exec(info)?.[1];
  const doubts: string[] = [];
  if (value("aof_enabled") === "0")
    doubts.push(
      "The server does not log to disk: if it is restarted, blocks made since its last snapshot are lost, and without snapshots the whole campaign. Start it with --appendonly yes.",
    );
  const policy = value("maxmemory_policy");
  if (policy !== undefined && policy !== "noeviction")
    doubts.push(
      `The server throws keys away when its memory is full (${policy}): results may be lost. Start it with --maxmemory-policy noeviction.`,
    );
  return doubts;
}
