// The realm's replacement for Node's `assert`: the functions that most code uses.

class AssertionError extends Error {
  override readonly name = "AssertionError";
  readonly code = "ERR_ASSERTION";
}

function fail(message: unknown, otherwise: string): never {
  throw message instanceof Error ? message : new AssertionError(String(message ?? otherwise));
}

const ok = (value: unknown, message?: unknown) => {
  if (!value) fail(message, "The expression evaluated to a falsy value");
};
const same = (a: unknown, b: unknown, message?: unknown) => {
  if (!Object.is(a, b)) fail(message, `${String(a)} is not ${String(b)}`);
};
const sameDeep = (a: unknown, b: unknown, message?: unknown) => {
  if (JSON.stringify(a) !== JSON.stringify(b)) fail(message, "The values are not deeply equal");
};

/** See the file comment. */
export const assert = Object.assign(ok, {
  ...{ ok, AssertionError, fail: (message?: unknown) => fail(message, "Failed") },
  ...{ equal: same, strictEqual: same, deepEqual: sameDeep, deepStrictEqual: sameDeep },
  notEqual: (a: unknown, b: unknown, message?: unknown) => ok(!Object.is(a, b), message),
  notStrictEqual: (a: unknown, b: unknown, message?: unknown) => ok(!Object.is(a, b), message),
  strict: ok,
});
