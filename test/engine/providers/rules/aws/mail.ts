import { refuse, type Failure, type Rules } from "../../rule";
import { at, isObject, UNKNOWN, type Values } from "../../wire";

const set = "aws:sesv2/configurationSet:ConfigurationSet";

/** Mail: SES. */
export const mailRules: Rules = {
  "aws:ses/domainIdentity:DomainIdentity": {
    id: "{domain}",
    arn: "arn:aws:ses:{region}:{account}:identity/{domain}",
    replace: ["domain"],
    outputs: { verificationToken: "{hex32}" },
    held: true,
  },
  "aws:ses/domainDkim:DomainDkim": {
    id: "{domain}",
    replace: ["domain"],
    outputs: { dkimTokens: ["{hex32}", "{hex32}", "{hex32}"] },
    refs: { domain: "aws:ses/domainIdentity:DomainIdentity" },
  },
  "aws:sesv2/emailIdentity:EmailIdentity": {
    // AWS' id is only the domain, which is an identity of each region. SES deletes it even if it is in use.
    id: "{emailIdentity}@{region}",
    name: { property: "emailIdentity", max: 255, pattern: /^[a-z0-9.-]+$/, what: "a domain" },
    arn: "arn:aws:ses:{region}:{account}:identity/{emailIdentity}",
    replace: ["emailIdentity"],
    outputs: {
      identityType: "DOMAIN",
      verifiedForSendingStatus: false,
      dkimSigningAttributes: { tokens: ["{hex32}", "{hex32}", "{hex32}"], status: "PENDING" },
    },
  },
  [set]: {
    id: "{configurationSetName}",
    arn: "arn:aws:ses:{region}:{account}:configuration-set/{configurationSetName}",
    name: {
      property: "configurationSetName",
      max: 64,
      pattern: /^[\w-]+$/,
      what: "letters, digits, _ and -",
    },
    replace: ["configurationSetName"],
    held: true,
  },
  "aws:sesv2/configurationSetEventDestination:ConfigurationSetEventDestination": {
    id: "{configurationSetName}|{eventDestinationName}",
    name: {
      property: "eventDestinationName",
      max: 64,
      pattern: /^[\w-]+$/,
      what: "letters, digits, _ and -",
    },
    replace: ["configurationSetName", "eventDestinationName"],
    refs: { configurationSetName: set },
    // The account's default bus is AWS's own.
    free: ["eventDestination.eventBridgeDestination.eventBusArn"],
    check: oneDestination,
  },
  "aws:sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes": {
    id: "{emailIdentity}@{region}",
    replace: ["emailIdentity"],
    refs: { emailIdentity: "aws:sesv2/emailIdentity:EmailIdentity" },
  },
};

const destinations = [
  "cloudWatchDestination",
  "eventBridgeDestination",
  "kinesisFirehoseDestination",
  "pinpointDestination",
  "snsDestination",
];

/** Events have exactly one destination; a bus must be the default one. */
function oneDestination({ eventDestination: given }: Values): Failure[] {
  if (!isObject(given)) return [];
  const found = destinations.filter((key) => given[key] !== undefined);
  const buses = at(given, "eventBridgeDestination.eventBusArn").filter(
    (arn) => arn !== UNKNOWN && !String(arn).endsWith(":event-bus/default"),
  );
  return [
    ...(found.length === 1
      ? []
      : [refuse("eventDestination", `give one of ${destinations.join(", ")}; found ${found.length}`)]),
    ...buses.map((arn) =>
      refuse("eventDestination.eventBridgeDestination", `"${String(arn)}" isn't the default bus`),
    ),
  ];
}
