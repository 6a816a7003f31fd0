// A parameter of a run: one number, name or choice that somebody can set. Each parameter is defined once, in
// a table. Everything else is derived from the tables: the options of the command line and their help, the
// schemas of configurations and trace files, the types of the library, captions, the JSON of runs, the lines
// that repeat a run, and docs/cli.md.

import type { Kind, Readable } from "./kinds.js";
import type { Words } from "./vocabulary.js";

/**
 * The place of the value in a setting: the parameters that nodes know, the bounds, the times, the protocol's
 * own parameters (`config.set`), or the setting itself.
 */
export type Place = "config" | "bounds" | "timing" | "setting" | "set";

/** The description of a parameter, for people. */
export interface Described<Option extends string | null = string | null> {
  /**
   * The option on the command line, in camel case; null: no option sets it, Turncoat determines it.
   */
  readonly option: Option;
  /** The placeholder of the value in the help: `<n>`. */
  readonly value: string;
  /** A description in a few words, for `--help`. */
  readonly help: string;
  /** The default in words; null: it depends on other things. */
  readonly byDefault: string | null;
  /** Its heading in `--help`. Default: the heading of its table. */
  readonly group?: string;
  /** A longer description, for the reference. */
  readonly doc?: string;
  /** The largest value: with more, no run would ever end. */
  readonly most?: number;
}

/** A parameter of a setting. */
export interface Parameter<T, P extends Place, Always extends boolean, Option extends string | null>
  extends Described<Option> {
  readonly kind: Kind<T>;
  readonly place: P;
  /** Whether it has a value in every setting. Otherwise it is left out unless somebody asks for it. */
  readonly always: Always;
  /** The value that means the same as none: it is left out of the setting. */
  readonly neutral?: T;
  /** Its caption, in the protocol's words: `2 slots`; empty if the protocol has no such thing. Default: no caption. */
  caption?(value: T, words: Words): string;
  /** Whether it comes last in the caption. */
  readonly endsCaption?: boolean;
  /** Whether it is a field of the run in JSON, or of the run's `bounds`. Default: neither. */
  readonly json?: "run" | "bounds";
}

type Said<T, P extends Place, Always extends boolean, Option extends string | null> = Omit<
  Parameter<T, P, Always, Option>,
  "kind" | "place" | "always"
>;

/** A parameter with a value in every setting. */
export function always<T, const P extends Place, const Option extends string | null>(
  kind: Kind<T>,
  place: P,
  said: Said<T, P, true, Option>,
): Parameter<T, P, true, Option> {
  return { kind, place, always: true, ...said };
}

/** A parameter that a setting need not have. */
export function optional<T, const P extends Place, const Option extends string | null>(
  kind: Kind<T>,
  place: P,
  said: Said<T, P, false, Option>,
): Parameter<T, P, false, Option> {
  return { kind, place, always: false, ...said };
}

/** A parameter that no option sets, but a property or a kind of run. */
export function internal<T>(kind: Kind<T>, doc: string): Parameter<T, "config", false, null> {
  return { kind, place: "config", always: false, option: null, value: "", help: "", byDefault: null, doc };
}

/** Parameters, by their names in the library and in files. */
export interface ParameterTable {
  readonly [name: string]: Parameter<unknown, Place, boolean, string | null>;
}

/** The type of a parameter's values. */
export type ValueOf<Q> = Q extends { readonly kind: Readable<infer T> } ? T : never;

/** The values of the parameters in a place, as fields of one object. */
export type Fields<Table, P extends Place> = {
  readonly [Name in keyof Table as Table[Name] extends { readonly place: P; readonly always: true }
    ? Name
    : never]: ValueOf<Table[Name]>;
} & {
  readonly [Name in keyof Table as Table[Name] extends { readonly place: P; readonly always: false }
    ? Name
    : never]?: ValueOf<Table[Name]>;
};

/** The parameters that can be asked for, by the names of the library; all optional. */
export type Asked<Table> = {
  readonly [Name in keyof Table as Table[Name] extends { readonly option: string } ? Name : never]?: ValueOf<
    Table[Name]
  >;
};

/** The same, by the names of the options. */
export type Options<Table> = {
  readonly [Name in keyof Table as Table[Name] extends { readonly option: infer Option extends string }
    ? Option
    : never]?: ValueOf<Table[Name]>;
};

/** `[name, parameter]` for each parameter in a place, in the order of the table. */
export function standingIn(table: ParameterTable, place: Place) {
  return Object.entries(table).filter(([, parameter]) => parameter.place === place);
}

/** `[name, parameter, option]` for each parameter that an option sets. */
export function withOption<Entry extends Described>(table: { readonly [name: string]: Entry }) {
  return Object.entries(table).flatMap(([name, parameter]) =>
    parameter.option === null ? [] : [[name, parameter, parameter.option] as const],
  );
}

/** The flag of an option: `maxTime` is `--max-time`. */
export function flag(option: string): string {
  return `--${option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
