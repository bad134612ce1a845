/** Core under simulation. See the README. */
export type { Choices, Trace } from "./choices.js";
export type { ImportsPlan } from "./imports/plan.js";
export { describeImportsFailure, type SimulateImportsResult, simulateImports } from "./imports/simulate.js";
export type { ActorKind, ActorPlan, Phase, Plan } from "./plan.js";
export { planOf } from "./plan.js";
export { type Failing, shrink } from "./shrink.js";
export { describeFailure, type SimulateOptions, type SimulateResult, simulate } from "./simulate.js";
export type { StoresPlan } from "./stores/plan.js";
export { storesPlanOf } from "./stores/plan.js";
export { type FailingStores, shrinkStores } from "./stores/shrink.js";
export { describeStoresFailure, type SimulateStoresResult, simulateStores } from "./stores/simulate.js";
export type { CreateArchiver } from "./world.js";
