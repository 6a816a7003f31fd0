// Binary agreement with a common coin.

export { commonCoinMutants } from "./mutants.js";
export { commonCoin } from "./protocol.js";
