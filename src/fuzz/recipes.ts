// What a campaign has learned, for the next one: recipes for coming to situations that few runs come to. A recipe is the path of a run and a
// number of events, never a state, so it says all that it takes. The recipes of several blocks, shards and campaigns add up as sets do, in
// any order and however often (Broder's bottom-k sketch): so a campaign keeps the same ones whoever has made its blocks.

import { Dice, mixed, scramble } from "./dice.js";
import { fromOutside } from "./lineage.js";

/** So many situations are kept at most, drawn by their names: no kind of them is preferred. */
export const maxRecipes = 1024;

/** A run that is made of so many others is not kept: its path would be hard to print, and slow to make. */
export const maxLineage = 32;

/** How to come to a situation. */
export interface Recipe {
  /** The situation's name: 32 bits. */
  readonly situation: number;
  /** A run, with the seed of each run that it names. */
  readonly path: string;
  /** So many events of the run lead there. */
  readonly events: number;
}

/** What a campaign began with, and what it has come to besides. */
export interface Learned {
  readonly start: readonly Recipe[];
  readonly learned: readonly Recipe[];
}

/** One recipe for each situation, the shortest; and not more than {@link maxRecipes}. */
export function allRecipes(...sets: readonly (readonly Recipe[])[]): Recipe[] {
  const best = new Map<number, Recipe>();
  for (const recipe of sets.flat()) {
    const known = best.get(recipe.situation);
    if (!known || isShorter(recipe, known)) best.set(recipe.situation, recipe);
  }
  return [...best.values()]
    .sort((a, b) => scramble(a.situation) - scramble(b.situation))
    .slice(0, maxRecipes);
}

function isShorter(a: Recipe, b: Recipe): boolean {
  if (a.events !== b.events) return a.events < b.events;
  if (a.path.length !== b.path.length) return a.path.length < b.path.length;
  return a.path < b.path;
}

/** The recipe as any campaign may use it; null if it names too many runs, or different ones by one name. */
export function recipeFor(situation: number, path: string, events: number, campaign: number): Recipe | null {
  const outside = fromOutside(path, campaign);
  const names = outside.split(",").map((text) => text.split("<")[0]);
  if (names.length > maxLineage || new Set(names).size < names.length) return null;
  return { situation, path: outside, events };
}

/** Those with which a block begins; half of a block's room is left for what it comes to itself. */
export function drawn(recipes: readonly Recipe[], count: number, campaign: number, block: number): Recipe[] {
  const dice = new Dice(mixed(mixed(scramble(campaign), 2), block));
  const left = [...recipes];
  return Array.from({ length: Math.min(count, left.length) }, () => {
    const at = dice.below(left.length);
    const [recipe] = left.splice(at, 1);
    return recipe!;
  });
}
