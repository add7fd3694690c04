import { stops, type Finding } from "../finding";
import type { Plan } from "../plan";
import type { World } from "../world";

interface Zone {
  readonly HostedZone: { readonly Name: string; readonly Config: { readonly PrivateZone: boolean } };
  readonly DelegationSet?: { readonly NameServers: readonly string[] };
}

interface RecordSet {
  readonly Name: string;
  readonly Type: string;
  readonly ResourceRecords?: readonly { readonly Value: string }[];
}

/** Names in DNS' canonical form. Route 53 writes `*` as `\052`. */
const plain = (name: string) => name.toLowerCase().replace(/\.$/, "").replace("\\052", "*");

/** Issuers of ACM's certificates, as in CAA records. Source: ACM user guide, CAA records. */
const amazonAuthorities = ["amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com"];

/** Checks that each zone belongs to its domain, is delegated, and has no records that conflict with the program's. */
export async function zones(plan: Plan, world: World): Promise<Finding[]> {
  const all = Object.entries(plan.settings.edge.zones).map(([domain, id]) => zone(domain, id, plan, world));
  return (await Promise.all(all)).flat();
}

async function zone(domain: string, id: string, plan: Plan, { aws, nameServers }: World): Promise<Finding[]> {
  const about = `zone ${domain}`;
  let found: Zone;
  try {
    found = await aws<Zone>("route53", "get-hosted-zone", "--id", id);
  } catch (error) {
    if ((error as { code?: string }).code !== "NoSuchHostedZone") throw error;
    return [stops(about, `${id} doesn't exist in this account`, "put the zone's id into plinth:edge.zones")];
  }
  const { Name, Config } = found.HostedZone;
  if (plain(Name) !== domain)
    return [stops(about, `${id} is the zone of ${plain(Name)}`, "put the zone's id into plinth:edge.zones")];
  if (Config.PrivateZone)
    return [
      stops(
        about,
        `${id} is a private zone, which certificate authorities can't resolve`,
        "put the public zone's id into plinth:edge.zones",
      ),
    ];
  const own = (found.DelegationSet?.NameServers ?? []).map(plain).sort();
  const delegated = (await nameServers(domain)).map(plain).sort();
  const { ResourceRecordSets } = await aws<{ ResourceRecordSets: RecordSet[] }>(
    "route53",
    "list-resource-record-sets",
    "--hosted-zone-id",
    id,
  );
  return [
    ...delegation(about, own, delegated),
    ...records(id, plan, ResourceRecordSets),
    ...caa(about, ResourceRecordSets),
  ];
}

/** Without a delegation certificates are never issued, and `up` waits for them until it times out. */
function delegation(about: string, own: readonly string[], delegated: readonly string[]): Finding[] {
  if (own.some((server) => delegated.includes(server))) return [];
  const found =
    delegated.length === 0 ? "it has no name servers" : `it is delegated to ${delegated.join(", ")}`;
  return [stops(about, found, `have its registrar, or the parent domain, delegate it to ${own.join(", ")}`)];
}

/** Existing records that the program would create: Route 53 refuses duplicates. */
function records(zoneId: string, { ofType }: Plan, there: readonly RecordSet[]): Finding[] {
  const wanted = ofType("aws:route53/record:Record").filter((record) => record.zoneId === zoneId);
  return wanted.flatMap(({ name, type }) => {
    if (typeof name !== "string") return [];
    const clash = there.find(
      (one) =>
        plain(one.Name) === plain(name) && (one.Type === type || one.Type === "CNAME" || type === "CNAME"),
    );
    if (clash === undefined) return [];
    const values = (clash.ResourceRecords ?? []).map(({ Value }) => Value).join(" ");
    return [
      stops(
        `record ${name} ${String(type)}`,
        `${clash.Type} exists already${values === "" ? "" : `: ${values}`}`,
        plain(name).startsWith("_dmarc.")
          ? "other mail may depend on it: agree on one policy, then remove it, so that the program can create its own"
          : "remove it, or choose another name; keep it if this environment created it",
      ),
    ];
  });
}

function caa(about: string, there: readonly RecordSet[]): Finding[] {
  const values = there
    .filter(({ Type }) => Type === "CAA")
    .flatMap(({ ResourceRecords = [] }) => ResourceRecords.map(({ Value }) => Value));
  const issuers = values.filter((value) => / issue(wild)? /.test(` ${value} `));
  if (issuers.length === 0 || issuers.some((value) => amazonAuthorities.some((name) => value.includes(name))))
    return [];
  return [
    stops(
      about,
      `its CAA records allow only other authorities to issue certificates (${issuers.join(", ")})`,
      'add `0 issue "amazon.com"`',
    ),
  ];
}
