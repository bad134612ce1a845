/** What stands for the images of servers where there are no containers: programs of this machine, and the small S3 server of the tests. */
import { FakeBucket, KEYS, startFakeS3 } from "@session-archiver/test-kit/fake-s3";
import { startPostgres } from "@session-archiver/test-kit/servers";
import pg from "pg";
import type { Service } from "./compose.js";

export interface Server {
  /** As the compose file calls it, `database:5432`, and where it is. */
  readonly from: string;
  readonly to: string;
  stop(): Promise<void>;
}

/** `undefined` for an image that is not a server. */
export function serverFor(service: Service): (() => Promise<Server>) | undefined {
  const [image] = service.image.split(":");
  if (image === "postgres") return () => startDatabase(service);
  if (image === "versity/versitygw") return () => startBucket(service);
  return undefined;
}

async function startDatabase({ name, environment }: Service): Promise<Server> {
  const server = await startPostgres();
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  const { POSTGRES_USER: user = "postgres", POSTGRES_DB: database = user } = environment;
  await client.query(`CREATE ROLE ${pg.escapeIdentifier(user)} LOGIN`);
  await client.query(`CREATE DATABASE ${pg.escapeIdentifier(database)} OWNER ${pg.escapeIdentifier(user)}`);
  await client.end();
  return { from: `${name}:5432`, to: `127.0.0.1:${server.port}`, stop: () => server.remove() };
}

async function startBucket({ name, command, environment, mounts }: Service): Promise<Server> {
  const { ROOT_ACCESS_KEY: id, ROOT_SECRET_KEY: secret } = environment;
  if (id !== KEYS.accessKeyId || secret !== KEYS.secretAccessKey) {
    throw new Error(`The small S3 server takes the keys ${KEYS.accessKeyId} and ${KEYS.secretAccessKey} alone.`);
  }
  const server = await startFakeS3();
  // Each folder of the one that it serves is a bucket.
  const root = `${command.at(-1)}/`;
  for (const mount of mounts) server.buckets.set(mount.replace(root, ""), new FakeBucket());
  const port = command.find((word) => /^:\d+$/.test(word)) ?? "";
  return { from: name + port, to: new URL(server.url).host, stop: () => server.close() };
}
