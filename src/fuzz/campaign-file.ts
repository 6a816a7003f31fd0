// The campaign file: all that is needed to continue a campaign, or to merge it with other shards. It does not
// depend on the clock or on the number of threads: the same seed gives the same bytes.

import * as Schema from "effect/Schema";
import type { SettingDescription } from "../catalogue/index.js";
import { writeAtomically } from "../files/atomic.js";
import { document } from "../files/document.js";
import { readJson } from "../files/json.js";
import type { Identity } from "../identity/identity.js";
import { IdentitySchema } from "../identity/schema.js";
import { UserError } from "../model/errors.js";
import { Trace } from "../trace/schema.js";
import { version } from "../version.js";
import { blockRuns } from "./block.js";
import { type BlockRanges, blockCount, disjointUnion, endOf, firstBlocks } from "./blocks.js";
import { RecipeSchema } from "./corpus-file.js";
import { sumOf } from "./counts.js";
import { Incidence } from "./incidence.js";
import { bytesOf, integersIn } from "./integers.js";
import { allRecipes } from "./recipes.js";
import type { CampaignState } from "./result.js";
import { DistinctSample } from "./sample.js";

const formatName = "turncoat-fuzz";
const formatVersion = 2;

const count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0));
const tally = Schema.Record(Schema.String, count);
const counterexample = Schema.Struct({
  property: Schema.String,
  explanation: Schema.String,
  start: Trace.fields.start,
  actions: Trace.fields.actions,
  loop: Trace.fields.loop,
  schedule: Trace.fields.schedule,
});

const Recipes = Schema.Array(RecipeSchema);

const Made = Schema.Array(Schema.Tuple([count, count]));

const State = Schema.Struct({
  seed: Schema.Int,
  strategy: Schema.String,
  maxActions: count,
  shard: Schema.Struct({ index: count, of: count }),
  blocks: count,
  made: Schema.optionalKey(Made), // in files of earlier versions: the first ones of the shard
  maxRuns: Schema.optionalKey(Schema.NullOr(count)),
  counts: Schema.Struct({
    ...{ runs: count, events: count, decided: count, decisions: count, highestView: count },
    comparisons: Schema.Array(count),
    reached: Schema.Array(count),
    observed: Schema.optionalKey(Schema.Array(count)), // not in files of earlier versions
    ...{ kinds: tally, messages: tally, moves: tally },
    strategies: Schema.Record(
      Schema.String,
      Schema.Struct({ runs: count, events: count, decided: count, novel: count }),
    ),
    timed: Schema.optionalKey(
      Schema.Struct({
        ...{ served: count, late: count, round: count },
        ...{ cutByActions: count, cutByViews: count, waited: count, longestWait: count },
      }),
    ),
  }),
  /** Hashes as the base64 of their bytes, little-endian. */
  sample: Schema.Struct({ level: count, hashes: Schema.String }),
  /** In how many runs states were seen: `marks` like `hashes`. Not in files of earlier versions. */
  incidence: Schema.optionalKey(Schema.Struct({ level: count, marks: Schema.String })),
  failures: Schema.Array(
    Schema.Struct({
      ...{ run: count, path: Schema.String, strategy: Schema.String, times: count },
      counterexample,
      minimized: Schema.NullOr(Schema.Struct({ adversary: Schema.NullOr(Schema.String), counterexample })),
    }),
  ),
  corpus: Schema.NullOr(Schema.Struct({ start: Recipes, learned: Recipes })),
});

const File = Schema.Struct({
  format: Schema.Literal(formatName),
  version: Schema.Literal(formatVersion),
  /** The version of Turncoat that wrote the file: another version makes other runs. */
  turncoat: Schema.String,
  /** Runs in a block, which all numbers of blocks depend on. */
  blockRuns: count,
  campaigns: Schema.Array(
    Schema.Struct({
      setting: Trace.fields.setting,
      identity: Schema.optionalKey(IdentitySchema), // not in files of earlier versions
      state: State,
      before: Schema.optionalKey(Schema.Struct({ upTo: count, state: State })),
    }),
  ),
});

/** A setting, and the progress of its campaign. */
export interface CampaignRecord {
  readonly setting: SettingDescription;
  /** The identity of the code that made it; default: unknown. */
  readonly identity?: Identity | undefined;
  readonly state: CampaignState;
}

/**
 * What is read from a file and written again is the same text. So a field that the schema does not know is an
 * error.
 */
const stateInOrder = Schema.decodeUnknownSync(State, { onExcessProperty: "error" });

const inOrder = Schema.decodeUnknownSync(Trace.fields.setting); // of the schema's keys, as in what is read

/** Equal for equal settings, whatever the order of their keys, which differs between a file and a plan. */
export function settingKey(setting: SettingDescription): string {
  return JSON.stringify(inOrder(setting));
}

/** The text of a file. */
export function encodeCampaigns(campaigns: readonly CampaignRecord[]): string {
  const written = campaigns.map(({ setting, identity, state }) => ({
    setting: inOrder(setting),
    ...(identity && { identity }),
    ...writtenState(state),
  }));
  const file = {
    format: formatName,
    version: formatVersion,
    turncoat: version,
    blockRuns,
    campaigns: written,
  };
  return `${JSON.stringify(file, null, 1)}\n`;
}

