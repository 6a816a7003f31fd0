// Calls user code without access to clocks and random numbers: asking one is an error. Functions of
// protocols, properties and adversaries must depend on their arguments alone, and a clock that says the
// same twice in a row (the minute, the day) would pass the comparison of two calls. This finds mistakes; it
// is no sandbox. It does not notice a function that was taken before, as in `const { now } = Date` at the
// top of a module.

/** Something was asked that answers differently at another time. The message is its name. */
export class Impurity extends Error {}

/** What was asked during the present call, even if the call itself has caught the error. */
let asked: Impurity | null = null;

function refusal(name: string): () => never {
  return () => {
    asked = new Impurity(name);
    throw asked;
  };
}

const RealDate = Date;
const clocks = Object.getPrototypeOf(performance) as typeof performance;
const dice = Object.getPrototypeOf(crypto) as typeof crypto;

const impure = {
  random: refusal("Math.random"),
  dateNow: refusal("Date.now"),
  newDate: refusal("new Date()"),
  dateText: refusal("Date()"),
  performanceNow: refusal("performance.now"),
  randomUUID: refusal("crypto.randomUUID"),
  getRandomValues: refusal("crypto.getRandomValues"),
  hrtime: Object.assign(refusal("process.hrtime"), { bigint: refusal("process.hrtime.bigint") }),
};

/** A Date that knows no present: dates that are given in full can still be made. */
const timelessDate: DateConstructor = new Proxy(RealDate, {
  construct: (target, args, newTarget): object =>
    args.length === 0
      ? impure.newDate()
      : Reflect.construct(target, args, newTarget === timelessDate ? target : newTarget),
  apply: () => impure.dateText(),
});

/** Whether the clocks and dice are taken away at the moment. */
let isInside = false;

/**
 * Calls a function, with up to three arguments, without clocks and dice. Inside such a call another costs next to
 * nothing: a loop over many calls is best called so itself.
 *
 * @throws {Impurity} if it asks one, even if it goes on without the answer.
 */
export function purely<T>(call: () => T): T;
export function purely<A, B, C, T>(call: (a: A, b: B, c: C) => T, a: A, b: B, c: C): T;
export function purely<A, B, C, T>(call: (a: A, b: B, c: C) => T, a?: A, b?: B, c?: C): T {
  const result = isInside ? call(a!, b!, c!) : outermost(() => call(a!, b!, c!));
  refuseImpurity();
  return result;
}

/**
 * For calls that are made directly, inside of one that is made {@link purely}.
 *
 * @throws {Impurity} if a clock or dice were asked in it, even if it has gone on without the answer.
 */
export function refuseImpurity(): void {
  if (asked !== null) throw asked;
}

function outermost<T>(call: () => T): T {
  // Written out member by member: a loop over them takes five times as long.
  const { random } = Math;
  const { now: dateNow } = RealDate;
  const { now } = clocks;
  const { randomUUID, getRandomValues } = dice;
  const { hrtime } = process;
  const date = globalThis.Date;
  asked = null;
  isInside = true;
  Math.random = impure.random;
  RealDate.now = impure.dateNow;
  clocks.now = impure.performanceNow;
  dice.randomUUID = impure.randomUUID;
  dice.getRandomValues = impure.getRandomValues;
  process.hrtime = impure.hrtime;
  globalThis.Date = timelessDate;
  try {
    return call();
  } finally {
    isInside = false;
    Math.random = random;
    RealDate.now = dateNow;
    clocks.now = now;
    dice.randomUUID = randomUUID;
    dice.getRandomValues = getRandomValues;
    process.hrtime = hrtime;
    globalThis.Date = date;
  }
}
