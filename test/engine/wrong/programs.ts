import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

const cloud = () => ({
  provider: new aws.Provider("aws", { region: "eu-west-1", allowedAccountIds: ["111111111111"] }),
});
const cluster = () => ({
  provider: new k8s.Provider("cluster", { kubeconfig: "{}", clusterIdentifier: "wrong" }),
});
const password = (name: string) =>
  new random.RandomPassword(name, { length: 32 }, { provider: new random.Provider("random") }).result;

const trust = JSON.stringify({ Version: "2012-10-17", Statement: [] });
/** Each program by its fault. */
export const programs: Readonly<Record<string, (config: pulumi.Config) => void>> = {
  "required input missing": () => {
    const versioningConfiguration = {} as aws.types.input.s3.BucketVersioningVersioningConfiguration;
    new aws.s3.BucketVersioning("versioning", { bucket: "wrong", versioningConfiguration }, cloud());
  },
  "name too long": () => {
    new aws.iam.Role("role", { name: "r".repeat(65), assumeRolePolicy: trust }, cloud());
  },
  "made up name too long": () => {
    new aws.lb.TargetGroup("a-target-group-of-a-long-name", {}, cloud());
  },
  "unknown argument": () => {
    const versioningConfiguration = { status: "Enabled", mfa: "Disabled" };
    new aws.s3.BucketVersioning("versioning", { bucket: "wrong", versioningConfiguration }, cloud());
  },
  "static parameter at once": () => {
    const parameters = [{ name: "max_connections", value: "100", applyMethod: "immediate" }];
    new aws.rds.ParameterGroup("group", { name: "group", family: "postgres16", parameters }, cloud());
  },
  "more idle connections than any": () => {
    const connectionPoolConfig = { maxConnectionsPercent: 40 };
    new aws.rds.ProxyDefaultTargetGroup("pool", { dbProxyName: "proxy", connectionPoolConfig }, cloud());
  },
  "reference to nothing": () => {
    new aws.ec2.Subnet("subnet", { vpcId: "vpc-0123456789abcdef0", cidrBlock: "10.0.0.0/24" }, cloud());
  },
  "name taken": () => {
    const opts = cloud();
    for (const name of ["one", "two"]) new aws.s3.Bucket(name, { bucket: "taken" }, opts);
  },
  "custom resource before its definition": () => {
    const metadata = { name: "widget", namespace: "default" };
    new k8s.apiextensions.CustomResource(
      "widget",
      { apiVersion: "example.com/v1", kind: "Widget", metadata },
      cluster(),
    );
  },
  "object before its namespace": () => {
    new k8s.core.v1.ConfigMap(
      "map",
      { metadata: { name: "map", namespace: "nowhere" }, data: {} },
      cluster(),
    );
  },
  "claim before its volume": () => {
    const spec = {
      accessModes: ["ReadWriteMany"],
      volumeName: "volume",
      storageClassName: "",
      resources: { requests: { storage: "1Gi" } },
    };
    const metadata = { name: "claim", namespace: "default" };
    new k8s.core.v1.PersistentVolumeClaim("claim", { metadata, spec }, cluster());
  },
  "no provider": () => {
    new aws.s3.Bucket("bucket", {});
  },
  "upper case comes back lower": () => {
    new aws.elasticache.SubnetGroup("group", { name: "Cache", subnetIds: [] }, cloud());
  },
  "default comes back as nothing": () => {
    const parameters = [{ name: "rds.force_ssl", value: "1" }];
    new aws.rds.ParameterGroup("group", { name: "group", family: "postgres16", parameters }, cloud());
  },
  "different each time": () => {
    new aws.s3.Bucket("bucket", { bucket: "wrong", tags: { Made: new Date().toISOString() } }, cloud());
  },
  "secret in clear": () => {
    new aws.s3.Bucket(
      "bucket",
      { bucket: "wrong", tags: { Note: pulumi.unsecret(password("password")) } },
      cloud(),
    );
  },
  "secret in a manifest": () => {
    const metadata = { name: "map", namespace: "default" };
    new k8s.core.v1.ConfigMap(
      "map",
      { metadata, data: { url: pulumi.interpolate`postgres://u:${password("password")}@db` } },
      cluster(),
    );
  },
  "hidden from preview": () => {
    const opts = cloud();
    const vpc = new aws.ec2.Vpc("vpc", { cidrBlock: "10.0.0.0/16" }, opts);
    vpc.id.apply((vpcId) => new aws.ec2.Subnet("subnet", { vpcId, cidrBlock: "10.0.0.0/24" }, opts));
  },
  "state replaced": (config) => {
    const engine = config.get("changed") === undefined ? "postgres" : "mysql";
    new aws.rds.Instance(
      "db",
      {
        identifier: "db",
        engine,
        instanceClass: "db.t4g.micro",
        allocatedStorage: 20,
        username: "u",
        password: password("password"),
        skipFinalSnapshot: true,
      },
      cloud(),
    );
  },
  "state under another name": (config) => {
    const name = config.get("changed") ?? "bucket";
    new aws.s3.Bucket(name, { bucket: `wrong-${name}` }, cloud());
  },
  "people asked again": (config) => {
    new aws.sns.Topic("topic", { name: config.get("changed") ?? "topic" }, cloud());
  },
  "no way to destroy": () => {
    new aws.rds.Instance(
      "db",
      {
        identifier: "db",
        engine: "postgres",
        instanceClass: "db.t4g.micro",
        allocatedStorage: 20,
        username: "u",
        password: password("password"),
      },
      cloud(),
    );
  },
  "policy violated": () => {
    new k8s.core.v1.Namespace("a", { metadata: { name: "a" } }, cluster());
  },
};