/** Writes a file. @throws {UserError} `bad-file` if that is not possible. */
export function writeCampaigns(file: string, campaigns: readonly CampaignRecord[]): void {
  writeAtomically(file, encodeCampaigns(campaigns));
}

/** Reads a file. @throws {UserError} `bad-file` if it is none, or of another version. */
export async function readCampaigns(file: string): Promise<readonly CampaignRecord[]> {
  return campaignsIn(readJson(file), file);
}

/** What a document says that {@link encodeCampaigns} has written; `name` is what errors call it. */
export function campaignsIn(json: unknown, name: string): readonly CampaignRecord[] {
  const read = document(File, json, `${name} is not a campaign that can be read`);
  const { campaigns, turncoat, blockRuns: runs } = read;
  if (turncoat !== version || runs !== blockRuns)
    throw new UserError(
      "bad-file",
      `${name} was written by Turncoat ${turncoat}; the runs of ${version} are others, so it cannot go on with them.`,
    );
  return campaigns.map(({ setting, identity, state, before }) => ({
    setting: setting as SettingDescription,
    identity,
    state: {
      ...stateFrom(state),
      ...(before && { before: { upTo: before.upTo, state: stateFrom(before.state) } }),
    },
  }));
}

/** The state as written: `before` only if it is needed. */
function writtenState({ before, ...state }: CampaignState) {
  return {
    state: withText(state),
    ...(before && { before: { upTo: before.upTo, state: withText(before.state) } }),
  };
}

function withText({ incidence, ...state }: CampaignState) {
  return stateInOrder({
    ...state,
    ...(incidence && {
      incidence: { level: incidence.level, marks: bytesOf(incidence.marks).toString("base64") },
    }),
    sample: { ...state.sample, hashes: bytesOf(state.sample.hashes).toString("base64") },
  });
}

function stateFrom(state: typeof State.Type): CampaignState {
  return {
    ...state,
    made: state.made ?? firstBlocks(state.shard, state.blocks),
    maxRuns: state.maxRuns ?? null,
    incidence: state.incidence
      ? { level: state.incidence.level, marks: integersIn(Buffer.from(state.incidence.marks, "base64")) }
      : null,
    sample: { ...state.sample, hashes: integersIn(Buffer.from(state.sample.hashes, "base64")) },
  } as CampaignState;
}

/**
 * Merges several shards of one campaign.
 *
 * @throws {UserError} `bad-option` if they are not shards of one campaign, or if two of them have made the
 * same block.
 */
export function mergeShards(shards: readonly CampaignState[]): CampaignState {
  const [first, ...others] = shards.toSorted((a, b) => a.shard.index - b.shard.index);
  const isAlike = (other: CampaignState) =>
    other.seed === first!.seed &&
    other.strategy === first!.strategy &&
    other.maxActions === first!.maxActions &&
    JSON.stringify(other.corpus?.start) === JSON.stringify(first!.corpus?.start);
  const made = shards.reduce<BlockRanges | null>((sum, shard) => sum && disjointUnion(sum, shard.made), []);
  if (!others.every(isAlike) || made === null)
    throw new UserError(
      "bad-option",
      "These are not shards of one campaign: seed, strategy, --max-actions and --corpus must be the same, and no two of them have made the same runs.",
    );
  const sample = new DistinctSample();
  for (const shard of shards) sample.merge(shard.sample);
  const { before: _, ...alike } = first!;
  return {
    ...alike,
    shard: { index: 1, of: 1 },
    blocks: blockCount(made),
    made,
    maxRuns: wholeOf(shards, endOf(made)),
    ...(shards.some(({ before }) => before) && { before: beforeOf(shards) }),
    counts: shards.map(({ counts }) => counts).reduce(sumOf),
    sample: sample.sorted(),
    incidence: mergedIncidence(shards),
    failures: shards.flatMap(({ failures }) => failures).sort((a, b) => a.run - b.run),
    corpus: first!.corpus && {
      start: first!.corpus.start,
      learned: allRecipes(...shards.map(({ corpus }) => corpus?.learned ?? [])),
    },
  };
}

/** Null if one of them has not counted. */
function mergedIncidence(shards: readonly CampaignState[]): CampaignState["incidence"] {
  const all = new Incidence();
  for (const { incidence } of shards) {
    if (incidence === null) return null;
    all.merge(incidence);
  }
  return all.serialized();
}

/**
 * The number of runs of all shards together. If time limited them and shards are missing, those have at least
 * as many rounds as the others.
 */
function wholeOf(shards: readonly CampaignState[], end: number): number | null {
  const planned = shards.map(({ maxRuns }) => maxRuns).filter((runs) => runs !== null);
  if (planned.length > 0) return Math.max(...planned);
  const { of } = shards[0]!.shard;
  return shards.length < of ? Math.ceil(end / of) * of * blockRuns : null;
}

/** The state before the blocks that were cut short. */
function beforeOf(shards: readonly CampaignState[]): NonNullable<CampaignState["before"]> {
  const upTo = Math.min(...shards.map(({ before }) => before?.upTo ?? Number.POSITIVE_INFINITY));
  return { upTo, state: mergeShards(shards.map((shard) => shard.before?.state ?? shard)) };
}
