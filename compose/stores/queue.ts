import { serverHealth } from "../health";
import { longPollSeconds } from "../../components/messaging/queue";
import { images } from "../images";
import { publishedPorts } from "../local";
import { confined, limits, nothing, type Parts } from "../model";
import { publish, type Plan } from "../plan";
import { credentials, credentialVariables } from "./objects";
import { outputs, type LocalStore } from "./store";

const service = "sqs";
/** Path of the configuration in the image. Source: ElasticMQ's documentation of its image. */
const configFile = "/opt/elasticmq.conf";
/** Account ID in queue URLs: ElasticMQ's default. */
const account = "000000000000";

const { api, page } = publishedPorts.sqs;

const queueName = (plan: Plan, store: string) => `${plan.spec.name}-${store}`;

/** A queue with its dead-letter queue. */
export function queue(plan: Plan, key: string): LocalStore {
  const url = `http://${service}:${api}/${account}/${queueName(plan, key)}`;
  return {
    outputs: outputs({ url, sendUrl: url, receiveUrl: url }),
    properties: {},
    parts: nothing,
    waits: { [service]: "service_healthy" },
    ambient: { ...credentials(plan), AWS_ENDPOINT_URL_SQS: `http://${service}:${api}` },
  };
}

/**
 * ElasticMQ's configuration: each queue with the cloud's visibility timeout, wait time and redrive policy. ElasticMQ
 * has no retention period, so messages never expire.
 */
function queueConfig(plan: Plan): string {
  const queues = Object.entries(plan.settings.stores.queue).map(
    ([key, { visibilitySeconds, maxReceives }]) => {
      const name = queueName(plan, key);
      const dead = `${name}-dead`;
      return `  "${name}" {
    defaultVisibilityTimeout = ${visibilitySeconds} seconds
    receiveMessageWait = ${longPollSeconds} seconds
    deadLettersQueue { name = "${dead}", maxReceiveCount = ${maxReceives} }
  }
  "${dead}" { receiveMessageWait = ${longPollSeconds} seconds }`;
    },
  );
  return `include classpath("application.conf")
node-address { protocol = http, host = "*", port = ${api} }
rest-sqs { enabled = true, bind-port = ${api}, bind-hostname = "0.0.0.0", sqs-limits = strict }
rest-stats { enabled = true, bind-port = ${page}, bind-hostname = "0.0.0.0" }
aws { region = ${plan.environment.account.region}, accountId = ${account} }
queues {
${queues.join("\n")}
}
`;
}

/** The server of all queues of a system. */
export function queueServer(plan: Plan): Partial<Parts> {
  if (Object.keys(plan.settings.stores.queue).length === 0) return nothing;
  return {
    services: {
      [service]: {
        image: images.sqs,
        ports: [publish(plan, api, api), publish(plan, page, page)],
        configs: [{ source: service, target: configFile }],
        healthcheck: serverHealth(["CMD", "wget", "-q", "--spider", `http://127.0.0.1:${api}/health`], 10),
        ...confined,
        restart: "unless-stopped",
        deploy: limits("0.5", "256M"),
      },
    },
    configs: { [service]: queueConfig(plan) },
    env: credentialVariables(plan),
  };
}
