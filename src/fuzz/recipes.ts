// Recipes: what a campaign has learned, for the next one. A recipe leads to a rare situation: it is the path
// of a run and a number of events, never a state. Sets of recipes are merged in any order and any number of
// times with the same result (a bottom-k sketch, Broder), so a campaign keeps the same ones whoever has made
// its blocks.

import { Dice, mixed, scramble } from "./dice.js";
import { fromOutside } from "./lineage.js";

/** The largest number of situations kept; chosen by a hash of their names, so no kind is preferred. */
export const maxRecipes = 1024;

/** A run made of more runs than this is not kept: its path would be long, and slow to make. */
export const maxLineage = 32;

/** A recipe for a situation. */
export interface Recipe {
  /** The situation's name: 32 bits. */
  readonly situation: number;
  /** The path of a run, with the seed of each run in it. */
  readonly path: string;
  /** How many events of the run lead there. */
  readonly events: number;
}

/** The recipes that a campaign began with, and those that it learned. */
export interface Learned {
  readonly start: readonly Recipe[];
  readonly learned: readonly Recipe[];
}

/** The shortest recipe for each situation, and at most {@link maxRecipes}. */
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

/** The recipe in a form for any campaign; null if it names too many runs, or different runs by one name. */
export function recipeFor(situation: number, path: string, events: number, campaign: number): Recipe | null {
  const outside = fromOutside(path, campaign);
  const names = outside.split(",").map((text) => text.split("<")[0]);
  if (names.length > maxLineage || new Set(names).size < names.length) return null;
  return { situation, path: outside, events };
}

/** The recipes that a block begins with; half of its corpus stays free for its own. */
export function drawn(recipes: readonly Recipe[], count: number, campaign: number, block: number): Recipe[] {
  const dice = new Dice(mixed(mixed(scramble(campaign), 2), block));
  const left = [...recipes];
  return Array.from({ length: Math.min(count, left.length) }, () => {
    const at = dice.below(left.length);
    const [recipe] = left.splice(at, 1);
    return recipe!;
  });
}
