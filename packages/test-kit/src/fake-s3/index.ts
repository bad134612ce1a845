export { fail } from "./answers.js";
export { type Behaviour, FakeBucket } from "./bucket.js";
export { type FakeS3, type Fault, startFakeS3, type Watch } from "./server.js";
export { KEYS } from "./signature.js";
