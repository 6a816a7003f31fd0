// The CPU time of a process. It imports nothing, so that it measures nothing but what it is asked for.

/** CPU seconds of the whole process, since its start or since an earlier reading. */
export function cpuSeconds(since?: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
}
