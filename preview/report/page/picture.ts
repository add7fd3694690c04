/** A container in the picture: a region, a VPC, subnets, a cluster, a namespace. */
export interface Box {
  id: string;
  label: string;
  parent: string | undefined;
}

/** A workload, a store, an operator, a load balancer, a subnet. */
export interface Item {
  /** URN; of the internet, `internet`. */
  id: string;
  kind: "internet" | "balancer" | "workload" | "operator" | "store" | "subnet";
  label: string;
  /** A second line: image, class, range of addresses. */
  note: string;
  /** Empty for what belongs to no system. */
  system: string;
  parent: string | undefined;
}

export interface Edge {
  from: string;
  to: string;
  /** Reason of the connection. */
  label: string;
  kind: "route" | "network" | "iam";
}

/** A plan as a picture: nested boxes and their connections. */
export interface Graph {
  boxes: Box[];
  items: Item[];
  edges: Edge[];
}
