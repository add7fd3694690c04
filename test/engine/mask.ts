import { isRpcSecret, specialArchiveSig, specialAssetSig, specialSigKey } from "@pulumi/pulumi/runtime/rpc";
import { isObject, mapValues, UNKNOWN, type Values } from "./providers/wire";

/** Secrets, unknowns and files by the words that the offline preview has for them. */
export function mask(value: unknown): unknown {
  if (typeof value === "string") return value.replaceAll(UNKNOWN, "[unknown]");
  if (isRpcSecret(value)) return "[secret]";
  if (isFile(value)) return fileOf(value);
  if (Array.isArray(value)) return value.map(mask);
  return isObject(value) ? mapValues(value, mask) : value;
}

/** Whether a value is a file or an archive of files: as the engine has it, or as the offline preview prints it. */
const isFile = (value: unknown): value is Values =>
  isObject(value) &&
  ([specialAssetSig, specialArchiveSig].includes(String(value[specialSigKey])) ||
    value["__pulumiAsset"] === true ||
    value["__pulumiArchive"] === true);

/** Where a file comes from. What is in it is left out: the offline preview doesn't read it. */
function fileOf(value: Values): Values {
  const own = [specialSigKey, "__pulumiAsset", "__pulumiArchive", "hash"];
  const from = Object.entries(value).filter(([key, part]) => !own.includes(key) && part !== "");
  return mapValues(Object.fromEntries(from), mask);
}
