/** Whether a path lies in a folder that a program keeps in step with other machines. */
import { readdirSync } from "node:fs";
import { basename, dirname, join, sep } from "node:path";
import type { DoctorPlaces } from "./areas.js";
import { realPlace } from "./real-path.js";
import { lstatOf } from "./stats.js";

export interface Synced {
  readonly program: string;
  /** The folder that is kept in step. */
  readonly folder: string;
}

/** Marks that the programs leave in the folder which they keep in step. */
const MARKS: readonly (readonly [program: string, isMark: (name: string, folder: string) => boolean])[] = [
  // Not the folder ~/.dropbox, which holds the program's settings.
  ["Dropbox", (name, folder) => name === ".dropbox.cache" || (name === ".dropbox" && isFile(join(folder, name)))],
  ["Syncthing", (name) => name === ".stfolder" || name === ".stignore"],
  [
    "Nextcloud or ownCloud",
    (name) =>
      /^\._?sync_[0-9a-f]+\.db$/i.test(name) ||
      [".owncloudsync.log", ".nextcloudsync.log", ".csync_journal.db"].includes(name),
  ],
  [
    "Resilio Sync",
    (name, folder) =>
      name === ".sync" && ["ID", "IgnoreList", "StreamsList"].some((file) => isFile(join(folder, name, file))),
  ],
  ["Google Drive", (name) => name === ".tmp.drivedownload" || name === ".tmp.driveupload"],
  ["MEGA", (name) => name === ".megaignore" || name === ".debris"],
  ["OneDrive", (name) => name.toUpperCase() === ".849C9593-D756-4E56-8D6E-42412F2A707B"],
  ["Seafile", (name) => name === ".seafile-data"],
];

/** The names of the programs' folders in the user's own. */
const FOLDERS: readonly (readonly [program: string, name: RegExp])[] = [
  ["Dropbox", /^Dropbox(?: \(.+\))?$/i],
  ["OneDrive", /^OneDrive(?: ?- ?.+)?$/i],
  ["Google Drive", /^(?:Google ?Drive|My Drive)$/i],
  ["iCloud Drive", /^iCloud ?Drive$/i],
  ["Nextcloud or ownCloud", /^(?:Nextcloud|ownCloud)$/i],
  ["Box", /^Box(?: Sync)?$/],
  ["pCloud", /^pCloud ?(?:Drive|Sync)$/i],
  ["MEGA", /^MEGA(?:sync)?$/],
  ["Seafile", /^Seafile$/i],
];

/** The nearest such folder that holds the path, or is it. */
export async function syncedBy(
  path: string,
  { env, platform }: Pick<DoctorPlaces, "env" | "platform">,
): Promise<Synced | undefined> {
  const real = await realPlace(path);
  const userHome = await realPlace(env["HOME"] || env["USERPROFILE"] || sep);
  for (let folder = real; ; folder = dirname(folder)) {
    const program = byMark(folder) ?? byPlace(folder, userHome) ?? byVariable(folder, env);
    if (program !== undefined) return { program, folder };
    if (dirname(folder) === folder) break;
  }
  return platform === "darwin" ? byDesktop(real, userHome) : undefined;
}

function byMark(folder: string): string | undefined {
  let names: readonly string[];
  try {
    names = readdirSync(folder).filter((name) => name.startsWith("."));
  } catch {
    return undefined; // missing, or not ours to read
  }
  return MARKS.find(([, isMark]) => names.some((name) => isMark(name, folder)))?.[0];
}

function byPlace(folder: string, userHome: string): string | undefined {
  const parent = dirname(folder);
  if (parent === folder) return undefined;
  const name = basename(folder);
  // `GoogleDrive-ada@example.com`, `OneDrive-Personal`, `Dropbox`.
  if (parent === join(userHome, "Library", "CloudStorage")) return name.split("-", 1)[0] ?? name;
  if (folder === join(userHome, "Library", "Mobile Documents")) return "iCloud Drive";
  return parent === userHome ? FOLDERS.find(([, pattern]) => pattern.test(name))?.[0] : undefined;
}

/** Windows tells programs where OneDrive's folders are. */
function byVariable(folder: string, env: DoctorPlaces["env"]): string | undefined {
  const named = [env["OneDrive"], env["OneDriveConsumer"], env["OneDriveCommercial"]];
  return named.some((one) => one !== undefined && one.toLowerCase() === folder.toLowerCase()) ? "OneDrive" : undefined;
}

/** With "Desktop & Documents Folders" switched on, iCloud Drive holds both, or links to them. */
function byDesktop(path: string, userHome: string): Synced | undefined {
  for (const name of ["Desktop", "Documents"]) {
    const folder = join(userHome, name);
    const inCloud = join(userHome, "Library", "Mobile Documents", "com~apple~CloudDocs", name);
    const isInside = path === folder || path.startsWith(folder + sep);
    if (isInside && lstatOf(inCloud)) return { program: "iCloud Drive", folder };
  }
  return undefined;
}

function isFile(path: string): boolean {
  return lstatOf(path)?.isFile() ?? false;
}
