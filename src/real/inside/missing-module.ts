// The error for a module that is not in the bundle, as `import(name)` and `require(name)` raise it: recognized by esbuild's message, and told
// with what to do.

const words = /^Dynamic require of (".*") is not supported$/;

export function isMissingModule(error: unknown): boolean {
  return error instanceof Error && words.test(error.message);
}

/** The message of an error; where a module is missing, with what to do. */
export function withRemedy(message: string): string {
  return message.replace(
    words,
    "the module $1 is not in the bundle, for its name is computed (or it is not installed): import it by a literal name, or inject it",
  );
}
