import { sample, scenario, unknown } from "../scenario";

/** A resource of a type that no rule mentions explicitly. */
const other = (type: string, props: object) => sample(type as "aws:sqs/queue:Queue", props);

const rule = (port: number) =>
  sample(
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    {
      securityGroupId: unknown,
      ipProtocol: "tcp",
      fromPort: port,
      toPort: port,
      referencedSecurityGroupId: unknown,
    },
    { refs: { securityGroupId: ["group"] } },
  );

const logs = (name: string) =>
  other("aws:cloudwatch/logResourcePolicy:LogResourcePolicy", {
    policyName: name,
    policyDocument: JSON.stringify({
      Version: "2012-10-17",
      Statement: {
        Effect: "Allow",
        Principal: { Service: "es.amazonaws.com" },
        Action: "logs:PutLogEvents",
        Resource: "arn:aws:logs:eu-west-1:111122223333:log-group:search:*",
        Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } },
      },
    }),
  });

const attached = (policy: string) =>
  sample(
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    { role: unknown, policyArn: `arn:aws:iam::111122223333:policy/${policy}` },
    { refs: { role: ["role"] } },
  );

const filter = (name: string) =>
  other("aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter", {
    name,
    logGroup: "orders",
    filterPattern: "",
    destinationArn: unknown,
  });

/** A number of equal resources, whose names end in a number. */
const many = <T>(count: number, of: (index: number) => T): Record<string, T> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`part-${index}`, of(index)]));

/** A policy's text with names of objects, to a length without white space. */
const long = (characters: number) => {
  const text = (resource: string) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: { Effect: "Allow", Action: "s3:GetObject", Resource: `arn:aws:s3:::uploads/${resource}` },
    });
  return text("x".repeat(characters - text("").length));
};

/** Each quota at its last allowed number, and one beyond it. */
export const quotas = [
  scenario(
    "sixty rules of a security group",
    {
      group: sample("aws:ec2/securityGroup:SecurityGroup", { vpcId: unknown }),
      ...many(60, (index) => rule(index + 1)),
    },
    [["aws-quota-raised", (stack) => Object.assign(stack, { another: rule(61) })]],
  ),
  scenario(
    "ten log policies",
    many(10, (index) => logs(`search-${index}`)),
    [["aws-quota-fixed", (stack) => Object.assign(stack, { another: logs("search-10") })]],
  ),
  scenario(
    "two subscriptions of a log group",
    many(2, (index) => filter(`copy-${index}`)),
    [["aws-quota-fixed", (stack) => Object.assign(stack, { another: filter("copy-2") })]],
  ),
  scenario(
    "ten managed policies of a role",
    {
      role: sample("aws:iam/role:Role", { permissionsBoundary: "arn:aws:iam::111122223333:policy/boundary" }),
      ...many(10, (index) => attached(`part-${index}`)),
    },
    [["aws-quota-raised", (stack) => Object.assign(stack, { another: attached("part-10") })]],
  ),
  scenario(
    "policies of the greatest length",
    {
      managed: sample("aws:iam/policy:Policy", { policy: long(6144) }),
      one: sample("aws:iam/rolePolicy:RolePolicy", { role: "reader", policy: long(10_000) }),
      second: sample("aws:iam/rolePolicy:RolePolicy", { role: "reader", policy: long(240) }),
    },
    [
      ["aws-quota-fixed", ({ managed }) => (managed.props.policy = long(6145))],
      ["aws-quota-fixed", ({ second }) => (second.props.policy = long(241))],
      // White space doesn't count; unknown values do.
      [
        "aws-quota-fixed",
        ({ managed }) =>
          (managed.props.policy = {
            Version: "2012-10-17",
            Statement: [
              {
                Effect: "Allow",
                Action: "s3:GetObject",
                Resource: Array.from({ length: 60 }, () => unknown),
              },
            ],
          }),
      ],
    ],
  ),
];
