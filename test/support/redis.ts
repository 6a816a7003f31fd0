// A Redis server for tests: a process of its own on a free loopback port, which logs to disk.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createConnection, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExecutionContext } from "ava";
import { connect } from "../../src/campaign/index.js";

/** Whether Redis is installed. Tests that need it are skipped where it is not. */
export const hasRedis = spawnSync("redis-server", ["--version"]).status === 0;
if (!hasRedis)
  console.error(
    "No redis-server here: the tests of campaigns on several machines are skipped (apt-get install redis-server).",
  );

/** A server that can be killed and started again. */
export class RedisServer {
  readonly url: string;
  readonly #port: number;
  readonly #directory: string;
  readonly #options: readonly string[];
  #child: ChildProcess | null = null;

  private constructor(port: number, options: readonly string[]) {
    this.#port = port;
    this.url = `redis://127.0.0.1:${port}`;
    this.#options = options;
    this.#directory = mkdtempSync(join(tmpdir(), "turncoat-redis-"));
  }

  /** Starts one; it goes away after the test. */
  static async start(
    t: Pick<ExecutionContext, "teardown">,
    options: readonly string[] = ["--appendonly", "yes", "--maxmemory-policy", "noeviction"],
  ): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), options);
    t.teardown(async () => {
      await server.kill();
      rmSync(server.#directory, { recursive: true, force: true });
    });
    await server.begin();
    return server;
  }

  /** Starts it (again), with what it has on disk. */
  async begin(): Promise<void> {
    const own = ["--port", `${this.#port}`, "--bind", "127.0.0.1", "--dir", this.#directory, "--save", ""];
    this.#child = spawn("redis-server", [...own, ...this.#options], { stdio: "ignore" });
    while (!(await this.#answers())) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  /** Kills it with -9. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }

  /** Whether it has read its disk and takes commands. */
  #answers(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = createConnection({ port: this.#port, host: "127.0.0.1" }, () =>
        socket.write("PING\r\n"),
      );
      socket.on("data", (answer) => {
        socket.destroy();
        resolve(`${answer}`.startsWith("+PONG"));
      });
      socket.on("error", () => resolve(false));
    });
  }
}

/** A port of this machine that nobody listens at. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A server, and a connection to it, which go away after the test. */
export async function serverFor(t: Pick<ExecutionContext, "teardown">, options?: readonly string[]) {
  const server = await RedisServer.start(t, options);
  const redis = await connect({ url: server.url, shown: server.url });
  t.teardown(() => redis.disconnect());
  return { server, redis };
}
