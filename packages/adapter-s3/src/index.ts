export type { Collected } from "./bucket/collect.js";
export type { CreateOnly } from "./create-only.js";
export type { S3SdkClient, SdkEndpoint, SdkRequest, SdkResponse } from "./http/sdk-client.js";
export type { S3Credentials } from "./http/signer.js";
export type { BucketFacts, S3Notice } from "./notices.js";
export { openS3Archives } from "./open.js";
export type { S3Options } from "./options.js";
export type { S3Archives } from "./store.js";
