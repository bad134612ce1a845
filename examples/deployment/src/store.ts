/** Opens the store that the environment names: sessions in a database, their archives in a bucket. */
import { openPostgres } from "@session-archiver/adapter-postgres";
import { openS3Archives, type S3Archives } from "@session-archiver/adapter-s3";
import { type Archiver, createArchiver } from "@session-archiver/core";

export interface OpenedStore {
  readonly archiver: Archiver;
  readonly archives: S3Archives;
  close(): Promise<void>;
}

export interface Manner {
  /** For programs that only read: they need fewer rights, and tables that are there. */
  readonly readOnly?: boolean;
}

export async function openStore({ readOnly = false }: Manner = {}): Promise<OpenedStore> {
  const store = await openPostgres(variable("DATABASE_URL"), { schema: "archiver", readOnly, create: !readOnly });
  try {
    const archives = await openS3Archives({
      endpoint: variable("S3_ENDPOINT"),
      bucket: variable("S3_BUCKET"),
      credentials: {
        accessKeyId: variable("AWS_ACCESS_KEY_ID"),
        secretAccessKey: variable("AWS_SECRET_ACCESS_KEY"),
      },
      // A program that writes nothing need not try out how the bucket takes writes.
      ...(readOnly && { createOnly: "both" }),
    });
    const onEvent = (event: { readonly type: string }): void => {
      if (event.type === "warning") console.error(event);
    };
    return {
      archiver: createArchiver({ ...store, archives, onEvent }),
      archives,
      async close() {
        await archives.close();
        await store.close();
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Throws if it is missing: a program that starts all the same would write to the wrong place. */
export function variable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`The variable ${name} is not set: see compose.yaml.`);
  return value;
}
