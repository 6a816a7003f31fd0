// Holds records of real runs against the model.

export { type Conformance, type ConformOptions, conform, type Rejection } from "./conform.js";
