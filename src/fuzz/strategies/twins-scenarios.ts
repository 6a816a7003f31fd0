// The scenarios of Twins (Bano et al., "Twins: BFT Systems Made Robust", OPODIS 2021): for each of a few
// rounds, a partition and a leader. All participants, both copies of a twin included, are on one of two
// sides. Between two rounds the participants on one side (or none, or all) give up on the primary, which
// determines the next leader.
//
// Scenarios that differ only in names are one: the two sides have no names, nor have the copies of a twin,
// nor replicas that lead no view within the bounds.

/** The participants of a scenario. */
export interface Cast {
  /** How many participants there are. */
  readonly participants: number;
  /** Lists of interchangeable participants. */
  readonly interchangeable: readonly (readonly number[])[];
  readonly rounds: number;
}

/** One round. */
interface TwinsRound {
  /** For each participant its side. */
  readonly sides: readonly (0 | 1)[];
  /** The participants that give up on the primary at the end: none (0), side 0 (1), side 1 (2), all (3). */
  readonly leavers: 0 | 1 | 2 | 3;
}

export type Scenario = readonly TwinsRound[];

const endings = 4;

/** The number of scenarios, counting those that differ only in names. */
export function scenarioCount({ participants, rounds }: Cast): number {
  return (2 ** (participants - 1) * endings) ** rounds / endings; // nobody gives up after the last round
}

/** The scenario with this number, below {@link scenarioCount}. */
export function scenarioAt({ participants, rounds }: Cast, number: number): Scenario {
  let rest = number;
  const take = (choices: number) => {
    const choice = rest % choices;
    rest = Math.floor(rest / choices);
    return choice;
  };
  return Array.from({ length: rounds }, (_, round) => {
    const mask = take(2 ** (participants - 1));
    const leavers = round < rounds - 1 ? take(endings) : 0;
    // The first participant is on side 0, by definition.
    const sides = Array.from({ length: participants }, (_, index) =>
      index === 0 ? 0 : (mask >> (index - 1)) & 1,
    );
    return { sides, leavers } as TwinsRound;
  });
}

/** A scenario's name, equal for all that differ only in names. */
export function nameOf(scenario: Scenario, { interchangeable }: Cast): string {
  const renamed = permutations(interchangeable).map((renaming) =>
    scenario.map((round) => roundName(round, renaming)).join(),
  );
  return renamed.reduce((least, name) => (name < least ? name : least));
}

/** The sides, named so that the first participant after renaming is on side 0. */
function roundName({ sides, leavers }: TwinsRound, renaming: ReadonlyMap<number, number>): string {
  const places = sides.map((_, index) => sides[renaming.get(index) ?? index]!);
  const isTurned = places[0] === 1;
  const named = isTurned ? places.map((side) => 1 - side) : places;
  const leaving = isTurned && (leavers === 1 || leavers === 2) ? 3 - leavers : leavers;
  return `${named.join("")}${leaving}`;
}

/** All ways to permute the members of groups among themselves. */
function permutations(groups: readonly (readonly number[])[]): ReadonlyMap<number, number>[] {
  const [group, ...others] = groups;
  if (!group) return [new Map()];
  const rest = permutations(others);
  return orders(group).flatMap((order) =>
    rest.map((renaming) => new Map([...renaming, ...group.map((item, at) => [item, order[at]!] as const)])),
  );
}

function orders(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item) =>
    orders(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
  );
}

/** The number of the first of each set of scenarios that differ only in names. */
export function distinctScenarios(cast: Cast): number[] {
  const seen = new Set<string>();
  const numbers: number[] = [];
  for (let number = 0; number < scenarioCount(cast); number++) {
    const name = nameOf(scenarioAt(cast, number), cast);
    if (seen.has(name)) continue;
    seen.add(name);
    numbers.push(number);
  }
  return numbers;
}
