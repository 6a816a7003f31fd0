// The same package with three rules of Raft repaired, in subclasses.

import Raft from "@markwylde/liferaft";
import Log from "@markwylde/liferaft/log.js";

interface Entry {
  readonly index: number;
  readonly term: number;
}

/** The log. */
export class RepairedLog extends Log {
  /**
   * An empty log is older than any other (Raft, section 5.4.1). The package claims that its last entry has
   * the node's current term.
   */
  async getLastEntry(): Promise<Entry> {
    const last: Entry = await super.getLastEntry();
    return last.index === 0 ? { ...last, term: 0 } : last;
  }

  async getEntryBefore(entry: Entry): Promise<Entry> {
    const before: Entry = await super.getEntryBefore(entry);
    return before.index === 0 ? { ...before, term: 0 } : before;
  }

  /**
   * Entries are deleted only if one conflicts with the leader's (section 5.3): a heartbeat says nothing about
   * them.
   */
  async removeEntriesAfter(): Promise<void> {}

  async saveCommand(command: unknown, term: number, index?: number): Promise<Entry> {
    if (index !== undefined && (await this.has(index))) {
      const mine: Entry = await this.get(index);
      if (mine.term === term) return mine;
      await super.removeEntriesAfter(index - 1);
    }
    return super.saveCommand(command, term, index);
  }
}

/**
 * The node: it handles one input at a time, so that nothing it has read changes while it waits for the log.
 */
export class RepairedRaft extends Raft {
  /** Packets and elections that have begun; the next one begins when they have ended. */
  turn: Promise<unknown> | undefined;

  #next(job: () => unknown): Promise<unknown> {
    this.turn = (this.turn ?? Promise.resolve()).then(job);
    return this.turn;
  }

  promote(): Promise<unknown> {
    return this.#next(() => super.promote());
  }

  on(event: string, listener: (...args: unknown[]) => unknown, context?: unknown): this {
    if (event !== "data") return super.on(event, listener, context);
    return super.on(event, (...args: unknown[]) => {
      this.#next(() => listener(...args));
    });
  }
}
