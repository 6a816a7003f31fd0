// The options that say what is simulated. They are read in `simulate/raw-options.ts`, in one way for the command line and for
// sweep files; here is what `--help` says of them.

import type { Command } from "commander";

export function withSimulationOptions(command: Command): Command {
  return command
    .option("--replicas <n>", "number of replicas n (default: 4)")
    .option("--faults <f>", "the f that quorums are computed from (default: floor((n-1)/3))")
    .option(
      "--adversary <name>",
      "how Byzantine replicas misbehave; see: turncoat list puppets (default: none)",
    )
    .option(
      "--byzantine <who>",
      "r0,r1 or how many: 3 (drawn from the seed), first:3 (the first primaries), last:3 (default: f, with an adversary)",
    )
    .option("--property <names>", "comma-separated (default: agreement, validity, and liveness)")
    .option("--clients <c>", "number of clients; 0: replicas hold all requests from the start (default: 1)")
    .option("--requests <r>", "requests of each client, one after the other (default: 1)")
    .option("--batch <b>", "requests under one sequence number, at most (default: 1)")
    .option("--pipeline <w>", "sequence numbers in flight, at most (default: the window)")
    .option("--checkpoint-interval <k>", "a checkpoint every k sequence numbers, or none (default: 128)")
    .option("--window <l>", "sequence numbers above a stable checkpoint (default: 2k)")
    .option("--tentative", "execute and answer once prepared, before the commit")
    .option(
      "--delay <what>",
      "one way: 10, 5..35, normal:20,5, log-normal:20,0.3, wan:NAME, matrix:FILE (default: 10; ms without a unit)",
    )
    .option("--drop <p>", "probability that a message is lost (default: 0)")
    .option("--duplicate <p>", "probability that a message arrives twice (default: 0)")
    .option("--reorder <p>", "probability that a message is held up (default: 0)")
    .option("--reorder-by <t>", "... by up to so much (default: 20ms)")
    .option("--processing-delay <t>", "how long a replica works on a message (default: 0)")
    .option("--processors <p>", "processors that all replicas share (default: each has its own)")
    .option("--bandwidth <mbps>", "what a node can send, in megabits per second (default: no limit)")
    .option("--timeout <t>", "base of all timers (default: 500ms)")
    .option(
      "--partition <what>",
      "as in 100..2s:r0,r1|r2,r3: cut off from each other until it heals, and messages wait (several: repeat)",
      (text: string, before: readonly string[] = []) => [...before, text],
    )
    .option(
      "--gst <t>",
      "from then on nothing is dropped, and what was dropped before arrives (default: drops are final)",
    )
    .option(
      "--max-time <t>",
      "stop after so much virtual time (default: when nobody can be expected to be served)",
    )
    .option("--max-events <n>", "stop after so many events (default: no limit)")
    .option("--seed <n>", "everything random (default: a random one, printed)");
}
