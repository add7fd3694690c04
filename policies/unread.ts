/** Which properties count as a matter of security when no rule reads them, by the words of their paths. */
export const securityWords =
  /polic|encrypt|kms|public|tls|ssl|cidr|\brole|arn$|principal|auth|secret|token|password|protect|backup|snapshot|retention|secur|access|permission|group|allow|deny|privileg|user|cert|expos|log(s|ging|Group|Type)|scheme|host|service(Account|Name)|readOnly|endpoint/i;

/** Why a property that no rule reads by name is right as it is: by type and path, the first row that fits. */
export const unread: readonly (readonly [type: RegExp, path: RegExp, reason: string])[] = [
  [
    /^aws:/,
    /(olicy|Document)(\.Statement.*|\.Version|\[\].*)$/,
    "Read as a whole document, statement by statement.",
  ],
  [
    /./,
    /(behavior|[cC]onsolidation|restartPolicy|podFailurePolicy|concurrencyPolicy|podDisruptionBudget|unhealthyPodEviction|preemptionPolicy|nodeTaintsPolicy|priorityClassName|pullPolicy|replicaCount|topologySpread)/,
    "How things scale, restart and spread; it keeps nobody out.",
  ],
  [
    /./,
    /accessModes|allowVolumeExpansion|allowOverwrite|metricRelabelings|relabelings|podMetricsEndpoints/,
    "How it works, not who may.",
  ],
  [
    /DaemonSet/,
    /(automountServiceAccountToken|securityContext\.runAsUser|hostPath\.type)$/,
    "The log collector's: root without capabilities, and a token to read pods; `k8s-host-reader-bounded` says that it stands alone.",
  ],
  [/core\/v1:Service$/, /internalTrafficPolicy$/, "Which node answers; network policies say who may ask."],
  [
    /helm\.sh/,
    /(runAsUser|runAsGroup|fsGroup|fsGroupChangePolicy)$/,
    "Any user but root; `helm-values-restricted` refuses 0 wherever it stands.",
  ],
  [
    /./,
    /securityContext\.(runAsGroup|fsGroup)$/,
    "Any group: the user isn't root, and files are shared by it.",
  ],
  [/./, /sysctls\[\]\.value$/, "The value of a safe sysctl."],
  [
    /./,
    /volumeMounts\[\]\.readOnly$|patch\[\]\.value\.readOnly$/,
    "Secrets and ConfigMaps are mounted read-only whatever it says.",
  ],
  [
    /./,
    /(secretKeyRef|volumes\[\]\.secret)\..*|secretStoreRef\.kind$|data\[\]\.secretKey$|patch\[\]\.value\.secret\..*|secretName$/,
    "A name of a Secret in the same namespace; the pod waits where there is none.",
  ],
  [
    /ExternalSecret$/,
    /target\.template\.data\./,
    "A template: `no-known-token` and `no-plain-connection` read every text of it.",
  ],
  [
    /./,
    /annotations\..*(secret|reload|Policy|target-group-attributes)/,
    "When pods restart, and how the load balancer asks them.",
  ],
  [
    /ConfigMap(Patch)?$|lambda\/function/,
    /^(data|environment)\b/,
    "Settings: `no-secret-by-name`, `no-known-token` and `no-plain-connection` read every text.",
  ],
  [/helm\.sh/, /resources\.(requests|limits)/, "Each chart's amounts are read by `helm-resources`."],
  [/helm\.sh/, /[sS]erviceAccount/, "The account's name; what it may do is said by roles."],
  [
    /helm\.sh/,
    /(monitor\.tls|prometheusOperator\.tls)\.enabled$/,
    "Off: the port is for Prometheus alone by network policy, and there is no webhook.",
  ],
  [
    /helm\.sh/,
    /resource-policy$|retention(Size)?$|scaledRefKinds\[\]|kubeletEndpointsEnabled$|RetentionPolicy/,
    "What is kept, and for how long; `state-protected` is about the release.",
  ],
  [/rbac/, /(apiGroup|kind)$/, "The API server takes one value."],
  [
    /^aws:/,
    /^(user|role|userId|userGroupId|secretId|principalArn|arn|resourceArn|certificateArn|targetGroupName|dbSnapshotIdentifier|replicationGroupId|parameterGroupName|dbParameterGroupName|eventDestination\.eventBridgeDestination\.eventBusArn)$/,
    "Which resource it belongs to: the API refuses it without.",
  ],
  [/random/, /^keepers/, "When a new one is made."],
  [
    /cors/i,
    /(allowedHeaders|allowedMethods|exposeHeaders)/,
    "`s3-cors-origins-named` decides who; the bucket's own policy and signed requests decide what.",
  ],
  [/efs\/fileSystem:/, /lifecyclePolicies/, "What it costs."],
  [
    /./,
    /^(backupWindow|snapshotWindow|messageRetentionSeconds|loggingConfig\.logFormat|logDeliveryConfigurations\[\]\.logType|enableDnsHostnames|auths\[\]\.iamAuth)$/,
    "When, and in which form; not whether.",
  ],
  [
    /ec2\/route:/,
    /destinationCidrBlock$/,
    "Which subnets lead where: test/stacks holds the tables, security groups and network policies hold the traffic.",
  ],
  [/ec2\/subnet/, /^tags\./, "Where load balancers are put."],
  [/ec2\/vpcEndpoint/, /^serviceName$/, "Which service; its policy bounds what goes through."],
  [
    /sqs\/redrivePolicy/,
    /redrivePolicy$/,
    "Where what fails goes; `sqs-redrive-named` is about who may send there.",
  ],
  [/ClusterSecretStore$/, /aws\.role$/, "Known after `up`; the role's own policy and trust are read."],
  [
    /IngressClass(Params)?$|NodePool$|NodeClass$|Certificate$/,
    /(group(\.name)?|apiGroup|\.id)$/,
    "A name of something else of the stack.",
  ],
  [/jetstream/, /(ackPolicy|deliverPolicy|retention)$/, "How messages are delivered."],
  [
    /ScaledObject$/,
    /(authenticationRef\.name|natsServerMonitoringEndpoint)$/,
    "A name, and an address inside the cluster that `no-plain-connection` reads.",
  ],
  [
    /PrometheusRule$|helm/,
    /^spec\.groups|alertmanager\.config\.|additionalScrapeConfigs/,
    "Which alerts there are and who gets them: promtool tests the rules, and `no-plain-connection` reads every address.",
  ],
  [
    /wafv2/,
    /ruleActionOverrides|vendorName|loggingFilter/,
    "Which rules only count and what is logged is decided per stack, and tested with the edge; the groups themselves are read.",
  ],
  [
    /./,
    /^(policyName|dimensions\..*|defaultActions\[\]\.targetGroupArn|loadBalancerArn|accessLogs\.prefix|targetGroupARN|spec\.targetGroupARN|spec\.serviceRef\..*)$/,
    "A name, or which resource it belongs to.",
  ],
  [/ValidatingAdmissionPolicy$/, /excludeResourceRules/, "What the operator writes itself."],
];

/** The reason for a property; undefined where nobody has given one. */
export const reasonFor = (property: string): string | undefined => {
  const [type = "", ...path] = property.split(" ");
  return unread.find(([ofType, ofPath]) => ofType.test(type) && ofPath.test(path.join(" ")))?.[2];
};
