import { type Sample, sample, scenario, unknown } from "../scenario";

/** A resource of any type. */
const other = (type: string, props: object) =>
  sample(type as Sample["type"], props as never) as Omit<Sample, "type" | "props"> & {
    type: Sample["type"];
    props: Record<string, unknown>;
  };

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

/** The same of a log group, whose ARN is known later. */
const ofGroup = (name: string) => {
  const { type, props } = logs(name);
  return other(type, { policyDocument: props.policyDocument, resourceArn: unknown });
};

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

/** An Ingress with a path for each Service, which is released blue-green where `twice` says so. */
const ingress = (services: number, twice = 0) =>
  other("kubernetes:networking.k8s.io/v1:Ingress", {
    metadata: {
      name: "shop",
      namespace: "shop",
      annotations: Object.fromEntries(
        Array.from({ length: twice }, (_, index) => [
          `alb.ingress.kubernetes.io/actions.release-${index}`,
          JSON.stringify({
            Type: "forward",
            ForwardConfig: {
              TargetGroups: ["ping", "pong"].map((half) => ({
                ServiceName: `release-${index}-${half}`,
                ServicePort: "80",
              })),
            },
          }),
        ]),
      ),
    },
    spec: {
      rules: [
        {
          host: "shop.example.com",
          http: {
            paths: [
              ...Array.from({ length: services }, (_, index) => ({
                name: `plain-${index}`,
                port: { number: 80 },
              })),
              ...Array.from({ length: twice }, (_, index) => ({
                name: `release-${index}`,
                port: { name: "use-annotation" },
              })),
            ].map((service) => ({ path: `/${service.name}`, pathType: "Prefix", backend: { service } })),
          },
        },
      ],
    },
  });

const certificate = "aws:acm/certificateValidation:CertificateValidation";

/** An Ingress whose annotation names the certificates with these names. */
const secured = (names: readonly string[]) => ({ ...ingress(1), refs: { metadata: [...names] } });

const validations = (count: number) => many(count, () => other(certificate, { certificateArn: unknown }));

/** Resources of a type that differ in nothing but their names. */
const alike = (type: string, count: number, props: object = {}) => many(count, () => other(type, props));

/** Adds one more resource to a scenario's stack. */
const add = (one: object) => (stack: object) => void Object.assign(stack, { another: one });

const endpoint = () =>
  other("aws:ec2/vpcEndpoint:VpcEndpoint", { vpcId: "vpc-1", vpcEndpointType: "Interface" });

