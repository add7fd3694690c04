import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { natScript } from "../../../components/network/nat-script";
import { needs } from "../../support/needs";

const cidr = "10.30.0.0/16";

/** The script with its files in a folder, and stubs for the programs that would change the machine. */
function prepared(folder: string, real: readonly string[]): string {
  for (const each of ["etc/dnf/vars", "etc/sysconfig", "etc/sysctl.d", "bin"])
    mkdirSync(join(folder, each), { recursive: true });
  const stub = (name: string, then = "") => {
    const file = join(folder, "bin", name);
    writeFileSync(file, `#!/bin/bash\necho "${name} $*" >> ${folder}/calls\n${then}\n`);
    chmodSync(file, 0o755);
  };
  for (const name of ["dd", "mkswap", "swapon", "chmod"]) stub(name);
  // The repository can be reached at the second attempt.
  stub("dnf", `[ -e ${folder}/tried ] || { touch ${folder}/tried; exit 1; }`);
  stub("sleep");
  stub("systemctl", real.includes("iptables") ? `iptables-restore ${folder}/etc/sysconfig/iptables` : "");
  if (!real.includes("sysctl")) stub("sysctl");
  const script = join(folder, "user-data");
  writeFileSync(
    script,
    natScript(cidr).replaceAll("/etc/", `${folder}/etc/`).replaceAll("/swapfile", `${folder}/swapfile`),
  );
  return script;
}

const run = (folder: string, ...command: string[]) =>
  spawnSync(command[0] ?? "", command.slice(1), {
    encoding: "utf8",
    env: { ...process.env, PATH: `${folder}/bin:${process.env.PATH}:/usr/sbin:/sbin` },
  });

/** What is missing for real iptables in network namespaces; undefined: nothing. */
const missing = (): string | undefined => {
  const tried = spawnSync("unshare", [
    "-rnm",
    "sh",
    "-c",
    "PATH=$PATH:/usr/sbin:/sbin; iptables -t nat -L && ip link",
  ]);
  return tried.status === 0 ? undefined : "iptables in a namespace of one's own (unshare, ip)";
};

/** A node, the instance and the internet as three namespaces. Prints what the node and the internet got. */
const world = (folder: string, script: string) => `
set -e
mount -t tmpfs tmpfs /run
mkdir /run/netns
for name in node internet; do ip netns add $name; done
ip link add node0 type veth peer name eth0 netns node
ip link add inet0 type veth peer name eth0 netns internet
ip addr add 10.30.160.10/16 dev node0 && ip link set node0 up
ip addr add 198.51.100.1/24 dev inet0 && ip link set inet0 up && ip link set lo up
ip -n node addr add 10.30.0.20/16 dev eth0 && ip -n node link set eth0 up
ip -n node route add default via 10.30.160.10
ip -n internet addr add 198.51.100.10/24 dev eth0 && ip -n internet link set eth0 up
# The internet has a route to the instance's address only: a response to the node's address would be lost.
bash ${script} > ${folder}/log 2>&1
server="require('net').createServer(s=>s.end('from '+s.remoteAddress)).listen(+process.argv[1],'0.0.0.0')"
client="const s=require('net').connect(+process.argv[2],process.argv[1]);s.setTimeout(1500,()=>{console.log('nothing');process.exit()});s.on('data',d=>console.log(''+d));s.on('error',e=>console.log(e.code))"
ip netns exec internet ${process.execPath} -e "$server" 443 &
${process.execPath} -e "$server" 22 &
sleep() { command -p sleep "$@"; }
sleep 1
ip netns exec node ${process.execPath} -e "$client" 198.51.100.10 443
ip netns exec node ${process.execPath} -e "$client" 10.30.160.10 22
ip netns exec internet ip route add 10.30.0.0/16 via 198.51.100.1
ip netns exec node ${process.execPath} -e "$server" 8080 &
sleep 1
ip netns exec internet ${process.execPath} -e "$client" 10.30.0.20 8080
kill $(jobs -p)
`;

describe("the NAT instance's script", function () {
  this.timeout(120_000);
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "nat-"))));
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("installs, forwards and starts the rules, in this order, and waits for its address", () => {
    const { status, stderr } = run(folder, "bash", prepared(folder, []));
    assert.equal(status, 0, stderr);
    const calls = readFileSync(join(folder, "calls"), "utf8").trim().split("\n");
    assert.deepEqual(
      calls.map((call) => call.replaceAll(folder, "")),
      [
        "dd if=/dev/zero of=/swapfile bs=1M count=1024",
        "chmod 600 /swapfile",
        "mkswap /swapfile",
        "swapon /swapfile",
        "dnf install -y iptables-services",
        "sleep 5",
        "dnf install -y iptables-services",
        "sysctl -p /etc/sysctl.d/90-nat.conf",
        "systemctl enable --now iptables",
      ],
    );
    assert.equal(readFileSync(join(folder, "etc/dnf/vars/releasever"), "utf8"), "latest\n");
    assert.equal(
      readFileSync(join(folder, "etc/fstab"), "utf8"),
      `${folder}/swapfile none swap defaults 0 0\n`,
    );
  });

  it("stops before the rules if forwarding can't be enabled", () => {
    const script = prepared(folder, []);
    writeFileSync(join(folder, "bin/sysctl"), "#!/bin/bash\nexit 1\n");
    assert.notEqual(run(folder, "bash", script).status, 0);
    assert.ok(!existsSync(join(folder, "etc/sysconfig/iptables")));
  });

  it("connects a node to the internet under the instance's address, and admits nothing to the node or itself", function () {
    needs(this, missing());
    const script = prepared(folder, ["iptables", "sysctl"]);
    const { stdout, stderr, status } = run(folder, "unshare", "-rnm", "bash", "-c", world(folder, script));
    assert.equal(status, 0, stderr);
    assert.deepEqual(stdout.trim().split("\n"), ["from 198.51.100.1", "nothing", "nothing"]);
  });
});
