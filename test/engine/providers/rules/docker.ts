import type { Rules } from "../rule";

/** Types of `@pulumi/docker`: built images, and local containers of the development tier. */
export const dockerRules: Rules = {
  // Any change builds and pushes it again, in place.
  "docker:index/image:Image": {
    id: "{imageName}",
    outputs: {
      baseImageName: "{imageName}",
      repoDigest: "{imageName}@sha256:{hex32}{hex32}",
      registryServer: "",
      context: ".",
      dockerfile: "Dockerfile",
      platform: "linux/amd64",
    },
  },
  "docker:index/network:Network": {
    id: "{hex32}{hex32}",
    name: { property: "name", max: 255, auto: true },
    replace: ["name", "driver", "attachable", "internal", "ipamConfigs", "ipamDriver", "labels", "options"],
    defaults: { driver: "bridge" },
  },
  "docker:index/volume:Volume": {
    id: "{name}",
    name: { property: "name", max: 255, auto: true },
    replace: ["name", "driver", "driverOpts", "labels"],
    defaults: { driver: "local" },
  },
  "docker:index/remoteImage:RemoteImage": {
    id: "sha256:{hex32}{hex32}{name}",
    outputs: { imageId: "sha256:{hex32}{hex32}", repoDigest: "{name}@sha256:{hex32}{hex32}" },
    replace: ["name", "platform"],
  },
  "docker:index/container:Container": {
    id: "{hex32}{hex32}",
    name: { property: "name", max: 255, auto: true },
    replace: [
      "name",
      "image",
      "command",
      "envs",
      "ports",
      "volumes",
      "mounts",
      "networksAdvanced",
      "healthcheck",
      "user",
      "labels",
    ],
    unordered: ["envs", "ports", "volumes", "labels", "networksAdvanced"],
  },
};