const listener = other("aws:lb/listener:Listener", { loadBalancerArn: "arn:syslog" });
const target = other("aws:cloudwatch/eventTarget:EventTarget", { rule: "nightly", arn: unknown });
const accessKey = other("aws:iam/accessKey:AccessKey", { user: "smtp" });
const selection = other("aws:backup/restoreTestingSelection:RestoreTestingSelection", {
  restoreTestingPlanName: "weekly",
});
const replica = other("aws:rds/instance:Instance", { replicateSourceDb: "orders" });
const healthCheck = other("aws:route53/healthCheck:HealthCheck", {});

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
  scenario(
    "policies of log groups, which don't count as the account's",
    {
      ...many(10, (index) => ofGroup(`search-${index}`)),
      longest: ofGroup("search-10"),
    },
    [
      [
        "aws-quota-fixed",
        ({ longest }) =>
          (longest.props.policyDocument = JSON.stringify({ Statement: [{ Sid: "x".repeat(5120) }] })),
      ],
    ],
  ),
  scenario("a load balancer with a hundred rules", { first: ingress(60), second: ingress(40) }, [
    [["aws-quota-raised", "aws-quota-fixed"], ({ second }) => void Object.assign(second, ingress(41))],
  ]),
  scenario(
    "a load balancer with a hundred target groups",
    { first: ingress(20, 20), second: ingress(0, 20) },
    [["aws-quota-fixed", ({ second }) => void Object.assign(second, ingress(1, 20))]],
  ),
  scenario(
    "a load balancer with its own certificate and 25 more",
    { ...validations(26), shop: secured(Object.keys(validations(26))) },
    [
      [
        "aws-quota-raised",
        (stack) => {
          Object.assign(stack, validations(27));
          stack.shop.refs = { metadata: Object.keys(validations(27)) };
        },
      ],
    ],
  ),
  scenario(
    "five security groups of a network interface",
    {
      database: other("aws:rds/instance:Instance", { vpcSecurityGroupIds: Array(5).fill("sg-1") }),
      function: other("aws:lambda/function:Function", {
        vpcConfig: { securityGroupIds: Array(5).fill("sg-1") },
      }),
    },
    [
      ["aws-quota-raised", ({ database }) => (database.props.vpcSecurityGroupIds = Array(6).fill("sg-1"))],
      [
        "aws-quota-raised",
        (stack) => (stack.function.props.vpcConfig = { securityGroupIds: Array(6).fill("sg-1") }),
      ],
    ],
  ),
  scenario(
    "fifty interface endpoints, and other endpoints",
    {
      ...many(49, () => endpoint()),
      logs: endpoint(),
      bucket: other("aws:ec2/vpcEndpoint:VpcEndpoint", { vpcId: "vpc-1", vpcEndpointType: "Gateway" }),
    },
    [
      ["aws-quota-raised", add(endpoint())],
      ["aws-quota-fixed", (stack) => (stack.logs.props.policy = long(20_481))],
    ],
  ),
  scenario(
    "a function with four kibibytes of variables",
    {
      report: other("aws:lambda/function:Function", {
        environment: { variables: { RULES: "x".repeat(4086), TABLE: "" } },
      }),
    },
    [
      [
        "aws-quota-fixed",
        ({ report }) => (report.props.environment = { variables: { RULES: "x".repeat(4092) } }),
      ],
    ],
  ),
  scenario(
    "a role's longest trust policy",
    { role: sample("aws:iam/role:Role", { assumeRolePolicy: long(2048) }) },
    [["aws-quota-raised", ({ role }) => (role.props.assumeRolePolicy = long(2049))]],
  ),
  ...(
    [
      ["aws:s3/bucketPolicy:BucketPolicy", 20_480],
      ["aws:efs/fileSystemPolicy:FileSystemPolicy", 20_000],
      ["aws:kms/key:Key", 32_768],
      ["aws:sns/topicPolicy:TopicPolicy", 30_720],
      ["aws:sqs/queuePolicy:QueuePolicy", 8192],
      ["aws:ecr/repositoryPolicy:RepositoryPolicy", 10_240],
      ["aws:ecr/registryPolicy:RegistryPolicy", 10_240],
      ["aws:secretsmanager/secretPolicy:SecretPolicy", 20_480],
      ["aws:iam/userPolicy:UserPolicy", 2048],
    ] as const
  ).map(([type, most]) =>
    scenario(`the longest policy of ${type}`, { one: other(type, { policy: long(most) }) }, [
      ["aws-quota-fixed", ({ one }) => (one.props = { policy: long(most + 1) })],
    ]),
  ),
  ...(
    [
      ["aws:iam/role:Role", 1000],
      ["aws:rds/proxy:Proxy", 20],
      ["aws:rds/parameterGroup:ParameterGroup", 50],
      ["aws:rds/subnetGroup:SubnetGroup", 50],
      ["aws:rds/snapshot:Snapshot", 100],
      ["aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication", 40],
      ["aws:elasticache/userGroup:UserGroup", 200],
      ["aws:cloudwatch/eventRule:EventRule", 300],
      ["aws:cloudfront/distribution:Distribution", 200],
      ["aws:cloudfront/cachePolicy:CachePolicy", 20],
      ["aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy", 20],
      ["aws:ec2/securityGroup:SecurityGroup", 2500],
      ["aws:acm/certificate:Certificate", 2500],
    ] as const
  ).map(([type, most]) =>
    scenario(`${most} of ${type}`, alike(type, most), [["aws-quota-raised", add(other(type, {}))]]),
  ),
  scenario(
    "two hundred subnets and route tables of a VPC",
    {
      ...alike("aws:ec2/subnet:Subnet", 200, { vpcId: "vpc-1" }),
      table: other("aws:ec2/routeTable:RouteTable", { vpcId: "vpc-1" }),
    },
    [
      ["aws-quota-raised", add(other("aws:ec2/subnet:Subnet", { vpcId: "vpc-1" }))],
      [
        "aws-quota-raised",
        (stack) => {
          for (let index = 0; index < 200; index++)
            Object.assign(stack, {
              [`table-${index}`]: other("aws:ec2/routeTable:RouteTable", { vpcId: "vpc-1" }),
            });
        },
      ],
    ],
  ),
  scenario(
    "parts of one whole",
    {
      ...many(5, () => target),
      ...Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`listener-${index}`, listener])),
      ...Object.fromEntries([1, 2].map((index) => [`key-${index}`, accessKey])),
      ...Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`selection-${index}`, selection])),
      ...Object.fromEntries(Array.from({ length: 15 }, (_, index) => [`replica-${index}`, replica])),
      ...Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`health-${index}`, healthCheck])),
    },
    [
      ["aws-quota-fixed", add(target)],
      ["aws-quota-fixed", add(listener)],
      ["aws-quota-fixed", add(accessKey)],
      ["aws-quota-fixed", add(selection)],
      ["aws-quota-raised", add(replica)],
      ["aws-quota-raised", add(healthCheck)],
    ],
  ),
];
