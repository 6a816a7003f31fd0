// Vector clocks (Fidge 1988, Mattern 1989): each host counts its own events, and learns with a message what its sender knew.

/** For each host that is known of, how many of its events. */
export type Clock = { readonly [host: string]: number };

/** The clocks of all hosts. */
export class HostClocks {
  readonly #clocks = new Map<string, Clock>();

  /** One more event at a host that has heard of others by messages with these clocks. Returns its clock after it. */
  tick(host: string, heard: readonly Clock[] = []): Clock {
    const known = [this.#clocks.get(host) ?? {}, ...heard];
    const merged: { [host: string]: number } = { [host]: 0 }; // its own count comes first, for whoever reads the log
    for (const clock of known)
      for (const [other, count] of Object.entries(clock)) merged[other] = Math.max(merged[other] ?? 0, count);
    merged[host]!++;
    this.#clocks.set(host, merged);
    return merged;
  }
}
