import { join } from "node:path";

/** Loopback ports of a control plane. */
export interface Ports {
  etcd: number;
  etcdPeer: number;
  apiServer: number;
  controllerManager: number;
  scheduler: number;
}

/** Maximum requests per second of the controllers. */
const QPS = 500;
const BURST = 1000;

export function etcdArgs(folder: string, { etcd, etcdPeer }: Ports): string[] {
  const client = `http://127.0.0.1:${etcd}`;
  const peer = `http://127.0.0.1:${etcdPeer}`;
  return [
    `--data-dir=${join(folder, "etcd")}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    // The data is temporary, so don't wait for the disk.
    "--unsafe-no-fsync",
    "--log-level=warn",
  ];
}

export function apiServerArgs(folder: string, ports: Ports): string[] {
  return [
    `--etcd-servers=http://127.0.0.1:${ports.etcd}`,
    "--bind-address=127.0.0.1",
    `--secure-port=${ports.apiServer}`,
    `--cert-dir=${folder}`,
    // EKS' range for a VPC in 10.0.0.0/8.
    "--service-cluster-ip-range=172.20.0.0/16",
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-key-file=${join(folder, "service-account.pub")}`,
    `--service-account-signing-key-file=${join(folder, "service-account.key")}`,
    `--token-auth-file=${join(folder, "tokens.csv")}`,
    "--authorization-mode=Node,RBAC",
    // In addition to the default plugins, such as PodSecurity, ResourceQuota and LimitRanger.
    "--enable-admission-plugins=NodeRestriction",
    "--allow-privileged=true",
    // A loopback address isn't a valid endpoint of the `kubernetes` service.
    "--endpoint-reconciler-type=none",
  ];
}

export function controllerManagerArgs(
  folder: string,
  { controllerManager }: Ports,
  kubeconfig: string,
): string[] {
  return [
    `--kubeconfig=${kubeconfig}`,
    "--bind-address=127.0.0.1",
    `--secure-port=${controllerManager}`,
    `--cert-dir=${join(folder, "controller-manager")}`,
    `--service-account-private-key-file=${join(folder, "service-account.key")}`,
    "--leader-elect=false",
    // No throttling, which only protects production servers.
    `--kube-api-qps=${QPS}`,
    `--kube-api-burst=${BURST}`,
    "--horizontal-pod-autoscaler-sync-period=1s",
  ];
}

export function schedulerArgs(folder: string, { scheduler }: Ports, config: string): string[] {
  return [
    `--config=${config}`,
    "--bind-address=127.0.0.1",
    `--secure-port=${scheduler}`,
    `--cert-dir=${join(folder, "scheduler")}`,
  ];
}

/** The scheduler's configuration: unschedulable pods are retried after a second instead of ten. */
export function schedulerConfig(kubeconfig: string): object {
  return {
    apiVersion: "kubescheduler.config.k8s.io/v1",
    kind: "KubeSchedulerConfiguration",
    clientConnection: { kubeconfig, qps: QPS, burst: BURST },
    leaderElection: { leaderElect: false },
    podInitialBackoffSeconds: 1,
    podMaxBackoffSeconds: 1,
  };
}

export function kwokArgs(kubeconfig: string): string[] {
  return [
    `--kubeconfig=${kubeconfig}`,
    "--manage-all-nodes=true",
    "--node-lease-duration-seconds=40",
    "--node-ip=127.0.0.1",
    "--cidr=10.0.0.0/16",
    `--config=${join(__dirname, "stages.yaml")}`,
  ];
}
