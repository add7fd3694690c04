import type { PolicyResource } from "@pulumi/policy";
import { isLater, isRecord, plain, valuesAt } from "../../lib/wire";

/** What one resource counts for. */
export type Count = (props: Record<string, unknown>, resource: PolicyResource) => number;

/** Characters of a name or ARN that is known only after `up`. */
const laterLength = 100;

/** Length of a policy document as AWS counts it: without white space. */
function length(document: unknown): number {
  if (isLater(document)) return 0;
  const value = typeof document === "string" ? parsed(document) : plain(document);
  return JSON.stringify(value, (_, inner: unknown) => (isLater(inner) ? "x".repeat(laterLength) : inner))
    .length;
}

/** Text that is no document is left to the policies that read them. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Characters of a document, which is text or an object. */
export const characters =
  (property: string): Count =>
  (props) =>
    length(props[property] ?? "");

/** Items of the lists at the paths. */
export const items =
  (...paths: string[]): Count =>
  (props) =>
    paths.reduce((sum, path) => {
      const [found] = valuesAt(props, path);
      return sum + (Array.isArray(found?.value) ? found.value.length : 0);
    }, 0);

/** One, if a property has the value. */
export const having =
  (property: string, value: unknown): Count =>
  (props) =>
    props[property] === value ? 1 : 0;

/** Characters of a function's environment variables: their names and values. */
export const variables: Count = ({ environment }) =>
  isRecord(environment) && isRecord(environment.variables)
    ? Object.entries(environment.variables).reduce(
        (sum, [name, value]) => sum + name.length + (isLater(value) ? laterLength : String(value).length),
        0,
      )
    : 0;

const listed = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** The paths of an Ingress, over all hosts. */
function paths({ spec }: Record<string, unknown>): Record<string, unknown>[] {
  const rules = isRecord(spec) ? listed(spec.rules) : [];
  return rules.flatMap((rule) =>
    isRecord(rule) && isRecord(rule.http) ? listed(rule.http.paths).filter(isRecord) : [],
  );
}

/** Rules of the load balancer for an Ingress: one for each path of each host. */
export const rules: Count = (props) => paths(props).length;

/** Certificates that an Ingress gives to the load balancer: their ARNs are in an annotation. */
export const certificates: Count = (_, { propertyDependencies }) =>
  new Set(
    (propertyDependencies.metadata ?? []).flatMap(({ type, urn }) =>
      type === "aws:acm/certificateValidation:CertificateValidation" ? [urn] : [],
    ),
  ).size;

/** Prefix of the annotations with a rule's action. Source: AWS Load Balancer Controller, Ingress annotations. */
const action = "alb.ingress.kubernetes.io/actions.";

/** Target groups for an Ingress: one for each port of a Service that a path names, or an action forwards to. */
export const targetGroups: Count = (props) => {
  const services = paths(props).flatMap(({ backend }) => {
    const service = isRecord(backend) && isRecord(backend.service) ? backend.service : {};
    const port = isRecord(service.port) ? service.port : {};
    return port.name === "use-annotation" ? [] : [JSON.stringify([service.name, port.number ?? port.name])];
  });
  const annotations =
    isRecord(props.metadata) && isRecord(props.metadata.annotations) ? props.metadata.annotations : {};
  const forwarded = Object.entries(annotations).flatMap(([key, value]) => {
    const said = key.startsWith(action) && !isLater(value) ? parsed(String(value)) : undefined;
    const groups =
      isRecord(said) && isRecord(said.ForwardConfig) ? listed(said.ForwardConfig.TargetGroups) : [];
    return groups
      .filter(isRecord)
      .map(({ ServiceName, ServicePort }) => JSON.stringify([ServiceName, ServicePort]));
  });
  return new Set([...services, ...forwarded]).size;
};
