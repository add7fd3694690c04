import type { NatsConnection } from "@nats-io/transport-node";

import type { Nats } from "../nats";

/** Everything that a login could try: subjects to publish and subscribe to. */
interface Attempts {
  publish: readonly string[];
  subscribe: readonly string[];
}

const STREAMS = {
  LOGS: { subject: "logs", consumer: "agents" },
  FINDINGS: { subject: "findings", consumer: "core" },
};
const STREAM_CALLS = [
  "CREATE",
  "UPDATE",
  "DELETE",
  "INFO",
  "PURGE",
  "MSG.GET",
  "MSG.DELETE",
  "SNAPSHOT",
  "RESTORE",
];
const LOGINS = ["opmas-core", "opmas-agent", "jetstream-controller"];

const ofStream = (stream: keyof typeof STREAMS): string[] => {
  const { subject, consumer } = STREAMS[stream];
  return [
    `${subject}.device.1`,
    ...STREAM_CALLS.map((call) => `$JS.API.STREAM.${call}.${stream}`),
    `$JS.API.DIRECT.GET.${stream}`,
    `$JS.API.CONSUMER.LIST.${stream}`,
    `$JS.API.CONSUMER.NAMES.${stream}`,
    `$JS.API.CONSUMER.CREATE.${stream}`,
    `$JS.API.CONSUMER.CREATE.${stream}.own`,
    `$JS.API.CONSUMER.DURABLE.CREATE.${stream}.${consumer}`,
    ...["INFO", "DELETE", "PAUSE"].map((call) => `$JS.API.CONSUMER.${call}.${stream}.${consumer}`),
    `$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`,
    `$JS.API.CONSUMER.MSG.NEXT.${stream}.another`,
    `$JS.ACK.${stream}.${consumer}.1.1.1.1.1`,
    `$JS.ACK.${stream}.another.1.1.1.1.1`,
  ];
};

const ALL: Attempts = {
  publish: [
    ...ofStream("LOGS"),
    ...ofStream("FINDINGS"),
    "elsewhere",
    "$JS.API.INFO",
    "$JS.API.STREAM.LIST",
    "$JS.API.STREAM.NAMES",
    "$JS.API.STREAM.CREATE.OWN",
    "$JS.API.META.LEADER.STEPDOWN",
    "$SYS.REQ.SERVER.PING",
    ...LOGINS.map((login) => `_INBOX_${login}.1`),
    "_INBOX.1",
  ],
  subscribe: [
    ">",
    "logs.>",
    "findings.>",
    "$JS.>",
    "$JS.API.>",
    "$JS.EVENT.>",
    "$SYS.>",
    "_INBOX.>",
    "_INBOX.1",
    ...LOGINS.map((login) => `_INBOX_${login}.>`),
  ],
};

/** The only subjects that the reader of a consumer may publish to. */
const reader = (stream: string, consumer: string): string[] => [
  `$JS.API.STREAM.INFO.${stream}`,
  `$JS.API.CONSUMER.INFO.${stream}.${consumer}`,
  `$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`,
  `$JS.ACK.${stream}.${consumer}.1.1.1.1.1`,
];

/** Requests about a stream that the controller may send. It can't publish or receive messages. */
const manager = (stream: keyof typeof STREAMS): string[] => [
  ...["CREATE", "UPDATE", "DELETE", "INFO"].map((call) => `$JS.API.STREAM.${call}.${stream}`),
  `$JS.API.CONSUMER.CREATE.${stream}.own`,
  `$JS.API.CONSUMER.DURABLE.CREATE.${stream}.${STREAMS[stream].consumer}`,
  ...["INFO", "DELETE"].map((call) => `$JS.API.CONSUMER.${call}.${stream}.${STREAMS[stream].consumer}`),
];

/** Permissions of each login, derived manually from its description in `systems/opmas.ts`. */
const MAY: Readonly<Record<string, Attempts>> = {
  "opmas-core_1": {
    publish: ["logs.device.1", ...reader("FINDINGS", "core")],
    subscribe: ["_INBOX_opmas-core.>"],
  },
  "opmas-agent_1": {
    publish: ["findings.device.1", ...reader("LOGS", "agents")],
    subscribe: ["_INBOX_opmas-agent.>"],
  },
  "jetstream-controller_1": {
    publish: [...manager("LOGS"), ...manager("FINDINGS")],
    subscribe: ["_INBOX.>", "_INBOX.1"],
  },
};

const sorted = ({ publish, subscribe }: Attempts): Attempts => ({
  publish: [...publish].sort(),
  subscribe: [...subscribe].sort(),
});

/** Permissions of each login, and a way to try them. */
export const rights = Object.fromEntries(
  Object.entries(MAY).map(([login, may]) => [
    login,
    {
      expected: sorted(may),
      tried: async (nats: Nats): Promise<Attempts> => sorted(await allowed(nats, login)),
    },
  ]),
);

/** Tries everything: the server reports a refusal before it answers the following ping. */
async function allowed(nats: Nats, login: string): Promise<Attempts> {
  const publish = [];
  const subscribe = [];
  const connection = await nats.connect(login);
  const refused = collectRefusals(connection);
  for (const subject of ALL.publish) {
    // Invalid as a request, so if it is allowed JetStream refuses it and nothing changes.
    connection.publish(subject, "{");
    if (!(await wasRefused(connection, refused))) publish.push(subject);
  }
  for (const subject of ALL.subscribe) {
    const subscription = connection.subscribe(subject, { callback: () => undefined });
    if (!(await wasRefused(connection, refused))) subscribe.push(subject);
    subscription.unsubscribe();
  }
  await connection.close();
  return { publish, subscribe };
}

function collectRefusals(connection: NatsConnection): { count: number } {
  const refused = { count: 0 };
  void (async () => {
    for await (const status of connection.status())
      if (status.type === "error" && /permission/i.test(status.error.message)) refused.count++;
  })();
  return refused;
}

async function wasRefused(connection: NatsConnection, refused: { count: number }): Promise<boolean> {
  const before = refused.count;
  await connection.flush();
  // The refusal arrives before the answer, but the client's listener gets it a moment later.
  await new Promise((resolve) => setImmediate(resolve));
  return refused.count > before;
}
