import { trustPath } from "../components/base/store";
import { natsAuthority } from "../components/messaging/nats-names";
import { images } from "./images";
import { literal, limits, type Parts, type Service } from "./model";

/** Directory of servers' certificates and keys, and of the certificate authority for clients. */
const serverPath = "/certificates";
export const certificateOf = (server: string) => `${serverPath}/${server}/tls.crt`;
export const keyOf = (server: string) => `${serverPath}/${server}/tls.key`;
export const authorityFile = `${serverPath}/ca.crt`;

/** Volumes: one with the servers' keys, one with the authority, which all containers may read. */
const volumes = { servers: "certificates", authority: "authority" } as const;

/** Mount of the servers' certificates. */
export const serverMount = `${volumes.servers}:${serverPath}:ro`;
/** Mounts of the authority, at the same paths as in the cluster. */
export const trustVolume = `${volumes.authority}:${trustPath}:ro`;
export const natsVolume = `${volumes.authority}:${natsAuthority.path}:ro`;

export const certificatesService = "certificates";

/** A server that needs a certificate. */
export interface Certified {
  readonly name: string;
  /** Numeric user, the only one with read access to the key: PostgreSQL refuses a key that others can read. */
  readonly user: number;
  readonly hosts: readonly string[];
}

/**
 * Creates an authority and a certificate for each server once, so clients can keep trusting the same authority. A
 * server whose names change gets a new certificate. Lines of the list: `<server> <user> <hosts by comma>`.
 */
export const certificatesScript = `set -eu
cd ${serverPath}
if [ ! -f ca.key ]; then
  openssl req -x509 -newkey rsa:2048 -nodes -sha256 -days 3650 -subj "/CN=Plinth on this machine" \\
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign -keyout ca.key -out ca.crt
fi
while read -r name user hosts; do
  mkdir -p "$name"
  if [ "$(cat "$name/hosts" 2>/dev/null)" != "$hosts" ]; then
    openssl req -newkey rsa:2048 -nodes -subj "/CN=$name" -keyout "$name/tls.key" -out "$name/tls.csr"
    names=$(echo "$hosts" | sed 's/^/DNS:/; s/,/,DNS:/g')
    printf 'subjectAltName=%s\\nextendedKeyUsage=serverAuth\\n' "$names" >"$name/extensions"
    openssl x509 -req -sha256 -days 3650 -in "$name/tls.csr" -CA ca.crt -CAkey ca.key -CAcreateserial \\
      -extfile "$name/extensions" -out "$name/tls.crt"
    echo "$hosts" >"$name/hosts"
  fi
  chmod 600 "$name/tls.key"
  chown "$user" "$name/tls.key"
done </job/servers
# The file names that the drivers expect: docs/image-contract.md.
for file in ca.crt bundle.pem rds.pem amazon.pem; do cp ca.crt "/authority/$file"; done
chmod 644 /authority/*
`;

/** The service that creates the certificates before any server starts. */
export function certificates(servers: readonly Certified[]): Partial<Parts> {
  if (servers.length === 0) return {};
  const list = servers.map(({ name, user, hosts }) => `${name} ${user} ${hosts.join(",")}\n`).join("");
  const service: Service = {
    image: images.openssl,
    user: "0:0",
    entrypoint: ["sh", "/job/certificates.sh"],
    volumes: [`${volumes.servers}:${serverPath}`, `${volumes.authority}:/authority`],
    configs: [
      { source: "certificates-script", target: "/job/certificates.sh" },
      { source: "certificates-servers", target: "/job/servers" },
    ],
    restart: "no",
    deploy: limits("1", "128M"),
  };
  return {
    services: { [certificatesService]: service },
    volumes: Object.values(volumes),
    configs: { "certificates-script": literal(certificatesScript), "certificates-servers": list },
  };
}
