/** What a program of WebKitGTK needs around it: a screen, a bus, and a home of its own. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Group, startGroup } from "../group.js";

/** A bus that starts no other programs: portals and accessibility would take seconds, and mount a file system in the home. */
const BUS = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`;

/** Starts the program on a screen of its own. Everything it writes is in `home`, which must exist. */
export async function startOnScreen(home: string, command: readonly string[]): Promise<Group> {
  const bus = join(home, "bus.conf");
  await writeFile(bus, BUS);
  const around = ["xvfb-run", "--auto-servernum", "dbus-run-session", `--config-file=${bus}`, "--"];
  const sandbox = process.getuid?.() === 0 ? { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1" } : {}; // root can't have one
  const { XDG_DATA_HOME: _data, XDG_CACHE_HOME: _cache, XDG_CONFIG_HOME: _config, ...env } = process.env;
  return startGroup([...around, ...command], { ...env, ...sandbox, HOME: home, NO_AT_BRIDGE: "1", GTK_A11Y: "none" });
}
