/** Reads a compose file: what of it this example uses, and nothing that it doesn't understand. */
import { parse } from "yaml";

export interface Service {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Those that must be up before. */
  readonly after: readonly string[];
  /** A command that succeeds once the service is well. */
  readonly healthcheck: readonly string[] | undefined;
  readonly replicas: number;
  /** Where its volumes are mounted. */
  readonly mounts: readonly string[];
}

type Env = Readonly<Record<string, string | undefined>>;
type Item = Readonly<Record<string, unknown>>;

const KNOWN = [
  ...["image", "command", "environment", "depends_on", "healthcheck", "deploy", "volumes", "ports"],
  ...["working_dir", "init", "restart", "stop_grace_period"],
];

/** The services, each after those that it depends on. Variables are taken from `env`, as compose takes them from its own. */
export function servicesIn(text: string, env: Env): readonly Service[] {
  const document = parse(interpolated(text, env), { merge: true }) as {
    readonly services: Readonly<Record<string, Item>>;
  };
  const services = Object.entries(document.services).map(([name, item]) => serviceOf(name, item));
  return inOrder(services);
}

function serviceOf(name: string, item: Item): Service {
  const unknown = Object.keys(item).filter((key) => !KNOWN.includes(key));
  if (unknown.length > 0)
    throw new Error(`The service ${name} has ${unknown.join(", ")}, which is not understood here.`);
  const environment = Object.entries((item["environment"] ?? {}) as Item);
  const healthcheck = (item["healthcheck"] as Item | undefined)?.["test"] as readonly string[] | undefined;
  const deploy = (item["deploy"] ?? {}) as Item;
  return {
    name,
    image: String(item["image"]),
    command: (item["command"] ?? []) as readonly string[],
    environment: Object.fromEntries(environment.map(([key, value]) => [key, String(value)])),
    after: Object.keys((item["depends_on"] ?? {}) as Item),
    healthcheck: healthcheck?.slice(1),
    replicas: Number(deploy["replicas"] ?? 1),
    mounts: ((item["volumes"] ?? []) as readonly string[]).map((volume) => volume.split(":")[1] ?? ""),
  };
}

/** `${NAME}` and `${NAME:-default}`. */
function interpolated(text: string, env: Env): string {
  return text.replaceAll(/\$\{(\w+)(?::-([^}]*))?\}/g, (_, name: string, fallback: string | undefined) => {
    const value = env[name] || fallback;
    if (value === undefined) throw new Error(`The compose file needs the variable ${name}.`);
    return value;
  });
}

function inOrder(services: readonly Service[]): readonly Service[] {
  const sorted: Service[] = [];
  const isPlaced = (name: string): boolean => sorted.some((service) => service.name === name);
  while (sorted.length < services.length) {
    const next = services.find(({ name, after }) => !isPlaced(name) && after.every(isPlaced));
    if (!next) throw new Error("The services wait for each other, or for one that is not there.");
    sorted.push(next);
  }
  return sorted;
}
