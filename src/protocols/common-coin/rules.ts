// The rules of binary agreement with a common coin. Without the third stage of a round a process that is slow fixes its values when the coin
// has fallen, and the scheduler chooses them against it, for ever. With it any two processes share a vote for what they have seen, so
// what may win alone is bound when the first one asks for the coin.

type Bit = 0 | 1;

export const coinRules = {
  /** The values that may still be given alone in a round: which one is bound before anybody sees the coin. Null: either. */
  bounds: (estimated: readonly Bit[]): readonly (Bit | null)[] => estimated,

  /** A process decides a value that it has alone if the coin agrees: whoever has both takes the same value then. */
  decides: (only: Bit, coin: Bit): boolean => only === coin,
};
export type CoinRules = typeof coinRules;
